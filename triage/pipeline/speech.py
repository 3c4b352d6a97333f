"""Transcripts of speech: what recognition and speaking put between a person and their words.

| trouble | what is done |
|---|---|
| fillers, stammered and repeated words, false starts | taken out; offsets stay true |
| words heard as others of the same sound | put back, from `data/speech.json` |
| a sentence cut into several segments | read together with the segment before it, of the same speaker |
| one cue that may itself be misheard | trusted less: see `doubted` |

Two cues are seldom both made up by recognition, a longer phrase neither; one short word may be. So where a whole
turn and its window stand on one cue of at most two Chinese characters or one word, its floor sinks by one level,
not below moderate, and is tagged `heard_once`: ask again. An act that is being done never sinks, and an answer to a
question is no single cue: the question supports it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from triage.assessment import Level, Turn
from triage.pipeline.cues import Cue
from triage.pipeline.frames import Fired
from triage.pipeline.normalise import Normalised

HEARD_ONCE = "heard_once"
# A segment of recognition is a breath long; what is longer was said to its end.
LONGEST_SEGMENT = 200

_CJK = "\u4e00-\u9fff"
_PASSES = (
    # sounds and phrases that hold the floor
    (re.compile(r"\b(?:um+|uh+|er+|hmm+|erm|mm+|you know|i mean|you see)\b[, ]*"), ""),
    (re.compile(r"\b(?:like|so|well),[ ]*"), ""),
    (re.compile(r"(?:嗯|呃|额|那个|这个|就是说|怎么说呢|然后呢|啊)[,，、 ]+"), ""),
    (re.compile(rf"(?:呃+|嗯+(?=[{_CJK}]{{2}})|那个(?:那个)+|怎么说呢)"), ""),
    # false starts: "wa- want", "i- i"
    (re.compile(r"\b([a-z]{1,4})-+[, ]*(?=\1)"), ""),
    # said twice: "i want to, i want to", "我想我想", "我我我"
    (re.compile(r"\b((?:[a-z']+ ){1,3}[a-z']+)(?:[, ]+\1\b)+"), r"\1"),
    (re.compile(r"\b([a-z']+)(?:[, ]+\1\b)+"), r"\1"),
    (re.compile(rf"([{_CJK}]{{1,4}})(?:[,，、 ]+\1)+(?=[{_CJK}])"), r"\1"),
    (re.compile(rf"([{_CJK}]{{2,6}})\1+"), r"\1"),
    (re.compile(r"([我你他她就不没这那])\1+"), r"\1"),
)
_ENDED = re.compile(r"[。！？!?…]\s*$|[^\d]\.\s*$")
# Words after which nobody ends a sentence; recognition puts a full stop there all the same.
_OPEN_END = re.compile(
    r"(?:因为|所以|然后|但是|可是|而且|如果|就是|要|想|去|把|和|跟|在|一个|的)[。.]?\s*$"
    r"|\b(?:the|a|an|to|my|and|but|or|because|so|if|with|of|i|i'm|of my|going|gonna|want|just|at|on|in|from)[.]?\s*$",
    re.IGNORECASE,
)


@cache
def misheard() -> tuple[tuple[re.Pattern[str], str, dict[str, Any]], ...]:
    """What recognition writes, what was said, and the raw row with its examples."""
    raw = (files("triage.pipeline") / "data" / "speech.json").read_text(encoding="utf-8")
    return tuple((re.compile(row["form"]), row["put"], row) for row in json.loads(raw)["misheard"])


def clean_speech(normalised: Normalised) -> None:
    """Shorten and mend in place; offsets stay true."""
    for pattern, put in _PASSES:
        normalised.substitute(pattern, _expander(put))
    for pattern, put, _ in misheard():
        normalised.substitute(pattern, _expander(put))


def _expander(put: str) -> Any:
    return lambda match: match.expand(put) if "\\" in put else put


# Broken segments -------------------------------------------------------------------------------------------


def begun_before(text: str, history: Sequence[Turn]) -> str:
    """The segment that this one goes on with, as it is to be put before it; empty if there is none."""
    if not history or history[-1].speaker != "help_seeker":
        return ""
    before = history[-1].text.rstrip()
    if not before or len(before) > LONGEST_SEGMENT or len(text) > LONGEST_SEGMENT:
        return ""
    if _ENDED.search(before) and not _OPEN_END.search(before):
        return ""
    before = before.rstrip("。.") if _OPEN_END.search(before) else before
    chinese = re.match(rf"\s*[{_CJK}]", text) and re.search(rf"[{_CJK}]$", before)
    return before if chinese else before + " "


def only_now(normalised: Normalised, cues: list[Cue], offsets: Sequence[int], begins: int) -> list[Cue]:
    """Count raw places from where this turn begins, and keep the cues that reach into it.

    `offsets[i]`: where token i begins in the normalised text.
    """
    normalised.starts = [max(0, start - begins) for start in normalised.starts]
    normalised.ends = [max(0, end - begins) for end in normalised.ends]
    return [cue for cue in cues if _reaches(normalised, offsets[cue.start], offsets[cue.end])]


def _reaches(normalised: Normalised, start: int, end: int) -> bool:
    while end - 1 > start and normalised.text[end - 1] == " ":
        end -= 1
    return max(normalised.ends[start:end]) > 0


# Trust -------------------------------------------------------------------------------------------------------


def doubted(fired: list[Fired]) -> list[Fired]:
    """The frames, with a lower floor where all of them stand on one short cue."""
    cues = {(cue.start, cue.end, cue.current): cue for item in fired for cue in item.cues}
    if not fired or len(_apart(list(cues.values()))) > 1 or not all(_is_short(cue) for cue in cues.values()):
        return fired
    return [_sunk(item) for item in fired]


def _apart(cues: list[Cue]) -> list[Cue]:
    """Cues that share no word; cues of earlier turns count by themselves."""
    kept: list[Cue] = []
    for cue in cues:
        if not any(cue.current == other.current and cue.overlaps(other) for other in kept):
            kept.append(cue)
    return kept


def _is_short(cue: Cue) -> bool:
    """One word or two Chinese characters, found in the text itself (an answer's cue has no language)."""
    most = {"zh": 2, "en": 1}.get(cue.entry.language, 0)
    return cue.end - cue.start <= most


def _sunk(item: Fired) -> Fired:
    frame = item.frame
    if frame.act or frame.floor.rank <= Level.MODERATE.rank:
        return item
    lower = Level.from_rank(frame.floor.rank - 1)
    return Fired(replace(frame, floor=lower, tags=(*frame.tags, HEARD_ONCE)), item.cues)
