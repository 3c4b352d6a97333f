"""What somebody has in hand now, by id: nothing that was said is read for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from hotline.domain.calls import LegKind, LegState
from hotline.domain.contacts import ContactState
from hotline.domain.followups import FollowupState
from hotline.domain.ids import StaffId
from hotline.domain.voicemails import VoicemailState
from hotline.storage.tables.calls import LEGS
from hotline.storage.tables.contacts import CONTACTS
from hotline.storage.tables.followups import FOLLOWUPS
from hotline.storage.tables.line import VOICEMAILS


def joined_by_anybody() -> Select[Any]:
    """Contacts that go on, and who joined them."""
    column = CONTACTS.table.c
    going_on = (ContactState.WAITING, ContactState.ACTIVE, ContactState.WRAP_UP)
    return select(column.id, column.joined).where(column.state.in_(going_on))


def listened_to_by(staff_id: StaffId) -> Select[Any]:
    """Contacts whose call they hear by telephone, or are being rung for."""
    column = LEGS.table.c
    going_on = column.state.in_([each for each in LegState if each is not LegState.ENDED])
    theirs = (column.staff_id == staff_id, column.kind == LegKind.SUPERVISOR)
    return select(column.contact_id).where(going_on, *theirs)


def followups_of(staff_id: StaffId) -> Select[Any]:
    column = FOLLOWUPS.table.c
    return select(column.id).where(column.owner_id == staff_id, column.state == FollowupState.TAKEN)


def voicemails_of(staff_id: StaffId) -> Select[Any]:
    column = VOICEMAILS.table.c
    return select(column.id).where(column.owner_id == staff_id, column.state == VoicemailState.TAKEN)
