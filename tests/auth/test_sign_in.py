"""Signing in on both databases: what the store keeps, and what another process changes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest

from hotline.actions import sessions, staff
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.auth.identities import FRESH_FOR
from hotline.bootstrap import open_accounts
from hotline.domain.access import Role
from hotline.domain.staff import Session, Staff
from hotline.errors import NotSignedIn, SlowDown, Taken
from hotline.service import Hotline
from tests.conftest import SetClock

PASSWORD = "a long enough sentence"
NEW = NewStaff("lin", "林晓", [Role.COUNSELOR], password=PASSWORD)


async def test_a_session_is_known_by_its_token_only(hotline: Hotline) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    signed_in = await sessions.sign_in(hotline, "lin", PASSWORD)
    known = await sessions.whose(hotline, signed_in.token)
    assert known is not None
    assert known.staff.username == "lin"
    stored = await hotline.reader.where(Session)
    assert signed_in.token not in str(stored)
    assert PASSWORD not in str(await hotline.reader.where(Staff))
    assert await sessions.whose(hotline, signed_in.token + "x") is None
    await sessions.sign_out(hotline, signed_in.session)
    assert await sessions.whose(hotline, signed_in.token) is None
    assert await hotline.reader.where(Session) == []


async def test_a_session_that_ends_while_it_is_used_opens_nothing_more(
    hotline: Hotline, clock: SetClock
) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    signed_in = await sessions.sign_in(hotline, "lin", PASSWORD)
    clock.move(timedelta(minutes=2))  # its use is noted again
    _, known = await asyncio.gather(
        sessions.sign_out(hotline, signed_in.session), sessions.whose(hotline, signed_in.token)
    )
    assert known is None
    assert await sessions.whose(hotline, signed_in.token) is None


async def test_old_sessions_are_cleared_away(hotline: Hotline, clock: SetClock) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    await sessions.sign_in(hotline, "lin", PASSWORD)
    clock.move(timedelta(hours=hotline.settings.session_hours))
    await sessions.sign_in(hotline, "lin", PASSWORD)
    assert len(await hotline.reader.where(Session)) == 1


async def test_what_the_command_line_changes_holds_in_a_running_server(
    hotline: Hotline, clock: SetClock
) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    token = (await sessions.sign_in(hotline, "lin", PASSWORD)).token
    assert await sessions.whose(hotline, token) is not None
    async with open_accounts(hotline.settings) as beside:
        made = await staff.create(
            beside, OPERATOR, NewStaff("chen", "陈静", [Role.SUPERVISOR], password=PASSWORD)
        )
        found = await staff.by_username(beside, "LIN")
        await staff.change(beside, OPERATOR, found.id, disabled=True)
    signed_in = await sessions.sign_in(hotline, "chen", PASSWORD)
    assert hotline.directory.name(signed_in.staff.id) == {"id": made.staff.id, "name": "陈静"}
    clock.move(FRESH_FOR)
    assert await sessions.whose(hotline, token) is None
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(hotline, "lin", PASSWORD)


async def test_a_clock_that_is_set_back_keeps_no_ended_account_signed_in(
    hotline: Hotline, clock: SetClock
) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    token = (await sessions.sign_in(hotline, "lin", PASSWORD)).token
    assert await sessions.whose(hotline, token) is not None
    async with open_accounts(hotline.settings) as beside:
        found = await staff.by_username(beside, "lin")
        await staff.change(beside, OPERATOR, found.id, disabled=True)
    clock.move(-timedelta(hours=1))
    assert await sessions.whose(hotline, token) is None


async def test_one_username_one_account(hotline: Hotline) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    with pytest.raises(Taken):
        await staff.create(hotline, OPERATOR, NEW)
    assert len(await staff.everyone(hotline)) == 1


async def test_a_code_is_used_up_even_for_two_who_come_together(hotline: Hotline, clock: SetClock) -> None:
    made = await staff.create(hotline, OPERATOR, NEW)
    actor = (await sessions.sign_in(hotline, "lin", PASSWORD)).staff
    from hotline.domain.staff import actor_of

    secret, _ = await staff.begin_second_factor(hotline, actor_of(actor), PASSWORD)
    await staff.confirm_second_factor(hotline, actor_of(actor), pyotp.TOTP(secret).at(clock.now()))
    clock.move(timedelta(minutes=2))
    code = pyotp.TOTP(secret).at(clock.now())
    tries = [sessions.sign_in(hotline, "lin", PASSWORD, code) for _ in range(2)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, NotSignedIn) for each in outcomes) == 1
    stored = await hotline.reader.find(Staff, made.staff.id)
    assert stored is not None
    assert stored.totp_secret == secret


async def test_guessing_one_account_from_many_places_is_slowed_too(hotline: Hotline) -> None:
    limit = hotline.settings.sign_in_attempts * 10
    now = hotline.clock.now()
    window = timedelta(seconds=hotline.settings.sign_in_window_seconds)
    for _ in range(limit):
        hotline.identities.failures.note_failure("lin@*", window, now)
    with pytest.raises(SlowDown):
        await sessions.sign_in(hotline, "lin", PASSWORD, address="192.0.2.77")


async def test_a_hundred_guesses_at_once_are_as_many_as_one_after_the_other(hotline: Hotline) -> None:
    await staff.create(hotline, OPERATOR, NEW)
    guesses = [sessions.sign_in(hotline, "lin", f"guess {n}", address="203.0.113.7") for n in range(30)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    wrong = [each for each in answers if isinstance(each, NotSignedIn)]
    assert len(wrong) == hotline.settings.sign_in_attempts
    assert all(isinstance(each, SlowDown) for each in answers if each not in wrong)


async def test_a_flood_of_passwords_is_bounded(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a core for tens of milliseconds: without a bound nobody could sign in for minutes."""
    monkeypatch.setattr("hotline.auth.passwords._MOST_WAITING", 4)
    guesses = [sessions.sign_in(hotline, f"nobody{n}", "guess", address=f"203.0.113.{n}") for n in range(12)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(each, SlowDown) for each in answers) == 8
    assert sum(isinstance(each, NotSignedIn) for each in answers) == 4
    await staff.create(hotline, OPERATOR, NEW)
    assert (await sessions.sign_in(hotline, "lin", PASSWORD)).staff.username == "lin"
