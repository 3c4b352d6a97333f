"""A real SIP call: a foreign telephone on the loopback, PJSIP's line, μ-law, our client, a recogniser, and the turn.

Needs Debian's baresip and espeak-ng, and the extra `sip`; `./scripts/test` installs them.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hotline.actions import offers
from hotline.bootstrap import open_hotline
from hotline.domain.access import Actor
from hotline.domain.contacts import Contact, Message, Sender
from hotline.domain.offers import Offer, OfferState
from hotline.service import Hotline
from hotline.settings import load_settings
from tests.databases import migrated_sqlite
from tests.ports import free_port
from tests.scene import counselor
from tests.telephony.english_ear import english_ear
from tests.telephony.exchange import ACCOUNT, NUMBER, TOKEN, PlainEar
from tests.telephony.sip_telephone import free_sip_port, line_of_the_house, record, telephone, voice
from tests.telephony.speech_servers import speech_server
from web_console.app import build_app, listening

CALLER = "+8613912341234"
_PATIENCE_SECONDS = 45  # speech takes its time, and a busy machine more

pytestmark = pytest.mark.skipif(
    shutil.which("baresip") is None and not os.environ.get("CI"), reason="baresip is not installed"
)


class Line:
    def __init__(self, hotline: Hotline, address: str, counselor_port: int) -> None:
        self.hotline, self.address, self.counselor_port = hotline, address, counselor_port

    async def contacts(self) -> list[Contact]:
        return await self.hotline.reader.where(Contact)

    async def said(self, by: Sender = Sender.TRANSCRIPT_HELP_SEEKER) -> list[str]:
        messages = await self.hotline.reader.where(Message)
        return [each.text for each in messages if each.sender == by]

    async def until(self, true: Callable[[Contact], bool]) -> Contact:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not ((found := await self.contacts()) and true(found[0])):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return found[0]

    async def until_said(self, sentence: str, by: Sender = Sender.TRANSCRIPT_HELP_SEEKER) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while sentence not in await self.said(by):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def accepts(self, someone: Actor) -> None:
        """This counselor takes the call when it is offered."""
        open_offer = self.hotline.reader.table(Offer).c.state == OfferState.OPEN
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not (found := await self.hotline.reader.where(Offer, open_offer)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await offers.accept(self.hotline, someone, found[0].id)


@asynccontextmanager
async def on_premise(folder: Path, recogniser: str) -> AsyncIterator[Line]:
    """The service with an on-premise line as its only carrier."""
    port, api_port, sip_port, counselor_port = free_port(), free_port(), free_sip_port(), free_sip_port()
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
        line_of_the_house(
            f"127.0.0.1:{sip_port}", api_port, f"sip:desk@127.0.0.1:{counselor_port}", environment
        ),
    ):
        yield Line(hotline, f"hotline@127.0.0.1:{sip_port}", counselor_port)


def _again_and_again(sentence: str) -> list[Any]:
    """A busy machine tears a hole into one of them now and then."""
    return [voice(sentence), 2.0] * 3


async def test_a_call_over_sip_is_heard_by_triage_and_by_a_counselor(tmp_path: Path) -> None:
    caller = record(
        tmp_path / "caller.wav",
        *(1.5, *_again_and_again("I feel so alone tonight.")),
        *_again_and_again("I want to talk to someone."),
        30.0,
    )
    answer = record(tmp_path / "counselor.wav", 4.0, *_again_and_again("Please call me tomorrow."), 30.0)
    async with (
        english_ear(tmp_path) as recogniser,
        on_premise(tmp_path, recogniser) as line,
        telephone(tmp_path / "desk", line.counselor_port, answer) as desk,
        telephone(tmp_path / "home", free_sip_port(), caller, number=CALLER, calls=line.address) as home,
    ):
        await line.until_said("i feel so alone tonight")
        (contact,) = await line.contacts()
        assert (contact.channel, contact.transcript, contact.state) == ("call", "live", "waiting")
        assert contact.number == CALLER
        home.press("1")  # "if you are in danger now"
        await line.until(lambda contact: contact.level == "high")
        await line.accepts(await counselor(line.hotline))
        await line.until(lambda contact: contact.call_state == "bridged")
        await line.until_said("please call me tomorrow", Sender.TRANSCRIPT_COUNSELOR)
        await line.until_said("i want to talk to someone")
        await home.hang_up()
        contact = await line.until(lambda contact: contact.state == "wrap_up")
        assert contact.ended_by == "person"
        await desk.hang_up()
        assert desk.loudness_heard() > 500
        assert home.loudness_heard() > 500


async def test_mandarin_reaches_the_recogniser(tmp_path: Path) -> None:
    """Smoke: no package here brings a model for Chinese, so only that its sound arrives and ends as a sentence."""
    microphone = record(tmp_path / "caller.wav", 1.5, voice("我想找人说说话。", "cmn"), 30.0)
    async with (
        speech_server("funasr") as server,
        on_premise(tmp_path, server.url) as line,
        telephone(tmp_path / "home", free_sip_port(), microphone, number=CALLER, calls=line.address),
    ):
        await line.until_said("第1句")
