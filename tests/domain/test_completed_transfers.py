"""Who was consulted is asked of again when the caller is to be theirs: minutes have passed since they were rung."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from hotline.domain import call_room, call_transfers
from hotline.domain.call_room import Failure, Room, Transfer, TransferMode, TransferState
from hotline.domain.calls import Leg, LegKind, LegState
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId, LegId, StaffId
from hotline.domain.presence import Presence, PresenceState
from hotline.domain.service_rules import ServiceRules
from hotline.errors import WrongState
from tests.conftest import START

PICKED_UP = START + timedelta(minutes=1)


def consulting(*, overridden: bool = False) -> tuple[Contact, Leg]:
    leg = Leg(
        id=LegId("leg_1"),
        contact_id=ContactId("con_1"),
        kind=LegKind.CONSULTED,
        staff_id=StaffId("stf_2"),
        state=LegState.BRIDGED,
        made_at=START,
        answered_at=PICKED_UP,
    )
    transfer = Transfer(
        mode=TransferMode.WARM,
        to_kind="staff",
        party_id=leg.id,
        by=StaffId("stf_1"),
        state=TransferState.CONSULTING,
        overridden=overridden,
    )
    contact = Contact(
        id=ContactId("con_1"),
        channel=Channel.CALL,
        state=ContactState.ACTIVE,
        language="zh",
        opened_at=START,
        counselor_id=StaffId("stf_1"),
        room=Room(transfer=transfer).model_dump(mode="json"),
    )
    return contact, leg


def colleague(**fields: Any) -> Presence:
    given = {
        "id": StaffId("stf_2"),
        "state": PresenceState.AVAILABLE,
        "since": START,
        "idle_since": START,
        "connected": True,
        "chat_capacity": 2,
        "call_capacity": 1,
    }
    return Presence.model_validate(given | fields)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, None),
        ({"imminent": ["con_9"], "chats": 1}, "serves_imminent"),
        ({"state": PresenceState.ON_BREAK}, "looks_away"),
        ({"state": PresenceState.NOT_READY}, "looks_away"),
        ({"state": PresenceState.NOT_READY, "since": PICKED_UP + timedelta(seconds=20)}, None),
        ({"calls": 1}, "no_room"),
        ({"chats": 1}, "no_room"),
        ({"connected": False}, "not_there"),
    ],
)
def test_a_completed_transfer_asks_what_its_beginning_asked(
    fields: dict[str, Any], refused: str | None
) -> None:
    contact, leg = consulting()
    with nullcontext() if refused is None else pytest.raises(WrongState) as refusal:
        call_transfers.refuse_completion(contact, leg, colleague(**fields), ServiceRules())
    assert (refusal and refusal.value.code) == refused


def test_a_supervisors_reason_at_the_beginning_holds_to_the_end_but_not_over_capacity() -> None:
    contact, leg = consulting(overridden=True)
    busy = colleague(imminent=["con_9"], chats=1)
    call_transfers.refuse_completion(contact, leg, busy, ServiceRules())
    with pytest.raises(WrongState, match="room"):
        call_transfers.refuse_completion(contact, leg, colleague(calls=1), ServiceRules())


@pytest.mark.parametrize(
    ("ended_why", "failure"),
    [
        ("busy", Failure.BUSY),
        ("no-answer", Failure.NO_ANSWER),
        ("leg_unanswered", Failure.NO_ANSWER),
        ("failed", Failure.UNREACHABLE),
        ("not_rung", Failure.NOT_PLACED),
        ("completed", Failure.NO_KEY),
        ("removed", None),
        ("cancelled", None),
    ],
)
def test_a_counselor_reads_why_an_outside_telephone_was_called_in_vain(
    ended_why: str, failure: Failure | None
) -> None:
    contact, consulted = consulting()
    own = consulted.model_copy(update={"id": LegId("leg_0"), "kind": LegKind.COUNSELOR, "caller_waits": True})
    outside = consulted.model_copy(
        update={
            "id": LegId("leg_2"),
            "kind": LegKind.PARTNER,
            "staff_id": None,
            "state": LegState.ENDED,
            "answered_at": None,
            "ended_why": ended_why,
            "made_at": PICKED_UP,
        }
    )
    after = [each for each in call_room.follow(contact, [own, outside]).save if isinstance(each, Contact)]
    shown = call_room.room_of(after[-1]).unanswered
    assert (shown and shown.failure) == failure
