"""Backups: every table as it was at one moment, and the sound that it knows, in one compressed file, from either
database into either.

    line 1      {"format": …, "schema": …, "made_at": …}
    then        {"table": …, "row": {…}}                parents before children; bytes as {"bytes": base 64}
    then        {"rows": …}                             how many there were
    then        the sealed sound (`backup_audio.py`), and {"sounds": …} as the last line: without it, it was cut off

What people said is in there only as it stands in the tables: sealed. The master key is not in it, so that
a stolen backup reads as noise, and a backup without the kept key is worth nothing.
"""

from __future__ import annotations

import base64
import gzip
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
from sqlalchemy import Connection, Table, func, insert, select
from sqlmodel import SQLModel

from hotline.errors import HotlineError
from hotline.storage import all_nouns
from hotline.storage.backup_audio import Incomplete, Sounds, is_kept, read_sounds, write_sounds
from hotline.storage.database import Database
from hotline.storage.recording_files import AudioFiles
from hotline.storage.schema import schema_state

FORMAT = "hotline-backup-2"
_PART = 500  # rows at a time

assert all_nouns.ALL_NOUNS  # noqa: S101  every table is registered by importing it


class BackupRefused(HotlineError):
    code = "backup"


def tables() -> list[Table]:
    """Parents before children."""
    return list(SQLModel.metadata.sorted_tables)


@dataclass(frozen=True, slots=True)
class BackedUp:
    rows: int
    sounds: Sounds


async def back_up(database: Database, audio: AudioFiles, file: Path, now: datetime) -> BackedUp:
    """Write the backup. A file that exists is never overwritten. Sound that is not in the folder is named, and the
    rest of it is a backup all the same."""
    state = await schema_state(database)
    if not state.is_current:
        raise BackupRefused("The schema is not of this version: run `hotline db upgrade` first.")
    head = {"format": FORMAT, "schema": state.stored, "made_at": now}
    async with database.one_moment() as connection:
        return await connection.run_sync(_write_file, audio, file, head)


def _write_file(connection: Connection, audio: AudioFiles, file: Path, head: dict[str, Any]) -> BackedUp:
    """Under another name, nobody else's, until it is whole; then never over a file that came meanwhile."""
    if file.exists():
        raise _exists()
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            written = _write(connection, audio, raw, head)
            raw.flush()
            os.fsync(raw.fileno())
        _take_place(part, file)
    finally:
        part.unlink(missing_ok=True)
    return written


def _take_place(part: Path, file: Path) -> None:
    try:
        os.link(part, file)
    except FileExistsError:
        raise _exists() from None
    except OSError:  # a file system without links
        part.rename(file)


def _exists() -> BackupRefused:
    return BackupRefused("The file exists already; a backup never overwrites one.")


def _write(connection: Connection, audio: AudioFiles, raw: BinaryIO, head: dict[str, Any]) -> BackedUp:
    count, kept = 0, []
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
        _line(out, head)
        for table in tables():
            # A few rows at a time: a whole table would fill the memory, and reach the limit of one statement's time.
            rows = connection.execute(select(table), execution_options={"yield_per": _PART})
            for row in rows.mappings():
                _line(out, {"table": table.name, "row": {key: _plain(each) for key, each in row.items()}})
                count += 1
                if is_kept(table.name, dict(row)):
                    kept.append(row["id"])
        _line(out, {"rows": count})
        return BackedUp(count, write_sounds(audio, kept, lambda line: _line(out, line)))


def _line(out: gzip.GzipFile, value: dict[str, Any]) -> None:
    out.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def _plain(value: Any) -> Any:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


async def restore(database: Database, audio: AudioFiles, file: Path) -> BackedUp:
    """Read a backup into an empty database and its folder; all of it or nothing."""
    await database.claim()
    await database.upgrade()
    state = await schema_state(database)
    try:
        with gzip.open(file, "rb") as lines:
            head = orjson.loads(next(iter(lines), b"null"))
            if not isinstance(head, dict) or head.get("format") != FORMAT:
                raise BackupRefused("The file is no backup of this program.")
            if head["schema"] != state.wanted:
                raise BackupRefused(
                    f"The backup has schema {head['schema']}, this program {state.wanted}: restore it with the "
                    "version that made it, then upgrade."
                )
            return await database.write(
                lambda connection: _read_in(connection, audio, cast("BinaryIO", lines))
            )
    except Incomplete:
        raise BackupRefused("The backup is incomplete, or its sound was altered.") from None
    except (OSError, EOFError, orjson.JSONDecodeError) as error:
        raise BackupRefused(f"The file cannot be read ({type(error).__name__}).") from None


def _read_in(connection: Connection, audio: AudioFiles, lines: BinaryIO) -> BackedUp:
    known = {table.name: table for table in tables()}
    if any(connection.scalar(select(func.count()).select_from(table)) for table in known.values()):
        raise BackupRefused("The database is not empty: a backup is restored into an empty one only.")
    count = 0
    for name, rows in _parts(lines):
        if name is None:
            if rows[0] != {"rows": count}:
                break
            return BackedUp(count, read_sounds(audio, map(orjson.loads, lines)))
        table = known.get(name)
        if table is None:
            raise BackupRefused("The backup has a table that this program does not know.")
        connection.execute(insert(table), [_typed(table, row) for row in rows])
        count += len(rows)
    raise BackupRefused("The backup is incomplete.")


def _parts(lines: BinaryIO) -> Iterator[tuple[str | None, list[dict[str, Any]]]]:
    """Rows of one table at a time; last (None, [the tables' closing line])."""
    name: str | None = None
    rows: list[dict[str, Any]] = []
    for line in lines:
        value = orjson.loads(line)
        if rows and (value.get("table") != name or len(rows) == _PART):
            yield name, rows
            rows = []
        name = value.get("table")
        rows.append(value["row"] if name is not None else value)
        if name is None:
            break
    if rows:
        yield name, rows


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        value = row.get(column.name)
        if value is None:
            continue
        kind = getattr(column.type, "impl_instance", column.type).python_type
        if kind is bytes:
            row[column.name] = base64.b64decode(value["bytes"])
        elif kind in (datetime, date):
            row[column.name] = kind.fromisoformat(value)
    return row
