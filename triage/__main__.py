"""`python -m triage`: messages in, one JSON object a line; levels out, one a line.

With `--conversation` the lines are the turns of one contact and each answer is the level so far.
`python -m triage train FILE.jsonl … --out FOLDER` fits the additive model on your own labelled messages too.
"""

import argparse
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from triage.assessment import Assessment, Turn
from triage.conversation import ConversationState, fold
from triage.model import ModelError

if TYPE_CHECKING:
    from triage.pipeline import Pipeline


class LineError(ValueError):
    """A line that is no message; says what is wrong without quoting it."""


def read_line(line: str, conversation: bool) -> dict[str, Any]:
    """The message of a line, checked."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError("not JSON") from error
    if not isinstance(message, dict):
        raise LineError("not an object")
    if not isinstance(message.get("text"), str):
        raise LineError("text must be a string")
    if not isinstance(message.get("id"), str | int | None):
        raise LineError("id must be a string or a number")
    if message.get("lang") not in (None, "zh", "en"):
        raise LineError('lang must be "zh" or "en"')
    if conversation and message.get("from") not in ("help_seeker", "counselor"):
        raise LineError('from must be "help_seeker" or "counselor"')
    return message


def present(message: dict[str, Any], assessment: Assessment) -> dict[str, Any]:
    """One answer; evidence carries the words, since the reader has the text anyway."""
    text = message["text"]
    chinese = message.get("lang", "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en") == "zh"
    return {
        "id": message.get("id"),
        "level": assessment.level.value,
        "score": assessment.score,
        "kinds": [kind.value for kind in assessment.kinds],
        "tags": list(assessment.tags),
        "act_in_progress": assessment.act_in_progress,
        "evidence": [
            {
                "start": item.start,
                "end": item.end,
                "text": text[item.start : item.end],
                "cue": item.cue,
                "frame": item.frame,
                "why": item.why_zh if chinese else item.why_en,
            }
            for item in assessment.evidence
        ],
    }


class Conversation:
    """The turns of one contact, folded one after the other."""

    def __init__(self, pipeline: "Pipeline") -> None:
        self._pipeline = pipeline
        self._state = ConversationState()
        self._turns: list[Turn] = []

    def add(self, message: dict[str, Any]) -> dict[str, Any]:
        """Assess a turn (a counselor's turn only gives context) and answer with the level so far."""
        text = message["text"]
        answer: dict[str, Any] = {"id": message.get("id"), "evidence": []}
        if message["from"] == "help_seeker":
            assessment = self._pipeline.assess(text, self._turns)
            self._state = fold(self._state, assessment)
            answer = present(message, assessment)
        self._turns.append(Turn(message["from"], text))
        state = self._state
        return answer | {
            "level": state.level.value,
            "score": state.score,
            "kinds": [kind.value for kind in state.kinds],
            "tags": list(state.tags),
            "act_in_progress": state.act_in_progress,
        }


def run(lines: Iterable[str], out: TextIO, *, conversation: bool, model: Path | None = None) -> int:
    """Answer every line; 1 if any was no message, else 0."""
    from triage.pipeline import load  # spaCy takes a second and a half: not for --help

    pipeline = load(model)
    turns = Conversation(pipeline)
    status = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            message = read_line(line, conversation)
            answer = (
                turns.add(message) if conversation else present(message, pipeline.assess(message["text"]))
            )
        except LineError as error:
            answer, status = {"error": str(error)}, 1
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return status


def train(words: list[str]) -> int:
    """`python -m triage train`."""
    parser = argparse.ArgumentParser(
        prog="python -m triage train",
        description="Fit the additive model on the project's messages and your own labelled ones "
        '({"text": …, "level": "none"…"imminent", "kinds"?: […], "act_in_progress"?: bool} a line), '
        "show the figures before and after, and write it unless it finds less imminent danger.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where the model is written"
    )
    parser.add_argument(
        "--accept-worse-recall", action="store_true", help="write it even if less imminent danger is found"
    )
    arguments = parser.parse_args(words)
    try:
        from triage.training.retrain import train as retrain
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{error.name} is missing: training needs the extra `train` (scikit-learn)\n")
        return 2
    return retrain(arguments.files, arguments.out, accept_worse_recall=arguments.accept_worse_recall)


def main() -> int:
    """The command."""
    if sys.argv[1:2] == ["train"]:
        return train(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m triage", description=__doc__)
    parser.add_argument("--conversation", action="store_true", help="the lines are turns of one contact")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="a model of your own, made by `train`")
    arguments = parser.parse_args()
    # bytes that are no UTF-8 must not end the run: they become lone surrogates and are read over
    # (sig: some editors put a mark before the first line)
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="backslashreplace")
    try:
        return run(lines, out, conversation=arguments.conversation, model=arguments.model)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
