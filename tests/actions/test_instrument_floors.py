"""A filled instrument joins the level, is kept with its version, and calls for what its answers ask for."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.actions import alerts, risk
from hotline.domain.alerts import Alert, AlertState
from hotline.domain.contacts import Contact, InstrumentAnswers, LevelSource
from hotline.service import Hotline
from tests.conftest import settle
from tests.scene import served, supervisor
from triage.assessment import Level
from triage.instruments.catalogue import instrument
from triage.policy import AlertTarget


async def filled(hotline: Hotline, name: str, answers: dict[str, Any]) -> Contact:
    someone, helper = await served(hotline)
    _, contact = await risk.fill_instrument(
        hotline, helper, someone.contact_id, instrument_id=name, answers=answers, idempotency_key="once"
    )
    return contact


async def test_the_floor_joins_the_level_and_the_version_is_kept(hotline: Hotline) -> None:
    contact = await filled(hotline, "cssrs-screener", {"1": True, "2": True, "3": True, "4": None})
    assert (contact.level, contact.level_source) == (Level.MODERATE, LevelSource.INSTRUMENT)
    assert contact.kinds == ["suicide"]
    (kept,) = await hotline.reader.where(InstrumentAnswers)
    found = instrument("cssrs-screener")
    assert found is not None
    assert (kept.instrument_version, kept.level_floor) == (found.version, Level.MODERATE)
    assert kept.answers == {"1": True, "2": True, "3": True, "4": None}
    assert not await hotline.reader.where(Alert)


async def test_intent_on_the_screener_proposes_an_alert(hotline: Hotline) -> None:
    contact = await filled(hotline, "cssrs-screener", {"1": True, "2": True, "4": True})
    assert (contact.level, contact.act_in_progress) == (Level.IMMINENT, False)
    (alert,) = await hotline.reader.where(Alert)
    assert alert.state is AlertState.PROPOSED


@pytest.mark.parametrize(
    ("name", "answers", "target"),
    [
        ("hotline-12", {"ongoing_act": True}, AlertTarget.CRISIS_TEAM),
        ("danger-grade", {"grade": 5}, AlertTarget.POLICE),
    ],
)
async def test_what_is_happening_now_raises_at_once_and_calls_a_supervisor(
    hotline: Hotline, name: str, answers: dict[str, Any], target: AlertTarget
) -> None:
    contact = await filled(hotline, name, answers)
    assert contact.act_in_progress
    assert contact.help_requested_at == hotline.clock.now()
    (alert,) = await hotline.reader.where(Alert)
    assert (alert.state, alert.target) == (AlertState.RAISED, target)


async def test_words_of_an_act_call_a_supervisor_once(hotline: Hotline) -> None:
    someone, _ = await served(hotline)
    await someone.writes("我把一整瓶安眠药都吃了")
    await settle(hotline)
    first = await someone.contact()
    assert first.act_in_progress
    assert first.help_requested_at is not None
    await someone.writes("还喝了酒")
    await settle(hotline)
    assert (await someone.contact()).help_requested_at == first.help_requested_at


async def test_after_an_override_the_same_danger_is_silent_and_new_danger_is_proposed(
    hotline: Hotline,
) -> None:
    someone, helper = await served(hotline)
    boss = await supervisor(hotline)
    await someone.writes("我今晚就去自杀")
    await settle(hotline)
    (alert,) = await hotline.reader.where(Alert)
    await alerts.dismiss(hotline, helper, alert.id, reason="误会", version=alert.version)
    await risk.override(hotline, boss, someone.contact_id, level=Level.MODERATE, reason="谈过了")
    await someone.writes("我今晚就去自杀")
    await settle(hotline)
    assert len(await hotline.reader.where(Alert)) == 1
    await someone.writes("我站在楼顶边上，再见了")
    await settle(hotline)
    assert (await someone.contact()).level is Level.MODERATE
    assert sorted(each.state for each in await hotline.reader.where(Alert)) == ["dismissed", "proposed"]
