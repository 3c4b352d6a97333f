"""Texts by Twilio: sent with an address for reports, found again, asked after. A part of `TwilioCarrier`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from twilio.base import values
from twilio.rest import Client

from hotline.telephony import addresses
from hotline.telephony.addresses import Addresses
from hotline.telephony.messaging import MessageSid, ReceivedText, SentText
from hotline.telephony.twilio_http import asked, known

_LOOK_BACK = timedelta(seconds=5)  # the carrier's clock and ours
_SENT_LOOKED_AT = 20
_RECEIVED_LOOKED_AT = 400  # one number takes about one text a second: more than a quarter of an hour has


class TwilioTexts:
    """The carrier's own number is known as such; other schemes (`whatsapp:+44…`) go by the address itself."""

    _client: Client
    _number: str
    _addresses: Addresses

    def also_as(self, address: str) -> TwilioTexts:
        """Another address of ours at the same carrier: `whatsapp:+44…`."""
        other = TwilioTexts()
        other._client, other._addresses, other._number = self._client, self._addresses, address
        return other

    async def send_message(
        self, to: str, text: str, *, reference: Mapping[str, str] | None = None
    ) -> MessageSid:
        # Of a text that belongs to no message, to a duty telephone, nobody asks how far it came.
        report = self._addresses.of(addresses.MESSAGE_STATUS, **reference) if reference else values.unset
        message = await asked(
            self._client.messages.create_async(to=to, from_=self._number, body=text, status_callback=report)
        )
        return MessageSid(known(message.sid))

    async def find_message(
        self, to: str, text: str, since: datetime, *, but_not: Collection[str] = ()
    ) -> MessageSid | None:
        messages = await asked(
            self._client.messages.list_async(to=to, from_=self._number, limit=_SENT_LOOKED_AT)
        )
        for message in messages:
            late_enough = message.date_created and message.date_created >= since - _LOOK_BACK
            if message.body == text and late_enough and message.sid not in but_not:
                return MessageSid(known(message.sid))
        return None

    async def sent_message(self, sid: str) -> SentText:
        message = await asked(self._client.messages(sid).fetch_async())
        return SentText(sid, str(message.status), message.error_code or None)

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        messages = await asked(
            self._client.messages.list_async(
                to=self._number, date_sent_after=since, limit=_RECEIVED_LOOKED_AT
            )
        )
        return [
            ReceivedText(known(each.sid), known(each.from_), each.body or "", int(each.num_media or 0))
            for each in messages
            if str(each.direction) == "inbound"
        ]
