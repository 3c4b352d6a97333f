"""What callers hear at the door: the language, the notice, the safety question, closed doors, messages, calls back.

Short on purpose: whoever calls is in the queue after some 25 seconds at most, whatever they press or do not press.
"""

from __future__ import annotations

from typing import Any

MENU: dict[str, dict[str, str]] = {
    "welcome": {"zh": "您好，这里是{name}。", "en": "Hello, this is the {name}."},
    "language_key": {"zh": "中文请按一。", "en": "For English, press 2."},
    "notice": {
        "zh": "通话会记成文字并保密，除非有人有生命危险。",
        "en": "This call is written down and confidential, unless a life is at risk.",
    },
    "danger_key": {
        "zh": "如果您现在就有危险，请按一。",
        "en": "If you are in danger right now, press 1.",
    },
    "recording_key": {
        "zh": "通话会录音，不同意请按二。",
        "en": "It is recorded; press 2 if you do not agree.",
    },
    "hold_on": {
        "zh": "请稍等，正在为您找咨询员。",
        "en": "Please hold while we find a counselor.",
    },
    "danger_heard": {
        "zh": "好的，我们现在就为您优先找人，请不要挂断。",
        "en": "All right. We are finding somebody for you first of all. Please stay on the line.",
    },
    "not_recorded": {"zh": "好的，不录音。", "en": "All right, it is not recorded."},
    "not_understood": {"zh": "没有这个选项。", "en": "That key is not one of the choices."},
    "blocked": {
        "zh": "这个号码目前不能接通咨询员。如果您现在就有危险，请按一，我们会为您接通。也可以打{numbers}。",
        "en": "This number cannot be put through to a counselor at present. If you are in danger right now, press 1 "
        "and we put you through. You can also call {numbers}.",
    },
    "over_limit": {
        "zh": "这个号码刚才打来过很多次，请过一会儿再打。如果您现在就有危险，请按一，我们马上为您接通。"
        "也可以打{numbers}。",
        "en": "This number has called many times just now; please call again in a while. If you are in danger right "
        "now, press 1 and we put you through at once. You can also call {numbers}.",
    },
    "closed": {
        "zh": "现在不是服务时间{opens}。如果您现在就有危险，请按一；想留言，请按二；想让我们给您回电，请按三。"
        "也可以打{numbers}。",
        "en": "We are closed now{opens}. If you are in danger right now, press 1. To leave a message, press 2. For us "
        "to call you back, press 3. You can also call {numbers}.",
    },
    "closed_goodbye": {
        "zh": "需要马上有人帮您的时候，请打{numbers}。再见。",
        "en": "Whenever you need somebody at once, call {numbers}. Goodbye.",
    },
    "wait_keys": {
        "zh": "有危险请按一；想留言请按二；不想等的话请按三，我们给您打回来。",
        "en": "If you are in danger, press 1. To leave a message, press 2. If you would rather not wait, press "
        "3 and we "
        "call you back.",
    },
    "same_counselor_key": {
        "zh": "想找上次那位咨询员，请按四。",
        "en": "For the counselor of last time, press 4.",
    },
    "same_counselor_heard": {
        "zh": "好的，先为您找上次那位咨询员；等得久了，就请有空的咨询员来接。",
        "en": "All right, we try the counselor of last time first; if that takes long, whoever is free answers.",
    },
    "nobody_there": {
        "zh": "现在没有咨询员在线，我们会一直为您找人。有危险请按一，想留言请按二，想让我们回电请按三。"
        "也可以打{numbers}。",
        "en": "No counselor is online right now; we keep looking for one. If you are in danger, press 1. To leave a "
        "message, press 2. For a call back, press 3. You can also call {numbers}.",
    },
    "call_back_promised": {
        "zh": "好的，您的位置为您留着，我们会打这个号码给您回电，您可以挂断了。有危险的时候，请打{numbers}，"
        "或者再打给我们。",
        "en": "All right, your place is kept and we will call this number back; you can hang up now. If you are in "
        "danger, call {numbers}, or call us again.",
    },
    "call_back_no_number": {
        "zh": "我们看不到您的号码，没办法给您回电。想留言请按二，并请说出能找到您的号码。",
        "en": "We cannot see your number, so we cannot call you back. Press 2 to leave a message, and please say a "
        "number at which we reach you.",
    },
    "leave_message": {
        "zh": "请在提示音以后留言，会有人听。请说出能找到您的号码。说完请按井号键。",
        "en": "Please speak after the tone; somebody will listen to it. Say a number at which we reach you. When you "
        "are done, press the pound key.",
    },
    "message_kept": {
        "zh": "谢谢，您的留言收到了，会有人听。有危险的时候，请打{numbers}。再见。",
        "en": "Thank you. Your message is kept, and somebody will listen to it. If you are in danger, call {numbers}. "
        "Goodbye.",
    },
    "message_of_danger_kept": {
        "zh": "您的留言收到了，我们现在就找人处理，会尽快给您回电，请保持电话畅通。您也可以现在就打{numbers}。",
        "en": "Your message is kept, and we are finding somebody right now. We will call you back as soon as we can; "
        "please keep your phone free. You can also call {numbers} now.",
    },
    "to_partner": {
        "zh": "现在等候的人很多。我们为您转接合作热线，那里有人接听，请不要挂断。",
        "en": "Many people are waiting now. We are putting you through to our partner line, where somebody is there. "
        "Please stay on the line.",
    },
    "partner_unanswered": {
        "zh": "合作热线暂时没有人接，对不起。您现在排在我们队列的最前面，请不要挂断。",
        "en": "Nobody picked up there, and we are sorry. You are now at the front of our own queue. Please stay on.",
    },
    "to_duty_telephone": {
        "zh": "现在为您转接值班人员，请不要挂断。",
        "en": "We are connecting you to the person on duty. Please stay on the line.",
    },
    "to_next_duty_telephone": {
        "zh": "这位值班人员没有接听，我们正在接另一位，请不要挂断。",
        "en": "That person did not answer. We are trying another one; please stay on the line.",
    },
    "duty_unanswered": {
        "zh": "值班电话没有人接，对不起。请打{numbers}，那里现在就有人。您也可以不挂断，我们继续为您找人。",
        "en": "Nobody answered the duty telephone; we are sorry. Please call {numbers}, where somebody answers "
        "now. You "
        "can also stay on the line: we keep looking for somebody.",
    },
    "duty_hello": {"zh": "{name}值班提醒。", "en": "This is the {name}, for the person on duty."},
    "duty_waiting": {
        "zh": "现在有{count}人在等候，最长已经等了{minutes}分钟，值班没有人接待。",
        "en": "{count} waiting now, the longest for {minutes} minutes, and nobody on duty is there for them.",
    },
    "duty_alerts": {
        "zh": "有{alerts}个警情没有人应答。",
        "en": "{alerts} alerts have not been answered.",
    },
    "duty_written_too": {
        "zh": "其中{written}人在用文字等候，要在值班页面上回复。",
        "en": "{written} of them wait in writing, to be answered at the console.",
    },
    "duty_nobody_on_line": {
        "zh": "他们不在电话线上，没法为您接通。请打开值班页面回复。",
        "en": "None of them is on a telephone line that can be connected. Please open the console and answer there.",
    },
    "duty_take_key": {
        "zh": "现在接听下一位来电者，请按一。",
        "en": "To speak with the next caller now, press 1.",
    },
    "duty_acknowledge_key": {
        "zh": "知道了、马上登录处理，请按二。",
        "en": "To say that you will sign in and see to it, press 2.",
    },
    "duty_connecting": {"zh": "正在为您接通，请稍等。", "en": "Connecting you now; one moment."},
    "duty_acknowledged": {
        "zh": "好的。{minutes}分钟后如果还有人在等，会再打给您。",
        "en": "Thank you. If somebody still waits in {minutes} minutes, you will be called again.",
    },
    "duty_nobody_waits": {
        "zh": "刚才有人接了，现在没有来电者在线上等。",
        "en": "Somebody has just taken the call: no caller waits on the line now.",
    },
    "called_back": {
        "zh": "您好，这里是{name}，我们给您回电，咨询员正在线上。",
        "en": "Hello, this is the {name}. We are calling you back; your counselor is on the line.",
    },
}

_DAYS_ZH = ("今天", "明天")
_DAYS_EN = ("today", "tomorrow")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = 7


def opening_words(opening: dict[str, Any] | None, language: str) -> str:
    """`，我们明天8点半开始服务` / ` and open tomorrow at 8:30`; nothing where it is not known."""
    if opening is None or opening["days"] >= _WEEK:
        return ""
    days, minute = opening["days"], opening["minute"]
    if language == "zh":
        day = _DAYS_ZH[days] if days < len(_DAYS_ZH) else f"星期{_WEEKDAYS_ZH[opening['weekday']]}"
        return f"，我们{day}{opening['hour']}点{f'{minute}分' if minute else ''}开始服务"
    day = _DAYS_EN[days] if days < len(_DAYS_EN) else f"on {_WEEKDAYS_EN[opening['weekday']]}"
    return f" and open {day} at {opening['hour']}:{minute:02}"
