"""What a contact carries of its assessments."""

from __future__ import annotations

from datetime import UTC, datetime

from hotline.domain import risk
from hotline.domain.ids import StaffId
from tests.domain.alert_examples import contact
from triage.assessment import Assessment, Evidence, Level

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def _evidence(cue: str) -> Evidence:
    return Evidence(start=0, end=2, cue=cue, frame=None, why_zh=cue, why_en=cue)


def _assessed(*cues: str) -> Assessment:
    evidence = tuple(_evidence(cue) for cue in cues)
    return Assessment(Level.MODERATE, 0.5, (), (), False, evidence, lexicon_version="test")


def test_the_newest_message_comes_first_and_in_it_what_weighs_most() -> None:
    """Offers and banners name the first ones."""
    held = contact()
    for seq, cues in ((1, ("burden",)), (2, ("wish_dead", "time_soon"))):
        held, _ = risk.on_assessment(held, _assessed(*cues), message_id=f"msg_{seq}", seq=seq)
    assert [each["cue"] for each in held.reasons] == ["wish_dead", "time_soon", "burden"]


def _imminent() -> Assessment:
    return Assessment(Level.IMMINENT, 0.9, (), (), False, (), "test")


def test_imminent_after_an_override_is_put_before_a_person_again() -> None:
    """The level stands; the newest such message is named until somebody has decided anew."""
    boss = StaffId("stf_boss")
    lowered = risk.override(
        contact(level=Level.HIGH), Level.LOW, "是误会", boss, supervisor=True, now=NOW
    ).answer
    calm, _ = risk.on_assessment(lowered, _assessed(), message_id="msg_4", seq=4)
    assert calm.imminent_anew_seq is None
    anew, events = risk.on_assessment(lowered, _imminent(), message_id="msg_5", seq=5)
    assert (anew.level, anew.imminent_anew_seq, anew.version) == (Level.LOW, 5, lowered.version + 1)
    assert [each.what for each in events][-1] == "imminent_anew"
    again, _ = risk.on_assessment(anew, _imminent(), message_id="msg_6", seq=6)
    assert again.imminent_anew_seq == 6
    decided = risk.override(again, Level.MODERATE, "谈过了", boss, supervisor=True, now=NOW).answer
    assert decided.imminent_anew_seq is None
    known = risk.override(lowered, Level.IMMINENT, "在楼顶", boss, supervisor=True, now=NOW).answer
    assert risk.on_assessment(known, _imminent(), message_id="msg_7", seq=7)[0].imminent_anew_seq is None


def test_everyday_worry_does_not_push_out_why_the_contact_is_where_it_is() -> None:
    """The first low turn gives its reason; later ones keep theirs to themselves, a graver one is told."""
    worry = Assessment(Level.LOW, 0.2, (), (), False, (_evidence("model"),), lexicon_version="test")
    held, _ = risk.on_assessment(contact(), worry, message_id="msg_1", seq=1)
    assert [each["seq"] for each in held.reasons] == [1]
    held, _ = risk.on_assessment(held, _assessed("wish_dead"), message_id="msg_2", seq=2)
    for seq in range(3, 40):
        held, _ = risk.on_assessment(held, worry, message_id=f"msg_{seq}", seq=seq)
    assert [each["seq"] for each in held.reasons] == [2, 1]
