"""From fired frames and the model's opinion to one assessment with its reasons.

The higher of both decides. What the frames say comes first in the reasons, since it can be read as a sentence;
the model adds the clauses that weigh most, each with its share of the score.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from triage.assessment import Assessment, Evidence, Kind, Level
from triage.pipeline.cues import SOFT, Cue
from triage.pipeline.features import FIRST_CHINESE
from triage.pipeline.frames import Fired, Frame
from triage.pipeline.model import NO_OPINION, Opinion
from triage.pipeline.reading import Reading

# Where the levels lie on 0…1, so that scores order messages and never contradict levels.
SCORE_FLOOR = {Level.NONE: 0.0, Level.LOW: 0.15, Level.MODERATE: 0.4, Level.HIGH: 0.65, Level.IMMINENT: 0.85}
SCORE_ROOM = 0.14
# The class and the words by which the model's reasons are shown.
MODEL_CUE = "model"
LEVEL_WORDS = {
    Level.LOW: ("低危", "low-danger"),
    Level.MODERATE: ("中危", "moderate-danger"),
    Level.HIGH: ("高危", "high-danger"),
    Level.IMMINENT: ("危急", "imminent-danger"),
}
# Clauses that the model shows at most, and the least part of what speaks for the level that one must hold.
MOST_CLAUSES = 3
LEAST_PART = 0.15
# Of what a clause speaks of, so many things are named, the weightiest first; these speak for no danger.
MOST_NAMED = 3
NOT_NAMED = frozenset({"leisure", "protective"})
# A clause without any punctuation is shown only where it weighs most.
LONGEST_CLAUSE = 24


Floats = NDArray[np.float64]


class Share(NamedTuple):
    """Tokens start:end add `weight` to the model's score."""

    start: int
    end: int
    weight: float


def sum_up(
    reading: Reading,
    fired: Sequence[Fired],
    cues: Sequence[Cue],
    opinion: Opinion,
    shares: Floats,
    version: str,
) -> Assessment:
    """The assessment of one turn; `shares`: what each token adds to the model's score."""
    opinion = asked(fired, reading, opinion)
    fired = reconsidered(fired, reading, opinion)
    ordered = sorted(fired, key=lambda item: -item.frame.floor.rank)
    level = level_of(fired, opinion)
    model_decides = opinion.level.rank > (ordered[0].frame.floor.rank if ordered else 0)
    sureness = max(_sureness(fired), opinion.probability if opinion.level is level else 0.0)
    by_rule = any(item.frame.act and item.frame.floor is Level.IMMINENT for item in fired)
    kinds, rule_kinds = opinion.kinds, _kinds(ordered)
    evidence = _evidence(reading, ordered)
    if model_decides:
        evidence += model_evidence(reading, opinion, shares)
    else:
        kinds, rule_kinds = rule_kinds, ()
    return Assessment(
        level=level,
        score=round(SCORE_FLOOR[level] + SCORE_ROOM * min(sureness, 1.0), 4),
        kinds=tuple(dict.fromkeys((*kinds, *rule_kinds))),
        tags=tuple(dict.fromkeys((*_tags(ordered, cues), *opinion.tags))),
        act_in_progress=by_rule or opinion.act_in_progress,
        evidence=tuple(evidence),
        lexicon_version=version,
    )


# Words beside the cues of a frame that add nothing: "I", "am", a typing slip.
BESIDE = 2
# A Chinese character is about half a word.
CHARACTER = 0.5


def asked(fired: Sequence[Fired], reading: Reading, opinion: Opinion) -> Opinion:
    """The model's opinion, or none where a frame says the thing itself and the text says nothing else.

    "I feel suicidal" is neither doubted for sounding calm nor raised for its one word.
    """
    return NO_OPINION if any(item.frame.plain and _is_all(item, reading) for item in fired) else opinion


def _is_all(item: Fired, reading: Reading) -> bool:
    """Whether the text says hardly anything but this."""
    covered = {place for cue in item.cues if cue.current for place in range(cue.start, cue.end)}
    beside = [word for place, word in enumerate(reading.words) if place not in covered and word[0].isalnum()]
    return bool(covered) and sum(CHARACTER if word[0] >= FIRST_CHINESE else 1.0 for word in beside) <= BESIDE


def level_of(fired: Sequence[Fired], opinion: Opinion) -> Level:
    """The higher of the highest floor and the model's level."""
    floors = [item.frame.floor for item in fired]
    return max([*floors, opinion.level], key=lambda level: level.rank)


def reconsidered(fired: Sequence[Fired], reading: Reading, opinion: Opinion) -> list[Fired]:
    """The frames, doubtable ones held to what the text around their cues resembles at most: low, or moderate.

    "My keys are handed over, goodbye everyone, cake in the kitchen": a farewell, and none. Only what stands in
    this very text can be doubted so, not what an answer or an earlier turn tells, nor a cue that is the whole text,
    nor a plain statement that is nearly the whole, nor an act ("I drank antifreeze") that is. A plain statement amid
    distress ("I'm so lonely, I want to die") is no way of talking: it is held to moderate at least.
    """
    here = {id(cue) for cue in reading.cues}
    found = []
    for item in fired:
        most = _most(item, opinion)
        doubted = all(id(cue) in here and not cue.entry.alone for cue in item.cues)
        doubted = doubted and not ((item.frame.plain or item.frame.amid) and _is_all(item, reading))
        if doubted and item.frame.floor.rank > most.rank:
            item = Fired(_doubted(item.frame, most), item.cues)
        found.append(item)
    return found


