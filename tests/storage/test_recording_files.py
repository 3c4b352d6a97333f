"""Audio at rest is noise without its key, opens from any place, and cannot be swapped or cut off unseen."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.errors import Invalid
from hotline.storage.recording_files import _CHUNK, _TAG, AudioFiles, AudioMissing
from hotline.storage.sealing import Unreadable

SIZES = [0, 1, _CHUNK - 1, _CHUNK, _CHUNK + 1, 3 * _CHUNK, 3 * _CHUNK + 5]


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def pieces(audio: bytes, length: int = 10_007) -> AsyncIterator[bytes]:
    for start in range(0, len(audio), length):
        yield audio[start : start + length]


async def read(files: AudioFiles, key: str, size: int, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in files.open_audio("rec_1", key, size, start, end)])


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_stored_comes_back_whole_and_in_parts(tmp_path: Path, size: int) -> None:
    audio = random.Random(size).randbytes(size)
    files = AudioFiles(tmp_path / "recordings")
    stored = await files.store_audio("rec_1", pieces(audio))
    assert stored.size == size
    assert await read(files, stored.key, size) == audio
    for start in {0, size // 2, max(0, size - 1), min(size, _CHUNK)}:
        for end in {start, min(size, start + 1), min(size, start + _CHUNK), size}:
            assert await read(files, stored.key, size, start, end) == audio[start:end]


async def test_nothing_of_it_stands_readable_on_the_disk_and_only_its_owner_may_read(tmp_path: Path) -> None:
    files = AudioFiles(tmp_path / "recordings")
    await files.store_audio("rec_1", pieces(b"somebody's voice" * 10_000))
    (file,) = (tmp_path / "recordings").iterdir()
    assert b"somebody" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_another_file_s_key_a_swap_and_a_cut_are_seen(tmp_path: Path) -> None:
    audio = bytes(3 * _CHUNK)
    files = AudioFiles(tmp_path)
    first = await files.store_audio("rec_1", pieces(audio))
    second = await files.store_audio("rec_2", pieces(audio))
    with pytest.raises(Unreadable):
        await read(files, second.key, len(audio))
    whole = (tmp_path / "rec_1.audio").read_bytes()
    step = _CHUNK + _TAG
    swapped = whole[:8] + whole[8 + step : 8 + 2 * step] + whole[8 : 8 + step] + whole[8 + 2 * step :]
    for altered, size in ((swapped, len(audio)), (whole[: 8 + 2 * step], 2 * _CHUNK)):
        (tmp_path / "rec_1.audio").write_bytes(altered)
        with pytest.raises(Unreadable):
            await read(files, first.key, size)


async def test_an_audio_that_breaks_off_leaves_nothing_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield bytes(2 * _CHUNK)
        raise ConnectionError

    files = AudioFiles(tmp_path)
    stored = await files.store_audio("rec_1", pieces(b"before"))
    with pytest.raises(ConnectionError):
        await files.store_audio("rec_1", breaks())
    assert names_in(tmp_path) == ["rec_1.audio"]
    assert await read(files, stored.key, 6) == b"before"


async def test_files_that_nothing_knows_are_removed_others_stay(tmp_path: Path) -> None:
    files = AudioFiles(tmp_path)
    for each in ("rec_1", "rec_2", "vml_1"):
        await files.store_audio(each, pieces(b"voice"))
    (tmp_path / "rec_3.0badcafe.part").write_bytes(b"half")
    assert await files.remove_others("rec", ["rec_1"]) == 2
    assert names_in(tmp_path) == ["rec_1.audio", "vml_1.audio"]


async def test_a_removed_file_is_missing_and_an_id_is_no_path(tmp_path: Path) -> None:
    files = AudioFiles(tmp_path)
    stored = await files.store_audio("rec_1", pieces(b"voice"))
    await files.remove("rec_1")
    await files.remove("rec_1")
    with pytest.raises(AudioMissing):
        await read(files, stored.key, 5)
    with pytest.raises(Invalid):
        await files.store_audio("../rec_1", pieces(b"voice"))
