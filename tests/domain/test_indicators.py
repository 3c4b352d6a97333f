"""Today's figures: who still waits is no failure yet, and who left at once counts as nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId
from hotline.domain.indicators import indicators

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def contact(
    name: str, *, answered: float | None = None, left: float | None = None, channel: Channel = Channel.CHAT
) -> Contact:
    """`answered` and `left`: seconds after it came."""
    state = ContactState.CLOSED if left is not None else ContactState.WAITING
    return Contact(
        id=ContactId(name),
        channel=channel,
        opened_at=NOON,
        state=ContactState.ACTIVE if answered is not None else state,
        answered_at=NOON + timedelta(seconds=answered) if answered is not None else None,
        ended_at=NOON + timedelta(seconds=left) if left is not None else None,
    )


def test_rates_count_who_was_answered_or_left() -> None:
    day = [contact("a", answered=10), contact("b", answered=30), contact("c", left=60), contact("d")]
    found = indicators(day, UTC)
    assert (found.offered, found.answered, found.abandoned) == (4, 2, 1)
    assert found.answer_rate == 2 / 3
    assert found.abandonment_rate == 1 / 3
    assert found.average_speed_of_answer_s == 20
    assert [(each.hour, each.offered, each.answered) for each in found.hours] == [(4, 4, 2)]


def test_who_left_within_five_seconds_was_not_abandoned() -> None:
    assert indicators([contact("a", left=3)], UTC).abandoned == 0


def test_an_empty_day_and_a_school_report_have_no_rates() -> None:
    found = indicators([contact("a", left=60, channel=Channel.SCHOOL)], UTC)
    assert (found.offered, found.answer_rate, found.average_speed_of_answer_s) == (0, None, None)
