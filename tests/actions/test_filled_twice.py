"""The same screening is kept once; a corrected one is another."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.actions import risk
from hotline.domain.contacts import InstrumentAnswers
from hotline.errors import Invalid
from hotline.service import Hotline
from tests.scene import served
from triage.assessment import Level


async def test_other_answers_under_a_used_key_are_refused(hotline: Hotline) -> None:
    """They were answered with their own result and lost; the level stayed where it was."""
    someone, helper = await served(hotline)

    async def fill(answers: dict[str, Any]) -> Level:
        _, contact = await risk.fill_instrument(
            hotline,
            helper,
            someone.contact_id,
            instrument_id="cssrs-screener",
            answers=answers,
            idempotency_key="once",
        )
        return contact.level

    first = await fill({"1": True})
    assert await fill({"1": True}) == first
    with pytest.raises(Invalid, match="used for other answers"):
        await fill({"1": True, "2": True, "4": True})
    assert len(await hotline.reader.where(InstrumentAnswers)) == 1
