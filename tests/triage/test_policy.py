"""Who is asked to go, and how urgently."""

from datetime import timedelta

import pytest

from triage.assessment import Kind, Level
from triage.pipeline import Pipeline
from triage.policy import AlertTarget, decide_level, propose


@pytest.mark.parametrize("level", [level for level in Level if level is not Level.IMMINENT])
def test_below_imminent_nothing_is_proposed(level: Level) -> None:
    assert propose(level, (Kind.SUICIDE,), (), False) is None


@pytest.mark.parametrize(
    ("text", "target", "urgency"),
    [
        ("我站在楼顶，再见了", AlertTarget.CRISIS_TEAM, "propose"),
        ("我把一整瓶安眠药都吃了", AlertTarget.AMBULANCE, "raise_at_once"),
        ("i just slit my wrists", AlertTarget.AMBULANCE, "raise_at_once"),
        ("我拿着刀在他家楼下，今晚我要杀了他", AlertTarget.POLICE, "propose"),
        ("he has a knife and i'm hiding in the bathroom", AlertTarget.POLICE, "raise_at_once"),
        ("i'm going to kill myself tonight", AlertTarget.CRISIS_TEAM, "propose"),
        ("妈妈昏迷了叫不醒", AlertTarget.AMBULANCE, "raise_at_once"),
    ],
)
def test_the_target_follows_the_danger(
    text: str, target: AlertTarget, urgency: str, pipeline: Pipeline
) -> None:
    found = pipeline.assess(text)
    proposal = propose(found.level, found.kinds, found.tags, found.act_in_progress)
    assert proposal is not None
    assert (proposal.target, proposal.urgency) == (target, urgency)
    assert proposal.confirm_within == timedelta(seconds=60)
    assert proposal.reason_zh
    assert proposal.reason_en


def test_the_highest_holder_decides_and_is_named() -> None:
    standing = decide_level(Level.LOW, [("cssrs-screener", Level.HIGH), ("phq9", Level.MODERATE)])
    assert (standing.level, standing.because) == (Level.HIGH, ("cssrs-screener",))
