"""What simulated people say: made up, in both languages, from a bad day to immediate danger.

They are written so that every level of triage is met. No method is described: what matters to a service is
that somebody says where they are, what is at hand and when. The first line opens; the others answer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialogue:
    code: str
    language: str
    lines: tuple[str, ...]
    nickname: str | None = None
    topic: str | None = None
    age_band: str | None = None


CALM = (
    Dialogue(
        "insomnia",
        "zh",
        (
            "你好，我最近总是睡不好，半夜醒了就再也睡不着。",
            "大概有两个星期了，白天上班一点精神都没有。",
            "也没有什么大事，就是项目快到期了，脑子停不下来。",
            "嗯，我试过泡脚，有一点用。",
            "好，我今晚试试你说的，谢谢你听我说。",
        ),
        "小雨",
        "sleep",
    ),
    Dialogue(
        "exam",
        "zh",
        (
            "老师好，我马上要期末考试了，一看书就心慌。",
            "我怕考不好，爸妈会失望。",
            "他们没有骂我，是我自己给自己压力。",
            "跟你说完好像轻松一点了。",
        ),
        "阿树",
        "school",
        "18to25",
    ),
    Dialogue(
        "caring",
        "zh",
        (
            "我妈妈生病一年了，都是我在照顾，今天突然特别想哭。",
            "兄弟姐妹都在外地，帮不上忙。",
            "就是累，有时候会发脾气，发完又后悔。",
            "原来社区有喘息服务，我不知道呢，明天去问问。",
        ),
        None,
        "family",
    ),
    Dialogue(
        "moved",
        "en",
        (
            "Hi. I moved here for work in spring and I still don't know anybody.",
            "Weekends are the worst. I mostly stay in bed.",
            "I used to run with a group at home, I miss that.",
            "Maybe I could look for one here. Thank you, this helped.",
        ),
        "Sam",
        "mood",
    ),
    Dialogue(
        "breakup",
        "en",
        (
            "My girlfriend left two weeks ago and I can't concentrate on anything.",
            "I keep reading our old messages until three in the morning.",
            "No, I'm safe, I just feel stupid and sad.",
            "My brother asked me to come over. I think I will go.",
        ),
        None,
        "relationship",
    ),
    Dialogue(
        "examjoke",
        "zh",
        (
            "作业多到想死哈哈哈，开玩笑的，就是来吐槽一下。",
            "今天又改到十二点，笑死我了。",
            "没事没事，说出来就好多了，谢谢。",
        ),
        "可乐",
        "school",
        "18to25",
    ),
)

WORRYING = (
    Dialogue(
        "empty",
        "zh",
        (
            "活着好像没什么意思，每天都一样。",
            "已经好几个月了，什么都提不起兴趣，觉得自己是家里的累赘。",
            "有时候会想，要是一觉睡过去不用醒来就好了。",
            "没有打算做什么，就是这样想过。",
            "有一个老同学，我可以给他打电话。",
        ),
        "远山",
        "mood",
    ),
    Dialogue(
        "debt",
        "zh",
        (
            "我欠了很多钱，家里还不知道，我撑不下去了。",
            "催债的一天打几十个电话，我不知道以后怎么办。",
            "我想过不如死了算了，但是孩子还小。",
            "我可以先跟我爱人说实话，你能陪我想想怎么开口吗？",
        ),
        None,
        "work_money",
    ),
    Dialogue(
        "burden",
        "en",
        (
            "I feel like everyone would be better off without me.",
            "It's been like this since I lost my job in January.",
            "I think about dying most days, but I haven't planned anything.",
            "I could call my sister. I haven't told her how bad it is.",
        ),
        "J",
        "mood",
    ),
    Dialogue(
        "bullied",
        "zh",
        (
            "同学把我的照片发到群里，所有人都在笑我。",
            "我不想去学校了，我用小刀划过自己的手。",
            "昨天晚上划的，现在不流血了。",
            "我可以跟班主任说，但是我怕他告诉我爸。",
        ),
        "匿名",
        "school",
        "14to17",
    ),
)

DANGEROUS = (
    Dialogue(
        "bridge",
        "zh",
        (
            "我不想活了。",
            "我现在就在江边的大桥上，已经站了半个小时了。",
            "我今晚就要结束这一切，没有人会难过的。",
            "……你还在吗？我好冷。",
            "好，我往后退一点，你别挂。",
        ),
    ),
    Dialogue(
        "pills",
        "zh",
        (
            "药就放在我手边，我已经写好遗书了。",
            "我决定今天晚上就死。",
            "一个人在家，门锁了。",
            "还没有吃。我先把药放到客厅去，你等我一下。",
        ),
        "夜",
    ),
    Dialogue(
        "tonight",
        "en",
        (
            "I'm going to kill myself tonight. I have everything I need here.",
            "I'm at home, nobody comes back until tomorrow.",
            "I wrote the letters already.",
            "My neighbour? Yes, she is in. I could knock.",
            "OK. I'm standing up now. Please stay with me.",
        ),
    ),
    Dialogue(
        "friend",
        "en",
        (
            "My friend just texted me goodbye and says he has taken a lot of pills.",
            "He lives in the student flats behind the station, room 12.",
            "He isn't answering any more. What do I do?",
            "I'm running there now.",
        ),
    ),
)

ALL = CALM + WORRYING + DANGEROUS
SHARES = ((CALM, 0.6), (WORRYING, 0.28), (DANGEROUS, 0.12))
"""How often each happens: far more danger than a real hotline meets, so that a demo shows it within minutes."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "zh": (
        "我在听，您慢慢说。",
        "谢谢您愿意告诉我。这种感觉有多久了？",
        "听起来您真的很累。现在您是一个人吗？",
        "您现在安全吗？身边有没有让您担心的东西？",
        "我们可以一起想想，今天晚上怎么过。",
    ),
    "en": (
        "I am listening. Take your time.",
        "Thank you for telling me. How long has it felt like this?",
        "That sounds exhausting. Are you on your own right now?",
        "Are you safe right now? Is there anything near you that worries you?",
        "Let us think together about how to get through tonight.",
    ),
}
