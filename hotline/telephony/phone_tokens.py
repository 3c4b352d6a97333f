"""Tokens with which a browser becomes a counselor's telephone at the carrier.

A token lets one identity receive calls and nothing else: no outgoing calls, since who is called is decided here.
It is short-lived and renewed by the console before it ends; the carrier knows no way to take one back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from hotline.domain.ids import StaffId
from hotline.settings import Settings

LASTS = timedelta(hours=1)
"""Longer than any network trouble, shorter than a shift: an account that is disabled soon loses its telephone."""

_IDENTITY_LENGTH = 121
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class PhoneToken:
    identity: str
    token: str = field(repr=False)
    expires_at: datetime


def identity_of(staff_id: StaffId | str) -> str:
    """How the carrier knows somebody's browser: letters, digits and underscores only."""
    return _NOT_ALLOWED.sub("_", staff_id)[:_IDENTITY_LENGTH]


def can_mint(settings: Settings) -> bool:
    return bool(settings.twilio_account_sid and settings.twilio_api_key and settings.twilio_api_secret)


def mint(settings: Settings, staff_id: StaffId, now: datetime) -> PhoneToken:
    identity = identity_of(staff_id)
    expires_at = (now + LASTS).replace(microsecond=0)
    token = AccessToken(
        settings.twilio_account_sid,
        settings.twilio_api_key,
        settings.twilio_api_secret,
        identity=identity,
        grants=[VoiceGrant(incoming_allow=True)],
        valid_until=int(expires_at.timestamp()),
    )
    return PhoneToken(identity, token.to_jwt(), expires_at)
