"""Simulated people who call: they hear the notices, wait, speak when somebody is there, and hang up.

The counselor's words come over the same line: the simulated counselor has no voice of its own.
"""

from __future__ import annotations

import asyncio
import random
import time

from hotline.telephony.simulated_line import Line
from web_console.simulation.carrier_server import CarrierServer
from web_console.simulation.dialogues import ANSWERS, Dialogue
from web_console.simulation.tally import Tally

_REGULARS, _REGULARS_SHARE = 6, 0.2  # some call again and again
_LOOKS_EVERY_SECONDS = 0.25  # how often a caller notices that something changed on the line


class Caller:
    """One person with one dialogue. `patience`: seconds until they give up waiting."""

    def __init__(
        self,
        server: CarrierServer,
        dialogue: Dialogue,
        tally: Tally,
        chance: random.Random,
        *,
        pace: float,
        patience: float,
    ) -> None:
        self._server = server
        self._dialogue = dialogue
        self._tally = tally
        self._chance = chance
        self._pace = pace
        self._patience = patience
        self._said_waiting = False

    def _number(self) -> str:
        if self._chance.random() < 0.1:
            return "anonymous"
        if self._chance.random() < _REGULARS_SHARE:
            return f"+861380000{self._chance.randrange(_REGULARS):04}"
        tail = f"{self._chance.randrange(10**8):08}"
        return f"+86139{tail}" if self._dialogue.language == "zh" else f"+4477009{tail[:5]}"

    async def live(self, until: float) -> None:
        carrier, clock = self._server.carrier, self._server.clock
        sid = carrier.call_in(self._number(), clock.now())
        self._server.wake()
        self._tally.calls += 1
        line = carrier.lines[sid]
        called_at = time.monotonic()
        if await self._is_in_room(line, min(until, called_at + self._patience)):
            self._tally.answered += 1
            self._tally.bridged += 1
            self._tally.answered_after.append(time.monotonic() - called_at)
            await self._talk(line, until)
        if not line.is_over:
            carrier.hang_up(sid, clock.now())
            self._server.wake()

    async def _is_in_room(self, line: Line, until: float) -> bool:
        """Whether a counselor came. Who is in danger already says so while waiting."""
        while time.monotonic() < until and not line.is_over:
            if line.room is not None and len(self._server.carrier.rooms[line.room].members) > 1:
                return True
            if line.queue is not None and not self._said_waiting:
                self._said_waiting = True
                self._say(line, self._dialogue.lines[0], "inbound_track")
            await asyncio.sleep(_LOOKS_EVERY_SECONDS)
        return False

    async def _talk(self, line: Line, until: float) -> None:
        answers = ANSWERS[self._dialogue.language]
        for number, text in enumerate(self._dialogue.lines):
            if number == 0 and self._said_waiting:
                continue
            for said, track in ((text, "inbound_track"), (answers[number % len(answers)], "outbound_track")):
                await asyncio.sleep(self._pace * self._chance.uniform(0.5, 1.5))
                if line.is_over or line.room is None or time.monotonic() > until:
                    return
                self._say(line, said, track)

    def _say(self, line: Line, text: str, track: str) -> None:
        if self._server.carrier.speak(line.sid, text, self._server.clock.now(), track=track):
            self._server.wake()
