"""Questionnaires as versioned data, and what their answers mean."""

from triage.instruments.catalogue import Instrument, Item, Option, Step, catalogue
from triage.instruments.scoring import InstrumentError, InstrumentResult, score

__all__ = [
    "Instrument",
    "InstrumentError",
    "InstrumentResult",
    "Item",
    "Option",
    "Step",
    "catalogue",
    "score",
]
