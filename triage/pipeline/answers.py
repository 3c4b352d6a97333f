"""Understand "有" and "not anymore": a short answer is read by the counselor's question.

| step | where it stands |
|---|---|
| what was asked (wish, plan, when, means, taken, where, who, how likely …) | `questions`, by sentence |
| which answer was given (yes, no, hedged, unsure, an amount, a time, a person …) | `answers`, by first clause |
| how high it is, where a number from 0 to 10 was asked for | the first number |
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
from triage.pipeline.numbers import first_number
from triage.pipeline.tokenizer import split

# Longer answers speak for themselves, but for a plain yes at their beginning.
LONGEST_ANSWER = 80
# After this many short words of their own a person's answer still belongs to the counselor's last question.
SHORT_TURNS = 2
SHORT_TURN = 12
# Answers are tried in this order: "not anymore" is no "no", "没有了" no "没有".
KINDS = (
    "past",
    "not_yet",
    "hedged",
    "unsure",
    "goes_on",
    "no",
    "doing",
    "ago",
    "later",
    "time",
    "amount",
    "yes",
    "person",
    "place",
    "near",
    "thing",
)
DENYING = frozenset({"no", "past", "hedged", "not_yet"})
# What any answer means, where only the question counts: "what has stopped you?" takes the thoughts for granted.
ANY = "any"
AFFIRMING = frozenset({"yes", "amount", "time", "later", "ago"})
LONGEST_RATING = 30
# So many characters that answer nothing leave a question open.
LONGEST_EVASION = 40
# Answers on a scale of 0 to 10, each from its least number.
RATINGS = {"much": 7, "some": 3, "little": 0}
HIGHEST_RATING = 10
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
    "person": ("说了是谁", "who it is"),
    "place": ("说了一个危险的地方", "a dangerous place"),
    "near": ("就在近处", "close by"),
    "goes_on": ("停不下来", "it goes on"),
    "thing": ("说了用什么", "with what"),
    "doing": ("说了要做什么", "what is to be done"),
    ANY: ("作了回答", "an answer"),
    "much": ("评分高", "a high rating"),
    "some": ("评分中等", "a middling rating"),
    "little": ("评分低", "a low rating"),
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
# A sentence that turns to somebody with a question, with or without its mark.
_TURNS_TO = re.compile(
    r"[?？]|[吗么呢嘛]$|有没有|是不是|会不会|能不能|多少|几[颗粒片瓶个]|什么|哪|怎么|谁"
    r"|\b(?:are|do|did|have|has|had|is|was|can|could|will|would) (?:you|he|she|they|it|there|your|the|any\w*|some\w*)\b"
    r"|^(?:how|when|what|where|who|which)\b"
)
# "Who is it?", "How?": asked of what stands before it.
_SHORT_QUESTION = 20
_PARTICLES = re.compile(r"[吧啊呀啦咯呢嘛哦噢喔呗]+$")
# Sounds of listening: they answer only if nothing longer follows.
_LEAD = re.compile(
    r"^(?:(?:嗯+|恩|呃|额|啊|哦|唉|那个|其实|说实话|老实说|um+|uh+|er+|well|hmm+|oh|honestly|like|so|yeah|look)[\s,，.。…、]+)+(?=.)"
)
# A yes to "you are not going to, are you?" that leaves no doubt.
_MEANT = re.compile(r".*\b(?:i (?:am|do|have|might|will)|it is)\b.*|.*(?:会|想|打算|要|真|就是).*")
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
    """A kind of question. `only`: its answer means this and nothing else that the sentence names; `also`: one of these
    has to stand in the sentence too."""

    id: str
    name_zh: str
    name_en: str
    asks: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]
    also: tuple[re.Pattern[str], ...]
    only: bool
    means: Mapping[str, tuple[str, ...]]
    raw: Mapping[str, Any]

    def asked_in(self, sentence: str) -> bool:
        """Whether the sentence asks this."""
        return (
            any(form.search(sentence) for form in self.asks)
            and not any(form.search(sentence) for form in self.never)
            and (not self.also or any(form.search(sentence) for form in self.also))
        )

    @property
    def rated(self) -> bool:
        """Whether it asks for a number from 0 to 10."""
        return any(rating in self.means for rating in RATINGS)


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
            also=tuple(re.compile(raw[name]) for name in ("also_zh", "also_en") if name in raw),
            only=raw.get("only", False),
            means={kind: tuple(raw[kind]) for kind in (*KINDS, *RATINGS, ANY) if kind in raw},
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
        return answer_kind(_CLAUSE.split(_LEAD.sub("", text), maxsplit=1)[1])
    plain = _PARTICLES.sub("", first)
    found = next(
        (
            kind
            for kind, pattern in _answers()
            if pattern.fullmatch(first)
            or (plain and pattern.fullmatch(plain))
            or (rest and pattern.fullmatch(text))
        ),
        None,
    )
    if found not in {None, "thing"}:
        return found
    if _PLAIN_YES.match(first) and not _DENIES.search(first):
        return "yes"
    amount = dict(_answers())["amount"]  # "tylenol, like 40": a number may stand behind what it counts
    return "amount" if any(amount.fullmatch(clause) for clause in clauses[1:]) else found


def rating(text: str) -> str | None:
    """How high the first number of a short answer is on a scale of 0 to 10 ("i'd say an 8", "80%")."""
    number = first_number(split(text)[0]) if len(text) <= LONGEST_RATING else None
    if number is None or number > HIGHEST_RATING**2:
        return None
    if number > HIGHEST_RATING or "%" in text:
        number /= HIGHEST_RATING
    return next(name for name, least in RATINGS.items() if number >= least)


def last_question(history: Sequence[Turn], hum: bool = False) -> list[Turn]:
    """The counselor's turns that a turn said now may answer, oldest first; none if too much was said since.

    A question that was evaded stays open through words of comfort, but not for a mere `hum`: that answers the comfort.
    """
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
    if begin < _BLANK or any(may_ask(turn.text) for turn in turns):
        return turns
    between = history[begin - 1].text
    evaded = len(between) <= LONGEST_EVASION and answer_kind(between.lower()) is None
    if _is_blank(between) or (evaded and not hum):
        return last_question(history[: begin - 1], hum)
    return turns


def may_ask(text: str) -> bool:
    """Whether a turn asks something of the help-seeker."""
    return any(_TURNS_TO.search(sentence.group().strip().lower()) for sentence in _SENTENCE.finditer(text))


def _is_blank(text: str) -> bool:
    """Whether a turn is a silence: neither words nor a sign that could be an answer."""
    return all(unicodedata.category(character)[0] in "PZC" for character in text)


def as_answered(text: str) -> str:
    """A hum is a yes wherever it comes from: "唔" by itself is none of the Cantonese words for "not"."""
    return "嗯" if _HUM.fullmatch(text) else text


def is_denial(text: str, history: Sequence[Turn]) -> bool:
    """Whether a turn is nothing but a no: the time in "not today" is none at which anything will happen."""
    return is_bare_answer(text, history) and answer_kind(text) in DENYING


def is_known_answer(text: str, question: str) -> bool:
    """Whether the rules know what the answer means: a no, or any other kind of answer to a question that they know."""
    kind = answer_kind(text)
    if kind is None and rating(text) is None:
        return False
    return kind in DENYING or any(known.asked_in(question) for known in questions())


def is_hum(text: str) -> bool:
    """Whether a turn is no more than a sound of listening."""
    return _WEAK.fullmatch(text.strip(" \n,，。.!！?？;；…~").lower()) is not None


def is_bare_answer(text: str, history: Sequence[Turn]) -> bool:
    """Whether a turn is nothing but an answer: "吃了" means what was asked, and nothing by itself.

    After words that ask nothing ("I'm listening") it is none: "有点困了" begins like a yes, and tells something.
    """
    return (
        len(text) <= SHORT_TURN
        and any(may_ask(turn.text) for turn in last_question(history, is_hum(text)))
        and answer_kind(text) is not None
    )


def adopt_answer(answer: str, words: int, asked: Sequence[Asked]) -> list[Cue]:
    """What the answer says by what was asked: cues placed at the whole answer of `words` tokens."""
    if not asked or not words:
        return []
    kind, rated = answer_kind(answer), rating(answer)
    if kind is None:
        if len(answer) > LONGEST_ANSWER:
            return []
        kind = ANY
    meant = _MEANT.fullmatch(answer) is not None
    found: dict[tuple[str, str, str], Cue] = {}
    for turn in asked:
        begin, end = 0, 0
        for sentence in _SENTENCE.finditer(turn.text):
            text = sentence.group().strip()
            begin, end = (begin if len(text) <= _SHORT_QUESTION else sentence.start()), sentence.end()
            if _ASKS.search(text):
                cues = _said(kind, rated, meant, (sentence.start(), end), turn, words)
                for cue in cues or _said(kind, rated, meant, (begin, end), turn, words):
                    found.setdefault((cue.cue_class, cue.time, cue.polarity), cue)
            begin = sentence.start()
    return list(found.values())


def _said(
    kind: str, rated: str | None, meant: bool, span: tuple[int, int], turn: Asked, words: int
) -> list[Cue]:
    """`span`: the characters of the counselor's turn that ask; `meant`: a yes that holds after a denial too."""
    text = turn.text[slice(*span)].strip()
    if kind in AFFIRMING and _NEGATIVE_TAG.search(text) and not meant:
        kind = "unsure"
    matching = [question for question in questions() if question.asked_in(text)]
    narrow = [question for question in matching if question.only]
    if rated and any(question.rated for question in narrow):
        kind, narrow = rated, [question for question in narrow if question.rated]
    who = "other" if _OTHER.search(text) and not _YOU.search(text) else "self"
    said = [
        _cue(question, kind, meaning, who, words)
        for question in narrow or matching
        for meaning in question.means.get(kind, question.means.get(ANY, ()))
    ]
    if kind in AFFIRMING and not narrow:
        said += [
            Cue(cue.entry, 0, words, time=cue.time, who="other" if cue.who == "other" else "self")
            for cue, at in turn.cues
            if span[0] <= at < span[1] and cue.world == "real" and cue.cue_class not in _ASKING
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
