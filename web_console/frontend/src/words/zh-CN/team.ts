const words = {
  title: "出警任务",
  nothing: "现在没有任务",
  nothing_body: "派遣台派出后会出现在这里，并且响铃。请保持这个页面打开。",
  several: "有 {{n}} 个任务，选一个",
  in_order: "按顺序点",
  do_en_route: "出发",
  do_on_scene: "到现场",
  do_handed_over: "已交接",
  do_close: "结束",
  done: "已完成",
  next: "下一步",
  not_yet: "还没到这一步",
  map: "打开地图",
  copy_place: "复制地址",
  copied: "已复制",
  callback: "打给当事人 {{number}}",
  support: "需要支援",
  support_title: "需要支援",
  support_body: "派遣台会马上看到。有生命危险时请直接拨打 110。",
  support_note: "现场情况（可不填）",
  support_text: "现场需要支援。",
  support_do: "请求支援",
  support_call: "拨打 110",
  contact_made: "已联系上当事人",
  decline: "我们去不了…",
  decline_title: "我们去不了",
  decline_body: "派遣台会马上改派别人。请确认你们没有出发。",
  update: "补充现场信息…",
  offline: "没有网络。您按的会保存在手机里，有网络后自动发出。",
  unsent: "还没发出（{{n}}）",
  unsent_item: "{{what}}，{{time}} 按下",
  send_now: "现在发送",
  refused_item: "{{what}} 没有被接受：{{why}}",
  forget: "知道了",
  handed_to: "交接给谁（医院、家属、公安…，可不填）",
  ended: "这次任务已结束",
};

export default words;

declare module "../areas" {
  interface Areas {
    team: typeof words;
  }
}
