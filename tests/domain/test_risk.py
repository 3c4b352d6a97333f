"""What a contact carries of its assessments."""

from __future__ import annotations

from datetime import UTC, datetime

from hotline.domain import risk
from hotline.domain.contacts import LevelSource
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


def _said(level: Level) -> Assessment:
    return Assessment(level, 0.2, (), (), False, (), "test")


def test_what_was_reached_before_an_unassessed_turn_is_not_lost_with_its_late_answer() -> None:
    """No machine lowers: low, then a turn that was late and turned out to say nothing, is low."""
    held, _ = risk.on_assessment(contact(level=Level.NONE), _said(Level.LOW), message_id="msg_1", seq=1)
    waiting = risk.unassessed(held, 2)
    assert waiting.level is Level.UNASSESSED
    late, _ = risk.on_assessment(waiting, _said(Level.NONE), message_id="msg_2", seq=2)
    assert (late.level, late.peak_level, late.unassessed_seqs) == (Level.LOW, Level.LOW, [])


def test_a_low_floor_does_not_cover_a_turn_that_nobody_has_looked_at() -> None:
    """Unassessed waits as if moderate; a screening that says "low" must not put it further back."""
    waiting = risk.unassessed(contact(level=Level.NONE), 1)
    filled = risk.raise_floor(waiting, Level.LOW, LevelSource.INSTRUMENT, "stf_1").answer
    assert (filled.level, filled.instrument_floor) == (Level.UNASSESSED, Level.LOW)
    late, _ = risk.on_assessment(filled, _said(Level.NONE), message_id="msg_1", seq=1)
    assert (late.level, late.peak_level) == (Level.LOW, Level.LOW)
    assert risk.raise_floor(waiting, Level.HIGH, LevelSource.INSTRUMENT, "stf_1").answer.level is Level.HIGH


def test_a_turn_that_stays_unassessed_is_pending_once() -> None:
    waiting = risk.unassessed(contact(level=Level.NONE), 1)
    assert risk.unassessed(waiting, 1).unassessed_seqs == [1]
