"""Words that the service says by itself, in both languages; always marked as automatic.

Warm, plain, short; no promise that cannot be kept.
"""

from __future__ import annotations

AUTOMATIC_WORDS: dict[str, dict[str, str]] = {
    "counselor_joined": {
        "zh": "咨询员已经进来了，正在看你写的内容。",
        "en": "A counselor has joined and is reading what you wrote.",
    },
    "counselor_lost": {
        "zh": "和咨询员的连接断开了。你排在最前面，会有人尽快接上。你写的内容都在。",
        "en": "The connection to your counselor was lost. You are at the front of the queue; "
        "somebody will be with you as soon as possible. What you wrote is kept.",
    },
    "transferred": {
        "zh": "这次对话正在转给另一位咨询员。你不用从头再说一遍。",
        "en": "This conversation is being passed to another counselor. You do not need to start again.",
    },
    "silence_warned": {
        "zh": "你还在吗？不急，慢慢来。如果一直没有消息，对话稍后会先结束；你随时可以再来。",
        "en": "Are you still there? Take your time. If we hear nothing, this conversation will end in a "
        "little while; you can come back at any time.",
    },
    "answer_owed": {
        "zh": "你写的我们收到了，让你久等了，对不起。我们还在，正在请同事来看。",
        "en": "We have what you wrote, and we are sorry that you are still waiting. We are here; a colleague is being "
        "asked to look.",
    },
    "silence_waits": {
        "zh": "你还在吗？我们还在这里，不会离开。可以只回一个字。",
        "en": "Are you still there? We are still here and will stay. One word is enough.",
    },
    "ended": {
        "zh": "这次对话结束了。需要的时候，随时可以再来。",
        "en": "This conversation has ended. You can come back whenever you need to.",
    },
}


def words(code: str, language: str) -> str:
    by_language = AUTOMATIC_WORDS[code]
    return by_language.get(language, by_language["en"])
