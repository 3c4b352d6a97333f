"""Rooms at Twilio: conferences by the contact's id, found anew each time, since a room that emptied comes again under
another number.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from twilio.rest import Client

from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.call_rooms import DutyCall, PartyLeg, PersonCall
from hotline.telephony.carrier import CallGone, CallSid
from hotline.telephony.twilio_http import asked, known

_LOOK_BACK = timedelta(seconds=5)  # the carrier's clock and ours
_CALLS_LOOKED_AT = 20


class TwilioRooms:
    _client: Client
    _number: str
    _addresses: Addresses

    async def call_person(self, call: PersonCall) -> CallSid:
        made = await asked(
            self._client.calls.create_async(
                to=call.number,
                from_=self._number,
                url=self._addresses.of(addresses.CALLED, contact=call.contact_id),
                status_callback=self._addresses.of(addresses.CALLED_STATUS, contact=call.contact_id),
                status_callback_event=["completed"],
                timeout=round(call.ring_for.total_seconds()),
            )
        )
        return CallSid(known(made.sid))

    async def find_person_call(self, call: PersonCall, since: datetime) -> CallSid | None:
        return await self._made_to(call.number, since)

    async def ring_duty(self, call: DutyCall) -> CallSid:
        ids = {"attempt": str(call.attempt)}
        made = await asked(
            self._client.calls.create_async(
                to=call.number,
                from_=self._number,
                url=self._addresses.of(addresses.DUTY_NOTICE, **ids),
                status_callback=self._addresses.of(addresses.DUTY_STATUS, **ids),
                status_callback_event=["completed"],
                timeout=round(call.ring_for.total_seconds()),
            )
        )
        return CallSid(known(made.sid))

    async def find_duty(self, call: DutyCall, since: datetime) -> CallSid | None:
        return await self._made_to(call.number, since)

    async def join_duty(self, call_sid: CallSid, contact_id: str) -> None:
        address = self._addresses.of(addresses.DUTY_ROOM, contact=contact_id)
        await asked(self._client.calls(call_sid).update_async(url=address, method="POST"))

    async def ring_party(self, leg: PartyLeg) -> CallSid:
        ids = {"leg": leg.leg_id, "contact": leg.contact_id}
        call = await asked(
            self._client.calls.create_async(
                to=leg.number,
                from_=self._number,
                url=self._addresses.of(addresses.PARTY if leg.confirmed else addresses.LEG, **ids),
                status_callback=self._addresses.of(addresses.LEG_STATUS, **ids),
                status_callback_event=[
                    "initiated",
                    "completed",
                ],  # its name comes though our order's answer is lost
                timeout=round(leg.ring_for.total_seconds()),
            )
        )
        return CallSid(known(call.sid))

    async def find_party(
        self, leg: PartyLeg, since: datetime, *, but_not: Collection[str] = ()
    ) -> CallSid | None:
        return await self._made_to(leg.number, since, but_not)

    async def _made_to(self, number: str, since: datetime, but_not: Collection[str] = ()) -> CallSid | None:
        calls = await asked(self._client.calls.list_async(to=number, limit=_CALLS_LOOKED_AT))
        for call in calls:
            fresh = call.date_created is not None and call.date_created >= since - _LOOK_BACK
            if fresh and call.sid not in but_not:
                return CallSid(known(call.sid))
        return None

    async def hold(self, call_sid: CallSid, contact_id: str, *, on: bool) -> None:
        room = await self._room(contact_id)
        participant = self._client.conferences(room).participants(call_sid)
        if on:
            address = self._addresses.of(addresses.HOLD, contact=contact_id)
            await asked(participant.update_async(hold=True, hold_url=address, hold_method="POST"))
        else:
            await asked(participant.update_async(hold=False))

    async def supervise(self, call_sid: CallSid, contact_id: str, mode: str, coached: CallSid | None) -> None:
        participant = self._client.conferences(await self._room(contact_id)).participants(call_sid)
        if mode == "whisper" and coached is not None:
            await asked(participant.update_async(muted=False, coaching=True, call_sid_to_coach=coached))
        else:
            await asked(participant.update_async(muted=mode != "barge", coaching=False))

    async def announce(self, contact_id: str, what: str) -> None:
        room = await self._room(contact_id)
        address = self._addresses.of(addresses.ANNOUNCE, contact=contact_id, what=what)
        await asked(self._client.conferences(room).update_async(announce_url=address, announce_method="POST"))

    async def _room(self, contact_id: str) -> str:
        rooms = await asked(
            self._client.conferences.list_async(friendly_name=contact_id, status="in-progress", limit=1)
        )
        if not rooms:
            raise CallGone("There is no such room.")
        return known(rooms[0].sid)
