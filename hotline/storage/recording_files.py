"""Audio at rest: one sealed file each, readable from any place without reading what comes before.

    "HLAUDIO1" · chunk 0 · chunk 1 · …          a chunk: 64 KiB of audio and its AES-256-GCM tag; the last is shorter

Each file has a key of its own, which is kept elsewhere (a sealed column, under the key of whom it is about): without
it the file is noise. A chunk is bound to its file, its place and whether it is the last, so that chunks can neither be
swapped nor cut off unseen. As a key writes one file only, the place is a nonce that never repeats.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.errors import HotlineError, Invalid
from hotline.storage.sealing import Unreadable

_MAGIC = b"HLAUDIO1"
_CHUNK = (
    64 * 1024
)  # bytes: about four seconds of a telephone call, so that jumping in it reads little in vain
_PIECE = 512 * 1024  # bytes of a file that a backup has in memory at once
_TAG = 16
_KEY_BYTES = 32
_SUFFIX = ".audio"
_ID = re.compile(r"[a-z0-9_]{3,64}")
_AT_ONCE = 4  # calls that end together are not fetched together: the line is needed by those who speak
LARGEST = 1 << 30  # bytes: a telephone call of nine hours; more is no call


class AudioMissing(HotlineError):
    """The file is not there: deleted, or the data folder was not restored."""

    code = "audio_missing"


@dataclass(frozen=True, slots=True)
class StoredAudio:
    """`key` opens the file and belongs into a sealed column; `size` is the audio's, in bytes."""

    key: str
    size: int


