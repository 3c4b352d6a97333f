"""The waiting room's owner: keeps the pure room in step with what was committed, and makes the offers.

commit ─▶ see_contact / see_presence ─▶ matches ─▶ make_offer (a unit; the database has the last word)
"""

from __future__ import annotations

import asyncio
import logging
import statistics
from collections import deque
from typing import TYPE_CHECKING

from hotline.actions import offers
from hotline.actions.writer import Writer
from hotline.clock import Clock
from hotline.domain import ring_rules
from hotline.domain.change import Change, Committed, Value
from hotline.domain.contacts import Channel, Contact, ContactState
from hotline.domain.ids import ContactId
from hotline.domain.presence import Presence
from hotline.domain.ring_rules import RING_RULES_ID, RingRules
from hotline.domain.routing import Match, WaitingRoom
from hotline.domain.service_rules import ServiceRules
from hotline.domain.switchboard import Diversion
from hotline.errors import HotlineError
from hotline.storage.working_set import Loaded, Need

if TYPE_CHECKING:
    from hotline.storage.reading import Reader

log = logging.getLogger(__name__)

_WAITS = 50
_ENOUGH_WAITS = 5


class Matcher:
    def __init__(self, writer: Writer, reader: Reader, clock: Clock, rules: ServiceRules) -> None:
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._set_at_start = rules
        self.rules = rules
        """With what was ruled at the console."""
        self.room = WaitingRoom(rules)
        self.diversions: dict[str, Diversion] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._scheduled = False
        self._waits: deque[float] = deque(maxlen=_WAITS)

    async def rebuild(self) -> None:
        """From the tables, at start."""
        contacts = self._reader.table(Contact)
        waiting = await self._reader.where(Contact, contacts.c.state == ContactState.WAITING)
        presences = await self._reader.where(Presence)
        diversions = self._reader.table(Diversion)
        for diversion in await self._reader.where(Diversion, diversions.c.ended_at.is_(None)):
            self.diversions[diversion.id] = diversion
        ruled = await self._reader.find(RingRules, RING_RULES_ID)
        self.rules = ring_rules.applied(self._set_at_start, ruled)
        self.room = WaitingRoom(self.rules)
        self.room.rebuild(waiting, presences, self.diversions.values(), self._clock.now())

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        changed = False
        for (noun, _), saved in committed.saved.items():
            if noun == "contact" and isinstance(saved.after, Contact):
                self._note_wait(saved.before, saved.after)
                self.room.see_contact(saved.after)
                changed = True
            elif noun == "presence" and isinstance(saved.after, Presence):
                self.room.see_presence(saved.after)
                changed = True
            elif noun == "diversion" and isinstance(saved.after, Diversion):
                self._note_diversion(saved.after)
                changed = True
            elif noun == "ring_rules" and isinstance(saved.after, RingRules):
                self.rules = ring_rules.applied(self._set_at_start, saved.after)
                self.room.see_rules(self.rules)
                changed = True
        if changed:
            self.schedule()

    def _note_diversion(self, diversion: Diversion) -> None:
        if diversion.ended_at is None:
            self.diversions[diversion.id] = diversion
        else:
            self.diversions.pop(diversion.id, None)
        self.room.see_diversions(self.diversions.values(), self._clock.now())

    def _note_wait(self, before: Value | None, after: Contact) -> None:
        was = before.answered_at if isinstance(before, Contact) else None
        if was is None and after.answered_at is not None:
            self._waits.append((after.answered_at - after.opened_at).total_seconds())

    def usual_wait_seconds(self) -> int | None:
        """The median of the last waits; None while there are too few to be honest about."""
        return round(statistics.median(self._waits)) if len(self._waits) >= _ENOUGH_WAITS else None

    @property
    def is_busy(self) -> bool:
        """Whether offers are being looked for or made at this moment."""
        return self._scheduled or bool(self._tasks)

    def schedule(self) -> None:
        """Look for pairs once in this turn of the loop, however much changed."""
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._match)

    def _match(self) -> None:
        """In rounds: looked at again for every single offer that is made, a crowd would be looked at as often as it
        has people."""
        self._scheduled = False
        if self._tasks:
            return
        for match in self.room.matches(self._clock.now()):
            task = asyncio.get_running_loop().create_task(self._offer(match), name="offer")
            self._tasks.add(task)
            task.add_done_callback(self._made)

    def _made(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self.schedule()

    async def _offer(self, match: Match) -> None:
        def decide(loaded: Loaded) -> Change:
            made = offers.made(loaded, match.contact_id, match.staff_id, self.rules)
            # None: the room was behind the tables. It hears what they say in its turn among the commits: read from
            # here it could be older than what the room has heard meanwhile, and somebody would be lost from it.
            if made.save:
                return made
            return Change(save=(loaded.get(Contact, match.contact_id), loaded.get(Presence, match.staff_id)))

        try:
            await self._writer.run(decide, Need(Contact, match.contact_id), Need(Presence, match.staff_id))
        except HotlineError:
            log.warning("waiting room: an offer could not be made")

    def place(self, contact: Contact) -> int | None:
        """A person's place in the queue: 1 is next. On offer counts as next."""
        if contact.state is not ContactState.WAITING or contact.channel is Channel.WALK_IN:
            return None
        if contact.offer_id is not None:
            return 1
        return self.room.place(ContactId(contact.id))

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
