"""Transcripts of speech: fillers and stammered repeats are taken out before anything else is read."""

import re

from triage.pipeline.normalise import Normalised

_FILLERS = re.compile(
    r"\b(?:um+|uh+|er+|hmm+|erm|you know|i mean)\b[, ]*|(?:嗯|呃|额|那个|就是说|啊)[,，、 ]+"
)
_REPEATED_WORD = re.compile(r"\b([a-z']+)(?:[, ]+\1\b)+")
_REPEATED_CJK = re.compile(r"([\u4e00-\u9fff]{1,4})[,，、 ]+\1(?=[\u4e00-\u9fff])")


def clean_speech(normalised: Normalised) -> None:
    """Shorten in place; offsets stay true."""
    normalised.substitute(_FILLERS, lambda match: "")
    normalised.substitute(_REPEATED_WORD, lambda match: match.group(1))
    normalised.substitute(_REPEATED_CJK, lambda match: match.group(1))
