"""`python -m triage train`: a model of the project's messages and an operator's own labelled ones.

Prints the figures before and after, on the operator's messages and on the project's, each message judged by a
model that had not seen it; and refuses to write a model that finds less imminent danger, unless told to.
Operators' messages stay where they are: the model's folder holds weights, no words.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.assessment import Level
from triage.evaluation import share_line
from triage.model import read_word_classes
from triage.pipeline import Pipeline, load
from triage.pipeline.features import Features
from triage.training.fit import Fitted, features_of, fit
from triage.training.labelled import LabelError, Labelled, operators_texts
from triage.training.ship import project_messages, write

# Fewer messages move nothing and tell nothing.
FEWEST = 20
# One message of the operator's own counts as much as so many of the project's: it comes from the line itself.
OWN_WEIGHT = 3.0

Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Hits and totals of one set of messages."""

    imminent_high: tuple[int, int]
    imminent: tuple[int, int]
    grave_seen: tuple[int, int]
    false_alarms: tuple[int, int]

    @classmethod
    def of(cls, messages: Sequence[Labelled], given: Ranks) -> "Figures":
        """What became of messages that were given these ranks."""
        # what only answers a question is not to be judged by itself
        given = given[[not message.asked for message in messages]]
        truth = np.array([message.level.rank for message in messages if not message.asked])

        def count(which: NDArray[np.bool_], least: int) -> tuple[int, int]:
            return int((given[which] >= least).sum()), int(which.sum())

        return cls(
            count(truth == Level.IMMINENT.rank, Level.HIGH.rank),
            count(truth == Level.IMMINENT.rank, Level.IMMINENT.rank),
            count(truth >= Level.HIGH.rank, Level.MODERATE.rank),
            count(truth == Level.NONE.rank, Level.MODERATE.rank),
        )

    def lines(self) -> list[str]:
        """The figures with their intervals."""
        return [
            share_line("imminent graded high or above", *self.imminent_high),
            share_line("imminent graded imminent", *self.imminent),
            share_line("high or above graded moderate or above", *self.grave_seen),
            share_line("harmless graded moderate or above", *self.false_alarms),
        ]

    def finds_less_than(self, other: "Figures") -> bool:
        """Whether fewer messages of imminent danger are found here, or fewer of them are called imminent."""
        return self.imminent_high[0] < other.imminent_high[0] or self.imminent[0] < other.imminent[0]


def train(files: Sequence[Path], folder: Path, *, accept_worse_recall: bool = False) -> int:
    """The command; 0 when a model was written, 1 when it was refused, 2 when the messages cannot be read."""
    try:
        own = [message for file in files for message in operators_texts(file)]
    except (LabelError, OSError, UnicodeDecodeError) as error:
        return _end(2, str(error) if isinstance(error, LabelError) else f"{type(error).__name__}: {error}")
    if len(own) < FEWEST:
        return _end(2, f"{len(own)} labelled messages are too few: at least {FEWEST} are needed")
    project = project_messages()
    pipeline = load()
    as_written = Pipeline(pipeline.lexicon, None, read_word_classes())
    read = {"yours": features_of(as_written, own), "the project's": features_of(as_written, project)}
    sets = {"yours": own, "the project's": project}
    _say(
        f"{len(own)} messages of yours, {len(project)} of the project's; training twice, twenty minutes or so"
    )
    before = fit(project, read["the project's"])
    weights = [1.0] * len(project) + [OWN_WEIGHT] * len(own)
    after = fit([*project, *own], [*read["the project's"], *read["yours"]], weights=weights)
    worse = False
    for name, messages in sets.items():
        old = before.unseen if name != "yours" else _scores(before, read[name])
        new = after.unseen[: len(project)] if name != "yours" else after.unseen[len(project) :]
        figures = [
            _figures(pipeline, fitted, messages, scores) for fitted, scores in ((before, old), (after, new))
        ]
        for when, each in zip(("before", "after"), figures, strict=True):
            _say(f"\n{name}, {when}:", *each.lines())
        worse = worse or figures[1].finds_less_than(figures[0])
    if worse and not accept_worse_recall:
        return _end(
            1, "\nrefused: fewer imminent messages are found than before (--accept-worse-recall writes it)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    write(after, folder)
    return _end(0, f"\nwritten to {folder}; use it with HOTLINE_TRIAGE_MODEL={folder}, or --model {folder}")


def _scores(fitted: Fitted, features: Sequence[Features]) -> NDArray[np.float64]:
    model = fitted.model()
    return np.array([model.scores(item)[0] for item in features])


def _figures(
    pipeline: Pipeline, fitted: Fitted, messages: Sequence[Labelled], scores: NDArray[np.float64]
) -> Figures:
    """Rules and model together; scores are of whole messages."""
    model = fitted.model()
    ranks = []
    for message, row in zip(messages, scores, strict=True):
        opinion = model.opinion(row[None, :], np.zeros((1, 2), dtype=np.int64), message.language)
        ranks.append(pipeline.level_with(message.text, opinion).rank)
    return Figures.of(messages, np.array(ranks, dtype=np.int64))


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _end(status: int, line: str) -> int:
    (sys.stdout if status == 0 else sys.stderr).write(line + "\n")
    return status
