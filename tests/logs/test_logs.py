"""What a person said never reaches a log line, whichever way it tries."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from hotline import logs
from hotline.errors import WrongState
from hotline.settings import load_settings

SECRET = "what somebody told us"


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    stream = io.StringIO()
    log_format = getattr(request, "param", "json")
    logs.configure(load_settings(data_dir=tmp_path, log_format=log_format, log_level="debug"), stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])


class Form(BaseModel):
    age: int


def fails() -> None:
    words = SECRET
    try:
        Form.model_validate({"age": words})
    except ValidationError as error:
        raise RuntimeError(words) from error


@pytest.mark.parametrize("written", ["json", "pretty"], indirect=True)
def test_an_exception_is_logged_by_class_and_place(written: io.StringIO) -> None:
    try:
        fails()
    except RuntimeError:
        logging.getLogger("hotline.anything").exception("it broke")
    text = written.getvalue()
    assert SECRET not in text
    assert "RuntimeError at tests/logs/test_logs.py" in text
    assert "ValidationError" in text
    assert "it broke" in text


def test_our_own_refusals_say_their_sentence(written: io.StringIO) -> None:
    try:
        raise WrongState("The contact is closed.")
    except WrongState:
        logging.getLogger("hotline").exception("refused")
    assert "WrongState(wrong_state: The contact is closed.)" in written.getvalue()


def test_a_line_is_json_with_its_facts(written: io.StringIO) -> None:
    logging.getLogger("hotline").info("opened", extra={"contact_id": "con_1"})
    line = json.loads(written.getvalue())
    assert (line["event"], line["level"], line["contact_id"]) == ("opened", "info", "con_1")
    assert line["timestamp"].endswith("Z")


def test_a_task_that_nobody_awaits(written: io.StringIO) -> None:
    async def lost() -> None:
        task = asyncio.create_task(asyncio.to_thread(fails))
        await asyncio.wait([task])
        del task
        gc.collect()
        await asyncio.sleep(0)

    asyncio.run(lost())
    text = written.getvalue()
    assert "Task exception was never retrieved" in text
    assert SECRET not in text


def test_the_last_words_of_the_process_and_of_a_thread(written: io.StringIO) -> None:
    try:
        fails()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))
    text = written.getvalue()
    assert text.count("uncaught") == 2
    assert SECRET not in text
