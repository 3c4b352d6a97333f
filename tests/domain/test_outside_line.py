"""How a talk outside ended, as far as a carrier can say it, and where its caller goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.domain import outside_line
from hotline.domain.contacts import Channel, Contact
from hotline.domain.ids import ContactId
from hotline.domain.service_rules import ServiceRules
from tests.conftest import START
from triage.assessment import Level

RULES = ServiceRules()


@pytest.mark.parametrize(
    ("why", "seconds", "goodbye"),
    [
        ("completed", 30, True),
        ("completed", 29, False),
        ("failed", 600, False),
        ("leg_not_bridged", 600, False),
    ],
)
def test_what_ended_as_usual_after_a_talk_is_a_goodbye(why: str, seconds: int, goodbye: bool) -> None:
    assert outside_line.was_goodbye(why, timedelta(seconds=seconds), RULES) is goodbye


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("peak", Level)
def test_nobody_at_risk_waits_in_turn_after_a_goodbye(level: Level, peak: Level) -> None:
    contact = Contact(
        id=ContactId("con_1"),
        channel=Channel.CALL,
        language="zh",
        opened_at=START,
        level=level,
        peak_level=peak,
    )
    risky = {Level.HIGH, Level.IMMINENT} & {level, peak}
    assert outside_line.comes_to_front(contact, goodbye=True) is bool(risky)
    assert outside_line.comes_to_front(contact, goodbye=False)
