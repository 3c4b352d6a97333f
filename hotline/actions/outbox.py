"""The outbox: sends what is owed to the carrier, each effect once, those of one contact in their order.

    pending ──claim──▶ sending ──answer──▶ sent
       ▲                 │ busy, 429, 5xx: later again        │ refused, or too often: failed
       └─────────────────┘

What breaks on our side is tried again as often as a busy carrier, and fails then: it must not hold up what comes after
it. Only while the database does not answer everything waits.
It is marked `sending` before it is sent. Whoever finds it `sending` (after a crash, or when no answer came)
asks the carrier what happened and sends only what did not happen: a call must not be made twice.
How each kind is sent and what follows is in `carrier_orders.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hotline.actions.carrier_orders import ORDERS, Order
from hotline.actions.recording_orders import RECORDING_ORDERS
from hotline.domain.change import NOTHING, Change, Committed, Effect, Settled
from hotline.errors import HotlineError, Unavailable
from hotline.storage.outbox import Owed, unsettled
from hotline.storage.working_set import Loaded
from hotline.telephony.carrier import CarrierBusy, CarrierRefused

if TYPE_CHECKING:
    from hotline.service import Hotline

log = logging.getLogger(__name__)

_ORDERS = {**ORDERS, **RECORDING_ORDERS}
_MOST_ATTEMPTS = 8  # with the pauses below about two minutes: longer than that, a person must look
_KEPT_KEYS = 20_000  # the same key said again after it was sent is not sent again
_FINISH_SECONDS = 5.0
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(seconds=30)


def pause_after(attempts: int, asked: timedelta | None = None) -> timedelta:
    """Twice as long each time; what the carrier itself asks for (429) counts where it is longer."""
    own = min(_FIRST_PAUSE * float(2 ** (attempts - 1)), _LONGEST_PAUSE)
    return max(own, asked) if asked is not None else own


class Outbox:
    """What is owed, in memory, in lanes: one per subject, since hanging up must not overtake ringing."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Owed]] = {}
        self._known: OrderedDict[str, None] = OrderedDict()
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._texts_free_at: datetime | None = None

    async def load(self, hotline: Hotline) -> None:
        """From the table, at start."""
        for owed in await unsettled(hotline.reader):
            self._take_in(owed)

    def hear(self, committed: Committed) -> None:
        """A listener of the writer."""
        for effect in committed.effects:
            self._take_in(_owed(effect, committed.at))

    def _take_in(self, owed: Owed) -> None:
        if owed.key not in self._known:
            self._known[owed.key] = None
            if len(self._known) > _KEPT_KEYS:
                self._known.popitem(last=False)
            self._lanes.setdefault(owed.subject, deque()).append(owed)

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    @property
    def is_busy(self) -> bool:
        return bool(self._sending)

    def start_due(self, hotline: Hotline, now: datetime) -> None:
        """Begin to send the head of each lane whose time has come. Returns at once."""
        due = [
            subject
            for subject, lane in self._lanes.items()
            if subject not in self._sending and lane[0].next_at <= now
        ]
        texts = [each for each in due if self._lanes[each][0].kind in _TEXTS]
        for subject in due:
            if self._lanes[subject][0].kind not in _TEXTS:
                self._start(hotline, subject)
        # A number sends only so many texts a second, else the carrier's filters take it for an advertiser's.
        # What a person wrote goes before what the service says by itself.
        pause = timedelta(seconds=1) / hotline.settings.texts_per_second
        for subject in sorted(texts, key=lambda each: _turn(self._lanes[each][0])):
            # Further off than a pause it is of a clock that was set back since.
            if self._texts_free_at is not None and now < self._texts_free_at <= now + pause:
                return
            self._texts_free_at = now + pause
            self._start(hotline, subject)

    def _start(self, hotline: Hotline, subject: str) -> None:
        self._sending[subject] = asyncio.create_task(self._send_head(hotline, subject), name="outbox")

    def next_at(self) -> datetime | None:
        """When the next text may go, if one waits for its turn only."""
        waits = any(lane[0].kind in _TEXTS for lane in self._lanes.values())
        return self._texts_free_at if waits else None

    async def close(self) -> None:
        """Let what is being sent be noted; what is cut off stays `sending` and is asked for at the next start."""
        if self._sending:
            await asyncio.wait(tuple(self._sending.values()), timeout=_FINISH_SECONDS)
        for task in tuple(self._sending.values()):
            task.cancel()
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def _send_head(self, hotline: Hotline, subject: str) -> None:
        lane = self._lanes[subject]
        try:
            again = await _sent(hotline, lane[0])
        except Exception as error:
            log.exception("outbox: %s of %s could not be settled", lane[0].kind, subject)
            again = await _after_breaking(hotline, lane[0], error)
        finally:
            del self._sending[subject]
        if again is not None:
            lane[0] = again
            return
        lane.popleft()
        if not lane:
            del self._lanes[subject]
        else:
            self.start_due(hotline, hotline.clock.now())


_TEXTS = ("send_text", "send_notice")


def _turn(owed: Owed) -> tuple[bool, datetime]:
    by_itself: bool = owed.kind == "send_notice" or owed.payload.get("by_itself", False)
    return by_itself, owed.made_at


def _owed(effect: Effect, at: datetime) -> Owed:
    return Owed(
        effect.key, effect.kind, effect.subject, effect.payload, "pending", 0, effect.not_before or at, at
    )


async def find_again(hotline: Hotline) -> None:
    """At start: what outlived the last process, half sent or not at all."""
    await hotline.outbox.load(hotline)


