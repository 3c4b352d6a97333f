"""The carrier's webhooks over HTTP: forged, repeated, truncated, unknown, while the database is away; behind a proxy."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from hotline.bootstrap import open_hotline
from hotline.domain.contacts import Contact, Message
from hotline.errors import Unavailable
from hotline.logs import configure
from hotline.service import Hotline
from hotline.settings import Settings, load_settings
from hotline.telephony.simulated_line import parse_script
from tests.conftest import SetClock
from tests.telephony.exchange import PlainEar
from web_console.app import build_app, listening
from web_console.webhooks.twilio import WEBHOOKS

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-token-of-the-carrier"
PUBLIC = "https://hotline.example.org"
PAYLOADS = Path(__file__).parent / "payloads"


def payload(name: str, **changed: str) -> dict[str, str]:
    form: dict[str, str] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return form | changed


class Carrier:
    """Posts to the server as it listens, signed for the address that the public knows."""

    def __init__(self, hotline: Hotline, base: str, session: aiohttp.ClientSession) -> None:
        self.hotline = hotline
        self.base = base
        self.session = session

    async def posts(
        self, path: str, form: dict[str, str], *, token: str = TOKEN, signed_for: str = PUBLIC, **headers: str
    ) -> tuple[int, str, str]:
        signature = RequestValidator(token).compute_signature(signed_for + path, form)
        return await self.sends(path, form, {"X-Twilio-Signature": signature, **headers})

    async def sends(self, path: str, form: Any, headers: dict[str, str]) -> tuple[int, str, str]:
        async with self.session.post(self.base + path, data=form, headers=headers) as response:
            return response.status, response.content_type, await response.text()

    async def contacts(self) -> list[Contact]:
        return await self.hotline.reader.where(Contact)

    async def messages(self) -> list[Message]:
        return await self.hotline.reader.where(Message)


@asynccontextmanager
async def serving(url: str, folder: Path, clock: SetClock, **given: Any) -> AsyncIterator[Carrier]:
    settings = load_settings(data_dir=folder, database_url=url, listen_port=0, public_url=PUBLIC, **given)
    async with (
        open_hotline(settings, clock=clock, assessor=PlainEar(), work=False) as hotline,
        listening(build_app(hotline)) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Carrier(hotline, f"http://127.0.0.1:{server.port}", session)


def log_formatter(settings: Settings) -> logging.Formatter:
    """As the running program formats."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure(settings, io.StringIO())
    formatter = root.handlers[0].formatter
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)
    assert formatter is not None
    return formatter


@pytest.fixture
async def carrier(migrated_url: str, tmp_path: Path, clock: SetClock) -> AsyncIterator[Carrier]:
    given = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_number": "+861012356000"}
    async with serving(migrated_url, tmp_path, clock, **given) as carrier:
        yield carrier


def says(script: str) -> list[str]:
    return [verb.name for verb in parse_script(script)]


async def test_a_signed_call_is_greeted_although_the_proxy_changed_host_and_port(carrier: Carrier) -> None:
    status, content_type, script = await carrier.posts(
        "/twilio/voice", payload("voice"), **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    )
    assert (status, content_type) == (200, "text/xml")
    assert says(script) == ["Gather", "Redirect"]
    assert f"{PUBLIC}/twilio/menu" in script
    assert len(await carrier.contacts()) == 1


async def test_signed_with_the_port_in_the_address_too(carrier: Carrier) -> None:
    status, _, _ = await carrier.posts("/twilio/voice", payload("voice"), signed_for=PUBLIC + ":443")
    assert status == 200


