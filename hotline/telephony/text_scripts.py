"""What we answer to the carrier when a text comes in."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse


def no_reply() -> str:
    """Nothing is sent back at once: what is said is owed like every text."""
    return str(MessagingResponse())


def reply(text: str) -> str:
    """Words that the carrier sends itself, because we may not be able to."""
    response = MessagingResponse()
    response.message(text)
    return str(response)
