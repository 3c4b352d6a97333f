"""Numbers in digits, Chinese or English words, as the pattern language knows them."""

from collections.abc import Iterator, Sequence

from triage.pipeline.doses import is_many

CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "几": 3, "半": 1, "数": 3}
CHINESE_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
ENGLISH = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
} | {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "hundreds": 100, "dozen": 12, "dozens": 24, "couple": 2, "few": 3,
}  # fmt: skip
MINOR_AGES = range(4, 18)
_NUMERALS = frozenset(ENGLISH) | CHINESE.keys() | CHINESE_UNITS.keys()


def find_numbers(words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield (set name, start, end) of each number in the tokens."""
    index = 0
    while index < len(words):
        if words[index] not in _NUMERALS and not words[index][0].isdigit():
            index += 1
            continue
        value, end = _number_at(words, index)
        if value is not None:
            yield "<number>", index, end
            if is_many(value, words, index, end):
                yield "<many>", index, end
            if value in MINOR_AGES:
                yield "<minor_age>", index, end
        index = max(end, index + 1)


def first_number(words: Sequence[str]) -> float | None:
    """The value of the first number in the tokens."""
    for index, word in enumerate(words):
        if word in _NUMERALS or word[0].isdigit():
            value, _ = _number_at(words, index)
            if value is not None:
                return value
    return None


def _number_at(words: Sequence[str], start: int) -> tuple[float | None, int]:
    word = words[start]
    if word[0].isdigit() and word.isascii():
        digits = word.replace(",", "").replace(":", ".").split(".")[0]
        return float(digits[:9]), start + 1
    if word in ENGLISH:
        return ENGLISH[word], start + 1
    total, current, end = 0, 0, start
    while end < len(words) and (words[end] in CHINESE or words[end] in CHINESE_UNITS):
        if words[end] in CHINESE:
            current = CHINESE[words[end]]
        else:
            total += (current or 1) * CHINESE_UNITS[words[end]]
            current = 0
        end += 1
    return (total + current, end) if end > start else (None, start)
