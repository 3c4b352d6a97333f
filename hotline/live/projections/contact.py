"""A contact as staff see it, a message as staff see it, and both as the person sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from typing_extensions import TypedDict

from hotline.domain import call_room, contact_moves, passing_on
from hotline.domain.access import contact_audience
from hotline.domain.automatic_words import AUTOMATIC_WORDS
from hotline.domain.call_room import Failure, HoldWhy, TransferMode, TransferState
from hotline.domain.calls import CallState, LegKind, LegState, Supervision, Transcript
from hotline.domain.contacts import (
    Channel,
    Contact,
    ContactState,
    Delivery,
    EndedBy,
    LevelSource,
    Message,
    Sender,
)
from hotline.domain.service_rules import ServiceRules
from hotline.live.directory import Directory, Name
from hotline.live.projections.next_step import NextView, next_view
from triage.assessment import Level

Language = Literal["zh", "en"]


class ReasonView(TypedDict):
    message_id: str | None
    seq: int | None
    start: int
    end: int
    cue: str
    frame: str | None
    why_zh: str
    why_en: str


class EvidenceView(TypedDict):
    start: int
    end: int
    cue: str
    frame: str | None
    why_zh: str
    why_en: str


class OverrideView(TypedDict):
    level: Level
    reason: str | None
    by: Name | None
    at: datetime | None


class PartyView(TypedDict):
    """Somebody in the room beside the caller, or being rung: `counselor` and `consulted` are of the staff, the other
    kinds are outside numbers. `failure`: why an outside one was called in vain."""

    id: str
    kind: LegKind
    staff_id: str | None
    staff: Name | None
    number_masked: str | None
    state: LegState
    on_hold: bool
    failure: Failure | None


class TransferView(TypedDict):
    """`to_kind`: "staff", or the kind of an outside number. A failed one stays until cancelled or begun anew."""

    mode: TransferMode
    to_kind: str
    state: TransferState
    party_id: str


class SupervisionView(TypedDict):
    staff_id: str
    staff: Name | None
    mode: Supervision
    state: LegState


class CallView(TypedDict):
    """`hung_up_by`: person, counselor, supervisor, carrier or outside, once it is over. `unanswered`: the outside party
    that was called last, if it did not answer. `back_until`: the counselor's line broke and is rung until then."""

    state: CallState
    transcript: Transcript
    on_hold: bool
    hold_why: HoldWhy | None
    hung_up_by: str | None
    parties: list[PartyView]
    transfer: TransferView | None
    supervision: list[SupervisionView]
    unanswered: PartyView | None
    back_until: datetime | None


class PassedOnView(TypedDict):
    """Who had it before and passed it on (`by`, who may be a supervisor), with a note for whoever has it now. `to` is
    None for the queue. `came_back`: `to` did not pick up, and it is with `by` again or in the queue."""

    by: Name | None
    to: Name | None
    note: str | None
    at: datetime
    came_back: bool


class RecordedView(TypedDict):
    """`policy`: this service records calls; `consent`: None while the caller was not asked; `state`: a code, None
    while nothing is recorded. Only "recording" says that it is certain."""

    policy: bool
    consent: bool | None
    state: str | None


class ContactView(TypedDict):
    id: str
    channel: Channel
    state: ContactState
    language: Language
    nickname: str | None
    topic: str | None
    age_band: str | None
    number_masked: str | None
    district: str | None
    person_id: str | None
    level: Level
    peak_level: Level
    level_source: LevelSource
    act_in_progress: bool
    kinds: list[str]
    tags: list[str]
    reasons: list[ReasonView]
    override: OverrideView | None
    imminent_anew: int | None
    instrument_floor: Level | None
    opened_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    content_erased_at: datetime | None
    counselor: Name | None
    joined: list[Name]
    offered_to: Name | None
    also_offered: int
    next: NextView | None
    last_seq: int
    read_by_person_seq: int
    read_by_staff_seq: int
    person_connected: bool
    interrupted_since: datetime | None
    wait_rung: int
    skills: list[str]
    wished_counselor: Name | None
    wished_until: datetime | None
    diverted: str | None
    help_requested_at: datetime | None
    silence_warned_at: datetime | None
    ended_by: EndedBy | None
    end_reason: str | None
    line_flags: list[str]
    disposition: str | None
    texts_stopped_at: datetime | None
    alert_id: str | None
    call: CallView | None
    recording: RecordedView | None
    passed_on: PassedOnView | None
    school_report_id: str | None
    version: int


class SpokenView(TypedDict):
    """What a word changes of its contact, and nothing else: a part of `ContactView` for a busy conversation."""

    id: str
    last_seq: int
    read_by_staff_seq: int
    silence_warned_at: datetime | None
    next: NextView | None


