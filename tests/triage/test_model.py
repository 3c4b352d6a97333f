"""The additive model: it adds up, it only raises, it explains itself, and a wrong one is refused in a sentence."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.assessment import Level, Turn
from triage.model import HEADS, SETTINGS, WEIGHTS, ModelError, read_settings
from triage.pipeline import Pipeline, load
from triage.pipeline.features import LONG
from triage.pipeline.lexicon import read
from triage.pipeline.model import NO_OPINION, Opinion, read_model
from triage.pipeline.verdict import MODEL_CUE, model_evidence, reconsidered

HARMLESS = {
    "zh": "今天下班早，去菜市场买了两斤排骨，回家炖汤，孩子写完作业我们一起看了会儿电视。",
    "en": "left work early, bought some ribs at the market, made soup, the kids did their homework and we watched tv. ",
}
GRAVE = {
    "zh": "我把绳子系好了，等他们都睡着我就走。",
    "en": "the rope is tied and i am going once they are all asleep. ",
}


@pytest.fixture(scope="module")
def shipped() -> Path:
    import triage.model

    return Path(triage.model.__file__).parent


@pytest.mark.parametrize("text", [*GRAVE.values(), *HARMLESS.values(), "i feel so tired of everything"])
def test_the_shares_of_the_words_and_the_bias_are_the_score(text: str, pipeline: Pipeline) -> None:
    assert pipeline.model is not None
    features = pipeline.features(pipeline.read(text))
    opinion = pipeline.model.judge(features, "zh" if text[0] > "z" else "en")
    head = max(opinion.level.rank, 1) - 1
    scores = pipeline.model.scores(features)
    shares = pipeline.model.shares(features, opinion)
    assert shares.sum() + pipeline.model._bias[head] == pytest.approx(scores[0, head])


@settings(max_examples=150)
@given(st.text(max_size=300))
def test_whatever_is_written_gets_an_answer_and_reasons_inside_the_text(text: str) -> None:
    assessment = load().assess(text)
    assert 0.0 <= assessment.score <= 1.0
    for item in assessment.evidence:
        assert 0 <= item.start < item.end <= len(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_model_only_raises(language: str, pipeline: Pipeline) -> None:
    """Without it no level is higher, but where harmless talk fills a doubtable frame."""
    rules = Pipeline(read(), None)
    for text in (
        GRAVE[language],
        "我想自杀",
        "i want to kill myself tonight",
        "he is hitting me and i am hiding",
    ):
        assert pipeline.assess(text).level.rank >= rules.assess(text).level.rank


@pytest.mark.parametrize("most", [Level.LOW, Level.MODERATE, Level.IMMINENT])
def test_an_ambiguous_frame_reaches_no_more_than_the_text_resembles(most: Level, pipeline: Pipeline) -> None:
    """And one that says the thing itself is never held."""

    def floors(text: str) -> list[tuple[bool, Level, Level]]:
        reading = pipeline.read(text)
        fired = pipeline._frames.fire(reading.cues)
        held = reconsidered(fired, reading, replace(NO_OPINION, holds_to=most))
        return [(a.frame.doubtable, a.frame.floor, b.frame.floor) for a, b in zip(fired, held, strict=True)]

    ambiguous = floors("we are on the roof mending tiles with the lads from work")
    assert max(before.rank for _, before, _ in ambiguous) >= Level.HIGH.rank
    assert all(after.rank == min(before.rank, most.rank) for _, before, after in ambiguous)
    said = floors("i have been thinking about suicide ever since we moved here to the coast")
    assert any(not doubtable and before is Level.MODERATE for doubtable, before, _ in said)
    assert all(after is before for doubtable, before, after in said if not doubtable)


def test_cues_that_seldom_stand_in_harmless_talk_are_doubted_only_amid_other_words(
    pipeline: Pipeline,
) -> None:
    """A poison that was drunk is never doubted where the text says nothing else."""

    def floors(text: str) -> dict[str, Level]:
        reading = pipeline.read(text)
        fired = pipeline._frames.fire(reading.cues)
        held = reconsidered(fired, reading, replace(NO_OPINION, holds_to=Level.LOW))
        assert {item.frame.id for item in fired if item.frame.amid}
        return {item.frame.id: item.frame.floor for item in held if item.frame.amid}

    amid = floors("we are standing on the roof saying goodbye to the builders")
    assert set(amid.values()) == {Level.LOW}
    assert floors("i drank antifreeze")["poison_taken"] is Level.IMMINENT


def test_a_doubted_frame_says_so_and_tags_nothing(pipeline: Pipeline) -> None:
    reading = pipeline.read("we are on the roof mending tiles with the lads from work")
    fired = pipeline._frames.fire(reading.cues)
    assert any(item.frame.tags for item in fired)
    for item in reconsidered(fired, reading, replace(NO_OPINION, holds_to=Level.LOW)):
        assert not item.frame.tags
        assert "reads like ordinary talk" in item.frame.why_en
        assert "全文更像平常的话" in item.frame.why_zh


def test_one_grave_sentence_among_dull_ones_is_not_doubted(pipeline: Pipeline) -> None:
    dull = "the parcel came this morning. we had soup for lunch. my sister rings on sundays. "
    grave = "i am going to jump off the bridge tonight"
    model = pipeline.model
    assert model is not None
    assert model.judge(pipeline.features(pipeline.read(dull)), "en").holds_to is Level.LOW
    both = pipeline.features(pipeline.read(dull + grave))
    assert both.sentences.tolist()[-1][1] == both.length
    assert len(both.sentences) == 4
    assert model.judge(both, "en").holds_to is Level.IMMINENT


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("读高二，家里没人懂我，同学也躲着我，想自杀", Level.MODERATE),
        ("没人陪我说说话，日子不知道怎么过，想死", Level.MODERATE),
        ("lonely, no friends, what do i do? i want to die", Level.MODERATE),
        ("怎么自杀不疼", Level.HIGH),
        ("自杀有哪些方法", Level.HIGH),
        ("best suicide methods", Level.HIGH),
    ],
)
def test_a_plain_statement_amid_distress_is_no_way_of_talking(
    text: str, least: Level, pipeline: Pipeline
) -> None:
    assert pipeline.assess(text).level.rank >= least.rank


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_clause_in_a_long_text_is_heard(language: str, pipeline: Pipeline) -> None:
    long = HARMLESS[language] * 4 + GRAVE[language] + HARMLESS[language] * 4
    assert len(pipeline.read(long).words) > 2 * LONG
    assert pipeline.assess(long).level.rank >= Level.HIGH.rank
    assert pipeline.assess(HARMLESS[language] * 9).level.rank < Level.MODERATE.rank


def test_a_level_of_the_model_shows_the_clauses_that_weigh(pipeline: Pipeline) -> None:
    text = "谢谢你今天陪我。烤箱的门我用毛巾塞好了，猫放到外面去了，有点困。"
    found = [item for item in pipeline.assess(text).evidence if item.cue == MODEL_CUE]
    assert found or any(item.frame for item in pipeline.assess(text).evidence)
    for item in found:
        assert "贡献 +" in item.why_zh
        assert "adds +" in item.why_en


def test_a_clause_of_the_model_says_what_it_speaks_of(pipeline: Pipeline) -> None:
    """In both languages, and only of what is meant: not of what is denied, nor of what keeps the person safe."""
    reading = pipeline.read("counted them out and it's nearly midnight, i am not on the roof")
    whole = (0, len(reading.words))
    opinion = Opinion(Level.IMMINENT, 0.9, False, (), (), whole, Level.IMMINENT)
    first, second = model_evidence(reading, opinion, np.ones(len(reading.words)))
    assert "within a day" in first.why_en
    assert "一天之内" in first.why_zh
    assert second.why_en.startswith("Model: worded like")


PIECES = {
    "zh": ("猫送给邻居了", "屋子也收拾干净了", "等九点那趟车进站"),
    "en": ("sat in my car", "garage door down", "engine running"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_in_pieces_is_read_together(language: str, pipeline: Pipeline) -> None:
    """By themselves the pieces reach less; the reason says that one is read with those before."""
    history: list[Turn] = []
    levels: list[int] = []
    reasons: list[str] = []
    for piece in PIECES[language]:
        found = pipeline.assess(piece, history)
        levels.append(found.level.rank)
        reasons += [item.why_en + item.why_zh for item in found.evidence]
        history += [Turn("help_seeker", piece), Turn("counselor", "嗯" if language == "zh" else "i am here")]
        assert all(0 <= item.start < item.end <= len(piece) for item in found.evidence)
    assert any("read with those before" in reason and "与前几句合看" in reason for reason in reasons)
    assert max(levels) >= Level.HIGH.rank
    assert max(levels) > max(pipeline.assess(piece).level.rank for piece in PIECES[language])


def test_harmless_talk_adds_up_to_nothing(pipeline: Pipeline) -> None:
    for language, text in HARMLESS.items():
        history = [Turn("help_seeker", text)] * 6
        assert pipeline.assess(text, history).level.rank < Level.MODERATE.rank, language


@pytest.mark.parametrize(
    ("said", "then"), [("我不想活了。", "好的谢谢"), ("i want to kill myself", "ok thank you bye")]
)
def test_nothing_rises_again_for_what_was_said_before(said: str, then: str, pipeline: Pipeline) -> None:
    history = [Turn("help_seeker", said), Turn("counselor", "?")]
    assert pipeline.assess(then, history).level.rank <= Level.LOW.rank


def test_the_same_text_gets_the_same_answer_whatever_came_before(pipeline: Pipeline) -> None:
    first = pipeline.assess(GRAVE["zh"])
    for text in HARMLESS.values():
        pipeline.assess(text * 20)
    assert pipeline.assess(GRAVE["zh"]) == first


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        read_settings(tmp_path)


@pytest.mark.parametrize("part", ["features", "word_classes"])
def test_a_model_of_another_version_is_refused(part: str, tmp_path: Path, shipped: Path) -> None:
    for name in (SETTINGS, WEIGHTS):
        shutil.copy(shipped / name, tmp_path / name)
    settings = json.loads((tmp_path / SETTINGS).read_text())
    settings[part] = 0
    (tmp_path / SETTINGS).write_text(json.dumps(settings))
    with pytest.raises(ModelError, match="another version"):
        read_model(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no zip at all"])
def test_broken_weights_are_refused(content: bytes, tmp_path: Path, shipped: Path) -> None:
    shutil.copy(shipped / SETTINGS, tmp_path / SETTINGS)
    (tmp_path / WEIGHTS).write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path)


@pytest.mark.parametrize("shape", [(0, len(HEADS)), (2, len(HEADS)), (3, 1)])
def test_weights_of_another_shape_are_refused(shape: tuple[int, int], tmp_path: Path, shipped: Path) -> None:
    shutil.copy(shipped / SETTINGS, tmp_path / SETTINGS)
    rows = np.arange(3 if shape[0] else 0, dtype=np.uint32)
    np.savez(tmp_path / WEIGHTS, rows=rows, weights=np.ones(shape, dtype=np.int8))
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path)


def test_a_long_text_is_read_whole_and_sentence_by_sentence(pipeline: Pipeline) -> None:
    assert pipeline.model is not None
    reading = pipeline.read(HARMLESS["en"] * 6)
    features = pipeline.features(reading)
    assert features.windows[0].tolist() == [0, len(reading.words)]
    assert len(features.windows) > 6
    assert np.isfinite(pipeline.model.scores(features)).all()
