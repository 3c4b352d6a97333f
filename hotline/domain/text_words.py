"""What the service says by text by itself, in both languages: short, since each is paid and read on a lock screen.

`{name}` is the service's, `{numbers}` those for danger, `{ahead}` how many wait before, `{opens}` when it opens.
"""

from __future__ import annotations

from collections.abc import Mapping

TEXT_WORDS: dict[str, dict[str, str]] = {
    "text_welcome": {
        "zh": "{name}：收到你的短信了，正在为你找咨询员，请稍等。如果现在就有危险，请打{numbers}。"
        "不想再收到短信，请回复“退订”。",
        "en": "{name}: we have your message and are finding a counselor for you. In danger right now? "
        "Call {numbers}. Text STOP for no more messages.",
    },
    "text_welcome_place": {
        "zh": "{name}：收到你的短信了，正在为你找咨询员，你前面还有{ahead}位。如果现在就有危险，请打{numbers}。"
        "不想再收到短信，请回复“退订”。",
        "en": "{name}: we have your message and are finding a counselor for you; {ahead} ahead of you. "
        "In danger right now? Call {numbers}. Text STOP for no more messages.",
    },
    "text_help": {
        "zh": "{name}：你的短信我们看到了。想说什么就写什么，咨询员会回复你。如果现在就有危险，请打{numbers}。"
        "不想再收到短信，请回复“退订”。",
        "en": "{name}: we have your message. Write whatever you want to say; a counselor will answer. "
        "In danger right now? Call {numbers}. Text STOP for no more messages.",
    },
    "text_closed": {
        "zh": "{name}：现在不是回复短信的时间，{opens}开始有咨询员回复，你的短信我们留着。"
        "现在就需要有人，请打{numbers}，那里有人接。",
        "en": "{name}: nobody answers texts at this hour. Counselors are back {opens}; your message is kept. "
        "If you need somebody now, call {numbers}: somebody answers there.",
    },
    "text_media": {
        "zh": "我们这里收不到图片、语音和视频，也没有人打开过。请用文字写给我们，好吗？",
        "en": "We cannot receive pictures, voice or video here, and nobody has opened it. "
        "Could you write to us in words?",
    },
    "text_stopped": {
        "zh": "好的，我们不再给你发短信。需要时可以打{numbers}。想重新开始，请回复“开始”。",
        "en": "All right, we will send you no more texts. You can call {numbers} at any time. "
        "Text START to begin again.",
    },
    "text_started": {
        "zh": "{name}：又可以收到我们的短信了。想说什么，写下来就好。现在就有危险，请打{numbers}。",
        "en": "{name}: you can receive our texts again. Write whatever you want to say. "
        "In danger right now? Call {numbers}.",
    },
    "text_fault": {
        "zh": "{name}：我们的系统暂时出了故障，你的短信可能还没有收到，对不起。请打{numbers}，那里现在就有人。",
        "en": "{name}: our system has a fault and your message may not have reached us. We are sorry. "
        "Please call {numbers}, where somebody answers now.",
    },
}


def text_words(code: str, language: str, values: Mapping[str, str]) -> str:
    return TEXT_WORDS[code]["zh" if language == "zh" else "en"].format(**values)


def listed_numbers(numbers: list[str], language: str) -> str:
    """`110、120或12356`, `110, 120 or 12356`."""
    if len(numbers) < 2:
        return "".join(numbers)
    comma, last = ("、", "或") if language == "zh" else (", ", " or ")
    return comma.join(numbers[:-1]) + last + numbers[-1]
