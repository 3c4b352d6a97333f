"""Callers who are to be called: because they asked for it instead of waiting, or because they left a message of danger.

Their place in the queue is kept (`domain/kept_places.py`), and the call back is a follow-up with its time as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.actions import alerts
from hotline.actions.consequences import with_consequences
from hotline.domain import contact_moves, followups, kept_places, risk
from hotline.domain.change import MACHINE, PERSON, Change, Committed
from hotline.domain.contacts import RISKY, Contact, ContactState, EndedBy
from hotline.domain.followups import Followup, FollowupKind
from hotline.domain.ids import ContactId, FollowupId, derived_id
from hotline.domain.inbound import InboundCall, Wish
from hotline.domain.voicemails import Voicemail, VoicemailState
from hotline.storage.working_set import Loaded, Need
from triage import policy
from triage.assessment import Kind, Level

if TYPE_CHECKING:
    from hotline.service import Hotline

_A_MOMENT = timedelta(minutes=1)  # to ring: what falls due in the same second is overdue before it is read


def _id_of(contact: Contact) -> FollowupId:
    """The same as of one after an abandonment: one person is owed one call back for one call."""
    return FollowupId(derived_id("fol", contact.id, "abandoned"))


def planned(loaded: Loaded, contact: Contact, due_at: datetime) -> Change:
    """Without a number somebody decides what can be done."""
    if loaded.find(Followup, _id_of(contact)) is not None:
        return Change()
    kind = FollowupKind.CALL_BACK if contact.number is not None else FollowupKind.REVIEW
    return loaded.see(followups.planned(_id_of(contact), contact, kind, due_at, loaded.now))


def in_turn(loaded: Loaded, contact: Contact) -> Change:
    """Due as if they had gone on waiting, with a moment to ring; offered when it is their turn."""
    due_at = (contact.waiting_since or loaded.now) + loaded.rules.call_back_within
    plan = planned(loaded, contact, max(due_at, loaded.now + _A_MOMENT)).then(_asked_before(loaded, contact))
    kept = kept_places.keep(
        contact, _id_of(contact), loaded.now, what="call_back_asked", to_front=contact.level in RISKY
    )
    change = with_consequences(loaded, contact, kept, loaded.rules)
    return plan.then(change).answering(change.answer)


def _asked_before(loaded: Loaded, contact: Contact) -> Change:
    """Whoever asks again is called once: what they asked for while the line was closed, and nobody has begun, is the
    same wish. What is owed for danger stands."""
    change = Change()
    for earlier in loaded.where(Contact, "person_id", contact.person_id) if contact.person_id else ():
        owed = loaded.find(Followup, _id_of(earlier))
        asked = earlier.id != contact.id and earlier.end_reason == contact_moves.ASKED_CALL_BACK
        if asked and owed is not None and _untouched(owed) and owed.level not in RISKY:
            change = change.then(loaded.see(followups.needless(owed, loaded.now)))
    return change


def at_once(loaded: Loaded, contact: Contact) -> Change:
    """They spoke of danger after the tone: the front of the queue, a call back that is due now, and an alert."""
    plan = planned(loaded, contact, loaded.now + _A_MOMENT)
    kept = kept_places.keep(contact, _id_of(contact), loaded.now, what="message_of_danger", to_front=True)
    change = with_consequences(loaded, contact, kept, loaded.rules)
    signalled = _signalled(loaded, change.answer)
    after = loaded.get(Contact, contact.id)
    return plan.then(change).then(signalled).answering(after)


def after_message(loaded: Loaded, contact: Contact, by: EndedBy) -> Change:
    """The message is over, by a key, by silence, or because they hung up. Whoever is in danger is not over by it."""
    if contact.level in RISKY or contact.peak_level in RISKY:
        return at_once(loaded, contact)
    over = contact_moves.end(contact, by=by, reason=contact_moves.LEFT_MESSAGE, actor=PERSON, now=loaded.now)
    return with_consequences(loaded, contact, over, loaded.rules)


def is_at_tone(loaded: Loaded, contact: Contact) -> bool:
    """Waiting, and speaking after the tone at this moment."""
    if contact.state is not ContactState.WAITING or contact.call_sid is None:
        return False
    call = loaded.find(InboundCall, derived_id("inb", contact.call_sid))
    begun = loaded.where(Voicemail, "contact_id", contact.id)
    return call is not None and call.wish is Wish.MESSAGE and bool(begun)


def _signalled(loaded: Loaded, contact: Contact) -> Change:
    """Nobody is with them: a person decides at once whether help is sent. One alert, however they said it."""
    if alerts.open_alert_of(loaded, contact.id) is not None:
        return Change()
    kinds = tuple(Kind(each) for each in contact.kinds)
    proposal = policy.propose(Level.IMMINENT, kinds, contact.tags, False, table=loaded.rules.policy)
    return Change() if proposal is None else loaded.see(alerts.signal(loaded, contact, proposal, "triage"))


def called_again(loaded: Loaded, contact: Contact) -> Change:
    """The new call has the place, and the danger, of the one that was kept; its call back is not needed any more. Nor
    is one that is being made at this moment, which would find them busy: it was their turn, so they are the next."""
    change = Change()
    if contact.person_id is None:
        return change
    for earlier in loaded.where(Contact, "person_id", contact.person_id):
        over = _needless(loaded, earlier)
        if over is None:
            continue
        change = change.then(over)
        owed = loaded.find(Followup, earlier.followup_id or "")
        if owed is not None and owed.kind is FollowupKind.CALL_BACK:
            given_back = followups.given_back(owed, loaded.now)
            change = change.then(given_back).then(followups.needless(given_back.answer, loaded.now))
            loaded.see(change)
        now = _with_place_of(loaded.get(Contact, contact.id), earlier, loaded.now)
        change = change.then(loaded.see(now))
    return change.answering(loaded.get(Contact, contact.id))


def _needless(loaded: Loaded, earlier: Contact) -> Change | None:
    """The end of a place that is kept, or of a call back that has not reached them; None for any other contact."""
    if kept_places.is_kept(earlier):
        over = kept_places.over(earlier, kept_places.CALLED_AGAIN, PERSON, loaded.now)
    elif earlier.state is ContactState.ACTIVE and kept_places.is_being_reached(earlier):
        hung_up = loaded.see(kept_places.without_line(earlier))
        reason, by = kept_places.CALLED_AGAIN, EndedBy.PERSON
        over = hung_up.then(contact_moves.unreached(hung_up.answer, reason, by, PERSON, loaded.now))
    else:
        return None
    return with_consequences(loaded, earlier, over, loaded.rules)


def _with_place_of(contact: Contact, earlier: Contact, now: datetime) -> Change:
    waits = (contact.waiting_since, earlier.waiting_since)
    interrupted = earlier.interrupted_since or contact.interrupted_since
    if earlier.state is ContactState.ACTIVE:
        interrupted = interrupted or now
    since = min(each for each in waits if each is not None)
    contact = contact_moves.moved(contact, waiting_since=since, interrupted_since=interrupted)
    told = contact_moves.event(contact, "has_kept_place", PERSON, before=earlier.id)
    change = Change((contact,), (told,), answer=contact)
    if earlier.level not in RISKY:
        return change
    raised = risk.raise_floor(contact, earlier.level, earlier.level_source, MACHINE)
    return change.then(raised).answering(raised.answer)


# What is seen in the commits -------------------------------------------------------------------------------------


def hear(hotline: Hotline, committed: Committed) -> None:
    """A listener of the writer: a message turned out to tell of danger after its caller had gone; or the call back of
    somebody whose place is kept was done another way."""
    for saved in committed.saved.values():
        after = saved.after
        if isinstance(after, Contact) and _tells_of_danger(after):
            hotline.background.start(_waits_again(hotline, after.id))
        elif isinstance(after, Followup) and not followups.is_open(after):
            hotline.background.start(_place_over(hotline, after.contact_id, after.id))


def _tells_of_danger(contact: Contact) -> bool:
    left = contact.state is ContactState.CLOSED and contact.end_reason == contact_moves.LEFT_MESSAGE
    return left and contact.answered_at is None and contact.level in RISKY


async def _waits_again(hotline: Hotline, contact_id: ContactId) -> None:
    """Not if somebody has worked the message, or the call back, already."""

    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        owed = loaded.find(Followup, _id_of(contact))
        messages = loaded.where(Voicemail, "contact_id", contact_id)
        worked = any(each.state in (VoicemailState.TAKEN, VoicemailState.DONE) for each in messages)
        if not _tells_of_danger(contact) or worked or (owed is not None and not _untouched(owed)):
            return Change(answer=contact)
        return at_once(loaded, contact)

    await hotline.writer.run(decide, Need(Contact, contact_id), Need(Voicemail, contact_id, "contact_id"))


def _untouched(followup: Followup) -> bool:
    return followups.is_open(followup) and followup.owner_id is None


async def _place_over(hotline: Hotline, contact_id: ContactId, followup_id: FollowupId) -> None:
    def decide(loaded: Loaded) -> Change:
        contact = loaded.get(Contact, contact_id)
        if not kept_places.is_kept(contact) or contact.followup_id != followup_id:
            return Change(answer=contact)
        over = kept_places.over(contact, kept_places.NOT_NEEDED, MACHINE, loaded.now)
        return with_consequences(loaded, contact, over, loaded.rules)

    await hotline.writer.run(decide, Need(Contact, contact_id))
