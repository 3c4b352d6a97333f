const words = {
  queued: "正在发送",
  sent: "已发出",
  delivered: "已送达手机",
  undelivered: "没有送达",
  failed: "没有发出",

  why_21610: "对方已退订短信。",
  why_21211: "这个号码不是有效的手机号。",
  why_21408: "不能往这个国家或地区发短信。",
  why_21612: "从我们的号码发不到这个号码。",
  why_21614: "这个号码收不了短信（可能是座机）。",
  why_30003: "手机关机或不在服务区。",
  why_30004: "对方拦截了我们的号码，或运营商不放行。",
  why_30005: "这个号码不存在或已停用。",
  why_30006: "这个号码收不了短信（可能是座机）。",
  why_30007: "运营商把它当作垃圾短信拦下了。",
  why_30008: "运营商没有说明原因。",
  why_63016: "对方超过24小时没有来信，WhatsApp不让我们先开口。",
  why_none: "发送服务一直没有接通。",
  why_other: "运营商拒绝了（错误{{code}}）。",

  do_call: "打电话联系；紧急时发起警报。",
  do_later: "可以再发一次，或者打电话。",
  do_words: "换个说法、写短一点再发，或者打电话。",
  resend: "再发一次",

  stopped_title: "对方已退订短信，这里发不出去",
  stopped_body: "对方回复“开始”后就可以继续。现在需要联系，请打电话；有危险时发起警报。",
  stopped_short: "已退订",
  stop: "对方不想再收到短信",
  stop_body: "对方用自己的话说了不想再收到短信。之后我们不再给这个号码发短信，只有对方回复“开始”才能恢复。",
  stop_confirm: "记下退订",

  known_first: "第一次联系我们",
  known_one: "之前来过{{count}}次",
  known_other: "之前来过{{count}}次",
  earlier_alert: "之前一次联系的警报尚未结束（{{at}}发出）：救助进展请问督导",
  recently: "近30天{{n}}次",
  frequent: "常来的人",
  peak: "之前最高",
  plan_title: "对这个人的约定",
  plan_by: "{{name}}，{{at}}",
  plan_none: "还没有约定。常来的人，由督导和团队商定一份，谁接都一样。",
  plan_write: "写约定",
  plan_change: "修改约定",
  plan_withdraw: "撤下约定",
  plan_withdraw_body: "之后接到这个人的咨询员不再看到它。",
  plan_label: "怎样接待，什么有用，什么要避免",
  plan_save: "保存约定",
  earlier: "之前的来访",
  show_more: "展开",
  show_less: "收起",

  flags: "提醒",
  flags_none: "没有提醒",
  flag_violence_risk: "有暴力风险：不要单独上门",
  flag_no_voicemail: "不要留言，不要说我们是谁",
  flag_interpreter: "需要口译或手语",
  flag_unsafe_to_text: "发短信不安全：别人会看手机",
  flag_guardian_agreed: "监护人知情，可以联系",
  flag_other: "其他",
  flag_until: "到{{at}}",
  flag_add: "加提醒",
  flag_what: "什么提醒",
  flag_note: "说明",
  flag_days: "多少天后自动失效",
  flag_save: "加上",
  flag_lift: "去掉这条提醒",
  flag_lift_body: "之后接到这个人的人不再看到它。",

  unmask_reason: "为什么要看",
  unmask_left: "{{n}}秒后自动遮住",
};

export default words;

declare module "../areas" {
  interface Areas {
    texts: typeof words;
  }
}
