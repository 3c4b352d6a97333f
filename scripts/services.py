"""What the tests need beside Python: a browser, fonts for Chinese, a telephone, and a PostgreSQL of their own.

Everything started here is stopped again by its process id. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import PYTHON, StepFailed, apt_install, can_apt, run, step

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Seconds for a new, empty cluster to answer, and to shut down; both take about one.
POSTGRESQL_STARTS_WITHIN = 60
POSTGRESQL_STOPS_WITHIN = 30

# A run on SQLite commits some ten thousand times, and each commit waits for the disk: in memory it does not. The folder
# grows to about 2 GiB; where there is not plenty, the ordinary temporary folder is taken.
MEMORY = Path("/dev/shm")  # noqa: S108 - only the place in which a folder of our own is made
MEMORY_FREE_BYTES = 6 * 1024**3

# Lost with the machine's power, which is fine for a database that lives as long as one test run.
NOT_DURABLE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def end_politely_when_told() -> None:
    """A kill from outside and a closed terminal take the same way out as Ctrl-C: what was started is stopped."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, lambda number, _frame: sys.exit(128 + number))


def ensure_browser() -> str:
    """Path of a Chromium or Chrome: the one named by $CHROMIUM, an installed one, Debian's, Playwright's."""
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise StepFailed(f"CHROMIUM={named} is no program")
        return named
    found = installed_browser()
    if found is None and can_apt():
        with step("Installing Debian's chromium"):
            apt_install("chromium", "fonts-noto-cjk")
        found = installed_browser()
    return found or browser_of_playwright()


def installed_browser() -> str | None:
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def browser_of_playwright() -> str:
    with step("Installing Playwright's Chromium"):
        run([PYTHON, "-m", "playwright", "install", "chromium"])
    where = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    return run([PYTHON, "-c", where]).strip()


def ensure_sip_telephone() -> None:
    """A telephone and a voice for the on-premise line: what calls, and what it says."""
    if shutil.which("baresip") and shutil.which("espeak-ng"):
        return
    if not can_apt():
        raise StepFailed("no SIP telephone is installed (Debian: baresip-core, espeak-ng)")
    with step("Installing Debian's baresip and espeak-ng"):
        apt_install("baresip-core", "espeak-ng")


def ensure_chinese_fonts() -> None:
    """Without them the browser draws boxes; the pictures that the journeys make would show nothing."""
    if shutil.which("fc-list") and run(["fc-list", ":lang=zh", "family"]).strip():
        return
    if not can_apt():
        raise StepFailed("no font with Chinese characters is installed (Debian: fonts-noto-cjk)")
    with step("Installing Debian's fonts-noto-cjk"):
        apt_install("fontconfig", "fonts-noto-cjk")


@contextlib.contextmanager
def temporary_files_in_memory() -> Iterator[Path | None]:
    """While it is open, temporary files of this process and of what it starts lie in memory, if there is room."""
    if not has_room(MEMORY):
        yield None
        return
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="hotline-tests-", dir=MEMORY) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's account has a folder of its own inside
        _temporary_files_go_to(folder)
        try:
            yield Path(folder)
        finally:
            _temporary_files_go_to(before)


def has_room(memory: Path) -> bool:
    return (
        memory.is_dir()
        and os.access(memory, os.W_OK)
        and shutil.disk_usage(memory).free >= MEMORY_FREE_BYTES
        and free_memory() >= 2 * MEMORY_FREE_BYTES
    )


def free_memory() -> int:
    """Bytes that programs could still have; what lies in `MEMORY` is taken from them."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0


def _temporary_files_go_to(folder: str | None) -> None:
    if folder is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = folder
    tempfile.tempdir = None  # read again


@contextlib.contextmanager
def compiled_once() -> Iterator[dict[str, str]]:
    """What makes Python compile each module once for a run, in a folder that is gone afterwards: variables, where an
    empty one counts as none. The tests start some fifty servers, and where a machine keeps no compiled modules
    (PYTHONDONTWRITEBYTECODE, as images of containers do) each would compile two seconds long."""
    if os.environ.get("PYTHONPYCACHEPREFIX"):
        yield {"PYTHONDONTWRITEBYTECODE": ""}
        return
    with tempfile.TemporaryDirectory(prefix="hotline-compiled-") as folder:
        yield {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database on a free port of this machine, gone afterwards."""
    programs = ensure_postgresql()
    with tempfile.TemporaryDirectory(prefix="hotline-postgresql-") as folder:
        password = secrets.token_urlsafe(16)
        with step("Starting PostgreSQL for the tests"):
            cluster = make_cluster(programs, Path(folder), password)
            port = free_port()
            server = start_server(programs, cluster, port)
        try:
            wait_until_ready(programs, server, port, cluster / "log")
            yield f"postgresql+asyncpg://hotline:{password}@127.0.0.1:{port}/postgres"
        finally:
            stop(server)


def ensure_postgresql() -> Path:
    found = installed_postgresql()
    if found is None and can_apt():
        with step("Installing Debian's postgresql"):
            no_standing_cluster()
            apt_install("postgresql")
        found = installed_postgresql()
    if found is None:
        raise StepFailed("PostgreSQL's server is not installed (Debian: postgresql)")
    return found


def installed_postgresql() -> Path | None:
    """The folder of the newest `initdb` and `postgres`; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    candidates = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if candidates:
        return candidates[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def no_standing_cluster() -> None:
    """Debian's package would make and start a cluster for the whole machine; the tests bring their own."""
    settings = Path("/etc/postgresql-common/createcluster.conf")
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("create_main_cluster = false\n")


def server_account() -> str | None:
    """PostgreSQL refuses to run as root: Debian's own account takes its place."""
    return "postgres" if os.geteuid() == 0 else None


def make_cluster(programs: Path, folder: Path, password: str) -> Path:
    account = server_account()
    password_file = folder / "password"
    password_file.write_text(password)
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o700)
    if account:
        for path in (folder, password_file, cluster):
            shutil.chown(path, account)
    options = ["--username=hotline", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
    made = subprocess.run(
        [programs / "initdb", "-D", cluster, *options, "--encoding=UTF8", "--locale=C"],
        user=account,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise StepFailed(f"initdb failed\n{made.stdout}{made.stderr}")
    return cluster


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_server(programs: Path, cluster: Path, port: int) -> subprocess.Popen[bytes]:
    settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={cluster}", *NOT_DURABLE]
    options = [word for setting in settings for word in ("-c", setting)]
    # A session of its own: Ctrl-C in the terminal must reach pytest first, the database only through stop().
    with (cluster / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", cluster, "-p", str(port), *options],
            user=server_account(),
            cwd=cluster,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(programs: Path, server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + POSTGRESQL_STARTS_WITHIN
    probe = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(probe, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise StepFailed(f"PostgreSQL did not start\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def stop(server: subprocess.Popen[bytes]) -> None:
    """PostgreSQL's "fast" shutdown: it ends its sessions itself."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(POSTGRESQL_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
