"""The second factor: time-based one-time codes (RFC 6238), as every authenticator app makes them."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

_STEP_SECONDS = 30
_EARLIER_OR_LATER = 1  # steps: telephones' clocks are off by some seconds


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, username: str, service: str) -> str:
    """The otpauth:// address that the app reads as a picture."""
    return pyotp.TOTP(secret, interval=_STEP_SECONDS).provisioning_uri(name=username, issuer_name=service)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that this code is right for, so that it can be used only once; None if it is wrong."""
    totp = pyotp.TOTP(secret, interval=_STEP_SECONDS)
    current = int(now.timestamp()) // _STEP_SECONDS
    given = code.replace(" ", "").encode()
    steps = range(current - _EARLIER_OR_LATER, current + _EARLIER_OR_LATER + 1)
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    return right[0] if right else None