class AudioFiles:
    """The folder of sealed audio. Ids are made by us; files are written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = asyncio.Semaphore(_AT_ONCE)

    def _path(self, audio_id: str) -> Path:
        if not _ID.fullmatch(audio_id):
            raise Invalid("That is no id of a recording.")
        return self._folder / f"{audio_id}{_SUFFIX}"

    async def store_audio(self, audio_id: str, audio: AsyncIterable[bytes]) -> StoredAudio:
        """Seal what comes as it comes; the whole is never in memory nor on the disk in the clear."""
        async with self._writing:
            return await self._stored(audio_id, audio)

    async def _stored(self, audio_id: str, audio: AsyncIterable[bytes]) -> StoredAudio:
        path = self._path(audio_id)
        part = path.with_suffix(f".{secrets.token_hex(4)}.part")
        key = secrets.token_bytes(_KEY_BYTES)
        try:
            raw = await asyncio.to_thread(_created, part)
            with raw:
                size = await self._write(raw, AESGCM(key), audio_id, audio)
                await asyncio.to_thread(_to_disk, raw)
            await asyncio.to_thread(part.replace, path)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return StoredAudio(base64.urlsafe_b64encode(key).decode(), size)

    async def _write(self, raw: BinaryIO, cipher: AESGCM, audio_id: str, audio: AsyncIterable[bytes]) -> int:
        await asyncio.to_thread(raw.write, _MAGIC)
        size = place = 0
        waiting = bytearray()
        async for piece in audio:
            waiting += piece
            size += len(piece)
            if size > LARGEST:
                raise Invalid("The recording is too long.", code="too_long")
            while len(waiting) > _CHUNK:  # one is held back: only at the end is it known to be the last
                await asyncio.to_thread(raw.write, _sealed(cipher, audio_id, place, waiting[:_CHUNK]))
                del waiting[:_CHUNK]
                place += 1
        await asyncio.to_thread(raw.write, _sealed(cipher, audio_id, place, waiting, last=True))
        return size

    async def open_audio(
        self, audio_id: str, key: str, size: int, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """The audio's bytes from `start` up to `end` (exclusive). Raises `AudioMissing` or `Unreadable`."""
        end = size if end is None else min(end, size)
        cipher = AESGCM(base64.urlsafe_b64decode(key))
        last = _places(size) - 1
        try:
            raw = await asyncio.to_thread(self._path(audio_id).open, "rb")
        except FileNotFoundError:
            raise AudioMissing("The audio is not there.") from None
        with raw:
            for place in range(start // _CHUNK, _places(end) if end else 0):
                piece = await asyncio.to_thread(_opened, raw, cipher, audio_id, place, place == last)
                first = place * _CHUNK
                yield piece[max(0, start - first) : end - first]

    async def check(self, audio_id: str, key: str, size: int) -> None:
        """Open every byte of it. Raises `AudioMissing`, or `Unreadable` for what is not the file it was."""
        if not await asyncio.to_thread(self.is_whole, audio_id, size):
            raise Unreadable("A recording's file is longer or shorter than it was.")
        async for _ in self.open_audio(audio_id, key, size):
            pass

    def is_whole(self, audio_id: str, size: int) -> bool:
        """Whether it is as long as it was when it was sealed, which costs no reading. Raises `AudioMissing`."""
        try:
            return self._path(audio_id).stat().st_size == len(_MAGIC) + size + _places(size) * _TAG
        except FileNotFoundError:
            raise AudioMissing("The audio is not there.") from None

    def sealed_pieces(self, audio_id: str) -> Iterator[bytes]:
        """The file as it lies there, for backups. Raises `AudioMissing`."""
        try:
            raw = self._path(audio_id).open("rb")
        except FileNotFoundError:
            raise AudioMissing("The audio is not there.") from None
        with raw:
            while piece := raw.read(_PIECE):
                yield piece

    @contextmanager
    def restoring(self) -> Iterator[Callable[[str, Iterable[bytes]], None]]:
        """Sealed files out of a backup: all of them take their places at the end, or none."""
        parts: list[tuple[Path, Path]] = []

        def store(audio_id: str, pieces: Iterable[bytes]) -> None:
            path = self._path(audio_id)
            part = path.with_suffix(f".{secrets.token_hex(4)}.part")
            parts.append((part, path))
            with _created(part) as raw:
                for piece in pieces:
                    raw.write(piece)
                _to_disk(raw)

        try:
            yield store
            for part, path in parts:
                part.replace(path)
        finally:
            for part, _ in parts:
                part.unlink(missing_ok=True)

    async def remove(self, audio_id: str) -> None:
        await asyncio.to_thread(self._path(audio_id).unlink, missing_ok=True)

    async def remove_others(self, prefix: str, kept: Iterable[str]) -> int:
        """Files of this kind of id that nothing knows any more, and halves of a crash; how many there were."""
        return await asyncio.to_thread(self._remove_others, prefix, frozenset(kept))

    def _remove_others(self, prefix: str, kept: frozenset[str]) -> int:
        removed = 0
        for path in self._folder.glob(f"{prefix}_*") if self._folder.is_dir() else ():
            if path.suffix != _SUFFIX or path.stem not in kept:
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def _places(size: int) -> int:
    return max(1, -(-size // _CHUNK))


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _to_disk(raw: BinaryIO) -> None:
    raw.flush()
    os.fsync(raw.fileno())


def _bound(audio_id: str, place: int, last: bool) -> bytes:
    return f"{audio_id}.{place}.{'last' if last else 'more'}".encode()


def _sealed(
    cipher: AESGCM, audio_id: str, place: int, piece: bytes | bytearray, *, last: bool = False
) -> bytes:
    return cipher.encrypt(place.to_bytes(12, "big"), bytes(piece), _bound(audio_id, place, last))


def _opened(raw: BinaryIO, cipher: AESGCM, audio_id: str, place: int, last: bool) -> bytes:
    raw.seek(len(_MAGIC) + place * (_CHUNK + _TAG))
    sealed = raw.read(_CHUNK + _TAG)
    try:
        return cipher.decrypt(place.to_bytes(12, "big"), sealed, _bound(audio_id, place, last))
    except InvalidTag:
        raise Unreadable(
            "A recording does not open: its file was altered, or the key is another's."
        ) from None
