"""Instruments as data: `data/<id>.json`, one file each, both languages, licence beside the items."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from triage.assessment import Kind, Level


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Data):
    """One possible answer. `value` is what is stored, `points` what it adds where points are summed.

    `level` is what the instrument's own rules say; the policy table may ask for more (`triage/policy`).
    `emergency`: something is being done now.
    """

    value: str | int | bool
    text_zh: str
    text_en: str
    points: int = 0
    level: Level | None = None
    emergency: bool = False
    kinds: tuple[Kind, ...] = ()
    loinc: str | None = None


class Condition(_Data):
    """Holds when the item was answered with one of the values."""

    item: str
    values: tuple[str | int | bool, ...]


class Item(_Data):
    """A question. It is asked when any of `shown_if` holds; without conditions, always."""

    id: str
    text_zh: str
    text_en: str
    note_zh: str = ""
    note_en: str = ""
    options: tuple[Option, ...]
    shown_if: tuple[Condition, ...] = ()
    unverified: bool = False
    loinc: str | None = None

    def option(self, value: object) -> Option | None:
        """The option with exactly this value; True is not 1."""
        return next(
            (
                choice
                for choice in self.options
                if type(choice.value) is type(value) and choice.value == value
            ),
            None,
        )


class Band(_Data):
    """A range of totals and what it is called; `level` is the floor that it gives, if any."""

    minimum: int
    maximum: int
    name_zh: str
    name_en: str
    level: Level


class Step(_Data):
    """What is to be done next: when any of the answers was given, or the floor is at least `at`."""

    answers: tuple[Condition, ...] = ()
    at: Level | None = None
    text_zh: str
    text_en: str


class Instrument(_Data):
    """A questionnaire in one version. `method`: how answers become a result; `kinds`: what its danger is about."""

    id: str
    version: str
    title_zh: str
    title_en: str
    licence: str
    source: str
    method: Literal["highest", "sum", "asq", "grade"]
    stem_zh: str = ""
    stem_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    unverified: bool = False
    items: tuple[Item, ...]
    bands: tuple[Band, ...] = ()
    steps: tuple[Step, ...] = ()
    kinds: tuple[Kind, ...] = ()
    loinc: str | None = None

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == item_id), None)


@cache
def _load() -> dict[str, Instrument]:
    folder = files("triage.instruments") / "data"
    found: dict[str, Instrument] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            instrument = Instrument.model_validate_json(file.read_text(encoding="utf-8"))
            found[instrument.id] = instrument
    return found


def catalogue() -> list[Instrument]:
    """All instruments, by id."""
    return list(_load().values())


def instrument(instrument_id: str) -> Instrument | None:
    """The instrument of that id, or None."""
    return _load().get(instrument_id)
