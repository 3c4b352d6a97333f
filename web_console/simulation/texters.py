"""Simulated people who text: a line, then the next when a counselor has answered or patience is at its end."""

from __future__ import annotations

import asyncio
import random
import time

from web_console.simulation.carrier_server import CarrierServer
from web_console.simulation.dialogues import Dialogue

_LOOKS_EVERY_SECONDS = 0.5  # how often somebody looks at the phone
_OUT_OF_REACH = 30003  # the carrier's number for a phone that is off
_PHONES_OFF = 0.15  # the share of people whose phone is off for a while in the middle


class Texter:
    """One person with one dialogue and one number; some phones are out of reach for a while."""

    def __init__(
        self,
        server: CarrierServer,
        dialogue: Dialogue,
        chance: random.Random,
        *,
        pace: float,
        patience: float,
    ) -> None:
        self._server = server
        self._dialogue = dialogue
        self._chance = chance
        self._pace = pace
        self._patience = patience
        tail = f"{chance.randrange(10**8):08}"
        self.number = f"+86137{tail}" if dialogue.language == "zh" else f"+4477019{tail[:5]}"

    async def live(self, until: float) -> None:
        for text in self._dialogue.lines:
            if time.monotonic() > until:
                return
            answers = self._answers()
            self._writes(text)
            if not await self._is_answered(answers, min(until, time.monotonic() + self._patience)):
                return
            await asyncio.sleep(self._pace * self._chance.uniform(0.5, 1.5))
            self._may_lose_reach()
        self._server.carrier.unreachable.pop(self.number, None)

    def _writes(self, text: str) -> None:
        self._server.carrier.text_in(self.number, text, self._server.clock.now())
        self._server.wake()

    def _answers(self) -> int:
        return sum(1 for each in self._server.carrier.texts.values() if each.to == self.number)

    async def _is_answered(self, before: int, until: float) -> bool:
        """The welcome counts as no answer: only from the second text on does the person write on."""
        wanted = max(before + 1, 2)
        while time.monotonic() < until:
            if self._answers() >= wanted:
                return True
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)
        return False

    def _may_lose_reach(self) -> None:
        unreachable = self._server.carrier.unreachable
        if self._chance.random() < _PHONES_OFF:
            unreachable[self.number] = _OUT_OF_REACH
        else:
            unreachable.pop(self.number, None)
