"""Tokens: 256 random bits for their holder; for us only a hash, so that the database lets nobody in."""

from __future__ import annotations

import hashlib
import secrets

_TOKEN_BYTES = 32
_LONGEST_TOKEN = 200


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """A plain hash is enough: unlike a password, a token cannot be guessed."""
    return hashlib.sha256(token[:_LONGEST_TOKEN].encode(errors="replace")).hexdigest()


def csrf_of(token: str) -> str:
    """The token that unsafe requests of a page carry: known to whoever could read the session's own answers."""
    return hashlib.sha256(b"csrf\x00" + token.encode(errors="replace")).hexdigest()[:43]
