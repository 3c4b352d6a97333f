"""A call at the door in action: looked at, answered by keys, let through, or given another way.

What a key means is `domain/inbound.py`'s; who is held up is `domain/callers.py`'s. Each of these is one unit of the
writer and changes nothing when it is said again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hotline.actions import call_back_wishes, same_counselor
from hotline.actions.carrier_events import call_opened, contact_of_call
from hotline.actions.consequences import with_consequences
from hotline.actions.risk import level_step
from hotline.domain import (
    callers,
    contact_moves,
    followups,
    inbound,
    kept_places,
    line_policy,
    people,
    risk,
    switchboard,
    voicemails,
)
from hotline.domain.alerts import OPEN as OPEN_ALERTS
from hotline.domain.alerts import Alert
from hotline.domain.callers import Block, Verdict
from hotline.domain.change import PERSON, Change
from hotline.domain.contacts import Contact, ContactState, EndedBy, LevelSource
from hotline.domain.followups import Followup
from hotline.domain.ids import ContactId, InboundId, StaffId, VoicemailId, derived_id
from hotline.domain.inbound import Asked, InboundCall, LineFlag, Step, Wish
from hotline.domain.line_policy import THE_LINE, LinePolicy
from hotline.domain.opening_hours import OpeningHours, is_open, opens_at, said
from hotline.domain.people import CallerNumber, Person
from hotline.domain.voicemails import Voicemail
from hotline.storage.working_set import Loaded, Need
from triage.assessment import Level

if TYPE_CHECKING:
    from hotline.service import Hotline

_HOUR = timedelta(hours=1)
_LATEST = 50  # a number's last contacts: whether it is known at risk shows in the newest


@dataclass(frozen=True, slots=True)
class Door:
    """A call and, once it is let in, its contact; `opening` says when a closed line opens."""

    call: InboundCall
    contact: Contact | None
    asked: Asked = Asked.NOTHING
    opening: dict[str, Any] | None = None


def inbound_id_of(call_sid: str) -> InboundId:
    return InboundId(derived_id("inb", call_sid))


# Arriving ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say of a number before the call is let in."""

    block: Block | None = None
    calls_within_hour: int = 0
    at_risk: bool = False
    language: str | None = None


async def _known(hotline: Hotline, phone_hash: str | None) -> _Known:
    if phone_hash is None:
        return _Known()
    reader, now = hotline.reader, hotline.clock.now()
    blocks = await reader.having(Block, "phone_hash", phone_hash)
    table = reader.table(InboundCall).c
    calls = await reader.where(
        InboundCall, table.phone_hash == phone_hash, table.at > now - _HOUR, quick=True
    )
    person = next(iter(await reader.having(Person, "phone_hash", phone_hash)), None)
    contacts: list[Contact] = []
    if person is not None:
        column = reader.table(Contact).c
        contacts = await reader.where(
            Contact,
            column.person_id == person.id,
            order=(column.opened_at.desc(),),
            limit=_LATEST,
            quick=True,
        )
    return _Known(
        callers.standing(blocks, now),
        len(calls),
        await _at_risk(hotline, contacts),
        contacts[0].language if contacts else None,
    )


async def _at_risk(hotline: Hotline, contacts: list[Contact]) -> bool:
    ids = [each.id for each in contacts]
    if not ids:
        return False
    alerts, planned = (hotline.reader.table(each) for each in (Alert, Followup))
    open_alerts = await hotline.reader.where(
        Alert, alerts.c.contact_id.in_(ids), alerts.c.state.in_(OPEN_ALERTS)
    )
    owed = await hotline.reader.where(
        Followup, planned.c.contact_id.in_(ids), planned.c.state.in_(followups.OPEN)
    )
    return callers.is_known_at_risk(contacts, open_alerts, owed, hotline.clock.now())


async def opening_hours(hotline: Hotline) -> OpeningHours:
    return line_policy.hours_of(await hotline.reader.find(LinePolicy, THE_LINE))


