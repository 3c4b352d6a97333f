"""Words among staff about a contact; the person never sees them."""

from __future__ import annotations

from hotline.domain.change import Change, Event
from hotline.domain.contacts import Contact, Note
from hotline.domain.ids import NoteId, StaffId
from hotline.storage.working_set import Loaded


def noted(loaded: Loaded, contact: Contact, kind: str, text: str, staff_id: StaffId) -> Change:
    """A note among staff; the person never sees it."""
    note = Note(
        id=NoteId(loaded.new_id("not")),
        contact_id=contact.id,
        kind=kind,
        staff_id=staff_id,
        text=text,
        at=loaded.now,
    )
    return Change((note,), (Event("note", "written", note.id, staff_id, {"contact_id": contact.id}),))
