"""A real server in a process of its own for each module, a real browser, and a window for each person."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.journeys.pictures import FOLDER
from tests.journeys.stage import Stage
from tests.journeys.telephone import Telephone, connected
from tests.server.wire import ServerProcess, StaffClient

FAILED = pytest.StashKey[bool]()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Without any way out of this machine: a journey that needs another site answers for it itself. (Routes of Playwright
    # would refuse as well, but while there are any the browser keeps no file: each reload would load everything.)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # A microphone that beeps, and two pages that may reach each other.
    "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]


def _program() -> str:
    """As `./scripts/test` found it, or one that is installed."""
    found = os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, BROWSERS) if path), None)
    assert found, "no browser: ./scripts/test finds or installs one and names it in CHROMIUM"
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    """`hotline demo --quiet`, with the module's own `SETTINGS` where it names some."""
    folder: Path = tmp_path_factory.mktemp("hotline")
    settings: dict[str, str] = getattr(request.module, "SETTINGS", {})
    process = ServerProcess(folder, f"sqlite:///{folder / 'hotline.sqlite3'}", settings=settings)
    await process.start()
    yield process
    await process.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_program(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= report.failed
    return report


@pytest_asyncio.fixture(loop_scope="module")
async def stage(
    request: pytest.FixtureRequest, server: ServerProcess, browser: Browser
) -> AsyncIterator[Stage]:
    """Windows on the server; at the end none of them may have complained. A failure leaves their pictures."""
    stage = Stage(browser, server.address)
    async with AsyncExitStack() as windows:
        stage.windows = windows
        yield stage
        if request.node.stash.get(FAILED, False):
            await stage.leave_pictures(FOLDER / "failed", request.node.name)
    assert stage.complaints == []


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def supervisor(server: ServerProcess, http: aiohttp.ClientSession) -> StaffClient:
    """A program signed in as the supervisor: to look at what the server holds."""
    return await StaffClient(server.address, http).sign_in("supervisor")


@pytest_asyncio.fixture(loop_scope="module")
async def telephone(server: ServerProcess) -> AsyncIterator[Telephone]:
    """The simulated carrier, for modules whose server was told of it (`telephone.SETTINGS`)."""
    async with connected(server.address) as telephone:
        yield telephone
