const words = {
  when_now: "马上",
  when_in: "{{time}} 后",
  when_at: "{{time}} ",
  when_on: "{{day}} {{time}} ",
  in_hand: "{{name}} 负责",
  somebody: "有人",
  something: "{{when}}会有下一步",

  in_conversation: "{{name}} 正在接待",
  wait_escalates: "{{when}}再次通知督导",
  partner_shown: "{{when}}会告诉对方合作热线的号码",
  abandoned: "{{when}}按放弃等待处理",
  answer_owed: "还没有回复；{{when}}请督导来看",
  silent_at_risk: "没有回应的话，{{when}}请督导来看",
  silence_warned: "没有回应的话，{{when}}提醒对方",
  silence_ends: "没有回应的话，{{when}}结束",
  help_rings_again: "{{when}}再次呼叫督导",
  wrap_up_long: "未结案的话，{{when}}通知督导",
  counselor_lost: "没有回来的话，{{when}}回到队列",
  rest_over: "{{when}}休息结束",
  offer_missed: "没有接的话，{{when}}转给下一位",
  leg_unanswered: "没有接起的话，{{when}}回到队列最前",
  leg_not_bridged: "没有接通的话，{{when}}回到队列最前",
  duty_rings: "如果还有人在等，{{when}}拨打值班电话",
  duty_rings_next: "如果没有人按键，{{when}}拨打下一部值班电话",
  diversion_ends: "{{when}}停止转接队列",

  confirm: "没有人确认的话，{{when}}呼叫下一级",
  acknowledge: "没有人应答的话，{{when}}呼叫下一级",
  assign: "没有派人的话，{{when}}重新呼叫",
  depart: "没有出发的话，{{when}}重新呼叫",
  arrive: "没有到达的话，{{when}}标为迟到",
  confirm_contact: "{{when}}询问是否见到本人",
  close: "{{when}}询问结果",

  referral_due: "{{when}}该完成转介",
  referral_overdue: "没有转介的话，{{when}}通知督导",
  falls_due: "{{when}}该打电话",
  overdue: "没有打的话，{{when}}通知督导",
  late: "没有办的话，{{when}}提醒经办人和督导",
  ask_overdue: "学校没有做的话，{{when}}提醒",
  review_due: "没有进展的话，{{when}}提醒",
  flag_expires: "{{when}}标记失效",
  block_ends: "{{when}}解除限制",

  voicemail_awaited: "录音没有到的话，{{when}}再去取",
  voicemail_unheard: "没有人听的话，{{when}}通知督导",
  voicemail_overdue: "没有人听的话，{{when}}再次通知督导",
  voicemail_deleted: "{{when}}删除留言",
  recording_asked_after: "录音没有到的话，{{when}}询问运营商",
  recording_fetched_again: "{{when}}再去取录音",
  recording_removed_again: "{{when}}再从运营商处删除",
  recording_deleted: "{{when}}删除录音",

  accept_hand_over: "没有人接班的话，{{when}}通知督导",
  hand_over_deleted: "{{when}}删除这次交接",
  swap_lapses: "没有定下来的话，{{when}}转让作废",
  look_at_duty: "{{when}}再看谁在值班",
};

export default words;

declare module "../areas" {
  interface Areas {
    next: typeof words;
  }
}
