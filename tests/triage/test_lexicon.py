"""Every entry's examples fire it and its counter-examples do not."""

import json
import re
from pathlib import Path

import pytest

import triage.lexicon
from triage.pipeline import Pipeline
from triage.pipeline.cues import Cue, CueMatcher
from triage.pipeline.frames import Frame
from triage.pipeline.lexicon import LANGUAGES, Entry, read
from triage.pipeline.patterns import PatternError, compile_pattern

ENTRIES = read().entries
FOLDER = Path(triage.lexicon.__file__).parent
DESIGNED = {
    "wish_dead", "intent", "plan", "method", "means", "means_ready", "place", "time_now", "time_soon",
    "time_later", "act_done", "act_overdose", "bodily", "farewell", "affairs", "refuse_help", "burden",
    "hopeless", "calm", "lethality", "weapon", "target", "child", "hiding", "strangled", "command_voice",
    "persecution", "overdose_accident", "reunion", "protective", "threat_other", "being_hurt", "sexual",
}  # fmt: skip


def matched(pipeline: Pipeline, text: str) -> list[Cue]:
    """Cues before context, so that triggers and denied cues count too."""
    doc = pipeline.nlp.tokenizer(pipeline.normalise(text).text)
    matcher = pipeline.nlp.get_pipe("triage_cues")
    assert isinstance(matcher, CueMatcher)
    found: list[Cue] = matcher(doc).user_data["cues"]
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_examples_fire_and_counter_examples_do_not(entry: Entry, pipeline: Pipeline) -> None:
    assert entry.examples
    for example in entry.examples:
        classes = {cue.cue_class for cue in matched(pipeline, example)}
        assert entry.cue_class in classes, f"{entry.id} does not fire"
    for text in entry.counter_examples:
        living = [cue for cue in pipeline.read(text).cues if cue.polarity == "affirmed"]
        assert entry.cue_class not in {cue.cue_class for cue in living}, (
            f"{entry.id} fires on a counter-example"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_designed_class_exists(language: str) -> None:
    assert {entry.cue_class for entry in ENTRIES if entry.language == language} >= DESIGNED


def test_every_entry_says_where_it_is_from_and_why() -> None:
    for entry in ENTRIES:
        assert entry.source, entry.id
        assert re.search("[\u4e00-\u9fff]", entry.why_zh), entry.id
        assert entry.why_en.isascii(), entry.id
        assert 0.0 <= entry.weight <= 1.0, entry.id


def test_frames_speak_of_classes_that_exist() -> None:
    classes = {entry.cue_class for entry in ENTRIES}
    for raw in read().frames:
        frame = Frame.read(raw)
        named = {want.cue_class for slot in (*frame.slots, frame.never) for want in slot}
        assert named <= classes, frame.id


def test_no_cue_class_is_idle() -> None:
    used = {want.cue_class for raw in read().frames for slot in Frame.read(raw).slots for want in slot}
    used |= {want.cue_class for raw in read().frames for want in Frame.read(raw).never}
    idle = {entry.cue_class for entry in ENTRIES if not entry.cue_class.startswith("context_")} - used
    assert idle <= {"protective"}, idle


def test_files_are_readable_json() -> None:
    for file in FOLDER.rglob("*.json"):
        text = file.read_text(encoding="utf-8")
        json.loads(text)
        assert "\\u" not in text, file.name


@pytest.mark.parametrize("pattern", ["", "(a|", "a)", "<no_such_set>", "(|)", "~3"])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, {})
