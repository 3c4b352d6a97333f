"""A counselor's own number instead of the browser: rung, taken by a key, and never given to a machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from hotline.actions import phones
from hotline.domain.access import Actor
from hotline.domain.calls import LegState
from hotline.domain.contacts import ContactState
from hotline.domain.ids import StaffId
from hotline.errors import Invalid
from hotline.settings import load_settings
from hotline.telephony import phone_tokens
from hotline.telephony.simulated_line import Line
from tests.conftest import SetClock
from tests.scene import counselor
from tests.telephony.exchange import NUMBER, Exchange, open_exchange

GREETED = 60  # seconds: the notices and the menu in both languages, with a margin
MOBILE = "+8613900001111"


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Exchange]:
    async with open_exchange(migrated_url, tmp_path, clock) as exchange:
        yield exchange
        assert exchange.carrier.problems == []


async def rung_at_the_number(exchange: Exchange) -> tuple[Actor, str, Line]:
    """A counselor who took a call; their mobile rings and is picked up."""
    sid = await exchange.call()
    await exchange.passes(GREETED)
    someone = await counselor(exchange.hotline)
    await phones.use_number(exchange.hotline, someone, MOBILE)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(2)
    line = next(line for line in exchange.carrier.lines.values() if line.to == MOBILE)
    assert any("Press any key" in each for each in line.heard)
    return someone, sid, line


async def test_who_presses_a_key_gets_the_caller(exchange: Exchange) -> None:
    _, sid, line = await rung_at_the_number(exchange)
    assert (await exchange.contact(sid)).call_state == "ringing"
    exchange.carrier.press(line.sid, "5", exchange.clock.now())
    await exchange.settle()
    await exchange.passes(2)
    contact = await exchange.contact(sid)
    assert contact.call_state == "bridged"
    assert line.sid in exchange.carrier.rooms[contact.id].members


async def test_a_machine_that_picks_up_gets_no_caller(exchange: Exchange) -> None:
    _, sid, line = await rung_at_the_number(exchange)
    await exchange.passes(30)
    contact = await exchange.contact(sid)
    assert line.is_over
    assert contact.state is ContactState.WAITING
    assert contact.call_state == "queued"
    assert [leg.state for leg in await exchange.legs(sid)] == [LegState.ENDED]
    assert not exchange.carrier.lines[sid].is_over


async def test_back_to_the_browser(exchange: Exchange) -> None:
    sid = await exchange.call()
    await exchange.passes(GREETED)
    someone = await counselor(exchange.hotline)
    await phones.use_number(exchange.hotline, someone, MOBILE)
    await phones.use_browser(exchange.hotline, someone)
    await exchange.settle()
    await exchange.accepts(someone)
    await exchange.passes(3)
    assert (await exchange.contact(sid)).call_state == "bridged"
    assert any(line.to == f"client:{someone.staff_id}" for line in exchange.carrier.lines.values())


async def test_what_cannot_be_rung_is_refused(exchange: Exchange) -> None:
    someone = await counselor(exchange.hotline)
    for number in ("110", "13900001111", "+86 139", "anonymous", "+0123456789", "+447700900123", NUMBER):
        with pytest.raises(Invalid) as refused:
            await phones.use_number(exchange.hotline, someone, number)
        assert number not in str(refused.value)
    assert await phones.phone_of(exchange.hotline, someone.staff_id) is None


def test_a_token_receives_calls_and_can_do_nothing_else() -> None:
    settings = load_settings(
        twilio_account_sid="AC1",
        twilio_auth_token="t",
        twilio_api_key="SK1",
        twilio_api_secret="s" * 32,
    )
    now = datetime.now(UTC)
    minted = phone_tokens.mint(settings, StaffId("stf_1"), now)
    read = jwt.decode(minted.token, "s" * 32, algorithms=["HS256"])
    assert jwt.get_unverified_header(minted.token)["cty"] == "twilio-fpa;v=1"
    assert (read["iss"], read["sub"], read["exp"]) == ("SK1", "AC1", int(minted.expires_at.timestamp()))
    assert read["grants"] == {"identity": "stf_1", "voice": {"incoming": {"allow": True}}}
    assert minted.token not in repr(minted)


def test_an_identity_has_only_what_the_carrier_allows() -> None:
    assert phone_tokens.identity_of("stf_01hx") == "stf_01hx"
    assert phone_tokens.identity_of("a-b@c " + "x" * 200) == "a_b_c_" + "x" * 115
