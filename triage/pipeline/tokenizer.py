"""One tokenizer for mixed text: single CJK characters, Latin words, numbers, everything else one by one.

spaCy's Chinese tokenizer cuts English into letters and drops spaces; here the text comes back exactly.
"""

import re
from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

# a word, a number or any other character, and the space after it
TOKEN = re.compile(
    r"([\u3400-\u9fff]|[a-zA-ZÀ-ÖØ-öø-ÿŸẞſİı\u212a]+(?:'[a-zA-Zſİı\u212a]+)*|\d+(?:[.,:]\d+)*|.)( ?)",
    re.DOTALL,
)
# A word of more than this is no word; it is cut so that one token cannot be the whole message.
LONGEST_WORD = 64
# What an apostrophe may join to a word.
CONTRACTED = frozenset({"s", "m", "re", "ve", "ll", "d"})


def split(text: str) -> tuple[list[str], list[bool]]:
    """Words and whether one space follows each; `"".join(word + " " * space)` is the text."""
    found = TOKEN.findall(text)
    if "'" not in text:
        whole = [word for word, _ in found]
        if len(text) <= LONGEST_WORD or max(map(len, whole)) <= LONGEST_WORD:
            return whole, [space != "" for _, space in found]
    words: list[str] = []
    spaces: list[bool] = []
    for word, space in found:
        if "'" in word or len(word) > LONGEST_WORD:
            word, suffix = cut_contraction(word)
            pieces = [word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD)]
            if suffix:
                pieces.append(suffix)
            words += pieces
            spaces += [False] * (len(pieces) - 1)
        else:
            words.append(word)
        spaces.append(space != "")
    return words, spaces


def cut_contraction(word: str) -> tuple[str, str]:
    """ "husband's" is "husband" and "'s"; "don't" stays whole, since its halves mean other things."""
    stem, mark, end = word.rpartition("'")
    return (stem, mark + end) if stem and end in CONTRACTED else (word, "")


class MixedTokenizer:
    """Text to Doc; nothing is lost, nothing is trained."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize; `doc.text == text`. Words and spaces stay at hand: a walk over tokens costs more."""
        words, spaces = split(text)
        return Doc(self.vocab, words=words, spaces=spaces, user_data={"words": words, "spaces": spaces})

    def to_bytes(self, **kwargs: Any) -> bytes:
        """Nothing to store."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> "MixedTokenizer":
        """Nothing to read."""
        return self

    def to_disk(self, path: Any, **kwargs: Any) -> None:
        """Nothing to store."""

    def from_disk(self, path: Any, **kwargs: Any) -> "MixedTokenizer":
        """Nothing to read."""
        return self


def create_mixed_tokenizer() -> Callable[[Language], MixedTokenizer]:
    """For `spacy.blank("xx", config=…)` and `spacy.load`."""

    def create(nlp: Language) -> MixedTokenizer:
        return MixedTokenizer(nlp.vocab)

    return create


registry.tokenizers.register("triage.mixed_tokenizer.v1", func=create_mixed_tokenizer)