@pytest.mark.parametrize("path", WEBHOOKS)
async def test_what_is_not_signed_is_refused_and_changes_nothing(carrier: Carrier, path: str) -> None:
    for headers in ({}, {"X-Twilio-Signature": "Zm9yZ2Vk"}):
        status, content_type, body = await carrier.sends(path, payload("voice"), headers)
        assert (status, content_type) == (403, "application/problem+json")
        assert json.loads(body)["code"] == "not_signed"
    assert (await carrier.posts(path, payload("voice"), token="guessed"))[0] == 403
    assert (await carrier.posts(path, payload("voice"), signed_for=carrier.base))[0] == 403
    assert await carrier.contacts() == []


async def test_without_an_account_everything_is_refused(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with serving(migrated_url, tmp_path, clock) as carrier:
        for path in WEBHOOKS:
            assert (await carrier.posts(path, payload("voice")))[0] == 403


async def test_the_same_call_again_is_the_same_contact(carrier: Carrier) -> None:
    first = await carrier.posts("/twilio/voice", payload("voice"))
    assert await carrier.posts("/twilio/voice", payload("voice")) == first
    assert len(await carrier.contacts()) == 1


async def test_a_transcript_line_is_one_turn_however_often_it_comes(carrier: Carrier) -> None:
    await carrier.posts("/twilio/voice", payload("voice"))
    for name in ("transcription_content", "transcription_started", "transcription_content"):
        assert (await carrier.posts("/twilio/transcription", payload(name)))[0] == 204
    assert [each.text for each in await carrier.messages()] == ["我睡不着，想找人说说话。"]
    assert (await carrier.contacts())[0].transcript == "live"


async def test_partial_empty_and_broken_transcripts_are_no_turns(carrier: Carrier) -> None:
    await carrier.posts("/twilio/voice", payload("voice"))
    for form in (
        payload("transcription_partial"),
        payload("transcription_content", TranscriptionData='{"transcript": "cut of'),
        payload("transcription_content", TranscriptionData='["a list"]'),
        payload("transcription_content", TranscriptionData='{"transcript": "   "}'),
        payload("transcription_content", TranscriptionData='{"transcript": 7}'),
        payload("transcription_content", SequenceId=""),
        payload("transcription_content", CallSid="CA" + "8" * 32),
        payload("transcription_content", TranscriptionEvent="something-new"),
        payload("transcription_content", Track="outbound_track"),
    ):
        assert (await carrier.posts("/twilio/transcription", form))[0] == 204
    assert await carrier.messages() == []


async def test_reports_about_unknown_calls_and_legs_are_taken_and_change_nothing(carrier: Carrier) -> None:
    for path, form in (
        ("/twilio/status", payload("status_completed")),
        ("/twilio/status", payload("status_completed", CallStatus="something-new")),
        ("/twilio/leg-status?leg=leg_unknown&contact=con_x", payload("leg_no_answer")),
        ("/twilio/leg-status", payload("leg_no_answer")),
        ("/twilio/room-events?contact=con_x", payload("participant_join")),
    ):
        assert (await carrier.posts(path, form))[0] == 204
    assert await carrier.contacts() == []


@pytest.mark.parametrize(
    "path",
    [
        "/twilio/queue-left?contact=con_unknown",
        "/twilio/queue?contact=con_unknown",
        "/twilio/room?contact=%FF",
        "/twilio/room-left",
    ],
)
async def test_a_line_that_we_do_not_know_hears_words_never_an_error(carrier: Carrier, path: str) -> None:
    status, content_type, script = await carrier.posts(path, payload("queue_wait"))
    assert (status, content_type) == (200, "text/xml")
    assert says(script)[-1] == "Hangup"
    assert "幺幺零" in script
    assert "1 1 0" in script


async def test_while_the_database_is_away_callers_hear_words_and_reports_are_to_be_sent_again(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await carrier.posts("/twilio/voice", payload("voice"))

    async def away(*_arguments: Any) -> None:
        raise Unavailable("The database does not answer; nothing was saved.")

    monkeypatch.setattr(carrier.hotline.writer, "run", away)
    status, content_type, script = await carrier.posts(
        "/twilio/voice", payload("voice", CallSid="CA" + "7" * 32)
    )
    assert (status, content_type) == (200, "text/xml")
    assert "幺幺零" in script
    assert (await carrier.posts("/twilio/status", payload("status_completed")))[0] == 503


async def test_a_fault_of_ours_is_no_error_for_the_caller_and_is_logged_without_words(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log_formatter(carrier.hotline.settings))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])

    async def broken(*_arguments: Any) -> None:
        raise ValueError("+8613912341234 said something")

    monkeypatch.setattr(carrier.hotline.writer, "run", broken)
    status, _, script = await carrier.posts("/twilio/voice", payload("voice"))
    assert status == 200
    assert says(script)[-1] == "Hangup"
    assert "crashed" in written.getvalue()
    assert "139" not in written.getvalue()


