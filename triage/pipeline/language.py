"""Whether a text is one that the pipeline can read: Chinese, English, or a mixture."""

import unicodedata
from collections.abc import Sequence, Set

# Below this many Latin words a text says too little to tell its language.
FEW_WORDS = 4
# English and pinyin-free Chinese stay far above; other Latin-script languages share at most a few words.
KNOWN_SHARE = 0.25


def is_readable(words: Sequence[str], known: Set[str]) -> bool:
    """False for empty text, pictures only, other scripts, and other languages in Latin letters.

    `words` are normalised tokens. Text in which cues were found needs no asking.
    """
    letters = foreign = latin = recognised = 0
    for word in words:
        first = word[0]
        if "\u4e00" <= first <= "\u9fff" or "\u3400" <= first <= "\u4dbf":
            letters += 1
        elif word.isascii() and first.isalpha():
            latin += 1
            recognised += word in known
        elif unicodedata.category(first)[0] == "L":
            foreign += 1
    if letters + latin == 0:
        return any(word.isdigit() for word in words) and foreign == 0 and len(words) <= 2 * FEW_WORDS
    if foreign > letters + latin:
        return False
    return bool(letters) or latin < FEW_WORDS or recognised >= latin * KNOWN_SHARE
