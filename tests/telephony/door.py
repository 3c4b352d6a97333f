"""What tests of the way in share: keys that callers press, what they heard, a line that is closed."""

from typing import Any

from hotline.actions import inbound, line
from hotline.domain.contacts import Contact
from hotline.domain.inbound import InboundCall
from hotline.domain.opening_hours import OpeningHours
from tests.scene import supervisor
from tests.telephony.exchange import Exchange


async def presses(exchange: Exchange, sid: str, key: str) -> None:
    assert exchange.carrier.lines[sid].gathering is not None or exchange.carrier.lines[sid].record is not None
    exchange.carrier.press(sid, key, exchange.clock.now())
    await exchange.settle()


async def at_door(exchange: Exchange, sid: str) -> InboundCall:
    found = await exchange.hotline.reader.find(InboundCall, inbound.inbound_id_of(sid))
    assert found is not None
    return found


def heard(exchange: Exchange, sid: str, words: str) -> bool:
    return any(words in each for each in exchange.carrier.lines[sid].heard)


async def queued(exchange: Exchange, sid: str) -> None:
    """Through the menu without a key."""
    await exchange.passes(30)
    assert exchange.carrier.lines[sid].queue is not None


async def contacts(exchange: Exchange) -> list[Contact]:
    return await exchange.hotline.reader.where(Contact)


async def all_of(exchange: Exchange, model: type[Any]) -> list[Any]:
    return await exchange.hotline.reader.where(model)


async def closes(exchange: Exchange) -> None:
    """It is 11:00 in Shanghai on a Monday; the line opens at 18:00."""
    hours = OpeningHours(always=False, weekly={"0": [["18:00", "22:00"]]})
    await line.set_hours(exchange.hotline, await supervisor(exchange.hotline), hours, version=0)