async def send_owed(hotline: Hotline) -> None:
    """The worker's tick."""
    hotline.outbox.start_due(hotline, hotline.clock.now())


async def _after_breaking(hotline: Hotline, owed: Owed, error: Exception) -> Owed | None:
    """Neither sent nor refused: as `_sent` answers."""
    later = replace(owed, state="sending", next_at=hotline.clock.now() + _LONGEST_PAUSE)
    if isinstance(error, Unavailable):  # nothing is lost, the row still says what is owed
        return later
    later = replace(later, attempts=owed.attempts + 1)
    if later.attempts < _MOST_ATTEMPTS:
        return later
    try:
        await _settle(hotline, later, "failed", lambda _: NOTHING)
    except Exception:
        log.exception("outbox: %s of %s could not be given up", owed.kind, owed.subject)
        return later
    return None


async def _sent(hotline: Hotline, owed: Owed) -> Owed | None:
    """Send it; None when it is settled for good, else how it is owed from now on."""
    order = _ORDERS.get(owed.kind)
    if order is None:
        log.error("outbox: %s of %s is of another version; it is not sent", owed.kind, owed.subject)
        await _settle(hotline, owed, "failed", lambda _: NOTHING)
        return None
    was_sending = owed.state == "sending"
    owed = replace(owed, state="sending", attempts=owed.attempts + 1)
    may_be_done = was_sending and order.find is not None
    wanted = await _claim(hotline, owed, order, may_be_done=may_be_done)
    if not wanted and not may_be_done:
        return None
    try:
        result = await _carrier_or_busy(hotline, owed, order, wanted=wanted, was_sending=was_sending)
    except CarrierBusy as busy:
        if owed.attempts < _MOST_ATTEMPTS:
            state = "sending" if busy.unsure else "pending"
            pause = pause_after(owed.attempts, busy.retry_after)
            return await _again(hotline, replace(owed, state=state, next_at=hotline.clock.now() + pause))
        await _fail(hotline, owed, order, busy)
    except CarrierRefused as refused:
        await _fail(hotline, owed, order, refused)
    else:
        if not wanted and result is None:
            await _settle(hotline, owed, "void", lambda _: NOTHING)
        else:
            await _settle(hotline, owed, "sent", lambda loaded: order.sent(loaded, owed, result))
    return None


async def _claim(hotline: Hotline, owed: Owed, order: Order, *, may_be_done: bool) -> bool:
    """Note that it is being sent; False if it is not wanted any more. Then it is void, unless the carrier may have done
    it unheard: a telephone that nobody wants would ring to its end."""

    def decide(loaded: Loaded) -> Change:
        wanted = order.wanted(loaded, owed)
        state = "sending" if wanted or may_be_done else "void"
        return Change(settled=(Settled(owed.key, state, owed.attempts, owed.next_at),), answer=wanted)

    wanted: bool = await hotline.writer.run(decide)
    return wanted


async def _carried_out(hotline: Hotline, owed: Owed, order: Order, *, wanted: bool, was_sending: bool) -> Any:
    if hotline.carrier is None:
        raise CarrierRefused("No carrier is set up.")
    if was_sending and order.find is not None:
        found = await _found(hotline, owed, order.find)
        if found is not None or not wanted:
            return found
    return await order.send(hotline, owed)


async def _carrier_or_busy(
    hotline: Hotline, owed: Owed, order: Order, *, wanted: bool, was_sending: bool
) -> Any:
    """What breaks in between is as unsure as a lost answer."""
    try:
        return await _carried_out(hotline, owed, order, wanted=wanted, was_sending=was_sending)
    except (CarrierBusy, CarrierRefused, Unavailable):
        raise
    except Exception as error:
        log.exception("outbox: %s of %s broke", owed.kind, owed.subject)
        raise CarrierBusy(f"It broke ({type(error).__name__}).", unsure=True) from None


async def _found(hotline: Hotline, owed: Owed, find: Callable[[Hotline, Owed], Awaitable[Any]]) -> Any:
    """A carrier that cannot be asked leaves it as unsure as it was: it must not be sent again unasked."""
    try:
        return await find(hotline, owed)
    except CarrierBusy as busy:
        raise CarrierBusy(busy.detail, retry_after=busy.retry_after, unsure=True) from None


async def _again(hotline: Hotline, owed: Owed) -> Owed:
    log.warning("outbox: %s of %s is tried again, attempt %d", owed.kind, owed.subject, owed.attempts)
    settled = Settled(owed.key, owed.state, owed.attempts, owed.next_at)
    await hotline.writer.run(lambda _: Change(settled=(settled,)))
    return owed


async def _fail(hotline: Hotline, owed: Owed, order: Order, error: HotlineError) -> None:
    log.warning("outbox: %s of %s failed after %d attempts", owed.kind, owed.subject, owed.attempts)
    await _settle(hotline, owed, "failed", lambda loaded: order.failed(loaded, owed, error, hotline.rules))


async def _settle(hotline: Hotline, owed: Owed, state: str, follow: Any) -> None:
    settled = Change(settled=(Settled(owed.key, state, owed.attempts, owed.next_at),))

    def decide(loaded: Loaded) -> Change:
        change: Change = follow(loaded)
        return change.then(settled)

    try:
        await hotline.writer.run(decide)
    except HotlineError:
        log.warning("outbox: what follows %s of %s was refused", owed.kind, owed.subject)
        await hotline.writer.run(lambda _: settled)
    except Exception:
        log.exception("outbox: what follows %s of %s broke", owed.kind, owed.subject)
        await hotline.writer.run(lambda _: settled)
