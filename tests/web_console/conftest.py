from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import SetClock
from tests.web_console.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, clock: SetClock) -> AsyncIterator[Site]:
    async with open_site(tmp_path, clock) as site:
        yield site
