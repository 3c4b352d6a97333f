"""What was answered to the carrier is kept once, and keeping it never stands in the way of the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from hotline.service import Hotline
from hotline.storage import webhook_answers
from hotline.storage.tables.system import JournalSealRow
from hotline.storage.webhook_answers import Answer, WebhookAnswers
from tests.conftest import Opener
from tests.scene import person


async def answered(answers: WebhookAnswers, token: str, body: str) -> str:
    async def make() -> Answer:
        return Answer(200, body)

    return (await answers.once(token, "/twilio/voice", make)).body


async def after_a_restart(hotline: Hotline) -> WebhookAnswers:
    found = WebhookAnswers(hotline.database, hotline.clock)
    await found.find_again()
    return found


async def test_answers_whose_commit_was_not_answered_are_saved_again(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were refused as there already, at every tick of the worker, which sealed and swept nothing any more."""
    write = hotline.database.write

    async def unanswered(work: Callable[[Connection], Any]) -> Any:
        await write(work)
        raise ConnectionResetError

    await answered(hotline.answers, "one", "first")
    with monkeypatch.context() as patch:
        patch.setattr(hotline.database, "write", unanswered)
        with pytest.raises(ConnectionResetError):
            await hotline.answers.save()
    await answered(hotline.answers, "two", "second")
    await hotline.answers.save()
    again = await after_a_restart(hotline)
    assert [await answered(again, each, "anew") for each in ("one", "two")] == ["first", "second"]


async def test_a_token_that_came_again_after_too_many_others(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_answers, "_MOST", 2)
    for token in ("one", "two", "three", "one"):
        await answered(hotline.answers, token, f"{token} now")
        await hotline.answers.save()
        hotline.clock.move(webhook_answers.KEPT_FOR / 100)  # type: ignore[attr-defined]
    again = await after_a_restart(hotline)
    assert [await answered(again, each, "anew") for each in ("one", "three")] == ["one now", "three now"]


async def test_what_fails_at_every_tick_keeps_nothing_else_from_being_done(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> None:
        raise ConnectionResetError

    async with opened(work=True) as hotline:
        monkeypatch.setattr(hotline.answers, "save", never)
        await (await person(hotline)).writes("在吗")
        async with asyncio.timeout(10):
            while not await hotline.reader.rows(select(JournalSealRow.__table__)):  # type: ignore[attr-defined]  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        monkeypatch.undo()
