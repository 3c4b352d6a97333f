"""What callers on the on-premise line hear: the scripts' words, spoken by espeak-ng where it is installed."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
from pathlib import Path

log = logging.getLogger(__name__)

_VOICES = {True: "cmn", False: "en-us"}
_WORDS_PER_MINUTE = "150"  # somebody in distress listens to it


class Voice:
    """Each sentence is spoken once and kept: announcements repeat."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = shutil.which("espeak-ng")
        if self._program is None:
            log.warning("sip line: espeak-ng is not installed; callers hear no announcements")

    async def spoken(self, text: str) -> Path | None:
        if self._program is None or not text.strip():
            return None
        sound = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.wav"
        if sound.exists():
            return sound
        chinese = any("\u4e00" <= each <= "\u9fff" for each in text)
        voice = _VOICES[chinese]
        process = await asyncio.create_subprocess_exec(
            *(self._program, "-v", voice, "-s", _WORDS_PER_MINUTE, "-w", str(sound), "--stdin"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.communicate(text.encode())
        return sound if process.returncode == 0 and sound.exists() else None
