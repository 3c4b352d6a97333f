const words = {
  title: "操作日志",
  intro: "谁在什么时候对什么做了什么。不含任何对话内容。",
  subject: "对象编号",
  subject_help: "例如 con_…（来访）、alr_…（警报）、ref_…（转介）",
  find: "查找",
  clear: "看全部",
  none: "没有记录",
  none_body: "没有这个编号的记录，请核对编号。",
  column_at: "时间",
  column_actor: "操作人",
  column_kind: "做了什么",
  column_subject: "对象",
  column_facts: "要点",
  state_after: "之后的状态",
  more: "更早的记录",
  only: "只看这个对象",
  actor_machine: "系统",
};

export default words;

declare module "../areas" {
  interface Areas {
    journal: typeof words;
  }
}
