"""The room of a call: hold, parties, transfer, supervision. Each answers the contact as it is then."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from hotline.actions import call_room, call_transfers, contacts
from hotline.domain.access import Permission
from hotline.domain.call_room import TransferMode
from hotline.domain.calls import LegKind, Supervision
from hotline.domain.ids import StaffId
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, WrongState
from hotline.live.projections.contact import ContactView, PartyView
from web_console.api.contacts import contact_id_of, contact_move, shown
from web_console.api.inputs import Id
from web_console.openapi import ApiRequest, Body, route

_SERVE = Permission.CONTACT_SERVE
_CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, WrongState)
_ROOM = "/api/contacts/{contact_id}/call"

TRANSFER_NOTE = 500  # characters: it is read while a telephone rings

OutsideKind = Literal["interpreter", "guardian", "emergency_desk", "partner", "other"]


class OnOff(Body):
    on: bool


class AddParty(Body):
    """A number as one dials it, with + before a country's code."""

    kind: OutsideKind
    number: str = Field(min_length=3, max_length=40)


class TransferTarget(Body):
    """One of: a colleague; a skill (the front of the queue, for somebody who has it); an outside number."""

    staff_id: Id | None = None
    skill: str | None = Field(default=None, min_length=1, max_length=60)
    number: str | None = Field(default=None, min_length=3, max_length=40)
    kind: OutsideKind | None = None

    @model_validator(mode="after")
    def _one_target(self) -> TransferTarget:
        if [self.staff_id, self.skill, self.number].count(None) != 2:
            raise ValueError("name a colleague, a skill or a number, and one of them only")
        if (self.kind is None) != (self.number is None):
            raise ValueError("a number has a kind, and nothing else has")
        return self


class BeginTransfer(Body):
    """`note`: for whoever gets the caller; they read it when it rings, and it is kept among the contact's notes.
    `override`: a supervisor's reason to ask a colleague who serves an imminent contact, is on a break or not ready."""

    mode: Literal["warm", "cold"]
    to: TransferTarget
    note: str | None = Field(default=None, max_length=TRANSFER_NOTE)
    override: str | None = Field(default=None, min_length=1, max_length=TRANSFER_NOTE)


class Supervise(Body):
    mode: Literal["monitor", "whisper", "barge", "stop"]


@contact_move("call/hold", body=OnOff)
async def hold(request: ApiRequest) -> ContactView:
    """The caller hears music, or the counselor again."""
    wish: OnOff = request.body
    contact = await call_room.hold(request.hotline, request.actor, contact_id_of(request), on=wish.on)
    return shown(request, contact)


@route(
    "POST",
    f"{_ROOM}/parties",
    permission=_SERVE,
    body=AddParty,
    answer=PartyView,
    status=201,
    errors=(*_CONFLICTS, Invalid),
)
async def add_party(request: ApiRequest) -> PartyView:
    """Ring an outside number into the room."""
    wish: AddParty = request.body
    contact, party_id = await call_room.add_party(
        request.hotline, request.actor, contact_id_of(request), kind=LegKind(wish.kind), number=wish.number
    )
    call = shown(request, contact)["call"]
    return next(each for each in (call["parties"] if call else []) if each["id"] == party_id)


@contact_move("call/parties/{party_id}", method="DELETE")
async def remove_party(request: ApiRequest) -> ContactView:
    """Let a party go, or stop ringing them."""
    contact = await call_room.remove_party(
        request.hotline, request.actor, contact_id_of(request), request.path["party_id"]
    )
    return shown(request, contact)


@contact_move("call/parties/{party_id}/hold", body=OnOff)
async def hold_party(request: ApiRequest) -> ContactView:
    """One party hears music; the others go on speaking."""
    wish: OnOff = request.body
    contact = await call_room.hold_party(
        request.hotline, request.actor, contact_id_of(request), request.path["party_id"], on=wish.on
    )
    return shown(request, contact)


@contact_move("call/transfer", body=BeginTransfer, errors=(*_CONFLICTS, Invalid))
async def transfer_call(request: ApiRequest) -> ContactView:
    """Warm: they are asked first, the caller on hold with words. Cold: the caller is passed on at once."""
    wish: BeginTransfer = request.body
    mode, to = TransferMode(wish.mode), wish.to
    whose = (request.hotline, request.actor, contact_id_of(request))
    if to.staff_id is not None:
        contact = await call_transfers.transfer_to_staff(
            *whose, mode=mode, staff_id=StaffId(to.staff_id), note=wish.note, override=wish.override
        )
    elif to.number is not None and to.kind is not None:
        contact = await call_transfers.transfer_to_number(
            *whose, mode=mode, number=to.number, kind=LegKind(to.kind), note=wish.note
        )
    elif mode is TransferMode.COLD:
        contact = await call_transfers.transfer_to_queue(*whose, skill=to.skill or "", note=wish.note)
    else:
        contact = await call_transfers.consult_skill(*whose, skill=to.skill or "", note=wish.note)
    return shown(request, contact)


@contact_move("call/transfer/complete")
async def complete_transfer(request: ApiRequest) -> ContactView:
    """Who was consulted has the caller; the counselor writes up."""
    contact = await call_transfers.complete_transfer(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)


@contact_move("call/transfer/cancel")
async def cancel_transfer(request: ApiRequest) -> ContactView:
    """The caller is back with the counselor; a transfer that failed is dismissed."""
    contact = await call_transfers.cancel_transfer(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)


@contact_move("call/supervision", permission=Permission.CONTACT_SUPERVISE, body=Supervise)
async def supervision(request: ApiRequest) -> ContactView:
    """Listen with one's own phone: heard by nobody, by the counselor alone, or by all."""
    wish: Supervise = request.body
    mode = None if wish.mode == "stop" else Supervision(wish.mode)
    contact = await call_room.supervise(request.hotline, request.actor, contact_id_of(request), mode)
    return shown(request, contact)


@contact_move("call/hang-up")
async def hang_up(request: ApiRequest) -> ContactView:
    """The counselor ends the call; wrap-up follows."""
    contact = await contacts.end_conversation(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)