def _most(item: Fired, opinion: Opinion) -> Level:
    """What the frame may reach at most, by what its text resembles."""
    if not item.frame.doubtable:
        return Level.IMMINENT
    if item.frame.plain and opinion.level is not Level.NONE:
        return max(opinion.holds_to, Level.MODERATE, key=lambda level: level.rank)
    return opinion.holds_to


def _doubted(frame: Frame, most: Level) -> Frame:
    """The frame as it counts where its text resembles nothing so grave, and says so."""
    return replace(
        frame,
        floor=most,
        act=False,
        tags=(),
        why_zh=f"{frame.why_zh}——但全文更像平常的话，先按{LEVEL_WORDS[most][0]}",
        why_en=f"{frame.why_en} - but the text reads like ordinary talk, so it counts as {most.value}",
    )


def _sureness(fired: Sequence[Fired]) -> float:
    used = {id(cue): cue for item in fired for cue in item.cues}
    doubt = 1.0
    for cue in used.values():
        doubt *= 1.0 - cue.entry.weight
    return 1.0 - doubt


def _kinds(ordered: Sequence[Fired]) -> tuple[Kind, ...]:
    """Kinds of the frames from moderate on, of the highest first; if none reaches it, of all."""
    grave = [item for item in ordered if item.frame.floor.rank >= Level.MODERATE.rank] or ordered
    return tuple(dict.fromkeys(kind for item in grave for kind in item.frame.kinds))


def _tags(ordered: Sequence[Fired], cues: Sequence[Cue]) -> tuple[str, ...]:
    tags = [tag for item in ordered for tag in item.frame.tags]
    for cue in cues if tags or ordered else ():
        if cue.world == "real" and cue.polarity == "affirmed" and cue.current:
            tags.extend(cue.entry.tags)
    if any(cue.who == "other" and cue.current for item in ordered for cue in item.cues[:1]):
        tags.append("third_party")
    return tuple(dict.fromkeys(tags))


def _evidence(reading: Reading, ordered: Sequence[Fired]) -> list[Evidence]:
    """Each cue of this turn once, with the gravest frame that it belongs to."""
    found: dict[tuple[int, int, str], Evidence] = {}
    for item in ordered:
        for cue in item.cues:
            if not cue.current:
                continue
            start, end = reading.raw_span(cue.start, cue.end)
            composed = len(item.cues) > 1
            found.setdefault(
                (start, end, cue.cue_class),
                Evidence(
                    start,
                    end,
                    cue.cue_class,
                    item.frame.id,
                    f"{cue.entry.why_zh}；{item.frame.why_zh}" if composed else item.frame.why_zh,
                    f"{cue.entry.why_en}; {item.frame.why_en}" if composed else item.frame.why_en,
                ),
            )
    return list(found.values())


def model_evidence(reading: Reading, opinion: Opinion, shares: Floats) -> list[Evidence]:
    """The clauses that speak most for the model's level, with what each adds."""
    clauses = sorted(_clauses(reading.words, opinion.window, shares), key=lambda item: -item.weight)
    positive = sum(item.weight for item in clauses if item.weight > 0)
    telling = [item for item in clauses[:MOST_CLAUSES] if item.weight > LEAST_PART * positive > 0]
    chinese, english = LEVEL_WORDS[opinion.level]
    chinese, english = f"{chinese}来信相近", f"{english} messages"
    if opinion.with_question:
        chinese, english = f"{chinese}，按所问来看", f"{english}, by what was asked"
    if opinion.with_earlier:
        chinese, english = f"{chinese}，与前几句合看", f"{english}, read with those before"
    found = []
    for item in sorted(telling):
        start, end = reading.raw_span(item.start, item.end)
        if start == end:  # of the segment of speech before this one
            continue
        named = _named(reading.cues, item)
        told_zh = "、".join(cue.entry.why_zh for cue in named) + "；" if named else ""
        told_en = ", ".join(cue.entry.why_en for cue in named) + "; " if named else ""
        why_zh = f"模型：{told_zh}用词与{chinese}（贡献 +{item.weight:.1f}）"
        why_en = f"Model: {told_en}worded like {english} (adds {item.weight:+.1f})"
        found.append(Evidence(start, end, MODEL_CUE, None, why_zh, why_en))
    return found


def _named(cues: Sequence[Cue], clause: Share) -> list[Cue]:
    """What the clause speaks of as true now: cues that made no frame, but weigh with the model."""
    found: dict[str, Cue] = {}
    for cue in sorted(cues, key=lambda cue: -cue.entry.weight):
        meant = cue.polarity == "affirmed" and cue.world == "real" and cue.time in ("present", "recent")
        if meant and cue.cue_class not in NOT_NAMED and clause.start <= cue.start < clause.end:
            found.setdefault(cue.entry.why_en, cue)
    return list(found.values())[:MOST_NAMED]


def _clauses(words: Sequence[str], window: tuple[int, int], shares: Floats) -> list[Share]:
    found = []
    start = window[0]
    for index in range(window[0], window[1] + 1):
        if index == window[1] or words[index] in SOFT:
            if index > start:
                found.append(_heaviest(start, index, shares))
            start = index + 1
    return found


def _heaviest(start: int, end: int, shares: Floats) -> Share:
    """The whole clause, or of a long one the part that weighs most."""
    if end - start > LONGEST_CLAUSE:
        sums = np.convolve(shares[start:end], np.ones(LONGEST_CLAUSE), "valid")
        start += int(sums.argmax())
        end = start + LONGEST_CLAUSE
    return Share(start, end, float(shares[start:end].sum()))
