"""SIP and RTP by PJSIP: calls that ring, sound and end; the only place that knows the library.

PJSIP calls back from its own thread with audio, and from `pump` with everything else.
"""

from __future__ import annotations

import contextlib
import gc
import time
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pjsua2 as pj

RATE = 8000  # Hz: the telephone's
_FRAME_MICROSECONDS = 20_000
_SESSION_SECONDS = 90  # the shortest that RFC 4028 allows: a line that died without a word is noticed by then
_GOODBYE_SECONDS, _GOODBYE_PIECE_MS = 2.0, 20


@dataclass(frozen=True, slots=True)
class Rings:
    """Somebody calls us."""

    call: PhoneCall
    number: str


@dataclass(frozen=True, slots=True)
class Answered:
    call: PhoneCall


@dataclass(frozen=True, slots=True)
class Over:
    call: PhoneCall


@dataclass(frozen=True, slots=True)
class Pressed:
    call: PhoneCall
    digit: str


Happening = Rings | Answered | Over | Pressed


class _Tap(pj.AudioMediaPort):  # type: ignore[misc]  # the library has no types
    """Audio that arrives in the bridge's thread, 16 bits, handed on as it is."""

    def __init__(self, name: str, take: Callable[[bytes], None]) -> None:
        super().__init__()
        self._take = take
        form = pj.MediaFormatAudio()
        form.type, form.clockRate, form.channelCount = pj.PJMEDIA_TYPE_AUDIO, RATE, 1
        form.bitsPerSample, form.frameTimeUsec = 16, _FRAME_MICROSECONDS
        self.createPort(name, form)

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:  # noqa: N802  (the library's name)
        if frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO:
            self._take(bytes(frame.buf))

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:  # noqa: N802
        frame.type = pj.PJMEDIA_FRAME_TYPE_NONE


