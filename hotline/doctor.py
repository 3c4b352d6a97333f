"""What is missing or misconfigured, in words. Each check looks at one thing and changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from hotline.bootstrap import sealer_from_settings
from hotline.calendar_data import care_rules
from hotline.clock import SystemClock
from hotline.domain.access import Role
from hotline.domain.staff import Staff
from hotline.domain.working_days import local_day
from hotline.errors import HotlineError
from hotline.settings import CONFIG_VARIABLE, Settings, unknown_variables
from hotline.storage.all_nouns import ALL_NOUNS
from hotline.storage.database import Database, DatabaseError
from hotline.storage.health import a_data_key_opens, latest_journal_time
from hotline.storage.reading import Reader
from hotline.storage.schema import schema_state
from hotline.telephony import recognisers
from hotline.telephony.recogniser_protocols import RecogniserAddress

_LITTLE_DISK_BYTES = 1024**3  # a day of a busy city's chats takes some ten megabytes; logs and backups more
_RELEASED = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_NOTICE_MONTH = 11
_LANGUAGES = ("zh", "en")
_CLOCK_SLACK = timedelta(minutes=2)


class Grade(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    grade: Grade
    subject: str
    words: str


Check = Callable[[Settings], Awaitable[list[Finding]]]


def good(subject: str, words: str) -> Finding:
    return Finding(Grade.GOOD, subject, words)


def note(subject: str, words: str) -> Finding:
    return Finding(Grade.NOTE, subject, words)


def problem(subject: str, words: str) -> Finding:
    return Finding(Grade.PROBLEM, subject, words)


async def examine(
    settings: Settings, environment: dict[str, str], further: Sequence[Check] = ()
) -> list[Finding]:
    found = _settings(environment) + _address(settings) + _keys(settings) + _clock() + _disk(settings)
    found += _holidays(settings) + _heads(settings)
    found += await _database(settings)
    found += _carrier(settings)
    found += await _recogniser(settings)
    for check in further:
        found += await check(settings)
    return found


def _settings(environment: dict[str, str]) -> list[Finding]:
    source = environment.get(CONFIG_VARIABLE) or "the environment and defaults"
    unknown = [
        note("settings", f"{name} is no setting of the hotline.") for name in unknown_variables(environment)
    ]
    return [good("settings", f"read from {source}"), *unknown]


def _address(settings: Settings) -> list[Finding]:
    address = settings.public_address()
    if settings.demo:
        return [note("address", f"{address}, for demonstration on this machine only")]
    if not settings.public_url:
        return [
            problem("address", "HOTLINE_PUBLIC_URL is not set: links and webhooks name this machine only.")
        ]
    if not settings.is_https:
        return [
            problem("address", "HOTLINE_PUBLIC_URL is without TLS: what people say could be read on the way.")
        ]
    return [good("address", address)]


def _keys(settings: Settings) -> list[Finding]:
    if settings.secret_keys:
        try:
            sealer_from_settings(settings)
        except HotlineError as error:
            return [problem("keys", error.detail)]
        return [good("keys", f"{len(settings.secret_keys)} in HOTLINE_SECRET_KEYS")]
    file = settings.key_file
    if not file.exists():
        return [
            note("keys", f"{file} will be made at the first start; keep a copy of it apart from backups.")
        ]
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return [problem("keys", f"{file} can be read by others (mode {mode:o}): chmod 600 {file}")]
    return [good("keys", f"{file}; keep a copy of it apart from backups, for without it they cannot be read")]


def _clock() -> list[Finding]:
    now = SystemClock().now()
    if now < _RELEASED:
        return [problem("clock", f"says {now:%Y-%m-%d %H:%M} UTC, which is before this program was written.")]
    return [good("clock", f"{now:%Y-%m-%d %H:%M} UTC")]


def _holidays(settings: Settings) -> list[Finding]:
    """The next year's notice appears in November; from then on dates are counted into it."""
    today = local_day(SystemClock().now())
    needed = {today.year} | ({today.year + 1} if today.month >= _NOTICE_MONTH else set())
    known = care_rules(settings).calendar.years
    missing = ", ".join(str(year) for year in sorted(needed - known))
    if missing:
        words = f"no notice is known for {missing}: due dates in it are provisional. Update the package "
        words += "chinesecalendar, or set HOTLINE_DAYS_OFF, HOTLINE_DAYS_WORKED and HOTLINE_HOLIDAY_YEARS."
        return [note("holidays", words)]
    return [good("holidays", f"known up to {max(known)}")]