async def arrive(hotline: Hotline, call_sid: str, raw_number: str, called: str) -> Door:
    """Somebody calls. Whoever is served waits from this moment on, whatever they do with the menu."""
    inbound_id = inbound_id_of(call_sid)
    number = people.caller_number(raw_number)
    phone_hash = hotline.sealer.lookup_hash(number.lookup) if number.lookup else None
    known, hours = await _known(hotline, phone_hash), await opening_hours(hotline)
    language, language_by = _language(hotline, number, called, known)

    def decide(loaded: Loaded) -> Change:
        before = loaded.find(InboundCall, inbound_id)
        if before is not None:
            return Change(answer=_door(loaded, before, call_sid))
        open_now = is_open(hours, loaded.now)
        over_limit = known.calls_within_hour >= hotline.settings.calls_per_hour
        call = InboundCall(
            id=inbound_id,
            phone_hash=phone_hash,
            at=loaded.now,
            verdict=callers.verdict(
                block=known.block, over_limit=over_limit, at_risk=known.at_risk, is_open=open_now
            ),
            language=language,
            language_by=language_by,
            step=Step.LANGUAGE,
            asks_recording=hotline.rules.record_calls,
            flags=inbound.flags_of(
                is_blocked=known.block is not None,
                is_over_limit=over_limit,
                at_risk=known.at_risk,
                is_open=open_now,
            ),
        )
        change = inbound.arrived(call)
        call = change.answer
        if known.block is not None:
            change = change.then(_counted(loaded, known.block))
        if call.verdict is Verdict.SERVED:
            change = change.then(_let_in(loaded, call, call_sid, number))
        return change.answering(_door(loaded, _last(change, InboundCall, call), call_sid, change))

    door: Door = await hotline.writer.run(decide, Need(InboundCall, inbound_id))
    return _with_opening(hotline, door, hours)


def _language(hotline: Hotline, number: CallerNumber, called: str, known: _Known) -> tuple[str, str | None]:
    """The language, and by what it is known: our number that was called, an earlier contact, or nothing."""
    of_number = hotline.settings.number_languages.get(called)
    if of_number is not None:
        return of_number, "number"
    if known.language is not None:
        return known.language, "earlier"
    return people.likely_language(number), None


def _counted(loaded: Loaded, block: Block) -> Change:
    block = loaded.get(Block, block.id)
    return Change(save=(block.model_copy(update={"calls": block.calls + 1}),))


def _let_in(loaded: Loaded, call: InboundCall, call_sid: str, number: CallerNumber) -> Change:
    """A contact for this call; the call says which it is. Who waits to be called has their place by it."""
    opened = loaded.see(call_opened(loaded, call_sid, number, call.phone_hash, call.language, call.flags))
    opened = opened.then(loaded.see(call_back_wishes.called_again(loaded, opened.answer)))
    call = call.model_copy(update={"contact_id": _last(opened, Contact, None).id})
    return opened.then(loaded.see(Change(save=(call,))))


def _last(change: Change, model: type[Any], otherwise: Any) -> Any:
    return next((each for each in reversed(change.save) if isinstance(each, model)), otherwise)


def _door(
    loaded: Loaded,
    call: InboundCall,
    call_sid: str,
    change: Change | None = None,
    asked: Asked = Asked.NOTHING,
) -> Door:
    contact = _last(change, Contact, None) if change is not None else None
    if contact is None and call.contact_id is not None:
        contact = loaded.find(Contact, contact_of_call(call_sid))
    return Door(call, contact, asked)


def _with_opening(hotline: Hotline, door: Door, hours: OpeningHours) -> Door:
    now = hotline.clock.now()
    return Door(door.call, door.contact, door.asked, said(opens_at(hours, now), now))


# Keys --------------------------------------------------------------------------------------------------------


