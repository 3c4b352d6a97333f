const words = {
  state_starting: "正在开始录音",
  state_recording: "正在录音",
  state_pausing: "正在暂停，仍在录音",
  state_paused: "录音已暂停",
  state_resuming: "正在恢复录音",
  state_stopping: "正在停止录音",
  state_failed: "没有录上音，通话不受影响",
  state_not_paused: "暂停没有成功，仍在录音",
  state_not_running: "恢复没有成功，没有在录音",
  not_asked: "没有录音：还没有征得来电者同意",
  refused: "没有录音：来电者不同意",
  none: "没有在录音",
  pause: "暂停录音",
  resume: "继续录音",
  agreed: "对方同意录音",
  disagreed: "对方不同意",
  withdraw: "对方不想录了",
  withdraw_sure: "录音马上停止，已经录下的也会删除，不能恢复。",

  recordings: "录音",
  recordings_none: "这次来访没有录音",
  kept_owed: "等待开始",
  kept_running: "正在录音",
  kept_paused: "已暂停",
  kept_finished: "正在取回",
  kept_kept: "已加密保存",
  kept_absent: "没有录到声音",
  kept_failed: "没有录上",
  kept_deleted: "已删除",
  why_retention: "到期删除",
  why_erased: "随当事人资料一起删除",
  why_not_wanted: "没有同意，未保留",
  trouble_not_fetched: "没有取回，会自动再试",
  trouble_not_removed: "运营商处的副本没有删掉，会自动再试",
  fetch_again: "现在再取",

  listen: "收听",
  listen_body: "收听会记入日志，同一通录音的其他收听人也能看到原因。",
  listen_reason: "为什么要听",
  play: "播放",
  stop: "暂停",
  position: "播放位置",
  speed: "速度 {{n}}",
  not_playing: "声音放不出来。收听时间可能已过，请重新写明原因。",
  listened: "谁听过",
  listened_none: "还没有人听过",

  hold: "依法保留",
  hold_standing: "{{name}} 于 {{day}} 设为依法保留：录音不删除，资料不能清除",
  hold_reason: "原因：{{reason}}",
  hold_place: "设为依法保留",
  hold_place_body: "解除之前，这次来访的录音不会到期删除，当事人资料也不能清除。",
  hold_lift: "解除依法保留",
  hold_lift_body: "解除后，过了保存期的录音会马上删除。",
  hold_why: "原因",
};

declare module "../areas" {
  interface Areas {
    recordings: typeof words;
  }
}

export default words;
