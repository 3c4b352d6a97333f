const words = {
  service: "心理危机热线",
  sign_in: "登录",
  sign_in_intro: "工作人员登录",
  username: "用户名",
  password: "密码",
  code: "验证码",
  code_help: "请输入验证器里的六位数字。",
  wrong_credentials: "用户名或密码不对。",
  expired: "登录已过期",
  expired_body: "请重新登录。打开的对话和写了一半的内容都还在。",
  sign_out: "退出登录",
  sign_out_confirm: "退出后您会离线，不再接到新的来访。手里的聊天会回到队列最前面。",
  unreachable: "暂时连不上服务器",
  unreachable_body: "页面会自动重试。如果一直这样，请联系管理员。",
  for_help: "需要倾诉？到求助者页面",
  skip: "跳到主要内容",
  nav: "页面",
  no_views: "这个账号还没有可以打开的页面，请联系管理员分配角色。",
  not_here: "没有这个页面，或者您没有权限查看。",
  go_start: "回到首页",

  line_connecting: "正在连接",
  line_waiting: "连接断开，正在重连",
  line_down: "连接断开。没发出去的话会留着，连上后自动发送。",

  presence: "我的状态",
  presence_available: "可接入",
  presence_on_break: "休息中",
  presence_not_ready: "未就绪",
  presence_offline: "离线",
  presence_not_ready_help: "错过了一次来访。准备好后请改回「可接入」。",
  presence_until: "{{time}} 后结束",
  break_over: "休息已超时",
  break_how_long: "休息多久",
  break_minutes: "{{n}} 分钟",
  break_reason: "原因（可不填）",
  break_start: "开始休息",
  go_offline: "离线",
  go_available: "可接入",
  load: "聊天 {{chats}}/{{chat_capacity}} · 电话 {{calls}}/{{call_capacity}}",

  queue: "排队",
  alerts: "警报",
  queue_label: "排队 {{n}} 人，最高风险：{{level}}",
  queue_empty: "无人排队",
  alerts_label: "{{n}} 个未结束的警报",
  commands: "命令",
  commands_label: "打开命令栏",
  commands_search: "找人、找页面、找操作…",
  commands_nothing: "没有找到",
  commands_places: "页面",
  commands_contacts: "来访",
  commands_actions: "操作",
  sounds: "声音",
  sounds_title: "提示音",
  notify: "桌面通知（只提示，不显示内容）",
  notify_allow: "允许通知",
  notify_allowed: "已允许",
  notify_denied: "浏览器已拒绝，请在浏览器设置里打开",
  account: "账号",

  done: "已完成",
  saved: "已保存",
};

export default words;

declare module "../areas" {
  interface Areas {
    shell: typeof words;
  }
}