async def press(
    hotline: Hotline,
    call_sid: str,
    raw_number: str,
    *,
    step: Step,
    repeats: int,
    key: str,
    early: bool = False,
) -> Door:
    """A key was pressed after the words of `step`; an empty one: none was. `early` as in `domain/inbound.py`."""
    inbound_id = inbound_id_of(call_sid)
    number = people.caller_number(raw_number)
    hours = await opening_hours(hotline)
    last_time = await _of_last_time(hotline, call_sid, step, key)

    def decide(loaded: Loaded) -> Change:
        before = loaded.get(InboundCall, inbound_id)
        call, asked = inbound.pressed(before, step, repeats, key, early=early)
        if asked is Asked.SAME_COUNSELOR and last_time is None:
            asked = Asked.NOTHING
        change = loaded.see(inbound.noted(before, call, asked))
        contact = loaded.find(Contact, contact_of_call(call_sid))
        if asked is Asked.IN_DANGER:
            if contact is None:
                change = change.then(_let_in(loaded, call, call_sid, number))
                contact = _last(change, Contact, None)
            change = change.then(_in_danger(loaded, contact))
        elif contact is not None and asked is Asked.LANGUAGE:
            change = change.then(_speaks(contact, call.language))
        elif contact is not None and call.asks_recording and _leaves_notice(before, call):
            change = change.then(_consents(contact, asked is not Asked.NO_RECORDING))
        elif contact is not None and asked is Asked.NO_RECORDING:
            change = change.then(_consents(contact, False))
        elif contact is not None and asked is Asked.SAME_COUNSELOR:
            change = change.then(same_counselor.wished(loaded, contact, last_time))
        call = _last(change, InboundCall, call)
        return change.answering(_door(loaded, call, call_sid, change, asked))

    door: Door = await hotline.writer.run(decide, Need(InboundCall, inbound_id))
    return _with_opening(hotline, door, hours)


async def _of_last_time(hotline: Hotline, call_sid: str, step: Step, key: str) -> StaffId | None:
    if inbound.asked_by_key(step, key) is not Asked.SAME_COUNSELOR:
        return None
    contact = await hotline.reader.find(Contact, contact_of_call(call_sid))
    return None if contact is None else await same_counselor.at_work(hotline, contact)


def _leaves_notice(before: InboundCall, call: InboundCall) -> bool:
    return before.step is Step.NOTICE and call.step is Step.PASSED


def _speaks(contact: Contact, language: str) -> Change:
    if contact.language == language:
        return Change()
    contact = contact_moves.moved(contact, language=language)
    return Change((contact,), (contact_moves.event(contact, "language_chosen", PERSON, language=language),))


def _consents(contact: Contact, consent: bool) -> Change:
    """Whoever was told and stayed agrees; whoever pressed the key does not."""
    contact = contact_moves.moved(contact, recording_consent=consent)
    return Change((contact,), (contact_moves.event(contact, "recording_consent", PERSON, consent=consent),))


def _in_danger(loaded: Loaded, contact: Contact) -> Change:
    """High at once, and that they said so by a key stays with the contact. Said again, it changes nothing."""
    if LineFlag.DANGER_KEY in contact.line_flags or contact.state is ContactState.CLOSED:
        return Change()
    flagged = inbound.flagged(contact, LineFlag.DANGER_KEY)
    raised = risk.raise_floor(flagged, Level.HIGH, LevelSource.KEY, PERSON)
    after: Contact = raised.answer
    step = level_step(loaded, after, LevelSource.KEY)
    return with_consequences(loaded, contact, raised, loaded.rules).then(Change(save=(step,)))


# Other ways than waiting -------------------------------------------------------------------------------------


def _set_aside(loaded: Loaded, call: InboundCall, call_sid: str, number: CallerNumber, reason: str) -> Change:
    """A contact that nobody has to pick up: opened and over at once, so that what follows belongs to somebody."""
    opened = _let_in(loaded, call, call_sid, number)
    contact: Contact = _last(opened, Contact, None)
    over = contact_moves.end(contact, by=EndedBy.PERSON, reason=reason, actor=PERSON, now=loaded.now)
    return opened.then(loaded.see(over)).answering(over.answer)


