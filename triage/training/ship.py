"""Make the model that comes with the package: `./scripts/train-triage`, or `--check` to compare with what is there.

Reads `triage/training/texts/` and the grammar, nothing else; writes `word_classes.txt`, `weights.npz` and `model.json`
in `triage/model/`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import triage.model
from triage.model import SETTINGS, WEIGHTS, WORD_CLASSES, word_classes_text, word_classes_version
from triage.pipeline import Pipeline
from triage.pipeline.lexicon import read
from triage.training.evaded import evaded_questions
from triage.training.fit import Fitted, features_of, fit
from triage.training.grammar import grammar_texts
from triage.training.labelled import Labelled, own_texts
from triage.training.longer import longer_texts
from triage.training.word_classes import word_classes

FOLDER = Path(triage.model.__file__).parent


def project_messages() -> list[Labelled]:
    """Everything that the project wrote."""
    written = own_texts()
    return [*written, *grammar_texts(), *longer_texts(written), *evaded_questions(written)]


def train() -> tuple[Fitted, str]:
    """The model of the project's own messages, and the word classes as they are stored."""
    messages = project_messages()
    lexicon = read()
    reader = Pipeline(lexicon, None)
    written = dict.fromkeys(part for message in own_texts() for part in (message.asked, message.text) if part)
    classes = word_classes([reader.tokens(text) for text in written])
    text = word_classes_text(classes)
    features = features_of(Pipeline(lexicon, None, classes), messages)
    return fit(messages, features, word_classes=word_classes_version(text)), text


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
    fitted, classes = train()
    say = sys.stdout.write
    say(
        f"{fitted.settings['messages']} messages, {len(fitted.rows)} features, version {fitted.settings['version']}\n"
    )
    if arguments.check:
        equal = same(fitted, FOLDER) and classes == (FOLDER / WORD_CLASSES).read_text(encoding="utf-8")
        say("the stored model is the same, bit for bit\n" if equal else "the stored model DIFFERS\n")
        return 0 if equal else 1
    (FOLDER / WORD_CLASSES).write_text(classes, encoding="utf-8")
    write(fitted, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
