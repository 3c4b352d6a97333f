"""Sentences that a counselor may begin from; always edited or sent by a person, never by itself."""

from __future__ import annotations

CANNED_WORDS: dict[str, tuple[str, str]] = {
    "hello": (
        "你好，我在。愿意说说现在的情况吗？",
        "Hello, I am here. Would you like to tell me what is happening?",
    ),
    "safe_now": (
        "你现在在一个安全的地方吗？身边有人吗？",
        "Are you in a safe place right now? Is anybody with you?",
    ),
    "ask_directly": (
        "听起来真的很难。你有没有想过结束自己的生命？",
        "That sounds really hard. Have you been thinking about ending your life?",
    ),
    "means_away": (
        "能不能先把它放到够不着的地方？我在这里等你。",
        "Could you put it somewhere out of reach for now? I will wait here.",
    ),
    "where": (
        "你现在在哪里？告诉我大概的位置就好。",
        "Where are you at the moment? A rough place is enough.",
    ),
    "stay": (
        "我不会离开，我们一起把这一会儿过去。",
        "I am staying with you. Let us get through this moment together.",
    ),
    "thank": ("谢谢你愿意告诉我，这不容易。", "Thank you for telling me. That is not easy."),
    "plan": (
        "我们一起写一个安全计划好吗？难受的时候可以照着做。",
        "Shall we write a safety plan together, something to turn to when it gets hard?",
    ),
    "follow_up": ("之后我们可以再联系你吗？什么时候方便？", "May we contact you again? When would suit you?"),
    "goodbye": (
        "今天先到这里。需要的时候随时再来，也可以拨打 12356。",
        "Let us stop here for today. Come back whenever you need to, or call 12356.",
    ),
}
