const words = {
  title: "公安接警台",
  nothing: "没有移交过来的警报",
  nothing_body: "派遣员移交后会出现在这里，并且响铃。请保持这个页面打开。",
  minimum: "这里只显示出警需要的信息，没有对话内容。",
  new: "新移交",
  going: "处理中",
  ended: "今日结束",
  accept: "接警并出发",
  decline: "退回派遣台…",
  decline_title: "退回派遣台",
  decline_body: "派遣员会马上收到，并改派别人。",
  handed_by: "移交人",
};

export default words;

declare module "../areas" {
  interface Areas {
    police: typeof words;
  }
}
