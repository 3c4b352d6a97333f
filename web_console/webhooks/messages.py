"""The carrier's webhooks about texts: one comes in, or one of ours has come so far.

| path              | when                                           | our failure                                   |
|-------------------|------------------------------------------------|-----------------------------------------------|
| messages          | somebody writes                                | words with the numbers; it is asked for later |
| messages-fallback | the carrier could not use our answer           | the same                                      |
| message-status    | how far a text of ours (`message`, `part`) came | 503: the carrier repeats it                   |

Nothing is fetched that a message links to: pictures are refused with words, unopened.
"""

from __future__ import annotations

from hotline.actions import text_delivery, texts
from hotline.domain import text_consent
from hotline.domain.ids import MessageId
from hotline.domain.text_consent import TextWord
from hotline.domain.text_words import text_words
from hotline.telephony import addresses
from hotline.telephony.messaging import SentText
from hotline.telephony.text_scripts import no_reply, reply
from triage.languages import language_of
from web_console.webhooks.signed import Webhook, report, script

_MOST_PARTS = 99


async def _messages(webhook: Webhook) -> str:
    await texts.incoming_text(
        webhook.hotline,
        message_sid=webhook.needed("MessageSid"),
        raw_number=webhook.said("From"),
        text=webhook.said("Body"),
        media=_count(webhook.said("NumMedia")),
    )
    return no_reply()


def _fault(webhook: Webhook) -> str:
    """Static: needs nothing of the store. Who asked to be left alone is."""
    body = webhook.form.get("Body", "")
    if text_consent.word_of(body) is TextWord.STOP:
        return no_reply()
    language = "en" if language_of(body) == "en" else "zh"
    return reply(text_words("text_fault", language, text_delivery.values(webhook.hotline, language)))


def _count(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 2 else 0


@report
async def message_status(webhook: Webhook) -> None:
    code = webhook.said("ErrorCode")
    await text_delivery.reported(
        webhook.hotline,
        MessageId(webhook.asked("message")),
        min(_count(webhook.query.get("part", "")), _MOST_PARTS),
        SentText(
            webhook.needed("MessageSid"),
            webhook.said("MessageStatus"),
            int(code) if code.isascii() and code.isdecimal() and len(code) <= 6 else None,
        ),
    )


messages = script(_messages, fallback=_fault)

MESSAGE_WEBHOOKS = {
    addresses.MESSAGES: messages,
    addresses.MESSAGES_FALLBACK: messages,
    addresses.MESSAGE_STATUS: message_status,
}
