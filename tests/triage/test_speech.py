"""Transcripts: fillers and repeats, misheard words, broken segments, and one short cue by itself."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.assessment import Level, Turn
from triage.pipeline import Pipeline, load
from triage.pipeline.features import Features
from triage.pipeline.speech import HEARD_ONCE, clean_speech, misheard


def cleaned(text: str, pipeline: Pipeline) -> str:
    normalised = pipeline.normalise(text)
    clean_speech(normalised)
    return normalised.text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("um i i want to uh want to die", "i want to die"),
        ("i want to, i want to die", "i want to die"),
        ("wa- want to go", "want to go"),
        ("you know i mean i can't go on", "i can't go on"),
        ("嗯，那个，我不想活了", "我不想活了"),
        ("我我我不想活了", "我不想活了"),
        ("我不想我不想活了", "我不想活了"),
        ("呃我吃了呃安眠药", "我吃了安眠药"),
    ],
)
def test_fillers_and_repeats_are_taken_out(said: str, meant: str, pipeline: Pipeline) -> None:
    assert cleaned(said, pipeline) == meant


def test_each_misheard_form_is_mended_and_leaves_its_counter_example_alone() -> None:
    for pattern, _, row in misheard():
        assert pattern.search(row["example"]), row
        assert not pattern.search(row["not"]), row


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("我想条楼", Level.HIGH),
        ("我真的或不下去了", Level.MODERATE),
        ("我不想火了", Level.MODERATE),
        ("我喝了浓药", Level.IMMINENT),
        ("我吞了一瓶安棉药", Level.IMMINENT),
        ("i took all the peels", Level.IMMINENT),
        ("i'm going to hank myself tonight", Level.IMMINENT),
        ("i just want to dye", Level.MODERATE),
        ("i slit my rest", Level.IMMINENT),
        ("um so i uh i i took um the whole bottle of of pills", Level.IMMINENT),
        ("我就是嗯那个那个把一整瓶安眠药都吃了", Level.IMMINENT),
    ],
)
def test_misheard_danger_is_heard(text: str, least: Level, pipeline: Pipeline) -> None:
    assert pipeline.assess(text, speech=True).level.rank >= least.rank


@pytest.mark.parametrize(
    "text", ["油价又上调了", "i want to dye my hair", "今天抬了一天桌子", "that was a good buy for us"]
)
def test_ordinary_words_stay_ordinary(text: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(text, speech=True).level.rank <= Level.LOW.rank


def person(text: str) -> Turn:
    return Turn("help_seeker", text)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("我把一整瓶", "安眠药都吃了"),
        ("i just took a whole bottle of", "sleeping pills"),
        ("我今天晚上要", "自杀"),
    ],
)
def test_a_broken_sentence_is_read_as_one(before: str, now: str, pipeline: Pipeline) -> None:
    found = pipeline.assess(now, [person(before)], speech=True)
    assert found.level is Level.IMMINENT
    assert all(0 <= each.start < each.end <= len(now) for each in found.evidence)


def test_a_finished_sentence_and_another_speaker_are_not_joined(pipeline: Pipeline) -> None:
    assert pipeline.assess("好的谢谢", [person("我不想活了。")], speech=True).level is Level.NONE
    history = [person("我今天晚上要"), Turn("counselor", "您说")]
    assert pipeline.assess("吃饭", history, speech=True).level is Level.NONE


def test_a_segment_that_another_goes_on_from_is_read_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands before the new words already; as an earlier turn it would count twice."""
    earlier: list[list[str]] = []
    read_earlier = Pipeline._earlier_features

    def spy(self: Pipeline, history: Sequence[Turn], length: int, speech: bool) -> list[Features]:
        earlier.append([turn.text for turn in history])
        return read_earlier(self, history, length, speech)

    monkeypatch.setattr(Pipeline, "_earlier_features", spy)
    pipeline.assess("river with stones", [person("i walked down to the")], speech=True)
    pipeline.assess("i came back again", [person("i walked to the river.")], speech=True)
    assert earlier == [[], ["i walked to the river."]]


def test_one_short_cue_by_itself_is_trusted_less(pipeline: Pipeline) -> None:
    alone = pipeline.assess("割腕", speech=True)
    assert alone.level.rank == pipeline.assess("割腕").level.rank - 1
    assert HEARD_ONCE in alone.tags


def test_two_cues_a_longer_phrase_or_an_act_are_trusted(pipeline: Pipeline) -> None:
    for text in (
        "割腕，遗书写好了",
        "i want to kill myself",
        "我把一整瓶安眠药都吃了",
        "i just slit my wrists",
    ):
        heard = pipeline.assess(text, speech=True)
        assert heard.level is pipeline.assess(text).level
        assert HEARD_ONCE not in heard.tags


def test_an_answer_is_no_single_cue(pipeline: Pipeline) -> None:
    found = pipeline.assess("嗯", [Turn("counselor", "你打算去自杀吗")], speech=True)
    assert found.level.rank >= Level.HIGH.rank
    assert HEARD_ONCE not in found.tags


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_segments_give_evidence_inside_the_second(before: str, now: str) -> None:
    found = load().assess(now, [person(before)], speech=True)
    assert all(0 <= each.start < each.end <= len(now) for each in found.evidence)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(["我想死", "割腕", "i want to die", "我吃了一瓶安眠药", "he has a knife"]))
def test_speech_sinks_by_one_level_at_most(text: str) -> None:
    written, heard = load().assess(text), load().assess(text, speech=True)
    assert written.level.rank - heard.level.rank <= 1
    assert heard.act_in_progress == written.act_in_progress
