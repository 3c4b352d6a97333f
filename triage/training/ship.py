"""Make the model that comes with the package: `./scripts/train-triage`, or `--check` to compare with what is there.

Reads `triage/training/texts/` and the grammar, nothing else; writes `spelling.npz`, `word_classes.txt`, `weights.npz`
and `model.json` in `triage/model/`.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

import triage.model
from triage.model import (
    SETTINGS,
    SPELLING,
    WEIGHTS,
    WORD_CLASSES,
    word_classes_text,
    word_classes_version,
)
from triage.pipeline import Pipeline
from triage.pipeline.lexicon import read
from triage.pipeline.spelling import Spelling, spelling_arrays
from triage.training.evaded import evaded_questions
from triage.training.fit import Fitted, features_of, fit
from triage.training.grammar import grammar_texts
from triage.training.labelled import Labelled, own_texts
from triage.training.longer import longer_texts
from triage.training.spelling import spelling
from triage.training.word_classes import word_classes

FOLDER = Path(triage.model.__file__).parent


def project_messages() -> list[Labelled]:
    """Everything that the project wrote."""
    written = own_texts()
    return [*written, *grammar_texts(), *longer_texts(written), *evaded_questions(written)]


@dataclass(frozen=True, slots=True)
class Made:
    """The model of the project's own messages, and what it was read with, as it is stored."""

    fitted: Fitted
    classes: str
    spelling: bytes

    def write(self, folder: Path) -> None:
        """Put everything where the running system finds it."""
        (folder / SPELLING).write_bytes(self.spelling)
        (folder / WORD_CLASSES).write_text(self.classes, encoding="utf-8")
        write(self.fitted, folder)

    def is_in(self, folder: Path) -> bool:
        """Whether just this is stored there."""
        return (
            same(self.fitted, folder)
            and self.classes == (folder / WORD_CLASSES).read_text(encoding="utf-8")
            and self.spelling == (folder / SPELLING).read_bytes()
        )


def train() -> Made:
    """From the texts alone: word classes, spelling, model. Messages are learnt from as they were written: mistakes that
    our writers made stay features, and what is mended when the system runs reads like what they wrote well.
    """
    messages = project_messages()
    lexicon = read()
    reader = Pipeline(lexicon, None)
    written = {
        part: message.language for message in own_texts() for part in (message.asked, message.text) if part
    }
    words = [reader.words(text) for text in written]
    counted = spelling(zip(written.values(), words, strict=True))
    found = word_classes([reader.tokens(each) for each in words])
    classes, stored = word_classes_text(found), _stored(counted)
    features = features_of(Pipeline(lexicon, None, found), messages)
    fitted = fit(messages, features, word_classes=word_classes_version(classes))
    return Made(fitted, classes, stored)


def _stored(counted: Spelling) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **spelling_arrays(counted))
    return file.getvalue()


def write(fitted: Fitted, folder: Path) -> None:
    """Store a model where `read_model` finds it; not compressed, for unpacking takes a tenth of a second of a start."""
    np.savez(folder / WEIGHTS, rows=fitted.rows, weights=fitted.weights)
    text = json.dumps(fitted.settings, indent=1, sort_keys=True)
    (folder / SETTINGS).write_text(text + "\n", encoding="utf-8")


def same(fitted: Fitted, folder: Path) -> bool:
    """Whether the stored model is this one, weight for weight."""
    stored = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
        equal = np.array_equal(arrays["rows"], fitted.rows) and np.array_equal(
            arrays["weights"], fitted.weights
        )
    return bool(equal) and stored == json.loads(json.dumps(fitted.settings))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="./scripts/train-triage", description=__doc__)
    parser.add_argument("--check", action="store_true", help="train and compare, write nothing")
    arguments = parser.parse_args()
    made = train()
    settings = made.fitted.settings
    say = sys.stdout.write
    say(f"{settings['messages']} messages, {len(made.fitted.rows)} features, version {settings['version']}\n")
    if arguments.check:
        equal = made.is_in(FOLDER)
        say("the stored model is the same, bit for bit\n" if equal else "the stored model DIFFERS\n")
        return 0 if equal else 1
    made.write(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
