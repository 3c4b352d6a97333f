"""The `hotline` command: the operators' commands of `hotline/cli.py`, and serve and demo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from hotline.actions import staff as accounts
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.cli import build, fail, out, settings_or_fail, setup_link
from hotline.doctor import Finding, good, problem
from hotline.domain.access import Role
from hotline.domain.skills import spoken
from hotline.errors import HotlineError
from hotline.service import Hotline
from hotline.settings import Settings
from hotline.storage.database import DatabaseError
from web_console import demo as demonstration
from web_console import server
from web_console.companions import COMPANIONS
from web_console.page_files import PAGES

FIRST_ADMINISTRATOR = "admin"


async def pages_are_built(_settings: Settings) -> list[Finding]:
    missing = [
        name
        for name in ("index.html", "chat.html", "school.html", "embed.js")
        if not (PAGES / name).is_file()
    ]
    if missing:
        return [problem("pages", f"{', '.join(missing)} not built: ./scripts/run builds them.")]
    return [good("pages", "built")]


app = build(further_checks=(pages_are_built,))


@app.command()
def serve() -> None:
    """The server, all from settings."""
    settings = settings_or_fail()

    async def ready(_hotline: Hotline, address: str) -> None:
        say(f"Console: {address}/")

    run(settings, ready)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="0 takes a free one; 8080 by default.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database; ./data by default.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No simulated callers.")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="No demo accounts or data: a new hotline.")] = False,
) -> None:
    """A hotline on this machine with made-up staff and callers, to look at and to try."""
    given: dict[str, Any] = {"demo": not bare}
    if port is not None:
        given["listen_port"] = port
    if data is not None:
        given["data_dir"] = data
    settings = settings_or_fail(**given)
    if bare:
        run(settings, _ready_bare)
    else:
        companions = () if quiet else COMPANIONS
        run(settings, _ready_demo, prepare=demonstration.seed, companions=companions)


async def _ready_demo(hotline: Hotline, address: str) -> None:
    say(f"Console: {address}/")
    say(f"For people who need help: {address}/chat   For schools: {address}/school")
    say(demonstration.sign_ins())


async def _ready_bare(hotline: Hotline, address: str) -> None:
    link = await first_administrator(hotline, address)
    say(f"Console: {address}/")
    if link is not None:
        hours = hotline.settings.setup_link_hours
        say(f"First administrator ({FIRST_ADMINISTRATOR}), good once, for {hours:g} hours: {link}")


async def first_administrator(hotline: Hotline, address: str) -> str | None:
    """A one-time link while no administrator has set a password yet; None afterwards."""
    administrators = [
        each for each in await accounts.everyone(hotline) if Role.ADMIN in each.roles and not each.disabled
    ]
    if any(each.password_hash for each in administrators):
        return None
    if administrators:
        invited = await accounts.reset(hotline, OPERATOR, administrators[0].id)
    else:
        new = NewStaff(FIRST_ADMINISTRATOR, "管理员 Administrator", (Role.ADMIN,), spoken("zh", "en"))
        invited = await accounts.create(hotline, OPERATOR, new)
    return setup_link(address, invited.setup_token or "")


def run(settings: Settings, ready: server.Ready, **more: Any) -> None:
    """Serve; what keeps the server from starting becomes one sentence."""
    try:
        server.run(settings, ready, **more)
    except HotlineError as error:
        fail(error.detail)
    except (DatabaseError, OSError) as error:
        fail(f"The server cannot start ({type(error).__name__}). `hotline doctor` says more.")


def say(line: str) -> None:
    """At once, so that whoever started us and reads along knows."""
    out.print(line, markup=False)
    out.file.flush()


def main() -> None:
    os.umask(0o077)  # what we write is nobody else's business
    app()
