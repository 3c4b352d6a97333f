"""Passwords and one-time codes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from hotline.auth import second_factor
from hotline.auth.passwords import hash_password, is_outdated, is_password
from hotline.auth.tokens import csrf_of, new_token, token_hash

NOW = datetime(2026, 3, 2, 3, 0, 10, tzinfo=UTC)


async def test_a_password_and_no_other() -> None:
    hashed = await hash_password("一句很长的话 with a space")
    assert hashed.startswith("$argon2id$")
    assert await is_password(hashed, "一句很长的话 with a space")
    assert not await is_password(hashed, "一句很长的话 with a spacE")
    assert not await is_password(hashed, "")
    assert not is_outdated(hashed)


async def test_no_password_is_right_where_there_is_none() -> None:
    assert not await is_password(None, "nobody has this password")
    assert not await is_password("not a hash", "not a hash")


async def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    hashed = await hash_password("something")
    await is_password(None, "warm")

    async def took(password_hash: str | None) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            await is_password(password_hash, "wrong")
            times.append(time.process_time() - started)
        return min(times)

    known, unknown = await took(hashed), await took(None)
    assert unknown > known / 3


def test_weaker_hashes_are_made_anew() -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert is_outdated(weak)


@pytest.mark.parametrize(("shift", "right"), [(0, True), (-30, True), (30, True), (-90, False), (90, False)])
def test_a_code_of_about_now(shift: int, right: bool) -> None:
    secret = second_factor.new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=shift))
    assert (second_factor.step_of(secret, code, NOW) is not None) is right
    assert second_factor.step_of(secret, f"{code[:3]} {code[3:]}", NOW) == second_factor.step_of(
        secret, code, NOW
    )


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "一二三四五六", "0" * 100])
def test_no_code(code: str) -> None:
    assert second_factor.step_of("JBSWY3DPEHPK3PXP" * 2, code, NOW) is None


def test_tokens_are_never_the_same_and_known_by_their_hash() -> None:
    tokens = {new_token() for _ in range(100)}
    assert (
        len(tokens)
        == len({token_hash(each) for each in tokens})
        == len({csrf_of(each) for each in tokens})
        == 100
    )
    assert all(len(each) >= 43 and each not in token_hash(each) for each in tokens)
    assert token_hash("half a character \ud800")
