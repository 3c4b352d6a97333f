"""A real SIP call: a foreign telephone on the loopback, PJSIP's line, μ-law, our client, a recogniser, and the turn.

Needs Debian's baresip and espeak-ng, and the extra `sip`; `./scripts/test` installs them.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hotline.bootstrap import open_hotline
from hotline.domain.contacts import Contact, Message, Sender
from hotline.service import Hotline
from hotline.settings import load_settings
from tests.databases import migrated_sqlite
from tests.telephony.english_ear import english_ear
from tests.telephony.exchange import ACCOUNT, NUMBER, TOKEN, PlainEar, free_port
from tests.telephony.sip_telephone import calling, line_of_the_house, record, voice
from tests.telephony.speech_servers import speech_server
from web_console.app import build_app, listening

CALLER = "+8613912341234"

pytestmark = pytest.mark.skipif(
    shutil.which("baresip") is None and not os.environ.get("CI"), reason="baresip is not installed"
)


class Line:
    def __init__(self, hotline: Hotline, address: str) -> None:
        self.hotline, self.address = hotline, address

    async def contacts(self) -> list[Contact]:
        return await self.hotline.reader.where(Contact)

    async def said(self) -> list[str]:
        messages = await self.hotline.reader.where(Message)
        return [each.text for each in messages if each.sender == Sender.TRANSCRIPT_HELP_SEEKER]

    async def until_said(self, count: int, seconds: float = 25) -> list[str]:
        async with asyncio.timeout(seconds):
            while len(await self.said()) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return await self.said()


@asynccontextmanager
async def on_premise(folder: Path, recogniser: str) -> AsyncIterator[Line]:
    """The service with an on-premise line as its only carrier."""
    port, api_port, sip_port = free_port(), free_port(), free_port()
    settings = {
        "data_dir": str(folder),
        "listen_port": str(port),
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_number": NUMBER,
        "twilio_api_url": f"http://127.0.0.1:{api_port}",
        "transcription_url": recogniser,
        "number_languages": '{"%s": "en"}' % NUMBER,  # noqa: UP031
    }
    given = load_settings(database_url=migrated_sqlite(folder / "hotline.sqlite3"), **settings)
    environment = {f"HOTLINE_{name.upper()}": value for name, value in settings.items()}
    async with (
        open_hotline(given, assessor=PlainEar(), work=True) as hotline,
        listening(build_app(hotline)),
        line_of_the_house(f"127.0.0.1:{sip_port}", api_port, environment),
    ):
        yield Line(hotline, f"hotline@127.0.0.1:{sip_port}")


async def test_what_is_said_into_a_telephone_is_read_by_triage(tmp_path: Path) -> None:
    microphone = record(
        tmp_path / "caller.wav",
        *(3.0, voice("I feel so alone tonight."), 1.5, voice("I want to talk to someone."), 30.0),
    )
    async with (
        english_ear(tmp_path) as recogniser,
        on_premise(tmp_path, recogniser) as line,
        calling(line.address, microphone, tmp_path, free_port(), CALLER) as telephone,
    ):
        assert await line.until_said(2) == ["i feel so alone tonight", "i want to talk to someone"]
        (contact,) = await line.contacts()
        assert (contact.channel, contact.transcript, contact.state) == ("call", "live", "waiting")
        assert contact.number == CALLER
        telephone.terminate()  # hangs up
        async with asyncio.timeout(10):
            while (await line.contacts())[0].state == "waiting":  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert (await line.contacts())[0].end_reason == "abandoned"


async def test_mandarin_reaches_the_recogniser(tmp_path: Path) -> None:
    """Smoke: no package here brings a model for Chinese, so only that its sound arrives, sentence by sentence."""
    microphone = record(
        tmp_path / "caller.wav",
        *(3.0, voice("我今天很难过。", "cmn"), 1.0, voice("我想找人说说话。", "cmn"), 30.0),
    )
    async with (
        speech_server("funasr") as server,
        on_premise(tmp_path, server.url) as line,
        calling(line.address, microphone, tmp_path, free_port(), CALLER),
    ):
        assert (await line.until_said(2))[:2] == ["第1句", "第2句"]
