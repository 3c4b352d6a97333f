"""The port to whatever carries a text to a person: SMS by the carrier, and further channels beside it.

An address says by its scheme who carries it: `sms:+86139…`, `whatsapp:+44770…`, `wechat:openid…`. The domain knows
a text contact and its address; which `Messenger` that means is looked up here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

MessageSid = NewType("MessageSid", str)

SMS = "sms"


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text that the carrier took in for us, asked for because its report may have been lost."""

    sid: str
    from_: str
    text: str
    media: int


@dataclass(frozen=True, slots=True)
class SentText:
    """How far a text has come, in the carrier's words."""

    sid: str
    status: str
    code: int | None


class Messenger(Protocol):
    async def send_message(
        self, to: str, text: str, *, reference: Mapping[str, str] | None = None
    ) -> MessageSid:
        """`reference` comes back in every report about this text."""
        ...

    async def find_message(
        self, to: str, text: str, since: datetime, *, but_not: Collection[str] = ()
    ) -> MessageSid | None:
        """The text that `send_message` sent after `since`, if it did; `but_not` were sent for other reasons."""
        ...

    async def sent_message(self, sid: str) -> SentText:
        """What became of it."""
        ...

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        """What came in for us, newest first."""
        ...


def scheme_of(address: str) -> str:
    """`whatsapp:+44770…` → whatsapp; a bare number is an SMS."""
    scheme, colon, _ = address.partition(":")
    return scheme if colon and scheme.isalpha() else SMS
