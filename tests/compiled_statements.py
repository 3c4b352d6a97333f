"""One engine's compiled statements for all: every test opens a database of its own, and its engines would compile the
same few hundred statements again, which costs more than running them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import URL, Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from hotline.storage import database

_KEPT = 5000  # statements; the whole run has some hundreds for each kind of database

_first: dict[str, Engine] = {}


def share() -> None:
    """From now on a database opened in this process compiles no statement that one before it compiled."""
    for maker in ("create_engine", "create_async_engine"):
        setattr(database, maker, _sharing(getattr(database, maker)))


def _sharing(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_sharing(url: URL, **options: Any) -> Any:
        made = create(url, **options)
        _take_part(made.sync_engine if isinstance(made, AsyncEngine) else made)
        return made

    return create_sharing


def _take_part(engine: Engine) -> None:
    """What is compiled belongs to a dialect; one that has not seen its server yet cannot be anybody's."""
    first = _first.get(engine.url.drivername)
    if first is None or first.dialect.server_version_info is None:
        engine._compiled_cache = LRUCache(_KEPT)
        _first[engine.url.drivername] = engine
        return
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
