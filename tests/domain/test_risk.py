"""What a contact carries of its assessments."""

from __future__ import annotations

from hotline.domain import risk
from tests.domain.alert_examples import contact
from triage.assessment import Assessment, Evidence, Level


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
