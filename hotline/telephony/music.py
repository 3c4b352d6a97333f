"""What somebody on hold hears: twelve quiet seconds that can be repeated without a seam.

Made here, not recorded: nobody's rights, no other server. Four soft chords of sines on a five-tone scale, slow and
low, with nothing sudden in them; 8 kHz and 16 bit, as a telephone carries it.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from functools import lru_cache

RATE = 8000
SECONDS = 12
_CHORDS = ((196.0, 293.7, 392.0), (220.0, 329.6, 440.0), (246.9, 293.7, 493.9), (196.0, 246.9, 392.0))  # Hz
_LOUDNESS = 0.16  # of full scale: under a voice on the telephone


@lru_cache(maxsize=1)
def hold_music() -> bytes:
    """A WAV file."""
    length = RATE * SECONDS // len(_CHORDS)
    samples = array("h")
    for chord in _CHORDS:
        for index in range(length):
            swell = (
                math.sin(math.pi * index / length) ** 2
            )  # silent at both ends: chords meet without a click
            tone = sum(math.sin(2 * math.pi * pitch * index / RATE) for pitch in chord) / len(chord)
            samples.append(round(32767 * _LOUDNESS * swell * tone))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(samples.tobytes())
    return file.getvalue()
