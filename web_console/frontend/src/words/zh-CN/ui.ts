const words = {
  language_switch: "English",
  language_switch_label: "Switch to English",
  scheme_auto: "跟随系统",
  scheme_light: "浅色",
  scheme_dark: "深色",
  scheme_label: "配色：{{scheme}}。点击切换",

  level_imminent: "危急",
  level_high: "高",
  level_moderate: "中",
  level_low: "低",
  level_none: "未见",
  level_unassessed: "未评估",
  level_of: "风险等级：{{level}}",
  act_in_progress: "正在发生",
  act_in_progress_long: "正在实施危险行为",

  retry: "再试一次",
  cancel: "取消",
  close: "关闭",
  confirm: "确定",
  back: "返回",
  save: "保存",
  undo: "撤销",
  more: "更多",
  loading: "正在加载",
  empty: "这里还没有内容",
  failed_title: "没有加载成功",
  failed_body: "可能是网络不稳，也可能是服务暂时没有回应。已有的内容没有丢。",
  offline: "网络已断开，正在自动重连…",
  reconnecting: "正在重新连接…",
  late: "已超时 {{time}}",

  error_offline: "网络不通，请稍后再试。",
  error_forbidden: "您没有做这件事的权限。",
  error_not_found: "没有找到，可能已经结束或转走了。",
  error_taken: "已经有人接手了。",
  error_stale_version: "别人刚刚改过，内容已更新，请看一下再操作。",
  error_wrong_state: "现在的状态不能这样操作。",
  error_invalid: "有些内容需要改一下。",
  error_slow_down: "操作太快了，请稍等片刻。",
  error_not_signed_in: "登录已过期，请重新登录。",
  error_consent_needed: "没有当事人的知情同意，不能办理。",
  error_duplicate: "同一个人已经登记过了。",
  error_full: "这个机构没有空余名额。",
  error_closing_proposed: "机构已提出结案，请先处理。",
  error_not_proposed: "机构还没有提出结案。",
  error_no_visits: "当事人已去世，不需要回访。",
  error_not_assigned: "还没有派人，请先派出。",
  error_username_taken: "这个用户名已经有人用了。",
  error_disabled: "这个账号已停用。",
  error_failed: "没有成功，请再试一次。",

  channel_chat: "在线聊天",
  channel_call: "电话",
  channel_sms: "短信",
  channel_school: "学校报告",
  channel_walk_in: "当面来访",

  sound_offer: "新来访提示音",
  sound_message: "新消息提示音",
  sound_alert: "警报提示音",
  sound_test: "试听",
  sound_off: "静音",
  sound_blocked: "浏览器还没有允许声音，点这里打开",

  just_now: "刚刚",
  minutes: "{{n}} 分钟",
  hours: "{{n}} 小时",
  days: "{{n}} 天",
};

export default words;

declare module "../areas" {
  interface Areas {
    ui: typeof words;
  }
}
