"""A webhook's way in: signed or refused; then a script for a line, or a report taken note of.

| kind   | refused signature | our failure                                                         |
|--------|-------------------|---------------------------------------------------------------------|
| script | 403               | 200 with the fallback script: words in both languages and a person  |
| report | 403               | 503: the carrier repeats it; what we refuse for good is noted (204) |

The same webhook again (`I-Twilio-Idempotency-Token`) gets the same answer: see `hotline/storage/webhook_answers.py`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from hotline.actions.writer import urgently
from hotline.errors import Forbidden, HotlineError, Invalid, Unavailable
from hotline.logs import log_crash
from hotline.service import Hotline
from hotline.settings import Settings
from hotline.storage.webhook_answers import Answer
from hotline.telephony.addresses import Addresses
from hotline.telephony.menu_scripts import MenuScripts
from hotline.telephony.signatures import IDEMPOTENCY_TOKEN, Signatures
from hotline.telephony.voice import Voice
from web_console.forms import posted_fields, posted_text
from web_console.identity import HOTLINE
from web_console.problems import Malformed
from web_console.server_address import SERVER_ADDRESS

log = logging.getLogger(__name__)

_TAKEN_NOTE_OF = 204
_PATIENCE_SECONDS = 10  # the carrier waits 15; the fallback must still reach the caller
_LARGEST_FIELD = 16_000  # characters; the longest text message has 1,600


def scripts_of(settings: Settings, public_url: str) -> MenuScripts:
    return MenuScripts(
        Addresses(public_url),
        Voice(
            settings.service_name_zh,
            settings.service_name_en,
            tuple(each.number for each in settings.numbers),
        ),
        fallback_number=settings.fallback_number,
        own_number="" if settings.pass_caller_number else settings.twilio_number,
        own_recogniser=bool(settings.transcription_url),
        partial_words=settings.partial_transcripts,
    )


@dataclass(frozen=True, slots=True)
class Webhook:
    """`form` is what the carrier says, `query` the ids that we put into the address ourselves."""

    hotline: Hotline
    scripts: MenuScripts
    form: Mapping[str, str]
    query: Mapping[str, str]

    def said(self, name: str) -> str:
        value = self.form.get(name, "")
        if len(value) > _LARGEST_FIELD:
            raise Invalid("A field is too long.", code="too_long")
        return value

    def needed(self, name: str) -> str:
        value = self.said(name)
        if not value or not value.isascii():
            raise Invalid(f"{name} is missing.", code="malformed")
        return value

    def asked(self, name: str) -> str:
        value = self.query.get(name, "")
        if not value or not value.isascii():
            raise Invalid(f"{name} is missing.", code="malformed")
        return value


ScriptHandler = Callable[[Webhook], Awaitable[str]]
ReportHandler = Callable[[Webhook], Awaitable[None]]
RequestHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _read(request: web.Request) -> Webhook:
    """The signed content, or a refusal. Nothing of an unsigned request is looked at."""
    try:
        sent: Mapping[str, str] | str
        is_json = request.content_type == "application/json"
        sent = await posted_text(request) if is_json else await posted_fields(request)
    except Malformed:
        raise Forbidden("The request is not signed by the carrier.", code="not_signed") from None
    hotline, public_url = request.app[HOTLINE], request.app[SERVER_ADDRESS].address
    settings = hotline.settings
    signatures = Signatures(settings.twilio_auth_token, settings.twilio_account_sid)
    if not signatures.accepts(public_url + request.raw_path, sent, request.headers):
        raise Forbidden("The request is not signed by the carrier.", code="not_signed")
    form = _json_form(sent) if isinstance(sent, str) else sent
    return Webhook(hotline, scripts_of(settings, public_url), form, request.query)


def _json_form(text: str) -> dict[str, str]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def script_or(fallback: Callable[[Webhook], str]) -> Callable[[ScriptHandler], RequestHandler]:
    """As `script`, for a place where nobody may be dialled, or where it is no caller who hears it."""
    return lambda handler: script(handler, fallback)


def script(handler: ScriptHandler, fallback: Callable[[Webhook], str] | None = None) -> RequestHandler:
    """The answer is what the line does next. Whatever fails on our side, the caller hears (or reads) words."""

    async def made(webhook: Webhook, path: str) -> Answer:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                with urgently():
                    return Answer(200, await handler(webhook))
        except Exception as error:
            if isinstance(error, HotlineError):
                log.warning("webhook: %s fell back (%s)", path, error.code)
            else:
                log_crash(log, error, route=path)
            text = fallback(webhook) if fallback is not None else webhook.scripts.fallback()
            return Answer(200, text, stands=False)

    return _answering(made)


def _answering(made: Callable[[Webhook, str], Awaitable[Answer]]) -> RequestHandler:
    """Signed or refused; and the same webhook again, by the carrier's own token, gets the same answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        webhook = await _read(request)
        token, path = request.headers.get(IDEMPOTENCY_TOKEN, ""), request.path
        given = await webhook.hotline.answers.once(token, request.raw_path, lambda: made(webhook, path))
        if given.status == _TAKEN_NOTE_OF:
            return web.Response(status=given.status)
        return web.Response(text=given.body, content_type="text/xml", charset="utf-8")

    return answer


def report(handler: ReportHandler) -> RequestHandler:
    """Something happened at the carrier."""

    async def made(webhook: Webhook, path: str) -> Answer:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                with urgently():
                    await handler(webhook)
        except (Unavailable, TimeoutError):
            raise Unavailable("Not taken note of: send it again.") from None
        except HotlineError as refusal:
            log.info("webhook: %s was of no use (%s)", path, refusal.code)
        except Exception as error:
            log_crash(log, error, route=path)
            raise Unavailable("Not taken note of: send it again.") from None
        return Answer(_TAKEN_NOTE_OF)

    return _answering(made)
