"""Passwords, by Argon2id. Hashing takes a core for tens of milliseconds: never on the event loop, and never for
as many at once as a flood would like."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from hotline.errors import SlowDown

T = TypeVar("T")

LONGEST = 128
"""Characters. More would only be work for the server."""

_AT_ONCE = 2  # 64 MiB each; whoever comes third waits some hundredths of a second

_MOST_WAITING = 60
"""A few seconds' work. More than this is a flood, and whoever came with it is told to come back."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")


_waiting = 0


async def hash_password(password: str) -> str:
    return await _in_turn(_hasher.hash, password)


async def is_password(password_hash: str | None, password: str) -> bool:
    """Without a hash (nobody of this name, no password set) it takes just as long, and is False."""
    return await _in_turn(_verify, password_hash, password)


async def _in_turn(work: Callable[..., T], *given: str | None) -> T:
    global _waiting
    if _waiting >= _MOST_WAITING:
        raise SlowDown(5.0, "Many are signing in just now. Please try again.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_workers, work, *given)
    finally:
        _waiting -= 1


def is_outdated(password_hash: str) -> bool:
    """Made with weaker parameters than today's: to be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
