"""Offsets, context, frames over turns, and texts meant to break it."""

import gc
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.assessment import Kind, Level, Turn
from triage.pipeline import Pipeline, load
from triage.pipeline.lexicon import read
from triage.pipeline.normalise import fold_characters
from triage.pipeline.tokenizer import split

TROUBLE = st.text(
    alphabet=st.one_of(
        st.characters(codec=None),
        st.sampled_from("我想死自杀不吃药了楼顶 \u200b\u0301\ufe0f💊😀iwantodiekml*.-1s'@!,。\n"),
    ),
    max_size=120,
)


@given(TROUBLE)
@settings(max_examples=300, deadline=None)
def test_offsets_lie_in_the_raw_text_and_in_order(raw: str) -> None:
    folded = fold_characters(raw)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert folded.starts == sorted(folded.starts)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(raw)


@given(TROUBLE)
@settings(max_examples=300, deadline=None)
def test_the_tokenizer_gives_the_text_back(text: str) -> None:
    words, spaces = split(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text


@given(TROUBLE)
@settings(max_examples=300, deadline=None)
def test_nothing_breaks_it_and_evidence_points_into_the_text(raw: str) -> None:
    assessment = load().assess(raw)
    assert 0.0 <= assessment.score <= 1.0
    for item in assessment.evidence:
        assert 0 <= item.start < item.end <= len(raw)
        assert item.why_zh
        assert item.why_en


@given(TROUBLE, TROUBLE)
@settings(max_examples=100, deadline=None)
def test_a_quiet_beginning_never_hides_what_is_imminent(before: str, after: str) -> None:
    assert load().assess(f"{before}\n我把一整瓶安眠药都吃了\n{after}").level is Level.IMMINENT


def test_evidence_points_at_the_raw_words(pipeline: Pipeline) -> None:
    raw = "唉……我　想\u200b自\u200b殺，真的"
    spans = [raw[item.start : item.end] for item in pipeline.assess(raw).evidence]
    assert any("自\u200b殺" in span for span in spans)


def test_the_parts_are_registered_with_spacy() -> None:
    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "triage.mixed_tokenizer.v1"}}})
    nlp.add_pipe("triage_cues")
    nlp.add_pipe("triage_context")
    assert nlp("我want to die").text == "我want to die"


def in_a_fresh_process(code: str, folder: Path) -> str:
    """What the code prints; it knows of the package only by its being installed."""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_spacy_finds_the_parts_of_the_installed_package(tmp_path: Path) -> None:
    code = """
import spacy
nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "triage.mixed_tokenizer.v1"}}})
nlp.add_pipe("triage_cues")
nlp.add_pipe("triage_context")
nlp.to_disk("saved")
again = spacy.load("saved")
print(again.pipe_names, [cue.cue_class for cue in again("i want to die").user_data["cues"]])
"""
    assert "'wish_dead'" in in_a_fresh_process(code, tmp_path)


def test_spacys_commands_are_put_off_but_not_lost(tmp_path: Path) -> None:
    code = """
import sys
from triage.pipeline import load
load()
import spacy
assert not {"spacy.cli", "spacy.cli.info", "typer"} & set(sys.modules)
assert spacy.info(silent=True)["spacy_version"] == spacy.__version__
print(spacy.cli.download.__module__)
from spacy.cli import evaluate
from spacy.cli.info import info
print(info.__module__, evaluate.__module__)
"""
    assert in_a_fresh_process(code, tmp_path).split() == [
        "spacy.cli.download", "spacy.cli.info", "spacy.cli.evaluate",
    ]  # fmt: skip


def test_spacys_commands_are_there_at_once_for_who_asks_while_it_is_put_off(tmp_path: Path) -> None:
    code = """
from triage.pipeline.spacy_import import import_spacy
import_spacy()
import spacy
print(spacy.cli.download.__module__)
"""
    assert in_a_fresh_process(code, tmp_path).split() == ["spacy.cli.download"]


