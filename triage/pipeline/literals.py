"""Find which of very many short token sequences stand where: a trie of tokens, one step of a dict per token.

spaCy's PhraseMatcher does the same for two kilobytes a sequence and the time to make a Doc of each. Here a
sequence costs some hundred bytes, and one that no longer one begins with costs no node of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from triage.pipeline.tokenizer import split

Span = tuple[int, int]
# What ends at a node stands under a key that no token can be.
ENDS = ""


class LiteralTrie:
    """Texts, each with a number; several may have the same."""

    def __init__(self, numbered: Iterable[tuple[str, int]]) -> None:
        # token → number of the text that ends there and goes no further, or a dict of the same kind
        self._root: dict[str, Any] = {}
        # one string for each token, however many texts hold it
        tokens: dict[str, str] = {}
        for text, number in numbered:
            self._add([tokens.setdefault(word, word) for word in split(text)[0]], number)
        self.words = frozenset(tokens)

    def _add(self, words: Sequence[str], number: int) -> None:
        node = self._root
        for word in words[:-1]:
            below = node.get(word)
            if below is None:
                below = node[word] = {}
            elif isinstance(below, int):
                below = node[word] = {ENDS: below}
            node = below
        last = node.get(words[-1])
        if isinstance(last, dict):
            last[ENDS] = number
        else:
            node[words[-1]] = number

    def find(self, words: Sequence[str], first: int, end: int) -> dict[int, list[Span]]:
        """Of words[first:end], the number of each text found with the spans where it stands."""
        found: dict[int, list[Span]] = defaultdict(list)
        root = self._root
        for start in range(first, end):
            node = root.get(words[start])
            at = start + 1
            while node is not None:
                if node.__class__ is int:
                    found[node].append((start, at))
                    break
                number = node.get(ENDS)
                if number is not None:
                    found[number].append((start, at))
                if at == end:
                    break
                node = node.get(words[at])
                at += 1
        return found
