"""What a change of a call's contact asks of its line; joined to every change by `consequences.py`.

What the carrier reports is in `carrier_events.py`.
"""

from __future__ import annotations

from datetime import datetime

from hotline.domain import calls
from hotline.domain.calls import Leg
from hotline.domain.change import Change
from hotline.domain.contacts import Channel, Contact
from hotline.domain.ids import LegId
from hotline.storage.working_set import Loaded


def on_contact_changed(loaded: Loaded, before: Contact | None, after: Contact, now: datetime) -> Change:
    if after.channel is not Channel.CALL or before is None:
        return Change()
    after = loaded.find(Contact, after.id) or after  # others may have changed it in this very decision
    legs = loaded.where(Leg, "contact_id", after.id)
    return calls.on_contact_changed(before, after, legs, LegId(loaded.new_id("leg")), now)
