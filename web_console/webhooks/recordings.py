"""What the carrier reports of a recording: begun, finished, nothing there."""

from __future__ import annotations

from hotline.actions import recordings
from hotline.domain.ids import RecordingId
from hotline.errors import Invalid
from hotline.telephony import addresses
from hotline.telephony.call_recorder import RecordingStatus
from web_console.webhooks.signed import Webhook, report

_LONGEST = 10  # digits; more is no number of seconds


@report
async def recording(webhook: Webhook) -> None:
    try:
        status = RecordingStatus(webhook.needed("RecordingStatus"))
    except ValueError:
        raise Invalid("The status is not known.", code="malformed") from None
    seconds = webhook.said("RecordingDuration")
    await recordings.reported(
        webhook.hotline,
        RecordingId(webhook.asked("recording")),
        webhook.needed("RecordingSid"),
        status,
        int(seconds) if seconds.isdecimal() and len(seconds) <= _LONGEST else None,
    )


RECORDING_WEBHOOKS = {addresses.RECORDING: recording}
