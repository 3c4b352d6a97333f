"""The same webhook again, by the carrier's token: the same answer, no second effect, also after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.actions import inbound
from hotline.domain.contacts import ContactState
from hotline.errors import Unavailable
from hotline.storage.webhook_answers import KEPT_FOR, Answer
from tests.conftest import SetClock
from tests.telephony.test_webhooks import ACCOUNT, TOKEN, Carrier, payload, serving

VOICE = "/twilio/voice"


def again(token: str) -> dict[str, str]:
    return {"I-Twilio-Idempotency-Token": token}


@asynccontextmanager
async def at_line(url: str, folder: Path, clock: SetClock) -> AsyncIterator[Carrier]:
    given = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN}
    async with serving(url, folder, clock, **given) as carrier:
        yield carrier


async def test_the_same_webhook_gets_the_same_answer_whatever_has_happened_since(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        form = payload("voice")
        first = await carrier.posts(VOICE, form, **again("t1"))
        (contact,) = await carrier.contacts()
        assert contact.state is ContactState.WAITING
        menu = "/twilio/menu?step=language&again=0"
        chosen = await carrier.posts(menu, {**form, "Digits": "2"}, **again("t2"))
        assert await carrier.posts(VOICE, form, **again("t1")) == first
        assert await carrier.posts(menu, {**form, "Digits": "2"}, **again("t2")) == chosen
        other = await carrier.posts(VOICE, form, **again("t3"))
        assert other != first, "another webhook: by now the language is chosen"
        assert len(await carrier.contacts()) == 1


async def test_two_at_once_are_done_once(
    migrated_url: str, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = inbound.arrive, []

    async def counted(*arguments: object) -> object:
        times.append(1)
        await asyncio.sleep(0.05)
        return await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(inbound, "arrive", counted)
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        both = await asyncio.gather(
            *(carrier.posts(VOICE, payload("voice"), **again("t1")) for _ in range(2))
        )
        assert both[0] == both[1]
        assert len(times) == 1


async def test_after_a_restart_it_is_remembered_and_after_its_time_forgotten(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        first = await carrier.posts(VOICE, payload("voice"), **again("t1"))
        await carrier.posts("/twilio/menu?step=language&again=0", payload("voice", Digits="2"), **again("t2"))
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        assert await carrier.posts(VOICE, payload("voice"), **again("t1")) == first
        clock.move(KEPT_FOR + timedelta(seconds=1))
        await carrier.hotline.answers.forget_old()
        assert await carrier.posts(VOICE, payload("voice"), **again("t1")) != first
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        assert len(carrier.hotline.answers._kept) == 1


async def test_what_failed_on_our_side_is_tried_anew(
    migrated_url: str, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inbound.arrive

    async def away(*_arguments: object) -> object:
        raise Unavailable("away")

    async with at_line(migrated_url, tmp_path, clock) as carrier:
        monkeypatch.setattr(inbound, "arrive", away)
        _, _, words = await carrier.posts(VOICE, payload("voice"), **again("t1"))
        assert "故障" in words
        monkeypatch.setattr(inbound, "arrive", real)
        _, _, words = await carrier.posts(VOICE, payload("voice"), **again("t1"))
        assert "故障" not in words
        assert len(await carrier.contacts()) == 1


async def test_an_unsigned_one_gets_no_answer_by_a_token_it_has_seen(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        await carrier.posts(VOICE, payload("voice"), **again("t1"))
        status, _, text = await carrier.posts(VOICE, payload("voice"), token="another", **again("t1"))
        assert status == 403
        assert "<Response>" not in text


async def test_a_token_that_is_none_is_no_token(migrated_url: str, tmp_path: Path, clock: SetClock) -> None:
    async with at_line(migrated_url, tmp_path, clock) as carrier:
        made: list[int] = []

        async def make() -> Answer:
            made.append(1)
            return Answer(204)

        for token in ("", "x" * 300):
            await carrier.hotline.answers.once(token, VOICE, make)
            await carrier.hotline.answers.once(token, VOICE, make)
        assert len(made) == 4
