from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hotline import logs
from hotline.settings import load_settings
from tests.conftest import SetClock
from tests.web_console.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, clock: SetClock) -> AsyncIterator[Site]:
    async with open_site(tmp_path, clock) as site:
        yield site


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[io.StringIO]:
    """What this process writes into its log."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    stream = io.StringIO()
    logs.configure(load_settings(data_dir=tmp_path, log_format="json", log_level="debug"), stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