async def test_a_person_on_duty_is_dialled_where_one_is_set(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    given = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "fallback_number": "+861012345678"}
    async with serving(migrated_url, tmp_path, clock, **given) as carrier:
        _, _, script = await carrier.posts("/twilio/voice-fallback", payload("voice"))
        assert "<Dial>+861012345678</Dial>" in script


async def test_a_full_queue_keeps_the_caller_with_words(carrier: Carrier) -> None:
    await carrier.posts("/twilio/voice", payload("voice"))
    contact = (await carrier.contacts())[0]
    path = f"/twilio/queue-left?contact={contact.id}"
    _, _, script = await carrier.posts(path, payload("queue_left_hangup", QueueResult="queue-full"))
    assert says(script)[-1] == "Redirect"
    assert "/twilio/queue?" in script
    await carrier.posts(path, payload("queue_left_hangup"))
    assert (await carrier.contacts())[0].end_reason == "abandoned"


async def test_texts_come_once_and_without_a_number_not_at_all(carrier: Carrier) -> None:
    for _ in range(2):
        status, content_type, _ = await carrier.posts("/twilio/messages", payload("message"))
        assert (status, content_type) == (200, "text/xml")
    await carrier.posts("/twilio/messages", payload("message", From="HOTLINE", MessageSid="SM9"))
    await carrier.posts("/twilio/messages", payload("message", Body="  ", MessageSid="SM8"))
    found = await carrier.contacts()
    assert [each.channel for each in found] == ["sms"]
    assert [each.text for each in await carrier.messages() if each.sender == "help_seeker"] == [
        "I can't sleep and I need someone to talk to"
    ]


async def test_what_is_too_large_or_of_another_method_is_refused(carrier: Carrier) -> None:
    assert (await carrier.posts("/twilio/status", payload("voice", Extra="x" * 70_000)))[0] in (403, 413)
    async with carrier.session.get(carrier.base + "/twilio/voice") as response:
        assert response.status == 405


@pytest.mark.parametrize(
    ("path", "verbs"),
    [
        ("/twilio/queue-wait?contact=con_nobody", ["Pause", "Leave"]),
        ("/twilio/menu?step=passed&again=0", ["Pause", "Leave"]),
        ("/twilio/hold?contact=con_nobody", ["Pause", "Redirect"]),
        ("/twilio/announce?contact=con_nobody&what=supervisor_joined", []),
        ("/twilio/leg?leg=leg_nobody&contact=con_nobody", ["Say", "Say", "Hangup"]),
    ],
)
async def test_a_fault_inside_the_queue_or_a_room_dials_nobody(
    migrated_url: str, tmp_path: Path, clock: SetClock, path: str, verbs: list[str]
) -> None:
    """The carrier forbids `Dial` there; and a counselor's telephone is no caller to be passed to the person on duty."""
    given = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "fallback_number": "+861012345678"}
    async with serving(migrated_url, tmp_path, clock, **given) as carrier:
        form = {name: value for name, value in payload("voice").items() if name != "CallSid"}
        status, _, script = await carrier.posts(path, form)
    assert (status, says(script)) == (200, verbs)
