"""Make spellings comparable, and remember where every character came from.

In order: characters (NFKC, lower case, traditional → simplified, zero-width and accents dropped), runs of
the same character, white space, respelt words (leet, pinyin, homophones, spaced or starred letters).
Every character of the result knows the raw span that it stands for, so evidence can point into the raw text.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from triage.languages import traditional_pairs

# A run of one character longer than this says no more than the run itself ("好累啊啊啊啊").
LATIN_RUN = 2
DIGIT_RUN = 9
WHITE = frozenset(" \n")
# Stands for a character that folds to none or several; itself a control character, it is in no result.
MARK = "\x00"
# One sign for a whole phrase (ﷺ is eighteen letters) stays itself: thousands of them would be a text without end.
LONGEST_EXPANSION = 4
ZERO_WIDTH_CATEGORIES = frozenset({"Cf", "Cc", "Cs", "Mn", "Me", "Co"})
APOSTROPHES = dict.fromkeys("’‘`´ʼ′", "'")
LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)

_LEET_WORD = re.compile(
    r"(?<![a-z0-9@$!])(?=[a-z0-9@$!]*[a-z])(?=[a-z0-9@$!]*[0-9@$!*])[a-z0-9@$!]{3,20}(?![a-z0-9@$])"
)
_SPACED_LETTERS = re.compile(r"(?<![a-z'])[a-z](?:[ .\-_*·]{1,2}[a-z](?![a-z'])){2,24}")
_STARRED_CJK = re.compile(r"(?<=[\u4e00-\u9fff])[*_\-·•/|~+#]{1,2}(?=[\u4e00-\u9fff])")
# ASCII text with none of these folds by lower() alone.
_NEEDS_CARE = re.compile(r"([^0-9])\1\1|([^a-zA-Z0-9])\2|[\x00-\x09\x0b-\x1f\x7f`]| \n|\n ")
# Where folded text is not simply copied (a little too often for digits that are not 0 to 9).
_TROUBLE = re.compile(r"\x00+|([a-z\u4e00-\u9fff])\1\1+|([0-9])\2{9,}|([^a-z0-9\u4e00-\u9fff])\3+|[ \n]{2,}")
_WORD = re.compile(r"[a-z!]{2,20}")
_LONG_WORD = re.compile(r"(?<![a-z])[a-z]{0,20}?([a-z])\1[a-z]{0,20}(?![a-z])")


@dataclass(slots=True)
class Normalised:
    """Normalised text; character i stands for raw[starts[i]:ends[i]]."""

    text: str
    starts: list[int]
    ends: list[int]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of text[start:end], which must not be empty."""
        return self.starts[start], max(self.ends[start:end])

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in place of text[start:end]; each new character stands for the whole old span."""
        first, last = self.raw_span(start, end)
        self.text = self.text[:start] + new + self.text[end:]
        self.starts[start:end] = [first] * len(new)
        self.ends[start:end] = [last] * len(new)

    def substitute(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None]) -> None:
        """Replace each match by what `new` says; None leaves it. From the end, so offsets stay true."""
        for match in reversed(list(pattern.finditer(self.text))):
            text = new(match)
            if text is not None:
                self.replace(match.start(), match.end(), text)


def _fold(character: str) -> str:
    """What one raw character becomes: nothing, one character, or several (① → 1, ㎏ → kg)."""
    if character in "\n\r\t":
        return "\n" if character != "\t" else " "
    if unicodedata.category(character) in ZERO_WIDTH_CATEGORIES:
        return ""
    character = APOSTROPHES.get(character, character)
    table = traditional_pairs()
    text = unicodedata.normalize("NFKC", character).lower()
    if len(text) > LONGEST_EXPANSION:
        return character
    # a letter with an accent that English writes without: naïve, suicidé
    text = "".join(part for part in unicodedata.normalize("NFD", text) if not unicodedata.combining(part))
    return "".join(table.get(part, part) for part in unicodedata.normalize("NFC", text))


class _FoldingTable(dict[int, str]):
    """For `str.translate`: one character for one; those that become none or several are marked and kept aside.

    Grows by one entry for each different character ever seen; bounded by Unicode.
    """

    def __init__(self) -> None:
        self.marked: dict[str, str] = {}

    def __missing__(self, ordinal: int) -> str:
        text = _fold(chr(ordinal))
        if len(text) != 1:
            self.marked[chr(ordinal)] = text
            text = MARK
        self[ordinal] = text
        return text


_TABLE = _FoldingTable()


def fold_characters(raw: str) -> Normalised:
    """Character by character, runs and white space shortened."""
    if raw.isascii() and not _NEEDS_CARE.search(raw):
        return Normalised(raw.lower(), list(range(len(raw))), list(range(1, len(raw) + 1)))
    return _Folding().fold(raw)


class _Folding:
    """Copies what folds one to one, and goes step by step only where something is dropped, added or repeated."""

    __slots__ = ("_ends", "_last", "_out", "_run", "_starts")

    def __init__(self) -> None:
        self._out: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._last = ""  # the last character of the result, and how often in a row it was there
        self._run = 0

    def fold(self, raw: str) -> Normalised:
        """The whole text."""
        plain = raw.translate(_TABLE)
        done = 0
        for trouble in _TROUBLE.finditer(plain):
            self._copy(plain, done, trouble.start())
            for index in range(trouble.start(), trouble.end()):
                text = plain[index]
                self._step(index, text if text != MARK else _TABLE.marked[raw[index]])
            done = trouble.end()
        self._copy(plain, done, len(plain))
        return Normalised("".join(self._out), self._starts, self._ends)

    def _copy(self, plain: str, start: int, end: int) -> None:
        """Characters without trouble of their own; the first ones may still repeat what went before."""
        while start < end and (self._last == plain[start] or (self._last in WHITE and plain[start] in WHITE)):
            self._step(start, plain[start])
            start += 1
        if start == end:
            return
        self._out.append(plain[start:end])
        self._starts.extend(range(start, end))
        self._ends.extend(range(start + 1, end + 1))
        self._last = plain[end - 1]
        self._run = end - start - len(plain[start:end].rstrip(self._last))

    def _step(self, index: int, text: str) -> None:
        """What the raw character at `index` became."""
        for part in text:
            if part == self._last:
                self._run += 1
                if self._run > _longest_run(part):
                    self._ends[-1] = index + 1
                    continue
            elif part in WHITE and self._last in WHITE:
                # a line end outweighs the spaces around it
                self._ends[-1] = index + 1
                if part == "\n":
                    self._out[-1] = self._out[-1][:-1] + part
                    self._last = part
                continue
            else:
                self._run = 1
            self._out.append(part)
            self._last = part
            self._starts.append(index)
            self._ends.append(index + 1)


def _longest_run(character: str) -> int:
    if "a" <= character <= "z" or "\u4e00" <= character <= "\u9fff":
        return LATIN_RUN
    return DIGIT_RUN if character.isdigit() else 1


@dataclass(frozen=True, slots=True)
class Respellings:
    """What stands for what: whole Latin words, Latin phrases (regular expressions), and forms with Chinese.

    `mended`: words that only a speller's reader respells. `kept`: words that are meant as they stand, though they
    look like ones that matter.
    """

    words: Mapping[str, str]
    latin: Mapping[str, str]
    chinese: Mapping[str, str]
    mended: Mapping[str, str]
    kept: frozenset[str]


class _Alternation:
    """Many regular expressions as one, each with its replacement."""

    def __init__(self, table: Mapping[str, str], after: str = "", before: str = "") -> None:
        self._new = {f"r{index}": new for index, new in enumerate(table.values())}
        parts = "|".join(f"(?P<r{index}>{old})" for index, old in enumerate(table))
        firsts = "".join(sorted({form[0] for old in table for form in _forms(old)}))
        # most characters begin none of the forms: look at one character before trying them all
        self.pattern = re.compile(f"{after}(?=[{re.escape(firsts)}])(?:{parts}){before}")

    def replacement(self, match: re.Match[str]) -> str | None:
        """What to put for a match."""
        return self._new[match.lastgroup] if match.lastgroup else None


def _forms(expression: str) -> list[str]:
    """The alternatives of an expression that has none but at its top level."""
    return expression.split("|")


class Mender(Protocol):
    """Undoes mistakes of typing and hearing in place (`spelling.Speller`)."""

    def spelt(self, text: Normalised) -> None:
        """Chinese in Latin letters; before words are respelt, which would cut it."""

    def mend(self, text: Normalised) -> None:
        """What was mistyped or misheard; when all else is done."""


class Normaliser:
    """Knows the words that matter (`vocabulary`) and their respellings, so that it changes nothing else."""

    def __init__(
        self,
        vocabulary: frozenset[str],
        respellings: Respellings,
        speller: Mender | None = None,
    ) -> None:
        """`speller`, if any, mends what no list foresees."""
        self._vocabulary = vocabulary
        self._words = {**respellings.words, **(respellings.mended if speller else {})}
        self._speller = speller
        self._latin = _Alternation(respellings.latin, after=r"(?<![a-z])", before=r"(?![a-z'])")
        self._chinese = _Alternation(respellings.chinese)

    def __call__(self, raw: str) -> Normalised:
        """Normalise raw text; linear in its length."""
        folded = fold_characters(raw)
        if not folded.text.isascii():
            folded.substitute(_STARRED_CJK, lambda match: "")
        folded.substitute(_LONG_WORD, self._shorten)
        folded.substitute(_LEET_WORD, self._unleet)
        folded.substitute(_SPACED_LETTERS, self._join_letters)
        if self._speller:
            self._speller.spelt(folded)
        folded.substitute(_WORD, lambda match: self._words.get(match.group()))
        folded.substitute(self._latin.pattern, self._latin.replacement)
        if not folded.text.isascii():
            folded.substitute(self._chinese.pattern, self._chinese.replacement)
        if self._speller:
            self._speller.mend(folded)
        return folded

    def _unleet(self, match: re.Match[str]) -> str | None:
        word = match.group()
        plain = word.translate(LEET)
        if word in self._vocabulary or word == plain:
            return None
        return plain if plain in self._vocabulary else None

    def _join_letters(self, match: re.Match[str]) -> str | None:
        letters = re.sub(r"[^a-z]", "", match.group())
        return self._split_words(letters)

    def _split_words(self, letters: str) -> str | None:
        """The letters as known words, longest first ("killmyself" → "kill myself"), or None."""
        if len(letters) < 3:
            return None
        words: list[str] = []
        rest = letters
        while rest:
            size = next((n for n in range(len(rest), 0, -1) if rest[:n] in self._vocabulary), 0)
            if not size:
                return None
            words.append(rest[:size])
            rest = rest[size:]
        return " ".join(words) if any(len(word) > 2 for word in words) else None

    def _shorten(self, match: re.Match[str]) -> str | None:
        """ "diee" → "die", "killl" (cut to "kill") stays: only towards a known word."""
        word = match.group()
        if word in self._vocabulary:
            return None
        single = re.sub(r"(.)\1", r"\1", word)
        return single if single in self._vocabulary else None