class PhoneCall(pj.Call):  # type: ignore[misc]
    """One call, either way. `sounds` from when audio flows; what is asked before is done then or not at all."""

    def __init__(self, account: pj.Account, tell: Callable[[Happening], None], call_id: int = -1) -> None:
        super().__init__(account, call_id)
        self._tell = tell
        self._media: pj.AudioMedia | None = None
        self._player: pj.AudioMediaPlayer | None = None
        self._taps: list[_Tap] = []
        self._sources: dict[PhoneCall, pj.AudioMedia] = {}
        self._outward: _Tap | None = None
        self._picked_up = False
        self.is_over = False

    @property
    def sounds(self) -> bool:
        """Audio flows, now."""
        return self._media is not None and not self.is_over

    # What the library tells ----------------------------------------------------------------------

    def onCallState(self, _told: pj.OnCallStateParam) -> None:  # noqa: N802
        state = self.getInfo().state
        if state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._tell(Answered(self))
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.is_over = True
            self._tell(Over(self))

    def onCallMediaState(self, _told: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        with contextlib.suppress(pj.Error):
            self._media = self.getAudioMedia(-1)

    def onDtmfDigit(self, told: pj.OnDtmfDigitParam) -> None:  # noqa: N802
        self._tell(Pressed(self, told.digit))

    # What may be asked of it ----------------------------------------------------------------------

    def pick_up(self) -> None:
        if not self._picked_up:
            self._picked_up = True
            self._say(pj.PJSIP_SC_OK)

    def ring(self) -> None:
        self._say(pj.PJSIP_SC_RINGING)

    def _say(self, code: int) -> None:
        answer = pj.CallOpParam()
        answer.statusCode = code
        with contextlib.suppress(pj.Error):  # over in the meantime
            self.answer(answer)

    def end(self) -> None:
        with contextlib.suppress(pj.Error):
            self.hangup(pj.CallOpParam())

    def play(self, sound: Path | None) -> None:
        """This instead of what was played until now."""
        if self._player is not None and self._media is not None:
            with contextlib.suppress(pj.Error):
                self._player.stopTransmit(self._media)
        self._player = None
        if sound is not None and self._media is not None:
            player = pj.AudioMediaPlayer()
            player.createPlayer(str(sound), pj.PJMEDIA_FILE_NO_LOOP)
            player.startTransmit(self._media)
            if self._outward is not None:
                player.startTransmit(self._outward)
            self._player = player

    def hears(self, others: set[PhoneCall]) -> None:
        """Exactly these, from now on."""
        if self._media is None:
            return
        for other in set(self._sources) - others:
            source = self._sources.pop(other)
            if other.sounds:
                with contextlib.suppress(pj.Error):
                    source.stopTransmit(self._media)
        for other in others - set(self._sources):
            if other._media is not None:
                other._media.startTransmit(self._media)
                if self._outward is not None:
                    other._media.startTransmit(self._outward)
                self._sources[other] = other._media

    def tap(self, inbound: Callable[[bytes], None], outbound: Callable[[bytes], None]) -> None:
        """Every 20 ms of what the person says, and of what they hear while something is to be heard."""
        if self._media is None or self._taps:
            return
        said, self._outward = _Tap("said", inbound), _Tap("heard", outbound)
        self._taps = [said, self._outward]
        self._media.startTransmit(said)
        for source in (*self._sources.values(), *([self._player] if self._player else [])):
            source.startTransmit(self._outward)


class Phone(pj.Account):  # type: ignore[misc]
    """`pump` often; what happened meanwhile is in `happened`."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self.happened: deque[Happening] = deque()
        self._calls: weakref.WeakSet[PhoneCall] = weakref.WeakSet()
        self._endpoint = pj.Endpoint()
        self._endpoint.libCreate()
        self._endpoint.libInit(_quiet())
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress, transport.publicAddress = port, host, host
        self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        account = pj.AccountConfig()
        account.idUri = f"sip:hotline@{host}:{port}"
        account.callConfig.timerSessExpiresSec = _SESSION_SECONDS
        account.mediaConfig.transportConfig.boundAddress = host
        account.mediaConfig.transportConfig.publicAddress = host
        self.create(account)
        self.address = f"{host}:{port}"

    def onIncomingCall(self, told: pj.OnIncomingCallParam) -> None:  # noqa: N802
        call = PhoneCall(self, self.happened.append, told.callId)
        self._calls.add(call)
        self.happened.append(Rings(call, number_in(call.getInfo().remoteUri)))

    def dial(self, address: str) -> PhoneCall:
        call = PhoneCall(self, self.happened.append)
        self._calls.add(call)
        try:
            call.makeCall(address, pj.CallOpParam(True))
        except pj.Error:  # no address of a telephone, or no line free
            call.is_over = True
            self.happened.append(Over(call))
        return call

    def pump(self) -> None:
        self._endpoint.libHandleEvents(0)

    def close(self) -> None:
        """Everybody is hung up on first: a call that outlives its library ends the process by an assertion."""
        self._endpoint.hangupAllCalls()
        until = time.monotonic() + _GOODBYE_SECONDS
        while time.monotonic() < until and not all(call.is_over for call in self._calls):
            self._endpoint.libHandleEvents(_GOODBYE_PIECE_MS)
        self.happened.clear()
        self._calls.clear()
        gc.collect()
        self.shutdown()
        self._endpoint.libDestroy()


def _quiet() -> pj.EpConfig:
    """Nothing in the log: the library writes numbers and addresses there."""
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.logConfig.msgLogging = 0
    config.uaConfig.threadCnt = 0
    config.uaConfig.userAgent = "hotline"
    config.medConfig.clockRate = config.medConfig.sndClockRate = RATE
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    return config


def number_in(uri: str) -> str:
    """`"Li" <sip:+8613912341234@10.0.0.1;user=phone>` → +8613912341234; hidden: empty."""
    user = uri.rpartition("sip:")[2].partition("@")[0].partition(";")[0]
    return user if user.lstrip("+").isdecimal() else ""
