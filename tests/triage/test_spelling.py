"""Mistyped, misheard and in Latin letters: what was meant is read, what is only rare stays, and evidence points at
what was written."""

import pytest

from triage.assessment import Level
from triage.pipeline import Pipeline
from triage.pipeline.lexicon import read
from triage.pipeline.misspelt import Misspelt
from triage.pipeline.ngrams import UNKNOWN
from triage.pipeline.sounds import MOST_SYLLABLES, Sounds, alike, syllables
from triage.pipeline.spelling import Speller, read_spelling
from triage.training.spelling import SEEN, WORD_SEEN, spelling

MEANT = {
    # letters lost, added, swapped, mistaken, left out
    "i turned on the gas adn shut the windoes": "i turned on the gas and shut the windows",
    "gto a bottel of vodka and the insuiln": "got a bottle of vodka and the insulin",
    "my hnds wont wrk": "my hands wont work",
    # characters of the same sound or one like it
    "窝现在就在楼鼎，准备跳了": "我现在就在楼顶,准备跳了",
    "对不企，看不青字了": "对不起,看不清字了",
    "快来他要沙我 门块开了": "快来他要杀我 门快开了",
    # Chinese in Latin letters, alone and amid English
    "wo zai tie gui bian shang deng che": "我在铁轨边上等车",
    "bie zhao wo, wo yijing zai loudingle": "别找我, 我已经在楼顶了",
    "wo zai tianqiao shang, on the footbridge": "我在天桥上, on the footbridge",
    "wo zai\nlou ding": "我在\n楼顶",
    "wo mei you qian": "我没有钱",
}
MEANT_AS_WRITTEN = (
    "paypal wants the doctor's number again",
    "the fillet from coles, two tutors and a manned crossing",
    "he can die, she can hang, me and you",
    "mhm",
    "ya im at my gmas",
    "i want to dine out",
    "mama mia, haha, sushi and dim sum",
    "Kuya, gusto ko na talagang mamatay",
    "ya no puedo mas, me tomé todas las pastillas de mi mamá",
    "mou shinitai yo dame da",
    "toi muon tu tu",
    "i went to see Bridget, dee and dai in rome",
    "price is 5nat to us, mail tom@icici.com",
    "爸爸很强健，教练也强健",
    "价格要上调了，工资也上调",
    "他俘获了我的心，我不仅会弹琴",
    "我匆匆忙忙赶到柬埔寨",
    "钥匙在铁柜上，我在练隶书",
    "我把药都吃了",
    "今天公交车晚点了，我在站台上等你",
)


@pytest.mark.parametrize(("written", "meant"), MEANT.items())
def test_what_was_meant_is_read(pipeline: Pipeline, written: str, meant: str) -> None:
    assert pipeline.normalise(written).text == meant


@pytest.mark.parametrize("written", MEANT_AS_WRITTEN)
def test_what_is_only_rare_or_foreign_stays(pipeline: Pipeline, written: str) -> None:
    untouched = Pipeline(read(), None).normalise(written)
    assert pipeline.normalise(written).text == untouched.text


def test_words_of_the_rules_are_never_repaired() -> None:
    counted = spelling([("en", ["get", "the", "house", "ready"])] * 100)
    assert Misspelt(counted.en, frozenset())(["the", "hose", "ready"]) == {1: "house"}
    assert Misspelt(counted.en, frozenset({"hose"}))(["the", "hose", "ready"]) == {}


def test_of_two_that_fit_as_well_neither_is_put() -> None:
    counted = spelling([("en", ["the", each, "left"]) for each in ("boat", "boot")] * 200)
    assert Misspelt(counted.en, frozenset())(["the", "bot", "left"]) == {}


def test_a_message_of_danger_is_found_however_it_is_typed(pipeline: Pipeline) -> None:
    for written in (
        "got a bottel of vodka and the insuiln pen ready. doign it tonite",
        "我赤了好多要 头好运 看不青字了",
    ):
        assert pipeline.assess(written).level is Level.IMMINENT
    assert pipeline.assess("ni dao jia le ma? dao le gei wo fa ge xiao xi").level is Level.NONE


def test_evidence_points_at_what_was_written(pipeline: Pipeline) -> None:
    written = "jintian hen lei. wo xiang tiao lou"
    found = [written[each.start : each.end] for each in pipeline.assess(written).evidence]
    assert any(each.endswith("tiao lou") for each in found), found
    text = pipeline.normalise("wo zai lou ding")
    assert text.text == "我在楼顶"
    assert [text.raw_span(at, at + 1) for at in range(4)] == [(0, 3), (3, 7), (7, 11), (11, 15)]


def test_a_flood_is_bounded(pipeline: Pipeline) -> None:
    speller = Speller(read_spelling(), frozenset())
    for flood in ("wo zai lou ding " * 500, "他要沙我" * 1000, "qwertz plmokn " * 500, "an" * 4000):
        text = Pipeline(pipeline.lexicon, None).normalise(flood)
        speller.spelt(text)
        speller.mend(text)
        assert len(text.starts) == len(text.ends) == len(text.text)
    counted = read_spelling()
    read_so_far = Sounds(counted.zh, counted.en).spelt(["wo", "zai", "lou", "ding", "le"] * 200)
    assert 0 < sum(map(len, read_so_far.values())) <= MOST_SYLLABLES


def test_sounds_are_known_by_their_syllables() -> None:
    assert syllables()["行"] == ("hang", "xing")
    assert {"sang", "san", "shan"} <= set(alike("shang"))
    assert alike("li")["ni"] > 0 == alike("li")["li"]


def test_what_is_seen_seldom_is_not_counted() -> None:
    seldom, often = ("en", ["just", "once"]), ("en", ["took", "pills"])
    counted = spelling([seldom] * (SEEN - 1) + [often] * WORD_SEEN)
    assert "once" not in counted.en.units
    assert counted.en.often("pills") == WORD_SEEN
    assert counted.en.often("once") == 0
    assert counted.en.units[0] == UNKNOWN
    assert not spelling([("zh", ["wo", "zai"])] * WORD_SEEN).en.often("wo")


def test_the_same_messages_give_the_same_counts() -> None:
    messages = [("en", ["took", "pills"]), ("zh", ["我", "在", "楼", "顶"])] * 5
    first, second = spelling(messages), spelling(messages[::-1])
    for one, other in ((first.en, second.en), (first.zh, second.zh)):
        assert list(one.units) == list(other.units)
        assert one.pairs.keys.tolist() == other.pairs.keys.tolist()
        assert one.triples.seen.tolist() == other.triples.seen.tolist()
    assert len(first.zh.triples.keys)
    assert not len(first.en.triples.keys)


def test_messages_are_learnt_from_as_they_were_written(pipeline: Pipeline) -> None:
    """What is mended reads, to the model, like what was written well; without counts nothing is mended."""
    as_written = Pipeline(read(), None)
    assert as_written.normalise("hes gto a bottel").text == "hes gto a bottel"
    mended, meant = (pipeline.read(text) for text in ("got a bottel of vodka", "got a bottle of vodka"))
    assert pipeline.features(mended).rows.tolist() == pipeline.features(meant).rows.tolist()
