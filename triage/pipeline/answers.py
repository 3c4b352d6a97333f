"""Understand "有" and "not anymore": a short answer is read by the counselor's question.

| step | where it stands |
|---|---|
| what was asked (wish, plan, when, means, taken, hurt, there now, stay safe …) | `questions`, by sentence |
| which answer was given (yes, no, hedged, not yet, unsure, an amount, a time …) | `answers`, by first clause |
| what the two mean together: cues, which frames compose with all others | with each question |

All three stand in `data/questions.json`.

A denial gives no cue, or one that sets a low floor; it takes nothing away from what was said before. "No" is an
alarm where the question asks for safety ("can you stay safe?"). Refusing to answer counts as being unsure, and a
yes to a question that holds a denial ("you are not thinking of it, are you?") does too: nobody knows what it means.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from triage.assessment import Turn
from triage.pipeline.cues import Cue
from triage.pipeline.lexicon import Entry

# Longer answers speak for themselves, but for a plain yes at their beginning.
LONGEST_ANSWER = 80
# After this many short words of their own a person's answer still belongs to the counselor's last question.
SHORT_TURNS = 2
SHORT_TURN = 12
# Answers are tried in this order: "not anymore" is no "no", "没有了" no "没有".
KINDS = ("past", "not_yet", "hedged", "unsure", "no", "ago", "later", "time", "amount", "yes")
AFFIRMING = frozenset({"yes", "amount", "time", "later", "ago"})
ANSWER_NAMES = {
    "past": ("以前有、现在没有", "not anymore"),
    "not_yet": ("还没有", "not yet"),
    "hedged": ("含糊的否认", "a half denial"),
    "unsure": ("不确定或不愿说", "unsure, or unwilling to say"),
    "no": ("没有或不能", "no"),
    "ago": ("说了发生的时间", "the time it happened"),
    "later": ("说了以后的时间", "a later time"),
    "time": ("说了时间", "a time"),
    "amount": ("说了数量", "an amount"),
    "yes": ("肯定", "yes"),
}

_CLAUSE = re.compile(r"[,，。.!！?？;；\n…~、:：—]+|\s+(?:but|though)\s+|但是?|可是|不过")
_SENTENCE = re.compile(r"[^。.!！?？;；\n]+[?？]?")
_ASKS = re.compile(
    r"[?？]|[吗么呢嘛]$|有没有|是不是|会不会|能不能|可不可以|要不要|多少|几[颗粒片瓶个]|什么|哪|怎么|谁"
    r"|\b(?:are|do|did|does|have|has|had|is|was|were|can|could|will|would|should|how|when|what|where|who|which|any)\b"
)
_NEGATIVE_TAG = re.compile(
    r"(?:没|不).{0,14}[吧对]|(?:\bnot\b|n't|\bnever\b).{0,60}\b(?:right|are you|do you|have you|will you|did you|ok)\b"
)
_OTHER = re.compile(r"[他她它]|孩子|朋友|同学|妈|爸|\b(?:he|she|they|him|her|them|your [a-z]+)\b")
_YOU = re.compile(r"你|您|\byou\b")
# Sounds of listening: they answer only if nothing longer follows.
_LEAD = re.compile(
    r"^(?:(?:嗯+|恩|呃|额|啊|哦|唉|那个|其实|说实话|老实说|um+|uh+|er+|well|hmm+|oh|honestly|like|so|yeah|look)[\s,，.。…、]+)+(?=.)"
)
_WEAK = re.compile(r"嗯+|恩+|唔|对|好|好的|ok(?:ay)?|mm+h*m*|mhm+|right|sure")
_ROOM_AFTER_WEAK = 8
_HUM = re.compile(r"\W*唔+\W*")
# A question, a silence after it, and the counselor's words after that.
_BLANK = 2
_PLAIN_YES = re.compile(r"(?:yes|yeah|yep|有|是|对)(?![a-z])")
# "Do you have it with you right now?" asks about the present; it does not say that the danger is now.
_ASKING = frozenset({"time_now"})
_DENIES = re.compile(r"[没不无别]|\b(?:no|not|never|don't|haven't|didn't|won't)\b")


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: made once
class Question:
    """A kind of question. `only`: its answer means this and nothing else that the sentence names."""

    id: str
    name_zh: str
    name_en: str
    asks: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]
    only: bool
    means: Mapping[str, tuple[str, ...]]
    raw: Mapping[str, Any]

    def asked_in(self, sentence: str) -> bool:
        """Whether the sentence asks this."""
        return any(form.search(sentence) for form in self.asks) and not any(
            form.search(sentence) for form in self.never
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A counselor's turn: its normalised text and its cues, each with the character it begins at."""

    text: str
    cues: Sequence[tuple[Cue, int]]


