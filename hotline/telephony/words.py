"""What callers hear from us before and between counselors, in both languages. Plain, short, no promise that
cannot be kept. `{name}` is the service's, `{numbers}` those for immediate danger, `{place}` the place in the queue.
"""

from __future__ import annotations

from hotline.telephony.menu_words import MENU

SPOKEN: dict[str, dict[str, str]] = {
    **MENU,
    "danger": {
        "zh": "如果您现在就有危险，请打{numbers}。",
        "en": "If you are in danger right now, please call {numbers}.",
    },
    "place": {
        "zh": "您现在排在第{place}位。我们没有忘记您，请不要挂断。",
        "en": "You are number {place} in the queue. We have not forgotten you; please stay on the line.",
    },
    "next": {
        "zh": "下一位就是您。请不要挂断。",
        "en": "You are next. Please stay on the line.",
    },
    "again": {
        "zh": "和咨询员的连接断开了。您排在最前面，我们正在为您找另一位咨询员，请不要挂断。",
        "en": "The connection to your counselor was lost. You are at the front of the queue, and we are finding "
        "another counselor for you. Please stay on the line.",
    },
    "back_from_outside": {
        "zh": "对方的线路断开了。您现在排在最前面，我们正在为您找咨询员，请不要挂断。如果已经说完了，可以直接挂断。",
        "en": "The other line has ended. You are at the front of our queue, and we are finding a counselor for you; "
        "please stay on the line. If you have said what you needed to, you may simply hang up.",
    },
    "back_after_goodbye": {
        "zh": "对方已经挂断了。请不要挂断，我们接您回来，为您找咨询员。如果已经说完了，可以直接挂断。",
        "en": "The other side has hung up. Stay on the line and we take you back: we are finding a counselor for you. "
        "If you have said what you needed to, you may simply hang up.",
    },
    "speak": {
        "zh": "等的时候您也可以先说，说的话会为咨询员记下来。",
        "en": "You may begin to speak while you wait; what you say is written down for your counselor.",
    },
    "on_hold_hold": {
        "zh": "请稍等，您的咨询员马上回来。",
        "en": "One moment please. Your counselor will be right back with you.",
    },
    "on_hold_consult": {
        "zh": "请稍等，您的咨询员正在和同事商量怎样更好地帮助您，很快就回来。",
        "en": "One moment please. Your counselor is asking a colleague how best to help you, and will be right back.",
    },
    "on_hold_transfer": {
        "zh": "请不要挂断，正在为您转接。如果没有人接听，我们会马上回到您身边。",
        "en": "Please stay on the line; we are connecting you. If nobody answers, we will be back with you at once.",
    },
    "on_hold_lost": {
        "zh": "您的咨询员那边的线路断了，我们正在重新接通。请不要挂断，您没有被忘记。",
        "en": "Your counselor's line has dropped and we are ringing them again. Please stay on the line; "
        "you have not been forgotten.",
    },
    "supervised": {
        "zh": "提示：督导现在也在听这通电话，为的是更好地帮助您。",
        "en": "Please note: a supervisor is now listening to this call, so that you get the best help.",
    },
    "party_asked": {
        "zh": "您好，这里是{name}。有一位来电者需要您的帮助。请按任意键接听。",
        "en": "This is the {name}. A caller needs your help. Press any key to speak with them.",
    },
    "goodbye": {
        "zh": "谢谢您的来电。需要的时候，随时可以再打来。",
        "en": "Thank you for calling. You can call again whenever you need to.",
    },
    "fallback": {
        "zh": "您好，这里是{name}。我们的系统暂时出了故障，但您并不是一个人。现在为您转接值班人员。",
        "en": "Hello, this is the {name}. Our system has a fault right now, but you are not alone. "
        "We are connecting you to the person on duty.",
    },
    "fallback_words": {
        "zh": "您好，这里是{name}。我们的系统暂时出了故障，没能接通咨询员，对不起。请拨打{numbers}，那里现在就有人。"
        "也请过一会儿再打给我们。",
        "en": "Hello, this is the {name}. Our system has a fault right now and cannot connect you to a counselor. "
        "We are sorry. Please call {numbers}, where somebody answers now, and please call us again in a while.",
    },
    "leg_rings": {
        "zh": "热线来电，有人在等您。请按任意键接听。",
        "en": "A call from the hotline: somebody is waiting for you. Press any key to take it.",
    },
    "leg_taken": {
        "zh": "这通来电已经有人接了，谢谢您。",
        "en": "This call has already been taken. Thank you.",
    },
    "leg_over": {
        "zh": "来电已经转走或结束了。",
        "en": "The call has been passed on or has ended.",
    },
}

_CHINESE_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")


def spoken_number(number: str, language: str) -> str:
    """`110` → 幺幺零, or `1 1 0`: else a voice reads it as a hundred and ten."""
    digits = "".join(each for each in number if each.isdigit())
    return digits.translate(_CHINESE_DIGITS) if language == "zh" else " ".join(digits)


def spoken_numbers(numbers: list[str], language: str) -> str:
    """In words with "or" before the last; nothing for none."""
    spoken = [spoken_number(each, language) for each in numbers]
    comma, last = ("、", "或") if language == "zh" else (", ", " or ")
    return last.join([comma.join(spoken[:-1]), spoken[-1]]) if len(spoken) > 1 else "".join(spoken)
