"""The sound in a backup: the sealed files as they lie in the folder, after the tables, and whether they still open.

    {"audio": id, "bytes": …}  {"audio": id, "bytes": …}  {"audio": id, "sha256": …}   one file, in its pieces
    {"audio": id, "missing": true}                                                  a row knows it, the folder does not
    {"sounds": …}                                                                   how many there are, at the end

A file is sealed under a key of its own that stands, sealed, in its row: without the master key it is noise here too.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hotline.domain.recordings import Recording, RecordingState
from hotline.domain.voicemails import Audio, Voicemail
from hotline.storage.reading import Reader
from hotline.storage.recording_files import AudioFiles, AudioMissing
from hotline.storage.sealing import Unreadable

Line = dict[str, Any]


@dataclass(slots=True)
class Sounds:
    """`missing`: known to a table and not in the folder; `broken`: there, and not what its row says."""

    count: int = 0
    missing: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.broken


def is_kept(table: str, row: Line) -> bool:
    """Whether this row has a file of sound in our folder."""
    return (table == "recordings" and row["state"] == RecordingState.KEPT) or (
        table == "voicemails" and row["audio"] == Audio.KEPT
    )


# Out ---------------------------------------------------------------------------------------------


def write_sounds(files: AudioFiles, ids: Iterable[str], write: Callable[[Line], None]) -> Sounds:
    sounds = Sounds()
    for audio_id in ids:
        try:
            _write_sound(files, audio_id, write)
            sounds.count += 1
        except AudioMissing:
            write({"audio": audio_id, "missing": True})
            sounds.missing.append(audio_id)
    write({"sounds": sounds.count})
    return sounds


def _write_sound(files: AudioFiles, audio_id: str, write: Callable[[Line], None]) -> None:
    digest = hashlib.sha256()
    for piece in files.sealed_pieces(audio_id):
        digest.update(piece)
        write({"audio": audio_id, "bytes": base64.b64encode(piece).decode()})
    write({"audio": audio_id, "sha256": digest.hexdigest()})


# In ----------------------------------------------------------------------------------------------


class Incomplete(Exception):
    """A piece is missing, or is not what was written."""


def read_sounds(files: AudioFiles, lines: Iterable[Line]) -> Sounds:
    """Every file under another name until all of them have come whole; then all of them in their places."""
    sounds = Sounds()
    with files.restoring() as store:
        for audio_id, pieces in _sounds(lines, sounds):
            store(audio_id, pieces)
            sounds.count += 1
    return sounds


def _sounds(lines: Iterable[Line], sounds: Sounds) -> Iterator[tuple[str, Iterator[bytes]]]:
    rest = iter(lines)
    for line in rest:
        if "sounds" in line:
            if line["sounds"] != sounds.count:
                break
            return
        if line.get("missing"):
            sounds.missing.append(line["audio"])
            continue
        if "bytes" not in line:
            break
        yield line["audio"], _pieces(line, rest)
    raise Incomplete


def _pieces(first: Line, rest: Iterator[Line]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    line: Line | None = first
    while line is not None and line.get("audio") == first["audio"]:
        if "sha256" in line:
            if line["sha256"] != digest.hexdigest():
                break
            return
        piece = base64.b64decode(line["bytes"])
        digest.update(piece)
        yield piece
        line = next(rest, None)
    raise Incomplete


# Whether they open -------------------------------------------------------------------------------


async def opened(reader: Reader, files: AudioFiles) -> Sounds:
    """Every file that a row knows, opened from its first byte to its last with the key of that row."""
    sounds = Sounds()
    for audio_id, key, size in await _known(reader):
        try:
            await files.check(audio_id, key, size)
            sounds.count += 1
        except AudioMissing:
            sounds.missing.append(audio_id)
        except Unreadable:
            sounds.broken.append(audio_id)
    return sounds


async def _known(reader: Reader) -> list[tuple[str, str, int]]:
    made, left = reader.table(Recording).c, reader.table(Voicemail).c
    recordings = await reader.where(Recording, made.state == RecordingState.KEPT)
    voicemails = await reader.where(Voicemail, left.audio == Audio.KEPT)
    return [(each.id, each.file_key or "", each.size or 0) for each in recordings] + [
        (each.id, each.audio_key or "", each.audio_size) for each in voicemails
    ]