async def begin_message(hotline: Hotline, call_sid: str, raw_number: str) -> tuple[Contact, Voicemail]:
    """The caller is about to speak after the tone. Whoever waits goes on waiting until the message is left."""
    number = people.caller_number(raw_number)
    voicemail_id = VoicemailId(derived_id("vml", call_sid))

    def decide(loaded: Loaded) -> Change:
        call = loaded.get(InboundCall, inbound_id_of(call_sid))
        contact = loaded.find(Contact, contact_of_call(call_sid))
        known = loaded.find(Voicemail, voicemail_id)
        if known is not None and contact is not None:
            return Change(answer=(contact, known))
        change = Change()
        if contact is None:
            change = _set_aside(loaded, call, call_sid, number, contact_moves.LEFT_MESSAGE)
            contact = change.answer
        voicemail = Voicemail(
            id=voicemail_id,
            contact_id=contact.id,
            level=contact.level,
            language=call.language,
            due_at=loaded.now + voicemails.listen_within(contact.level, loaded.rules),
            created_at=loaded.now,
            number_masked=contact.number_masked,
        )
        return change.then(voicemails.begun(voicemail, call_sid)).answering((contact, voicemail))

    begun: tuple[Contact, Voicemail] = await hotline.writer.run(
        decide, Need(InboundCall, inbound_id_of(call_sid)), Need(Voicemail, voicemail_id)
    )
    return begun


async def nothing_left(hotline: Hotline, contact_id: ContactId) -> Contact:
    """Silence after the tone: they wait on with us, and are not sent to the tone again by a diversion."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.WAITING or contact.diverted is not None:
            return Change(answer=contact)
        contact = contact_moves.moved(contact, diverted=switchboard.MESSAGE_TRIED)
        return Change((contact,), (contact_moves.event(contact, "no_message_left", PERSON),), answer=contact)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def message_left(hotline: Hotline, contact_id: ContactId) -> Contact:
    """The caller has said what they had to say: they do not wait any more, unless they are in danger."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if contact.state is not ContactState.WAITING or kept_places.is_kept(contact):
            return Change(answer=contact)
        return call_back_wishes.after_message(loaded, contact, EndedBy.PERSON)

    contact: Contact = await hotline.writer.run(decide, Need(Contact, contact_id))
    return contact


async def ask_call_back(hotline: Hotline, call_sid: str, raw_number: str) -> Contact | None:
    """The caller would rather be called back: their place is kept, and they are called in their turn. None: we see no
    number to call."""
    number = people.caller_number(raw_number)
    hours = await opening_hours(hotline)
    if number.dialable is None:
        await wishes(hotline, call_sid, None)
        return None

    def decide(loaded: Loaded) -> Change:
        call = loaded.get(InboundCall, inbound_id_of(call_sid))
        contact = loaded.find(Contact, contact_of_call(call_sid))
        if contact is None:
            change = _set_aside(loaded, call, call_sid, number, contact_moves.ASKED_CALL_BACK)
            due_at = opens_at(hours, loaded.now) or loaded.now + loaded.rules.call_back_within
            planned = call_back_wishes.planned(loaded, change.answer, due_at)
            return change.then(planned).answering(change.answer)
        if contact.state is not ContactState.WAITING or kept_places.is_kept(contact):
            return Change(answer=contact)
        return call_back_wishes.in_turn(loaded, contact)

    contact: Contact = await hotline.writer.run(decide, Need(InboundCall, inbound_id_of(call_sid)))
    return contact


# Nobody there ------------------------------------------------------------------------------------------------


async def wishes(hotline: Hotline, call_sid: str, wish: Wish | None) -> InboundCall | None:
    """What the caller shall hear when the line asks next; None: the queue again."""

    def decide(loaded: Loaded) -> Change:
        call = loaded.find(InboundCall, inbound_id_of(call_sid))
        return Change() if call is None else inbound.wished(call, wish)

    call: InboundCall | None = await hotline.writer.run(decide)
    return call


async def wish_of(hotline: Hotline, call_sid: str) -> Wish | None:
    call = await hotline.reader.find(InboundCall, inbound_id_of(call_sid))
    return call.wish if call is not None else None
