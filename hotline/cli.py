"""The operators' commands that need no browser. `web_console/cli.py` adds serve and demo."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table

from hotline import logs
from hotline.actions import staff as accounts
from hotline.actions import triage_quality
from hotline.actions.staff import OPERATOR, Invited, NewStaff
from hotline.bootstrap import (
    OpenAccounts,
    audio_files,
    journal_heads,
    open_accounts,
    proven_sealer,
)
from hotline.clock import SystemClock
from hotline.doctor import Check, Finding, Grade, examine
from hotline.domain.access import Role
from hotline.domain.skills import spoken
from hotline.domain.staff import Staff
from hotline.domain.triage_drift import MOVED_PSI, Drift, Figure
from hotline.errors import HotlineError, Invalid
from hotline.settings import Settings, described_settings, load_settings
from hotline.storage import backup as backups
from hotline.storage.all_nouns import ALL_NOUNS
from hotline.storage.backup import BackedUp
from hotline.storage.backup_audio import Sounds, opened
from hotline.storage.database import Database, DatabaseError
from hotline.storage.journal import verify
from hotline.storage.reading import Reader
from hotline.storage.recording_files import AudioFiles
from hotline.storage.schema import schema_state

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
problems = Console(stderr=True, highlight=False, soft_wrap=True)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command; a refusal becomes its sentence and exit status 1."""
    try:
        return asyncio.run(work)
    except Invalid as error:
        fields = "; ".join(f"{each.path}: {each.problem}" for each in error.fields)
        fail(f"{error.detail} {fields}".strip())
    except HotlineError as error:
        fail(error.detail)
    except (DatabaseError, OSError) as error:
        fail(f"It did not work ({type(error).__name__}). `hotline doctor` says more.")


def fail(sentence: str) -> NoReturn:
    problems.print(sentence, markup=False)
    raise typer.Exit(1)


def settings_or_fail(**given: Any) -> Settings:
    try:
        settings = load_settings(**given)
    except HotlineError as error:
        fail(error.detail)
    logs.configure(settings)
    return settings


def build(further_checks: Sequence[Check] = ()) -> typer.Typer:
    """The commands; `further_checks` are the doctor's that this layer cannot know."""
    # Locals hold what people said: a crash must not print them.
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.add_typer(user, name="user")
    app.add_typer(db, name="db")
    app.add_typer(audit, name="audit")
    app.command()(backup)
    app.command()(restore)
    app.command()(drift)

    @app.command()
    def doctor(
        settings: Annotated[bool, typer.Option("--settings", help="List every setting instead.")] = False,
        markdown: Annotated[bool, typer.Option("--markdown", help="The list as in the handbook.")] = False,
    ) -> None:
        """Say what is missing or misconfigured."""
        if markdown:
            print("\n".join(settings_lines()))  # noqa: T201  as it is, not fitted to the terminal
            return
        if settings:
            out.print(settings_table())
            return
        _report(run(examine(settings_or_fail(), dict(os.environ), further_checks)))

    return app


def _report(found: list[Finding]) -> None:
    marks = {Grade.GOOD: "✓", Grade.NOTE: "·", Grade.PROBLEM: "✗"}
    for each in found:
        out.print(f"{marks[each.grade]} {each.subject}: {each.words}", markup=False)
    if any(each.grade is Grade.PROBLEM for each in found):
        raise typer.Exit(1)


def settings_table() -> Table:
    table = Table(Column("Setting", no_wrap=True), "Unit", "Default", "Why")
    for each in described_settings():
        table.add_row(each.variable, each.unit, each.default, each.reason)
    return table


def settings_lines() -> list[str]:
    """The table of the operators' handbook."""
    rows = [(f"`{each.variable}`", each.unit, each.default, each.reason) for each in described_settings()]
    cells = [("setting", "unit", "default", "why"), ("---", "---", "---", "---"), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in cells]


# Accounts ---------------------------------------------------------------------------------------

