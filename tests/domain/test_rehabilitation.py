"""From the institution's yes to the archive, and laws over thousands of made-up histories."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domain import rehabilitation
from hotline.domain.change import Change
from hotline.domain.referral_case import Referral
from hotline.domain.referral_codes import (
    CLOSURE_CODES,
    CONSENT_WAYS,
    DECLINE_REASONS,
    NEEDS,
    OVER,
    STAGES,
    WITH_INSTITUTION,
    Basis,
    Party,
    Stage,
)
from hotline.errors import Forbidden, HotlineError, Invalid, WrongState
from tests.domain.care import CARER, EVERYBODY, INSTITUTION, OTHER_INSTITUTION, WORKER, Case, application

MOVES = rehabilitation.MOVES


# The tables ----------------------------------------------------------------------------------------


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {move.to for move in MOVES.values()} | {Stage.DRAFT}
    assert reached - {None} == set(Stage)
    for stage in Stage:
        leaves = [
            move.name for move in MOVES.values() if stage in move.start and move.to not in (None, stage)
        ]
        assert bool(leaves) is (stage not in OVER)


def test_every_stage_has_its_words() -> None:
    assert set(STAGES) == {stage.value for stage in Stage}
    for word in [*STAGES.values(), *NEEDS.values(), *CLOSURE_CODES.values(), *DECLINE_REASONS.values()]:
        assert word.zh
        assert word.en


# The way through -----------------------------------------------------------------------------------


def test_the_whole_way_to_the_archive() -> None:
    cared = Case().closed()
    assert (cared.referral.stage, cared.referral.closure_code) == (Stage.CLOSED, "goal_met")
    for visits in range(1, 5):
        assert cared.referral.owner is Party.WORKER
        while (cared.referral.due_on or date.max) > cared.scene(WORKER).today:
            cared.wait(1)
        cared.act(WORKER, "visit", way="phone", reached=True)
        assert cared.referral.visits_done == visits
    assert cared.referral.clock == "archive"
    assert cared.act(WORKER, "archive").due_on is None


def test_return_visits_come_one_three_six_and_twelve_months_after_closure() -> None:
    cared = Case().closed()
    planned = [cared.referral.due_on]
    visits = ({"way": "phone", "reached": True} for _ in range(3))
    planned.extend(cared.act(WORKER, "visit", **visit).due_on for visit in visits)
    assert planned == [date(2026, 4, 2), date(2026, 6, 2), date(2026, 9, 2), date(2027, 3, 2)]


def test_a_visit_that_reached_nobody_is_tried_again_soon() -> None:
    cared = Case().closed()
    cared.wait(31)
    again = cared.act(CARER, "visit", way="visit", reached=False)
    assert (again.visits_done, again.due_on) == (0, date(2026, 4, 10))
    assert again.stage is Stage.FOLLOW_UP


def test_visits_that_were_missed_altogether_are_not_made_up_one_by_one() -> None:
    cared = Case().closed()
    cared.wait(130)
    visited = cared.act(WORKER, "visit", way="phone", reached=True)
    assert (visited.visits_done, visited.due_on) == (2, date(2026, 9, 2))


def test_nobody_is_visited_after_a_death() -> None:
    cared = Case().closed("death")
    assert cared.referral.clock == "archive"
    for move, extra in (("visit", {"way": "phone", "reached": True}), ("reopen", {"reason": "x"})):
        with pytest.raises(WrongState):
            cared.act(WORKER, move, **extra)
    assert [move.name for move in rehabilitation.possible(cared.referral)] == ["revoke_consent", "archive"]
    assert cared.act(WORKER, "archive").stage is Stage.ARCHIVED


def test_the_institution_proposes_a_closing_and_the_worker_confirms_or_refuses_it() -> None:
    cared = Case().in_service()
    with pytest.raises(WrongState) as refused:
        cared.act(WORKER, "close", closure_code="goal_met")
    assert refused.value.code == "not_proposed"
    cared.act(CARER, "propose_closing", closure_code="moved")
    assert (cared.referral.stage, cared.referral.owner) == (Stage.IN_SERVICE, Party.WORKER)
    with pytest.raises(WrongState) as waiting:
        cared.act(CARER, "evaluate")
    assert waiting.value.code == "closing_proposed"
    with pytest.raises(Forbidden):
        cared.act(CARER, "close")
    kept = cared.act(WORKER, "keep_open", reason="仍住在本区")
    assert (kept.closing_proposed, kept.closure_code, kept.owner) == (False, None, Party.INSTITUTION)
    assert kept.due_on == date(2026, 9, 2)


def test_suspended_is_looked_at_again_after_thirty_days() -> None:
    cared = Case().in_service()
    suspended = cared.act(CARER, "suspend", reason="住院")
    assert (suspended.stage, suspended.due_on) == (Stage.SUSPENDED, date(2026, 4, 1))
    cared.wait(10)
    assert cared.act(CARER, "keep_suspended", reason="仍在住院").due_on == date(2026, 4, 11)
    assert cared.act(CARER, "resume").stage is Stage.IN_SERVICE


def test_after_an_unsuitable_assessment_the_worker_closes_alone() -> None:
    cared = Case().accepted()
    cared.act(CARER, "assess")
    unsuitable = cared.act(CARER, "found_unsuitable", reason="处于急性期")
    assert unsuitable.owner is Party.WORKER
    with pytest.raises(Invalid):
        cared.act(WORKER, "close")
    assert cared.act(WORKER, "close", closure_code="relapse_hospital").stage is Stage.CLOSED


def test_reopened_it_is_referred_afresh() -> None:
    cared = Case().closed()
    reopened = cared.act(WORKER, "reopen", reason="再次需要")
    assert (reopened.stage, reopened.institution_id, reopened.closure_code) == (Stage.REGISTERED, None, None)


def test_the_archive_does_not_swallow_planned_visits_without_a_reason() -> None:
    cared = Case().closed()
    with pytest.raises(Invalid):
        cared.act(WORKER, "archive")
    assert cared.act(WORKER, "archive", reason="本人表示不再需要回访").stage is Stage.ARCHIVED


def test_places_are_taken_and_given_back() -> None:
    cared = Case().accepted()
    assert cared.institutions[INSTITUTION.id].places_free == INSTITUTION.places_free - 1
    cared.act(CARER, "assess")
    cared.act(CARER, "found_unsuitable", reason="x")
    cared.act(WORKER, "close", closure_code="lost")
    assert cared.institutions[INSTITUTION.id].places_free == INSTITUTION.places_free


@pytest.mark.parametrize(
    ("name", "extra"),
    [("found_suitable", {"services": ["juggling"]}), ("found_suitable", {}), ("found_unsuitable", {})],
)
def test_an_assessment_ends_with_known_services_or_a_reason(name: str, extra: dict[str, Any]) -> None:
    cared = Case().accepted()
    cared.act(CARER, "assess")
    with pytest.raises(Invalid):
        cared.act(CARER, name, **extra)


# Laws ----------------------------------------------------------------------------------------------

STEPS = st.tuples(
    st.sampled_from(sorted(MOVES)),
    st.sampled_from(EVERYBODY),
    st.integers(0, 40),
    st.fixed_dictionaries(
        {
            "reason": st.sampled_from(["因为", ""]),
            "note": st.sampled_from(["记录", ""]),
            "institution_id": st.sampled_from(
                [INSTITUTION.id, OTHER_INSTITUTION.id, "institution_nowhere", None]
            ),
            "receiver_consent": st.sampled_from([*CONSENT_WAYS, "telepathy", None]),
            "decline_reason": st.sampled_from([*DECLINE_REASONS, None]),
            "closure_code": st.sampled_from([*CLOSURE_CODES, None]),
            "services": st.lists(st.sampled_from([*NEEDS, "juggling"]), max_size=2, unique=True),
            "way": st.sampled_from(["phone", None]),
            "reached": st.sampled_from([True, False, None]),
        }
    ),
)
ON_THE_WAY = st.sampled_from(
    ["draft", "submitted", "registered", "referred", "accepted", "in_service", "closed"]
)


def started(at: str) -> Case:
    if at in ("draft", "submitted"):
        return Case(submit=at == "submitted")
    made = Case()
    getattr(made, at)()
    return made


def played(at: str, steps: list[Any]) -> Case:
    """A history of attempts, most of them refused; after each one the laws hold."""
    story = started(at)
    for name, actor, days, given_fields in steps:
        story.wait(days)
        before = (story.referral, dict(story.institutions), len(story.changes))
        fields = {key: value for key, value in given_fields.items() if value is not None}
        if name != "refer":
            fields.pop("institution_id", None)
        try:
            story.act(actor, name, **fields)
        except HotlineError:
            assert (story.referral, dict(story.institutions), len(story.changes)) == before
        law_holds(story)
    return story


def law_holds(story: Case) -> None:
    referral = story.referral
    is_over = referral.stage in OVER
    assert (referral.due_on is None) is is_over
    assert (referral.owner is None) is is_over
    assert (referral.due_basis is None) is is_over
    assert (referral.clock is None) is is_over
    if referral.stage not in OVER | {Stage.DRAFT}:
        assert referral.consent["given"]
        assert referral.consent_revoked_at is None
    if referral.stage in WITH_INSTITUTION:
        assert referral.institution_id in referral.consent["receivers"]
    if referral.due_basis is Basis.MEASURES:
        assert referral.clock in ("verify", "refer")
    for each in story.institutions.values():
        assert 0 <= each.places_free <= each.places_total
    held = sum(each.places_total - each.places_free for each in story.institutions.values())
    assert held == referral.holds_place + 2  # each began with one of three places taken
    if is_over:
        assert rehabilitation.possible(referral) == []
    else:
        assert rehabilitation.possible(referral)


@settings(max_examples=150, deadline=None)
@given(ON_THE_WAY, st.lists(STEPS, max_size=25))
def test_whoever_waits_has_an_owner_and_a_due_date(at: str, steps: list[Any]) -> None:
    played(at, steps)


def replayed(changes: list[Change]) -> tuple[Any, ...]:
    """Stage and institution as the journal alone gives them."""
    stage: Any = None
    institution: Any = None
    for change in changes:
        for event in change.events:
            if event.noun == "referral":
                assert event.facts.get("from") == (None if event.what == "filed" else stage)
                stage = event.facts["to"]
                institution = event.facts.get("institution_id", institution)
    return stage, institution


@settings(max_examples=100, deadline=None)
@given(ON_THE_WAY, st.lists(STEPS, max_size=25))
def test_the_journal_alone_gives_the_stage_and_the_institution(at: str, steps: list[Any]) -> None:
    story = played(at, steps)
    assert replayed(story.changes) == (story.referral.stage, story.referral.institution_id)
    assert len(story.referral.history) == sum(
        event.noun == "referral" and event.what != "filed"
        for change in story.changes
        for event in change.events
    )


@settings(max_examples=100, deadline=None)
@given(ON_THE_WAY, st.lists(STEPS, max_size=10))
def test_what_is_offered_as_possible_is_possible_for_its_party(at: str, steps: list[Any]) -> None:
    """No dead button: each move that is shown succeeds for one of its parties when its needs are given."""
    story = played(at, steps)
    enough = {"reason": "因为", "note": "记录", "services": ["life_skills"], "way": "phone", "reached": True}
    enough |= {"closure_code": "goal_met", "decline_reason": "full", "receiver_consent": "spoken"}
    for move in rehabilitation.possible(story.referral):
        assert any(_succeeds(story, move.name, enough, party) for party in EVERYBODY), move.name


def _succeeds(story: Case, name: str, enough: dict[str, Any], actor: Any) -> bool:
    before: tuple[Referral, dict[Any, Any], int] = (
        story.referral,
        dict(story.institutions),
        len(story.changes),
    )
    extra: dict[str, Any] = {"application": application().model_dump()} if name == "submit" else {}
    extra |= {"institution_id": INSTITUTION.id} if name == "refer" else {}
    try:
        story.act(actor, name, **enough, **extra)
    except HotlineError:
        return False
    finally:
        story.referral, story.institutions = before[0], before[1]
        del story.changes[before[2] :]
    return True
