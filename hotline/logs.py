"""Logging: JSON lines or pretty ones; ids and facts only.

What a person said can hide in the message of any exception and in any local variable. So an exception is
logged by its class and the places in the code, never by its message, unless it is one of ours, whose
sentences hold no content (`errors.py`).
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

from hotline.errors import HotlineError
from hotline.settings import Settings

_PLACES = 12  # innermost lines of code of one exception
_CAUSES = 4
_ROOT = Path(__file__).resolve().parent.parent
_CHATTY = (
    "asyncio",
    "sqlalchemy",
    "twilio",
    "urllib3",
    "websockets",
    "aiohttp.access",
    "alembic",
)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """All logging of this process, the libraries' included, through one formatter; to standard error by default."""
    stream = stream or sys.stderr
    pretty = settings.log_format == "pretty" or (settings.log_format == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(pretty))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    threading.excepthook = lambda args: _last_words(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )


def _formatter(pretty: bool) -> logging.Formatter:
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_exception,
    ]
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def _describe_exception(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if event.get("logger") == "asyncio":
        # It writes the failed task with its exception, message and all, on the lines below the first.
        event["event"] = str(event["event"]).partition("\n")[0]
    elif event.get("logger") == "aiohttp.server":
        # "Error handling request from 203.0.113.7": whoever it was may be in need of help.
        event["event"] = str(event["event"]).partition(" from ")[0]
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    elif isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[1] is not None:
        event["error"] = described(found[1])
    return event


def described(error: BaseException) -> str:
    """Class, sentence if it is one of ours, and where; with what caused it."""
    chain: list[str] = []
    following: BaseException | None = error
    while following is not None and len(chain) < _CAUSES:
        name = type(following).__qualname__
        if isinstance(following, HotlineError):
            name += f"({following.code}: {following.detail})"
        chain.append(f"{name} at {_places(following.__traceback__)}")
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
    return " ← ".join(chain)


def _places(found: TracebackType | None) -> str:
    frames = traceback.extract_tb(found)[-_PLACES:]
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames) or "?"


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])


def log_crash(log: logging.Logger, error: BaseException, **facts: str) -> None:
    """A bug: what it was and where, with facts that hold no content."""
    log.error("crashed", exc_info=error, extra=facts)


def _last_words(kind: type[BaseException], error: BaseException, found: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, found)
        return
    logging.getLogger("hotline").critical("uncaught", exc_info=error.with_traceback(found))
