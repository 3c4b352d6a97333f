"""Make the model that comes with the package: `./scripts/train-triage`, or `--check` to compare with what is there.

Reads `triage/training/texts/` and the grammar, nothing else; writes `triage/model/weights.npz` and `model.json`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import triage.model
from triage.model import SETTINGS, WEIGHTS
from triage.pipeline import Pipeline
from triage.pipeline.lexicon import read
from triage.training.evaded import evaded_questions
from triage.training.fit import Fitted, features_of, fit
from triage.training.grammar import grammar_texts
from triage.training.labelled import Labelled, own_texts
from triage.training.longer import longer_texts

FOLDER = Path(triage.model.__file__).parent


def project_messages() -> list[Labelled]:
    """Everything that the project wrote."""
    written = own_texts()
    return [*written, *grammar_texts(), *longer_texts(written), *evaded_questions(written)]


def train() -> Fitted:
    """The model of the project's own messages."""
    messages = project_messages()
    return fit(messages, features_of(Pipeline(read(), None), messages))


def write(fitted: Fitted, folder: Path) -> None:
    """Store a model where `read_model` finds it."""
    np.savez_compressed(folder / WEIGHTS, rows=fitted.rows, weights=fitted.weights)
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
    fitted = train()
    say = sys.stdout.write
    say(
        f"{fitted.settings['messages']} messages, {len(fitted.rows)} features, version {fitted.settings['version']}\n"
    )
    if arguments.check:
        equal = same(fitted, FOLDER)
        say("the stored model is the same, bit for bit\n" if equal else "the stored model DIFFERS\n")
        return 0 if equal else 1
    write(fitted, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