class MessageView(TypedDict):
    """`from` in JSON is `sender` here."""

    id: str
    contact_id: str
    seq: int
    sender: Sender
    code: str | None
    staff: Name | None
    client_id: str | None
    text: str
    at: datetime
    level: Level | None
    kinds: list[str]
    act_in_progress: bool
    evidence: list[EvidenceView]
    delivery: Delivery | None
    delivery_code: int | None


def audience(contact: Contact) -> tuple[str, ...]:
    return contact_audience(contact)


def view(contact: Contact, names: Directory, rules: ServiceRules) -> ContactView:
    return {
        "id": contact.id,
        "channel": contact.channel,
        "state": contact.state,
        "language": cast(Language, contact.language),
        "nickname": contact.nickname,
        "topic": contact.topic,
        "age_band": contact.age_band,
        "number_masked": contact.number_masked,
        "district": contact.district,
        "person_id": contact.person_id,
        "level": contact.level,
        "peak_level": contact.peak_level,
        "level_source": contact.level_source,
        "act_in_progress": contact.act_in_progress,
        "kinds": contact.kinds,
        "tags": contact.tags,
        "reasons": contact.reasons,  # type: ignore[typeddict-item]
        "override": _override(contact, names),
        "imminent_anew": contact.imminent_anew_seq,
        "instrument_floor": contact.instrument_floor,
        "opened_at": contact.opened_at,
        "waiting_since": contact.waiting_since,
        "answered_at": contact.answered_at,
        "ended_at": contact.ended_at,
        "closed_at": contact.closed_at,
        "content_erased_at": contact.content_erased_at,
        "counselor": names.name(contact.counselor_id),
        "joined": [name for name in map(names.name, contact.joined) if name is not None],
        "offered_to": names.name(contact.offered_to_id),
        "also_offered": len(contact.also_offered),
        "next": _next(contact, names, rules),
        "last_seq": contact.last_seq,
        "read_by_person_seq": contact.read_by_person_seq,
        "read_by_staff_seq": contact.read_by_staff_seq,
        "person_connected": contact.person_connected,
        "interrupted_since": contact.interrupted_since,
        "wait_rung": contact.wait_rung,
        "skills": contact.skills,
        "wished_counselor": names.name(contact.wished_counselor_id),
        "wished_until": contact.wished_until,
        "diverted": contact.diverted,
        "help_requested_at": contact.help_requested_at,
        "silence_warned_at": contact.silence_warned_at,
        "ended_by": contact.ended_by,
        "end_reason": contact.end_reason,
        "line_flags": contact.line_flags,
        "disposition": contact.disposition,
        "texts_stopped_at": contact.texts_stopped_at,
        "alert_id": contact.alert_id,
        "call": _call(contact, names),
        "recording": _recorded(contact, rules),
        "passed_on": _passed_on(contact, names),
        "school_report_id": contact.school_report_id,
        "version": contact.version,
    }


def spoken_view(contact: Contact, names: Directory, rules: ServiceRules) -> SpokenView:
    return {
        "id": contact.id,
        "last_seq": contact.last_seq,
        "read_by_staff_seq": contact.read_by_staff_seq,
        "silence_warned_at": contact.silence_warned_at,
        "next": _next(contact, names, rules),
    }


def _next(contact: Contact, names: Directory, rules: ServiceRules) -> NextView | None:
    """Only a closed contact has none: where no clock runs, somebody has it in hand."""
    who = names.name(contact.counselor_id or contact.offered_to_id)
    due = contact_moves.due(contact, rules)
    if due is None and contact.state is not ContactState.CLOSED:
        return {"what": "in_conversation", "at": None, "who": who}
    return next_view(due, who)


def _override(contact: Contact, names: Directory) -> OverrideView | None:
    if contact.override_level is None:
        return None
    by = names.name(contact.override_by)
    return {
        "level": contact.override_level,
        # The queue is read by all counselors; the reason is for whoever serves the contact.
        "reason": None if contact.state is ContactState.WAITING else contact.override_reason,
        "by": by,
        "at": contact.override_at,
    }


def _recorded(contact: Contact, rules: ServiceRules) -> RecordedView | None:
    if contact.channel is not Channel.CALL:
        return None
    return {
        "policy": rules.record_calls,
        "consent": contact.recording_consent,
        "state": contact.recording,
    }


def _passed_on(contact: Contact, names: Directory) -> PassedOnView | None:
    passed_on = passing_on.passed_on_of(contact)
    # The queue is read by all counselors: there the note is for whom it is offered to (the offer has it).
    if passed_on is None or contact.state is ContactState.WAITING:
        return None
    return {
        "by": names.name(passed_on.by),
        "to": names.name(passed_on.to_id),
        "note": passed_on.note,
        "at": passed_on.at,
        "came_back": passed_on.came_back,
    }


