"""SIP telephones for callers and counselors: baresip, another implementation than ours, whose microphone is a file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np

RATE = 8000
_CONFIG = """\
module_path {modules}
module_app menu.so
module_app account.so
module stdio.so
module g711.so
module aufile.so
module sndfile.so
snd_path .
audio_source aufile,{microphone}
audio_player aufile
audio_srate 8000
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
"""


def free_sip_port() -> int:
    """With the one after it, which baresip takes for TLS; below those that the system gives to others."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        with contextlib.suppress(OSError), contextlib.ExitStack() as probes:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                for each in (port, port + 1):
                    probe = probes.enter_context(socket.socket(socket.AF_INET, kind))
                    probe.bind(("127.0.0.1", each))
            return port


def modules() -> str:
    """Where Debian puts them, on whichever architecture."""
    places = [Path("/usr/lib/baresip/modules"), *Path("/usr/lib").glob("*/baresip/modules")]
    return str(next(each for each in places if each.is_dir()))


def voice(text: str, language: str = "en-us+f3") -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """What espeak-ng says, at the telephone's rate."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", language, "-s", "140", "--stdout", text], capture_output=True, check=True
    )
    rate = int.from_bytes(spoken.stdout[24:28], "little")
    samples = np.frombuffer(spoken.stdout[44:][: len(spoken.stdout[44:]) // 2 * 2], "<i2").astype(float)
    wide = RATE / rate
    # Away with what 8 kHz cannot hold, then between the samples.
    taps = np.sinc(np.arange(-32, 33) * wide) * np.hamming(65)
    smooth = np.convolve(samples, taps / taps.sum(), mode="same")
    at = np.arange(int(len(samples) * wide)) / wide
    return np.interp(at, np.arange(len(samples)), smooth).clip(-32768, 32767).astype(np.int16)


def record(path: Path, *parts: np.ndarray[tuple[int], np.dtype[np.int16]] | float) -> Path:
    """A microphone's file: speech, and seconds of silence."""
    whole = [each if isinstance(each, np.ndarray) else np.zeros(int(each * RATE), np.int16) for each in parts]
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(np.concatenate(whole).tobytes())
    return path


class Telephone:
    """A running one. What it hears it writes into a file of its folder."""

    def __init__(self, process: asyncio.subprocess.Process, home: Path) -> None:
        self._process, self._home = process, home

    def press(self, key: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(key.encode())

    async def hang_up(self) -> None:
        await _ended(self._process)

    def loudness_heard(self) -> float:
        """Of the loudest second; after hanging up."""
        (file,) = self._home.glob("dump-*-dec.wav")
        heard = np.frombuffer(file.read_bytes()[44:], "<i2").astype(float)
        seconds = heard[: len(heard) // RATE * RATE].reshape(-1, RATE)
        return float(np.sqrt((seconds**2).mean(axis=1)).max())


@contextlib.asynccontextmanager
async def telephone(
    home: Path, port: int, microphone: Path, *, number: str = "desk", calls: str = ""
) -> AsyncIterator[Telephone]:
    """Calls that address at once, or picks up whoever calls; hangs up at the end."""
    home.mkdir()  # noqa: ASYNC240
    config = _CONFIG.format(modules=modules(), microphone=microphone, port=port)
    (home / "config").write_text(config)
    (home / "accounts").write_text(f"<sip:{number}@127.0.0.1>;regint=0;answermode=auto\n")
    dial = ["-e", f"/dial sip:{calls}"] if calls else []
    # In its folder: the name of a file of sound, folder and all, is cut after 127 bytes.
    process = await _started("baresip", "-f", str(home), *dial, folder=home)
    try:
        yield Telephone(process, home)
    finally:
        await _ended(process)


@contextlib.asynccontextmanager
async def line_of_the_house(
    sip: str, api_port: int, counselor: str, settings: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Our own program, as an operator starts it."""
    environment = {**os.environ, **settings}
    process = await _started(
        *(sys.executable, "-m", "web_console.sip_line", "--sip", sip, "--api-port", str(api_port)),
        *("--counselor", counselor),
        environment=environment,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            while b"SIP:" not in (line := await process.stdout.readline()):
                assert line, "the line did not start"
        yield process
    finally:
        await _ended(process)


async def _started(
    *command: str, environment: dict[str, str] | None = None, folder: Path | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=None if environment else asyncio.subprocess.DEVNULL,
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
