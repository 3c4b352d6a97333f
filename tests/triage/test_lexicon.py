"""Every entry's examples fire it and its counter-examples do not."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage.lexicon
from triage.pipeline import Pipeline
from triage.pipeline.cues import HARD, Cue, CueMatcher
from triage.pipeline.frames import Frame
from triage.pipeline.lexicon import LANGUAGES, Entry, read
from triage.pipeline.literals import LiteralTrie
from triage.pipeline.normalise import fold_characters
from triage.pipeline.numbers import find_numbers
from triage.pipeline.patterns import NUMBERS, PatternError, compile_pattern
from triage.pipeline.tokenizer import split

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


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("took 40 of them", True),
        ("i am 30 pills in", True),
        ("took 10000 mg", True),
        ("about 40 x 500 mg", True),
        ("吃了三十片", True),
        ("took 400 mg at 11", False),
        ("took 400mg for my headache", False),
        ("i'm 27 and took one", False),
        ("a fever of 39", False),
        ("took it at 20:00", False),
        ("20 minutes ago", False),
        ("room 12, one tablet", False),
        ("发烧38度", False),
        ("27岁", False),
        ("晚上12点", False),
        ("12个单位", False),
        ("50毫克", False),
        ("8小时一次", False),
        ("250mg of diazepam", True),
        ("吃了500毫克安眠药", True),
        ("喝了40毫升美沙酮", True),
        ("injected 300 iu of insulin", True),
        ("2000 iu of vitamin d", False),
        ("14 days worth of pills", True),
        ("吃了十天的药", True),
        ("24 day and night tablets", True),
    ],
)
def test_a_number_is_many_only_where_it_may_count_a_dose(text: str, many: bool, pipeline: Pipeline) -> None:
    words = split(pipeline.normalise(text).text)[0]
    assert any(name == "<many>" for name, _, _ in find_numbers(words)) is many


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
    assert idle <= {"protective", "location"}, idle  # these only tag


def test_literals_are_written_as_the_normaliser_leaves_them() -> None:
    """A literal in traditional characters, capitals or full width could never be found."""
    literals = {
        literal for _, steps in read().ways() for step in steps for literal in step.literals
    } - NUMBERS
    assert not {text for text in literals if fold_characters(text).text != text}


def test_no_literal_reaches_across_the_end_of_a_sentence() -> None:
    literals = {literal for _, steps in read().ways() for step in steps for literal in step.literals}
    assert not {text for text in literals if HARD & set(text)}


@given(
    st.lists(st.text("ab 我想", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=12),
    st.text("ab 我想", max_size=40),
)
def test_the_trie_finds_what_a_plain_search_finds(literals: list[str], text: str) -> None:
    words = split(text)[0]
    wanted = {literal: split(literal)[0] for literal in literals}
    trie = LiteralTrie((literal, number) for number, literal in enumerate(wanted))
    found = {(n, span) for n, spans in trie.find(words, 0, len(words)).items() for span in spans}
    expected = {
        (tuple(parts), (start, start + len(parts)))
        for parts in wanted.values()
        for start in range(len(words))
        if words[start : start + len(parts)] == parts
    }
    listed = [tuple(parts) for parts in wanted.values()]
    assert {(listed[n], span) for n, span in found} == expected


def test_files_are_readable_json() -> None:
    for file in FOLDER.rglob("*.json"):
        text = file.read_text(encoding="utf-8")
        json.loads(text)
        assert "\\u" not in text, file.name


@pytest.mark.parametrize("pattern", ["", "(a|", "a)", "<no_such_set>", "(|)", "~3"])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, {})
