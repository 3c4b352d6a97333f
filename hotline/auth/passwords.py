"""Passwords, by Argon2id. Hashing takes a core for tens of milliseconds: never on the event loop, and never for
as many at once as a flood would like."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

LONGEST = 128
"""Characters. More would only be work for the server."""

_AT_ONCE = 2  # 64 MiB each; whoever comes third waits some hundredths of a second

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_workers, _hasher.hash, password)


async def is_password(password_hash: str | None, password: str) -> bool:
    """Without a hash (nobody of this name, no password set) it takes just as long, and is False."""
    return await asyncio.get_running_loop().run_in_executor(_workers, _verify, password_hash, password)


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