def _disk(settings: Settings) -> list[Finding]:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 1024**3:.1f} GiB free at {folder}"
    return [problem("disk", f"only {words}") if free < _LITTLE_DISK_BYTES else good("disk", words)]


def _heads(settings: Settings) -> list[Finding]:
    """A server whose heads cannot be written there goes on serving, so that nobody would notice."""
    folder = settings.journal_export_dir
    if folder is None or os.access(folder, os.W_OK | os.X_OK):
        return []
    return [problem("journal", f"HOTLINE_JOURNAL_EXPORT_DIR: {folder} is not there or cannot be written to.")]


async def _database(settings: Settings) -> list[Finding]:
    try:
        database = Database(settings.database_address)
    except HotlineError as error:
        return [problem("database", error.detail)]
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    path = database.sqlite_path
    if path is not None and not path.exists():
        return [note("database", f"{kind}; {path} will be made at the first start")]
    try:
        return await _stored(settings, database, kind)
    except (DatabaseError, OSError) as error:
        return [
            problem("database", f"{kind} does not answer ({type(error).__name__}): see HOTLINE_DATABASE_URL.")
        ]
    finally:
        await database.close()


async def _stored(settings: Settings, database: Database, kind: str) -> list[Finding]:
    state = await schema_state(database)
    if state.stored is None:
        return [good("database", kind), note("schema", "empty; the first start makes it")]
    found = [good("database", f"{kind} answers")]
    if not state.is_current:
        words = f"has version {state.stored}, this program needs {state.wanted}: run `hotline db upgrade`."
        return [*found, problem("schema", words)]
    found.append(good("schema", f"version {state.stored}"))
    latest = await latest_journal_time(database)
    if latest is not None and latest > SystemClock().now() + _CLOCK_SLACK:
        found.append(
            problem("clock", "is behind the newest entry of the journal: set it right before a start.")
        )
    return found + await _sealed(settings, database)


async def _sealed(settings: Settings, database: Database) -> list[Finding]:
    """What can be looked at with the key only."""
    # Where there is no key, asking for the sealer would make one.
    has_key = bool(settings.secret_keys) or settings.key_file.exists()
    sealer = sealer_from_settings(settings) if has_key else None
    if not await a_data_key_opens(database, sealer):
        return [problem("keys", "do not open what is stored: the key that sealed it is missing.")]
    staff = await Reader(database, ALL_NOUNS, sealer).where(Staff) if sealer is not None else []
    if not any(Role.ADMIN in each.roles and not each.disabled for each in staff):
        return [problem("accounts", "nobody is an administrator: hotline user add NAME --role admin")]
    return [good("accounts", f"{sum(not each.disabled for each in staff)} in use")]


async def _recogniser(settings: Settings) -> list[Finding]:
    if not settings.transcription_url:
        return []
    address = RecogniserAddress.of(settings.transcription_url)
    away = [each for each in _LANGUAGES if not await recognisers.answers(address, each)]
    if away:
        words = (
            f"does not answer for {' and '.join(away)}: calls would have no transcript, and triage no ear."
        )
        return [problem("recogniser", words)]
    return [good("recogniser", "of our own, answers")]


def _carrier(settings: Settings) -> list[Finding]:
    if not settings.twilio_account_sid:
        return [note("telephone", "not configured: chat only")]
    found: list[Finding] = []
    wanted = {
        "HOTLINE_TWILIO_NUMBER": (settings.twilio_number, "calls back cannot show a number"),
        "HOTLINE_TWILIO_API_KEY": (settings.twilio_api_key, "counselors cannot talk in the browser"),
        "HOTLINE_TWILIO_API_SECRET": (settings.twilio_api_secret, "counselors cannot talk in the browser"),
        "HOTLINE_FALLBACK_NUMBER": (
            settings.fallback_number,
            "callers hear words only while this server is down",
        ),
    }
    for name, (value, otherwise) in wanted.items():
        if not value:
            found.append(problem("telephone", f"{name} is not set: {otherwise}."))
    host = urlsplit(settings.public_address()).hostname or ""
    if not settings.twilio_api_url and (not settings.is_https or host in ("localhost", "127.0.0.1", "::1")):
        found.append(
            problem("telephone", "the carrier cannot reach the webhooks: HOTLINE_PUBLIC_URL must be public.")
        )
    return found or [good("telephone", f"configured; webhooks at {settings.public_address()}/twilio/voice")]
