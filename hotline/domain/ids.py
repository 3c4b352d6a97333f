"""Ids: a prefix that names the noun, then 26 characters of Crockford base 32 (48 bits of time, 82 of hash).

They sort by time, can be made again from the same seed (so that a decision that is run twice makes the
same ids), and reveal nothing but when they were made.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NewType

StaffId = NewType("StaffId", str)
ContactId = NewType("ContactId", str)
MessageId = NewType("MessageId", str)
OfferId = NewType("OfferId", str)
AlertId = NewType("AlertId", str)
NoteId = NewType("NoteId", str)
PersonId = NewType("PersonId", str)
FollowupId = NewType("FollowupId", str)
ReferralId = NewType("ReferralId", str)
SchoolReportId = NewType("SchoolReportId", str)
SchoolId = NewType("SchoolId", str)
InstitutionId = NewType("InstitutionId", str)
DiversionId = NewType("DiversionId", str)
LegId = NewType("LegId", str)
PersonFlagId = NewType("PersonFlagId", str)
InboundId = NewType("InboundId", str)
BlockId = NewType("BlockId", str)
VoicemailId = NewType("VoicemailId", str)
RecordingId = NewType("RecordingId", str)
ListeningId = NewType("ListeningId", str)
LegalHoldId = NewType("LegalHoldId", str)
SessionId = NewType("SessionId", str)
ShiftId = NewType("ShiftId", str)
OverrideId = NewType("OverrideId", str)
HandoverId = NewType("HandoverId", str)
ShiftSwapId = NewType("ShiftSwapId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def derived_id(prefix: str, *parts: str) -> str:
    """The id that the same parts always give: how the same thing said twice is recognised."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()
    return f"{prefix}_{_base32(int.from_bytes(digest, 'big'), 26)}"


class IdSource:
    """New ids from a seed: the n-th id of one seed is always the same."""

    __slots__ = ("_count", "_milliseconds", "_seed")

    def __init__(self, seed: bytes, at: datetime) -> None:
        self._seed = seed
        self._milliseconds = int(at.timestamp() * 1000)
        self._count = 0

    def new(self, prefix: str) -> str:
        self._count += 1
        digest = hashlib.blake2b(self._seed + self._count.to_bytes(4, "big"), digest_size=11).digest()
        time_part = _base32(self._milliseconds, 10)
        return f"{prefix}_{time_part}{_base32(int.from_bytes(digest, 'big') >> 8, 16)}"
