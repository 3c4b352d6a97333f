"""The addresses at which the carrier reaches us. The public base is configured, never taken from a request."""

from __future__ import annotations

from urllib.parse import urlencode

VOICE = "/twilio/voice"
VOICE_FALLBACK = "/twilio/voice-fallback"
MENU = "/twilio/menu"
MESSAGE_LEFT = "/twilio/message-left"
MESSAGE_RECORDED = "/twilio/message-recorded"
FALLBACK_LEFT = "/twilio/fallback-left"
PARTNER_LEFT = "/twilio/partner-left"
DUTY_NOTICE = "/twilio/duty-notice"
DUTY_KEY = "/twilio/duty-key"
DUTY_STATUS = "/twilio/duty-status"
DUTY_ROOM = "/twilio/duty-room"
OUTSIDE_ASKED = "/twilio/outside-asked"
OUTSIDE_TAKEN = "/twilio/outside-taken"
CALLED = "/twilio/called"
CALLED_STATUS = "/twilio/called-status"
QUEUE = "/twilio/queue"
QUEUE_WAIT = "/twilio/queue-wait"
QUEUE_LEFT = "/twilio/queue-left"
ROOM = "/twilio/room"
ROOM_LEFT = "/twilio/room-left"
ROOM_EVENTS = "/twilio/room-events"
LEG = "/twilio/leg"
LEG_AT_NUMBER = "/twilio/leg-at-number"
PARTY = "/twilio/party"
HOLD = "/twilio/hold"
HOLD_MUSIC = "/twilio/hold-music.wav"
ANNOUNCE = "/twilio/announce"
LEG_STATUS = "/twilio/leg-status"
STATUS = "/twilio/status"
TRANSCRIPTION = "/twilio/transcription"
RECORDING = "/twilio/recording"
MEDIA = "/twilio/media"
STREAM_STATUS = "/twilio/stream-status"
MESSAGES = "/twilio/messages"
MESSAGES_FALLBACK = "/twilio/messages-fallback"
MESSAGE_STATUS = "/twilio/message-status"


class Addresses:
    """`of(ROOM, contact=…)` → `https://hotline.example.org/twilio/room?contact=…`."""

    def __init__(self, public_url: str) -> None:
        self._base = public_url.rstrip("/")

    def of(self, path: str, **ids: str) -> str:
        query = f"?{urlencode(ids)}" if ids else ""
        return f"{self._base}{path}{query}"

    def socket(self, path: str) -> str:
        """The same as a WebSocket: without a query, which the carrier does not take there."""
        return "ws" + self.of(path).removeprefix("http")
