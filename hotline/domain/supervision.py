"""When a supervisor is asked to join without anybody asking: an act in progress, as the policy table wants it."""

from datetime import datetime

from hotline.domain import contact_moves
from hotline.domain.change import MACHINE, NOTHING, Change
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.service_rules import ServiceRules
from triage.assessment import Level


def called(before: Contact | None, contact: Contact, now: datetime, rules: ServiceRules) -> Change:
    """An act in progress in a conversation that has just come to it: a supervisor is asked at once, unasked.

    Policy says within which span one joins; until then it rings again (`due`). Without a supervisor there already.
    """
    joins_within = rules.tier(Level.IMMINENT, True).clocks.supervisor_joins_within
    known = before is not None and _in_act(before)
    if joins_within is None or known or not _in_act(contact) or contact.joined:
        return NOTHING
    return contact_moves.request_help(contact, MACHINE, now)


def _in_act(contact: Contact) -> bool:
    return contact.state is ContactState.ACTIVE and contact.act_in_progress
