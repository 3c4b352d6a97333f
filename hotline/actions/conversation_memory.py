"""The last turns of open contacts, in memory, for triage to look back on. Content: never logged, never stored here."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from hotline.domain.change import Committed
from hotline.domain.contacts import FROM_PERSON, Contact, Message, Sender
from hotline.storage.reading import Reader
from triage.assessment import Turn

_TURNS = 12  # a question and its answer, and a few before them
_CONTACTS = 5_000


def _turn(message: Message) -> Turn:
    return Turn("help_seeker" if message.sender in FROM_PERSON else "counselor", message.text)


@dataclass(slots=True, eq=False)
class _Reading:
    """`overtaken`: something was said or erased meanwhile, so the rows are no longer all."""

    contact_id: str
    overtaken: bool = False


class ConversationMemory:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._turns: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._readings: set[_Reading] = set()

    async def turns(self, contact_id: str) -> tuple[Turn, ...]:
        known = self._turns.get(contact_id)
        if known is None:
            known = await self._read(contact_id)
        return tuple(known)

    async def _read(self, contact_id: str) -> deque[Turn]:
        table = self._reader.table(Message)
        reading = _Reading(contact_id)
        self._readings.add(reading)
        try:
            newest = await self._reader.where(
                Message,
                table.c.contact_id == contact_id,
                table.c.sender != Sender.AUTOMATIC,
                order=(table.c.seq.desc(),),
                limit=_TURNS,
                quick=True,
            )
        finally:
            self._readings.discard(reading)
        turns = deque((_turn(each) for each in reversed(newest)), maxlen=_TURNS)
        return turns if reading.overtaken else self._keep(contact_id, turns)

    def _overtake(self, contact_id: str) -> None:
        for reading in self._readings:
            if reading.contact_id == contact_id:
                reading.overtaken = True

    def _keep(self, contact_id: str, turns: deque[Turn]) -> deque[Turn]:
        self._turns[contact_id] = turns
        if len(self._turns) > _CONTACTS:
            self._turns.popitem(last=False)
        return turns

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for saved in committed.saved.values():
            if isinstance(saved.after, Contact) and saved.after.content_erased_at is not None:
                self._turns.pop(saved.after.id, None)
                self._overtake(saved.after.id)
        for event in committed.events:
            if event.noun == "message" and event.what == "added":
                message: Message | None = committed.after("message", event.subject)
                if message is None or message.sender is Sender.AUTOMATIC:
                    continue
                self._overtake(message.contact_id)
                turns = self._turns.get(message.contact_id)
                if turns is not None:
                    turns.append(_turn(message))
                    self._turns.move_to_end(message.contact_id)
                elif message.seq == 1:
                    self._keep(message.contact_id, deque([_turn(message)], maxlen=_TURNS))