def _call(contact: Contact, names: Directory) -> CallView | None:
    if contact.channel is not Channel.CALL:
        return None
    room = call_room.room_of(contact)
    transfer = room.transfer
    return {
        "state": CallState(contact.call_state or CallState.GREETING),
        "transcript": Transcript(contact.transcript or Transcript.OFF),
        "on_hold": room.on_hold,
        "hold_why": room.hold_why,
        "hung_up_by": contact.hung_up_by,
        "parties": [_party(each, names) for each in room.parties],
        "transfer": None
        if transfer is None
        else {
            "mode": transfer.mode,
            "to_kind": transfer.to_kind,
            "state": transfer.state,
            "party_id": transfer.party_id,
        },
        "supervision": [
            {
                "staff_id": each.staff_id,
                "staff": names.name(each.staff_id),
                "mode": each.mode,
                "state": each.state,
            }
            for each in room.supervision
        ],
        "unanswered": _party(room.unanswered, names) if room.unanswered else None,
        "back_until": room.back_until,
    }


def _party(party: call_room.Party, names: Directory) -> PartyView:
    return {
        "id": party.id,
        "kind": party.kind,
        "staff_id": party.staff_id,
        "staff": names.name(party.staff_id),
        "number_masked": party.number_masked,
        "state": party.state,
        "on_hold": party.on_hold,
        "failure": party.failure,
    }


def message_view(message: Message, names: Directory) -> MessageView:
    return {
        "id": message.id,
        "contact_id": message.contact_id,
        "seq": message.seq,
        "sender": message.sender,
        "code": message.code,
        "staff": names.name(message.staff_id),
        "client_id": message.client_id,
        "text": message.text,
        "at": message.at,
        "level": message.level,
        "kinds": message.kinds,
        "act_in_progress": message.act_in_progress,
        "evidence": message.evidence,  # type: ignore[typeddict-item]
        "delivery": message.delivery,
        "delivery_code": message.delivery_code,
    }


# The person's own page ---------------------------------------------------------------------------

_SAID_BY_STAFF = (Sender.COUNSELOR, Sender.SUPERVISOR)
PersonSender = Literal["you", "counselor", "automatic"]
PersonContactState = Literal["waiting", "active", "closed"]

# For the person a conversation that is being written up is over.
_SEEN_AS: dict[ContactState, PersonContactState] = {
    ContactState.WAITING: "waiting",
    ContactState.ACTIVE: "active",
    ContactState.WRAP_UP: "closed",
    ContactState.CLOSED: "closed",
}


class PersonMessageView(TypedDict):
    """What the service says by itself comes in both languages: the person may change theirs."""

    id: str
    seq: int
    sender: PersonSender
    text: str
    text_zh: str | None
    text_en: str | None
    code: str | None
    at: datetime
    client_id: str | None


class PersonContactView(TypedDict):
    """Never a name, a level or a reason."""

    id: str
    state: PersonContactState
    interrupted: bool
    warned: bool
    closes_at: datetime | None
    read_up_to_seq: int
    place: int | None
    on_duty: bool
    usual_wait_seconds: int | None


def person_message(message: Message) -> PersonMessageView:
    by_itself = AUTOMATIC_WORDS.get(message.code or "", {})
    sender: PersonSender = "automatic"
    if message.sender is Sender.HELP_SEEKER:
        sender = "you"
    elif message.sender in _SAID_BY_STAFF:
        sender = "counselor"
    return {
        "id": message.id,
        "seq": message.seq,
        "sender": sender,
        "text": message.text,
        "text_zh": by_itself.get("zh"),
        "text_en": by_itself.get("en"),
        "code": message.code,
        "at": message.at,
        "client_id": message.client_id if sender == "you" else None,
    }


def person_contact(
    contact: Contact, rules: ServiceRules, *, place: int | None, on_duty: bool, usual_wait_seconds: int | None
) -> PersonContactView:
    warned = contact.silence_warned_at if contact.state is ContactState.ACTIVE else None
    will_close = warned is not None and not contact_moves.stays_open_in_silence(contact)
    return {
        "id": contact.id,
        "state": _SEEN_AS[contact.state],
        "interrupted": contact.interrupted_since is not None,
        "warned": will_close,
        "closes_at": warned + rules.silence_closed_after if warned and will_close else None,
        "read_up_to_seq": contact.read_by_staff_seq,
        "place": place,
        "on_duty": on_duty,
        "usual_wait_seconds": usual_wait_seconds,
    }


def renamed(view: PersonMessageView | MessageView) -> dict[str, object]:
    """The wire says `from`, which Python cannot have as a field name."""
    wire: dict[str, object] = dict(view)
    wire["from"] = wire.pop("sender")
    return wire