user = typer.Typer(no_args_is_help=True, help="Accounts of staff.")
Username = Annotated[str, typer.Argument(help="Small letters, digits, dots, dashes.")]


@contextlib.asynccontextmanager
async def _open() -> AsyncIterator[OpenAccounts]:
    settings = settings_or_fail()
    async with open_accounts(settings) as opened:
        yield opened


@user.command("add")
def user_add(
    username: Username,
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    name: Annotated[str, typer.Option(help="As colleagues see it; the username by default.")] = "",
    language: Annotated[list[str] | None, typer.Option(help="zh, en or both; zh by default.")] = None,
    district: Annotated[str | None, typer.Option(help="Name of the district, as referrals use it.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Id of the school or institution.")] = None,
    password_stdin: Annotated[bool, typer.Option(help="Read a password instead of making a link.")] = False,
) -> None:
    """Make an account and print its one-time link."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    skills = spoken(*(language or ["zh"]))
    new = NewStaff(username, name or username, role, skills, district, organisation, password)

    async def work() -> None:
        async with _open() as opened:
            _print_invited(opened.settings, await accounts.create(opened, OPERATOR, new))

    run(work())


def _print_invited(settings: Settings, invited: Invited) -> None:
    out.print(f"{invited.staff.username} ({invited.staff.id})", markup=False)
    if invited.setup_token:
        link = setup_link(settings.public_address(), invited.setup_token)
        out.print(f"Good once, for {settings.setup_link_hours:g} hours: {link}", markup=False)


def setup_link(address: str, token: str) -> str:
    return f"{address}/setup?token={token}"


@user.command("list")
def user_list() -> None:
    """All accounts."""

    async def work() -> list[Staff]:
        async with _open() as opened:
            return await accounts.everyone(opened)

    table = Table("Username", "Name", "Roles", "District", "State")
    for each in run(work()):
        state = "disabled" if each.disabled else "ready" if each.password_hash else "invited"
        table.add_row(each.username, each.name, ", ".join(each.roles), each.district or "–", state)
    out.print(table)


@user.command("disable")
def user_disable(username: Username) -> None:
    """End an account and its sessions. It can be enabled again."""
    _switch(username, disabled=True)


@user.command("enable")
def user_enable(username: Username) -> None:
    """Let a disabled account in again."""
    _switch(username, disabled=False)


def _switch(username: str, *, disabled: bool) -> None:
    async def work() -> None:
        async with _open() as opened:
            found = await accounts.by_username(opened, username)
            await accounts.change(opened, OPERATOR, found.id, disabled=disabled)

    run(work())
    out.print(f"{username} is {'disabled' if disabled else 'enabled'}.", markup=False)


@user.command("reset")
def user_reset(username: Username) -> None:
    """A new one-time link instead of password and second factor."""

    async def work() -> None:
        async with _open() as opened:
            found = await accounts.by_username(opened, username)
            _print_invited(opened.settings, await accounts.reset(opened, OPERATOR, found.id))

    run(work())


# Database ---------------------------------------------------------------------------------------

db = typer.Typer(no_args_is_help=True, help="The database's schema.")
audit = typer.Typer(no_args_is_help=True, help="The journal.")
BackupFile = Annotated[Path, typer.Argument(help="The backup; by custom .jsonl.gz")]


@contextlib.asynccontextmanager
async def _database() -> AsyncIterator[tuple[Settings, Database]]:
    settings = settings_or_fail()
    database = Database(settings.database_address)
    if database.sqlite_path is not None:
        database.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield settings, database
    finally:
        await database.close()


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to this version."""

    async def work() -> str:
        async with _database() as (_, database):
            await database.upgrade()
            return (await schema_state(database)).wanted

    out.print(f"The schema has version {run(work())}.")


@db.command("check")
def db_check() -> None:
    """Say whether the schema is of this version; exit status 1 if not."""

    async def work() -> None:
        async with _database() as (_, database):
            state = await schema_state(database)
        out.print(f"The database has version {state.stored or 'none'}, this program {state.wanted}.")
        if not state.is_current:
            raise typer.Exit(1)

    run(work())


