"""Who is asked to go and how urgently; what the table asks for besides; what a wrong table hears."""

from datetime import timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.assessment import TAGS, Kind, Level
from triage.model import TAG_HEADS
from triage.pipeline import Pipeline
from triage.pipeline.lexicon import read
from triage.pipeline.speech import HEARD_ONCE
from triage.policy import (
    AlertTarget,
    PolicyError,
    decide_level,
    default_table,
    guide,
    parse_table,
    propose,
    read_table,
)

DEFAULT = (files("triage.policy") / "default.toml").read_text(encoding="utf-8")
levels = st.sampled_from(list(Level))
kinds = st.sets(st.sampled_from(list(Kind)))
tags = st.sets(
    st.sampled_from(["minor", "school", "act_done", "third_party", "refuses_help", "means", "other"])
)


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


# The table ------------------------------------------------------------------------------------------------


@given(levels, kinds, tags, st.booleans())
def test_every_conversation_has_a_tier_and_an_act_always_somebody_who_goes(
    level: Level, found: set[Kind], seen: set[str], act: bool
) -> None:
    proposal = propose(level, found, seen, act)
    assert (proposal is not None) == (act or level is Level.IMMINENT)
    assert proposal is None or (proposal.urgency == "raise_at_once") == act
    guidance = guide(level, found, seen, act)
    assert guidance.steps
    assert guidance.tier.act_in_progress == act


def test_the_clocks_of_the_triage_scale() -> None:
    table = default_table()
    act, imminent = table.tier(Level.LOW, True).clocks, table.tier(Level.IMMINENT).clocks
    assert act.supervisor_joins_within == timedelta(seconds=60)
    assert act.alert_acknowledged_within == timedelta(minutes=2)
    assert act.contact_confirmed_every == timedelta(minutes=10)
    assert act.record_within == timedelta(hours=24)
    assert imminent.supervisor_joins_within == timedelta(minutes=5)
    follow_up = table.tier(Level.HIGH).follow_up
    assert follow_up is not None
    assert [span.days for span in follow_up.after] == [1, 7, 30, 91, 365]
    assert table.basis == "project_default"


def told(level: Level, found: tuple[Kind, ...], seen: tuple[str, ...], act: bool = False) -> set[str]:
    return {row.who for row in guide(level, found, seen, act).tells}


def test_who_is_told_follows_age_and_school() -> None:
    assert told(Level.IMMINENT, (Kind.SUICIDE,), (), True) == {"supervisor", "dispatcher"}
    assert told(Level.IMMINENT, (Kind.SUICIDE,), ("minor", "school")) == {"supervisor", "guardian", "school"}
    assert told(Level.LOW, (Kind.SUICIDE,), ("minor", "school")) == set()


def test_a_guardian_who_may_do_harm_is_not_told_first() -> None:
    who = told(Level.IMMINENT, (Kind.ABUSE,), ("minor",), True)
    assert "guardian" not in who
    assert "child_protection" in who


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "T2"', 'id = "T3"', "two tiers have the same id"),
        ('level = "low"', 'level = "none"', "exactly one tier for none"),
        ('alert = "raise_at_once"', 'alert = "none"', "tier T0: alert must be raise_at_once"),
        ('alert = "propose"', 'alert = "raise_at_once"', "tier T1: alert must be propose"),
        (
            'record_within = "24 h"  ',
            'record_within = "soon"  ',
            "tier T0, clocks.record_within: must be a number",
        ),
        (
            'record_within = "24 h"  ',
            'record_within = "0 s"  ',
            "tier T0, clocks.record_within: must be a number",
        ),
        (
            'record_within = "24 h"  ',
            'record_within = "48 h"  ',
            "T0: clocks.record_within must not be longer",
        ),
        ('after = ["24 h", "7 d", "30 d"', 'after = ["7 d", "24 h", "30 d"', "tier T0, follow_up: the times"),
        ("attempts = 3", "attempts = 0", "tier T0, follow_up.attempts: input should be greater"),
        ('kinds = ["violence"]', 'kinds = ["rage"]', "target 3, kinds"),
        ('tiers = ["T1", "T2"]', 'tiers = ["T8"]', "tell 4: tiers must be among"),
        ('tags = ["minor"]', 'tags = ["minors"]', "tell 3: tags must be among act_done, "),
        ('target = "crisis_team"', 'target = "crisis_team"\ntiers = ["T1"]', "the last target"),
        (
            'alert_confirmed_within = "60 s"',
            'alert_confirmed_within = "6 min"',
            "must not be longer than clocks.sup",
        ),
        ('supervisor_joins_within = "60 s"', "", "T0: clocks.supervisor_joins_within is needed"),
        ('who = "school"', 'who = "press"', "tell 6, who"),
        ('version = "1"', 'version = "1"\ncolour = "red"', "colour"),
        ('item = "6a"', 'item = "7"', "floor 3: there is no such answer"),
        ("[[tier]]", "[tier", "not TOML"),
    ],
)
def test_a_wrong_table_is_named_in_one_sentence(old: str, new: str, sentence: str) -> None:
    assert old in DEFAULT
    with pytest.raises(PolicyError) as refused:
        parse_table(DEFAULT.replace(old, new, 1))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_table_may_ask_for_every_tag_that_a_message_can_have_and_for_no_other() -> None:
    lexicon = read()
    found = {tag for entry in lexicon.entries for tag in entry.tags}
    found.update(tag for frame in lexicon.frames for tag in frame.get("tags", ()))
    assert found | {HEARD_ONCE, *TAG_HEADS} == TAGS


def test_an_operators_own_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    with pytest.raises(PolicyError, match="cannot be read"):
        read_table(file)
    file.write_text(
        DEFAULT.replace('"project_default"', '"operator"').replace('"5 min"', '"3 min"'), encoding="utf-8"
    )
    table = read_table(file)
    assert table.basis == "operator"
    assert table.tier(Level.IMMINENT).clocks.supervisor_joins_within == timedelta(minutes=3)
    assert table != default_table()


def test_an_editors_mark_before_the_text_is_read_over(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes(DEFAULT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_table(file) == default_table()


def test_of_two_floors_for_one_answer_the_higher_holds() -> None:
    """A row raises and never lowers, also when it stands below a higher one."""
    again = '[[floor]]\ninstrument = "asq"\nitem = "5"\nvalue = true\nlevel = "low"\nwhy = "again"\n'
    assert parse_table(f"{DEFAULT}\n{again}").floors == default_table().floors


def test_no_tier_waits_longer_than_the_one_below() -> None:
    order = [default_table().tier(Level.IMMINENT, True)]
    order += [default_table().tier(level) for level in (Level.IMMINENT, Level.HIGH, Level.MODERATE)]
    for above, below in pairwise(tier.follow_up for tier in order):
        assert above is not None
        assert below is not None
        assert above.after[0] <= below.after[0]