@cache
def _data() -> dict[str, Any]:
    raw = (files("triage.pipeline") / "data" / "questions.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(raw)
    return loaded


@cache
def questions() -> tuple[Question, ...]:
    """All kinds of questions, in the order of the file."""
    return tuple(
        Question(
            id=raw["id"],
            name_zh=raw["name"]["zh"],
            name_en=raw["name"]["en"],
            asks=(re.compile(raw["zh"]), re.compile(raw["en"])),
            never=tuple(re.compile(raw[name]) for name in ("except_zh", "except_en") if name in raw),
            only=raw.get("only", False),
            means={kind: tuple(raw[kind]) for kind in KINDS if kind in raw},
            raw=raw,
        )
        for raw in _data()["questions"]
    )


@cache
def _answers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    given = _data()["answers"]
    return tuple((kind, re.compile(f"(?:{given[kind]['zh']})|(?:{given[kind]['en']})")) for kind in KINDS)


def answer_kind(text: str) -> str | None:
    """Which answer a turn begins with; None if it does not answer. `text` is normalised."""
    text = text.strip(" \n,，。.!！?？;；…~")
    clauses = [clause.strip() for clause in _CLAUSE.split(_LEAD.sub("", text)) if clause.strip()]
    if not clauses:
        return None
    first, rest = clauses[0], sum(len(clause) for clause in clauses[1:])
    if len(first) + rest > LONGEST_ANSWER and not _PLAIN_YES.match(first):
        return None
    if rest > _ROOM_AFTER_WEAK and _WEAK.fullmatch(first):
        return None
    for kind, pattern in _answers():
        if pattern.fullmatch(first) or (rest and pattern.fullmatch(text)):
            return kind
    if _PLAIN_YES.match(first) and not _DENIES.search(first):
        return "yes"
    amount = dict(_answers())["amount"]  # "tylenol, like 40": a number may stand behind what it counts
    return "amount" if any(amount.fullmatch(clause) for clause in clauses[1:]) else None


def last_question(history: Sequence[Turn]) -> list[Turn]:
    """The counselor's turns that a turn said now may answer, oldest first; none if too much was said since."""
    at = len(history)
    since = 0
    while at and history[at - 1].speaker == "help_seeker":
        at -= 1
        since += 1
        if since > SHORT_TURNS or len(history[at].text) > SHORT_TURN:
            return []
    begin = at
    while begin and history[begin - 1].speaker == "counselor":
        begin -= 1
    turns = list(history[begin:at])
    if (
        begin >= _BLANK
        and not any(_may_ask(turn.text) for turn in turns)
        and _is_blank(history[begin - 1].text)
    ):
        return last_question(history[: begin - 1])
    return turns


def _may_ask(text: str) -> bool:
    return any(_ASKS.search(sentence.group().strip().lower()) for sentence in _SENTENCE.finditer(text))


def _is_blank(text: str) -> bool:
    """Whether a turn is a silence: neither words nor a sign that could be an answer."""
    return all(unicodedata.category(character)[0] in "PZC" for character in text)


def as_answered(text: str) -> str:
    """A hum is a yes wherever it comes from: "唔" by itself is none of the Cantonese words for "not"."""
    return "嗯" if _HUM.fullmatch(text) else text


def is_bare_answer(text: str, history: Sequence[Turn]) -> bool:
    """Whether a turn is nothing but an answer: "吃了" means what was asked, and nothing by itself."""
    return len(text) <= SHORT_TURN and bool(last_question(history)) and answer_kind(text) is not None


def adopt_answer(answer: str, words: int, asked: Sequence[Asked]) -> list[Cue]:
    """What the answer says by what was asked: cues placed at the whole answer of `words` tokens."""
    kind = answer_kind(answer) if asked and words else None
    if kind is None:
        return []
    found: dict[tuple[str, str, str], Cue] = {}
    for turn in asked:
        for sentence in _SENTENCE.finditer(turn.text):
            if _ASKS.search(sentence.group().strip()):
                for cue in _said(kind, sentence, turn, words):
                    found.setdefault((cue.cue_class, cue.time, cue.polarity), cue)
    return list(found.values())


def _said(kind: str, sentence: re.Match[str], turn: Asked, words: int) -> list[Cue]:
    text = sentence.group().strip()
    if kind in AFFIRMING and _NEGATIVE_TAG.search(text):
        kind = "unsure"
    matching = [question for question in questions() if question.asked_in(text)]
    narrow = [question for question in matching if question.only]
    who = "other" if _OTHER.search(text) and not _YOU.search(text) else "self"
    said = [
        _cue(question, kind, meaning, who, words)
        for question in narrow or matching
        for meaning in question.means.get(kind, ())
    ]
    if kind in AFFIRMING and not narrow:
        said += [
            Cue(cue.entry, 0, words, time=cue.time, who="other" if cue.who == "other" else "self")
            for cue, at in turn.cues
            if sentence.start() <= at < sentence.end()
            and cue.world == "real"
            and cue.cue_class not in _ASKING
        ]
    return said


def _cue(question: Question, kind: str, meaning: str, who: str, words: int) -> Cue:
    cue_class, _, when = meaning.partition("@")
    negated = when == "negated"
    return Cue(
        _entry(question, kind, cue_class),
        0,
        words,
        polarity="negated" if negated else "affirmed",
        time="present" if negated or not when else when,
        who=who,
    )


@cache
def _entry(question: Question, kind: str, cue_class: str) -> Entry:
    zh, en = ANSWER_NAMES[kind]
    return Entry(
        id=f"answer.{question.id}.{kind}.{cue_class}",
        cue_class=cue_class,
        language="",
        weight=0.4,
        patterns=(),
        source="data/questions.json",
        why_zh=f"问到{question.name_zh}，回答：{zh}",
        why_en=f"asked about {question.name_en}, the answer was: {en}",
        tags=(),
        masks=frozenset(),
        unless=frozenset(),
        examples=(),
        counter_examples=(),
    )