def backup(file: BackupFile) -> None:
    """Write a backup, also of a running server. The keys are not in it: keep them apart."""

    async def work() -> tuple[BackedUp, Sounds]:
        async with _database() as (settings, database):
            audio = audio_files(settings)
            written = await backups.back_up(database, audio, file, SystemClock().now())
            return written, await _opened(settings, database, audio)

    _report_backup(*run(work()), f"in {file}")


async def _opened(settings: Settings, database: Database, audio: AudioFiles) -> Sounds:
    """Every sound, opened with the keys of these settings: a backup that cannot be read is none."""
    return await opened(Reader(database, ALL_NOUNS, await proven_sealer(settings, database)), audio)


def _report_backup(done: BackedUp, found: Sounds, where: str) -> None:
    out.print(f"{done.rows} rows and {done.sounds.count} recordings and messages {where}.", markup=False)
    missing = sorted({*done.sounds.missing, *found.missing})
    if missing:
        problems.print(f"Their sound is missing: {', '.join(missing)}", markup=False)
    if found.broken:
        problems.print(f"Their sound does not open with these keys: {', '.join(found.broken)}", markup=False)
    if missing or found.broken:
        raise typer.Exit(1)


def restore(file: BackupFile) -> None:
    """Read a backup into an empty database, with the server stopped."""

    async def work() -> tuple[BackedUp, Sounds]:
        async with _database() as (settings, database):
            audio = audio_files(settings)
            done = await backups.restore(database, audio, file)
            return done, await _opened(settings, database, audio)

    _report_backup(*run(work()), f"from {file}")


@audit.command("verify")
def audit_verify() -> None:
    """Prove that the journal was not changed afterwards; exit status 1 if it was."""

    async def work() -> None:
        async with _database() as (settings, database):
            key = (await proven_sealer(settings, database)).journal_key
            verdict = await verify(database, key, journal_heads(settings))
        for sentence in verdict.problems:
            problems.print(sentence, markup=False)
        sealed = verdict.entries - verdict.unsealed
        out.print(f"{verdict.entries} entries, {sealed} of them sealed, {len(verdict.problems)} problems.")
        if verdict.problems:
            raise typer.Exit(1)

    run(work())


# Triage -----------------------------------------------------------------------------------------


def drift(
    weeks: Annotated[
        int, typer.Option(min=2, max=triage_quality.MOST_WEEKS, help="This week and those before it.")
    ] = 8,
) -> None:
    """Say how triage does this week against the weeks before, and what moved more than chance."""

    async def work() -> Drift:
        async with _open() as opened:
            figures = triage_quality.WeekFigures()
            return await triage_quality.report(opened.reader, opened.clock, figures, weeks=weeks)

    found = run(work())
    last = found.weeks[-1]
    out.print(f"Week of {last.week}: {last.messages} messages of {last.contacts} contacts.")
    table = Table("Figure", "This week", "Weeks before", "z", "Moved")
    for each in found.figures:
        table.add_row(*_drift_row(each))
    out.print(table)
    if found.stability is not None:
        mark = "moved" if found.stability >= MOVED_PSI else "as before"
        out.print(f"Scores: stability index {found.stability:.3f} ({mark}; moved from {MOVED_PSI}).")
    if last.times is not None:
        middle, slow, slowest = (1000 * each for each in (last.times.p50, last.times.p95, last.times.p99))
        out.print(f"Milliseconds to an answer: p50 {middle:.0f}, p95 {slow:.0f}, p99 {slowest:.0f}.")


def _drift_row(each: Figure) -> tuple[str, ...]:
    z = "–" if each.z is None else f"{each.z:+.1f}"
    sides = (
        "–" if side.share is None else f"{side.share:.1%} ({side.hits}/{side.of})"
        for side in (each.now, each.before)
    )
    return (each.name, *sides, z, each.moved or "")