# A loaded worker may take this much memory; the commands of spaCy alone would be twenty of them.
MOST_MEBIBYTES = 150


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_a_worker_stays_small(tmp_path: Path) -> None:
    code = """
from triage.pipeline import load
load().assess("我站在楼顶，再见")
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
    assert int(in_a_fresh_process(code, tmp_path)) / 1024 < MOST_MEBIBYTES


@pytest.mark.parametrize(
    ("left", "right"),
    [("我想殺死自己", "我想杀死自己"), ("我站在樓頂，再見了", "我站在楼顶，再见了"), ("他拿著刀衝過來了，我躲在廁所裏", "他拿着刀冲过来了，我躲在厕所里"),
     ("憂鬱嚴重，藥都囤著", "忧郁严重，药都囤着"), ("臺灣、衞生、枱燈、瞭解", "台湾、卫生、台灯、了解")],
)  # fmt: skip
def test_traditional_characters_are_read_as_simplified(left: str, right: str) -> None:
    assert fold_characters(left).text == fold_characters(right).text


def test_a_sign_for_a_whole_phrase_does_not_make_a_text_without_end() -> None:
    """Eighteen letters each; units and figures are written out all the same."""
    assert len(fold_characters("ﷺ死" * 4_000).text) == 8_000
    assert fold_characters("㎏①½㏒").text == "kg11⁄2log"


def test_simplified_characters_stay_as_they_are() -> None:
    text = "后里面干只发台复松郁抬了解着急借口仿佛"
    assert fold_characters(text).text == text


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我不想死", Level.LOW),
        ("我不是不想死", Level.MODERATE),
        ("i don't want to die", Level.LOW),
        ("it's not that i don't want to die", Level.MODERATE),
        ("我没有吃药", Level.NONE),
        ("三年前我吞过药，被救回来了", Level.MODERATE),
        ("我把药都吃了", Level.IMMINENT),
        ("我想把药都吃了", Level.HIGH),
        ("i took all my pills", Level.IMMINENT),
        ("电影里的男主角从天台上跳下去了", Level.NONE),
        ("笑死我了", Level.NONE),
        ("我想死你了", Level.NONE),
        ("我站在楼顶", Level.HIGH),
        ("我站在楼顶，别劝我", Level.IMMINENT),
        ("我在楼顶晒衣服", Level.NONE),
    ],
)
def test_context_decides(text: str, level: Level, pipeline: Pipeline) -> None:
    assert pipeline.assess(text).level is level


def test_an_act_that_is_wanted_is_high_to_the_rules() -> None:
    """The model may say more, never less."""
    assert Pipeline(read(), None).assess("i want to take all my pills").level is Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "救命",
        "救命！！",
        "救命😭",
        "求求你们救救我",
        "谁能救救我的孩子",
        "快报警",
        "help",
        "HELP!!!",
        "please help me",
        "sos",
        "someone call the police",
        "杀了我吧",
        "kill me",
    ],
)
def test_a_bare_cry_is_heard(text: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(text).level is Level.MODERATE


@pytest.mark.parametrize(
    "text",
    [
        "救命啊这题太难",
        "救命 他好帅",
        "救救我的论文吧",
        "help me with my homework",
        "save me a seat",
        "kill me, another meeting",
    ],
)
def test_the_same_words_among_others_are_a_way_of_talking(text: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(text).level in (Level.NONE, Level.LOW)


PLAIN = {
    Level.MODERATE: (
        "i wish i was dead|i want to hurt myself|nobody would miss me|everyone would be better off without me|"
        "i have nothing to live for|i want to sleep and never wake up|i'm scared of what i might do|i feel suicidal|"
        "i don't feel safe with myself|i don't feel safe at home|i want to die|"
        "我想伤害自己|没有我大家会更好|没什么可留恋的|我怕我会伤害自己|我不是不想死|好想消失|不想活|帮帮我"
    ),
    Level.HIGH: (
        "i want to kill myself|i can't keep myself safe|my uncle touches me|my dad hits me|he choked me|i have a plan|"
        "how do i kill myself|my friend is going to kill herself|i tried to kill myself last night|"
        "我要自杀|我叔叔摸我|我老公打我|怎么死不痛苦|昨晚我自杀未遂|我朋友要自杀|他要杀了我"
    ),
    Level.IMMINENT: (
        "i'm going to kill myself tonight|i'm about to jump|i took too many pills|i just cut my wrists|"
        "he won't wake up|voices tell me to kill myself|i'm on the roof and i am going to jump|"
        "我要跳了|我割腕了|我喝农药了|今晚我就去死|叫不醒他|有个声音叫我去死"
    ),
}


@pytest.mark.parametrize(
    ("least", "text"), [(level, text) for level in PLAIN for text in PLAIN[level].split("|")]
)
def test_what_is_said_plainly_is_never_held_to_less(least: Level, text: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(text).level.rank >= least.rank


def test_what_counts_alone_hides_nothing_that_is_said_with_more(pipeline: Pipeline) -> None:
    found = pipeline.assess("i'm 13 and my uncle touches me at night")
    assert found.level is Level.HIGH
    assert any(item.frame == "sexual_minor" for item in found.evidence)


def test_an_act_is_in_progress_and_has_its_kinds(pipeline: Pipeline) -> None:
    assessment = pipeline.assess("我刚吞了五十片安眠药")
    assert assessment.act_in_progress
    assert set(assessment.kinds) == {Kind.SUICIDE, Kind.OVERDOSE}
    assert "act_done" in assessment.tags


def test_a_third_party_keeps_the_level_and_is_tagged(pipeline: Pipeline) -> None:
    assessment = pipeline.assess("我室友刚吞了五十片安眠药")
    assert assessment.level is Level.IMMINENT
    assert "third_party" in assessment.tags


def test_frames_are_completed_over_turns(pipeline: Pipeline) -> None:
    history = [Turn("help_seeker", "我在楼顶上"), Turn("counselor", "我在听，你慢慢说")]
    assessment = pipeline.assess("对不起爸妈，再见了", history)
    assert assessment.level is Level.IMMINENT
    assert all(item.end <= len("对不起爸妈，再见了") for item in assessment.evidence)


@pytest.mark.parametrize(
    "turns",
    [
        ("车库门关上了", "车发动着", "有点犯困了"),
        ("garage door's shut", "engine still running", "getting sleepy"),
    ],
)
def test_an_engine_in_a_closed_garage_is_carbon_monoxide(turns: tuple[str, ...], pipeline: Pipeline) -> None:
    """Told in pieces none of which says much; by itself each may be an evening at home."""
    history: list[Turn] = []
    levels = []
    for turn in turns:
        levels.append(pipeline.assess(turn, history).level)
        history += [Turn("help_seeker", turn), Turn("counselor", "...")]
    assert levels[1].rank >= Level.HIGH.rank
    assert levels[2] is Level.IMMINENT
    assert all(pipeline.assess(turn).level.rank <= Level.LOW.rank for turn in turns)


@pytest.mark.parametrize(
    ("question", "answer", "least", "most"),
    [
        ("你有自杀的想法吗？", "有", Level.MODERATE, Level.IMMINENT),
        ("你有自杀的想法吗？", "嗯", Level.MODERATE, Level.IMMINENT),
        ("你有自杀的想法吗？", "没有", Level.NONE, Level.LOW),
        ("Are you thinking about killing yourself?", "hello", Level.NONE, Level.LOW),
        ("Are you thinking about suicide?", "yes", Level.MODERATE, Level.IMMINENT),
        ("Are you thinking about suicide?", "no", Level.NONE, Level.LOW),
    ],
)
def test_a_short_answer_is_read_with_its_question(
    question: str, answer: str, least: Level, most: Level, pipeline: Pipeline
) -> None:
    level = pipeline.assess(answer, [Turn("counselor", question)]).level
    assert least.rank <= level.rank <= most.rank


def test_a_counselors_words_alone_raise_nothing(pipeline: Pipeline) -> None:
    history = [Turn("counselor", "你是不是站在楼顶想自杀？")]
    assert pipeline.assess("今天天气不错，我在家里看书", history).level is Level.NONE


def test_speech_loses_its_stammer(pipeline: Pipeline) -> None:
    assert pipeline.assess("um i i want to uh want to kill myself", speech=True).level is Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😀" * 50,
        "\u200b" * 9,
        "\x00\x01",
        "я хочу умереть",
        "je veux mourir ce soir dans ma maison",
        "こんにちは",
    ],
    ids=["empty", "space", "emoji", "zero-width", "binary", "russian", "french", "japanese"],
)
def test_what_cannot_be_read_is_unassessed(text: str, pipeline: Pipeline) -> None:
    assert pipeline.assess(text).level is Level.UNASSESSED


HOSTILE = {
    "emoji": "😀" * 100_000,
    "zero-width": "\u200b" * 100_000,
    "one word": "ab" * 50_000,
    "letters": "a " * 50_000,
    "leet": "a1" * 50_000,
    "cue": "想死" * 4_000,
    "frames": "我在楼顶 再见 " * 2_000,
    "starts": "i want to " * 2_000,
    "numbers": "1 2 3 " * 4_000,
    "marks": "a" + "\u0301" * 9_000,
    "run-on": "我想去楼顶拿刀把药吃了她在门口等我今晚就走别劝我 " * 300,
}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我想自杀", Level.HIGH),
        ("我要自杀 1", Level.HIGH),
        ("I want to kill myself", Level.HIGH),
        ("i feel suicidal", Level.MODERATE),
        ("I'm thinking about suicide", Level.MODERATE),
        ("I feel suicidal, I can't do this", Level.MODERATE),
        ("我想自杀，药就在手边", Level.IMMINENT),
    ],
)
def test_what_says_the_thing_itself_is_neither_doubted_nor_raised(text: str, level: Level) -> None:
    assert load().assess(text).level is level


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_in_bounded_time(name: str, pipeline: Pipeline) -> None:
    pipeline.assess("warm up")
    gc.collect()  # what other tests left behind is not this text's cost
    start = time.process_time()
    pipeline.assess(HOSTILE[name])
    assert time.process_time() - start < 0.25
