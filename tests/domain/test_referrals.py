"""From the application to the institution's answer: who may, by when, and never without consent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hotline.domain import referral_case as case
from hotline.domain import referrals
from hotline.domain.care_rules import CareRules
from hotline.domain.change import Due
from hotline.domain.ids import ReferralId
from hotline.domain.referral_codes import Basis, Party, Stage
from hotline.domain.referral_forms import age_on, gaps
from hotline.domain.service_rules import ServiceRules
from hotline.errors import Forbidden, Invalid, StaleVersion, WrongState
from tests.domain.care import (
    CARER,
    COUNSELOR,
    FAR_WORKER,
    INSTITUTION,
    MONDAY,
    OTHER_CARER,
    OTHER_COUNSELOR,
    OTHER_INSTITUTION,
    RULES,
    SUPERVISOR,
    WORKER,
    Case,
    answers,
    application,
)

TODAY = date(2026, 3, 2)


def paths(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {field.path for field in refused.value.fields}


# Clocks --------------------------------------------------------------------------------------------


def test_a_submitted_application_is_verified_within_five_working_days() -> None:
    referral = Case().referral
    assert (referral.stage, referral.owner) == (Stage.SUBMITTED, Party.WORKER)
    assert (referral.due_on, referral.due_basis) == (date(2026, 3, 9), Basis.MEASURES)
    assert referral.number == "ZJ20260302-ABCDEF"


def test_verifying_does_not_restart_the_clock() -> None:
    filed = Case()
    filed.wait(2)
    assert filed.act(WORKER, "verify").due_on == date(2026, 3, 9)
    assert filed.act(WORKER, "register").due_on == date(2026, 3, 11)


def test_the_clock_stands_still_while_the_filer_completes() -> None:
    filed = Case()
    filed.wait(2)  # Wednesday: Thursday, Friday, Monday are left
    filed.act(WORKER, "verify")
    returned = filed.act(WORKER, "return", reason="电话号码少一位")
    assert (returned.owner, returned.due_basis) == (Party.FILER, Basis.PROJECT_DEFAULT)
    filed.wait(5)  # the next Monday
    again = filed.act(COUNSELOR, "submit")
    assert (again.due_on, again.due_basis, again.owner) == (date(2026, 3, 12), Basis.MEASURES, Party.WORKER)


def test_only_the_two_limits_of_the_measures_are_shown_as_such() -> None:
    from_measures = {
        name for name in RULES.__slots__ if getattr(getattr(RULES, name), "basis", None) is Basis.MEASURES
    }
    assert from_measures == {"verify", "refer"}


def test_late_is_told_again_each_day() -> None:
    filed = Case()
    over = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert case.due(filed.referral, ServiceRules()) == Due("late", over)
    early = case.on_deadline(filed.referral, over - timedelta(seconds=1), RULES)
    assert (early.save, early.events) == ((), ())
    late = case.on_deadline(filed.referral, over, RULES)
    assert [event.what for event in late.events] == ["late"]
    assert late.answer.version == filed.referral.version
    again = case.due(late.answer, ServiceRules())
    assert again is not None
    assert again.at == over + timedelta(days=1)
    after_a_stop = case.on_deadline(filed.referral, over + timedelta(days=3, hours=1), RULES)
    again = case.due(after_a_stop.answer, ServiceRules())
    assert again is not None
    assert again.at == over + timedelta(days=4)
    assert case.is_late(late.answer, over)
    assert not case.is_late(late.answer, over - timedelta(seconds=1))


def test_a_date_counted_through_an_unknown_year_is_provisional_and_counted_anew() -> None:
    unknown = max(RULES.calendar.years) + 1
    filed = Case(now=datetime(unknown - 1, 12, 30, 1, tzinfo=UTC))
    assert filed.referral.due_provisional
    new_year = date(unknown, 1, 1)
    known = CareRules(RULES.calendar.with_overrides(off=[new_year], years=[unknown]))
    late = datetime(unknown, 2, 1, tzinfo=UTC)
    assert [event.what for event in case.on_deadline(filed.referral, late, RULES).events] == ["late"]
    recounted = case.on_deadline(filed.referral, late, known)
    assert [event.what for event in recounted.events] == ["due_recounted"]
    assert not recounted.answer.due_provisional
    assert recounted.answer.due_on > filed.referral.due_on


# Consent -------------------------------------------------------------------------------------------


def without(part: str) -> dict[str, Any]:
    consent = dict(answers()["consent"])
    consent.pop(part)
    return consent


@pytest.mark.parametrize("part", ["given", "by", "how", "scope", "receivers"])
def test_nothing_is_submitted_on_half_a_consent(part: str) -> None:
    with pytest.raises(Invalid) as refused:
        Case(application(consent=without(part)))
    assert f"consent.{part}" in paths(refused)


def test_consent_says_when_and_who_wrote_it_down() -> None:
    consent = Case().referral.consent
    assert consent["at"] == MONDAY.isoformat()
    assert consent["recorded_by"] == COUNSELOR.staff_id


@pytest.mark.parametrize("at", ["2026-03-02T10:00:00", "2026-03-03T00:00:00Z"])
def test_consent_was_given_at_a_real_time(at: str) -> None:
    with pytest.raises(Invalid) as refused:
        Case(application(consent=answers()["consent"] | {"at": at}))
    assert paths(refused) == {"consent.at"}


def test_what_consent_does_not_cover_is_not_filed() -> None:
    consent = answers()["consent"] | {"scope": ["identity", "needs"]}
    with pytest.raises(Invalid) as refused:
        Case(application(consent=consent, risk_note="曾有自伤"))
    assert paths(refused) == {"consent.scope"}
    with pytest.raises(Invalid):
        Case(application(health={"source": "市七院出院小结", "diagnosis": "抑郁发作"}))


def test_health_facts_name_the_record_they_were_copied_from() -> None:
    given = application(health={"diagnosis": "抑郁发作"})
    assert "health.source" in {problem.path for problem in gaps(given, TODAY)}


def test_under_fourteen_the_guardian_consents() -> None:
    child = answers()["person"] | {"birth_date": "2014-06-01"}
    with pytest.raises(Invalid) as refused:
        Case(application(person=child))
    assert paths(refused) == {"consent.by"}
    guarded = Case(application(person=child, consent=answers()["consent"] | {"by": "guardian"}))
    assert guarded.referral.stage is Stage.SUBMITTED
    assert age_on(date(2012, 3, 2), TODAY) == 14
    assert age_on(date(2012, 3, 3), TODAY) == 13


def test_an_institution_that_consent_does_not_name_gets_nothing() -> None:
    filed = Case().registered()
    with pytest.raises(Invalid) as refused:
        filed.act(WORKER, "refer", institution_id=OTHER_INSTITUTION.id)
    assert (refused.value.code, paths(refused)) == ("consent_needed", {"receiver_consent"})
    referred = filed.act(WORKER, "refer", institution_id=OTHER_INSTITUTION.id, receiver_consent="spoken")
    assert OTHER_INSTITUTION.id in referred.consent["receivers"]
    assert referred.consent["named_later"][0]["how"] == "spoken"


def test_consent_can_be_revoked_at_any_time_and_ends_everything() -> None:
    filed = Case().accepted()
    free = filed.institutions[INSTITUTION.id].places_free
    ended = filed.act(COUNSELOR, "revoke_consent", reason="来电表示不再同意")
    assert (ended.stage, ended.due_on, ended.owner) == (Stage.WITHDRAWN, None, None)
    assert filed.institutions[INSTITUTION.id].places_free == free + 1
    for reader in (CARER, WORKER, COUNSELOR):
        assert not case.may_read_person(reader, ended)
    with pytest.raises(WrongState):
        filed.act(CARER, "assess")


# Who -----------------------------------------------------------------------------------------------


def test_the_district_the_filer_and_the_institution_and_nobody_else_reads() -> None:
    filed = Case().registered()
    readers = [each for each in (COUNSELOR, SUPERVISOR, WORKER) if case.may_read(each, filed.referral)]
    assert readers == [COUNSELOR, SUPERVISOR, WORKER]
    for stranger in (OTHER_COUNSELOR, FAR_WORKER, CARER, OTHER_CARER):
        assert not case.may_read(stranger, filed.referral)


def test_an_institution_sees_it_from_referred_on_and_the_name_once_it_accepted() -> None:
    filed = Case().referred()
    assert case.may_read(CARER, filed.referral)
    assert not case.may_read_person(CARER, filed.referral)
    assert not case.may_read(OTHER_CARER, filed.referral)
    filed.act(CARER, "accept")
    assert case.may_read_person(CARER, filed.referral)


def test_an_institution_that_declined_sees_it_no_more() -> None:
    filed = Case().referred()
    declined = filed.act(CARER, "decline", decline_reason="distance")
    assert not case.may_read(CARER, declined)
    assert (declined.owner, declined.decline_reason, declined.institution_id) == (
        Party.WORKER,
        "distance",
        None,
    )
    assert declined.due_basis is Basis.PROJECT_DEFAULT


@pytest.mark.parametrize("actor", [COUNSELOR, FAR_WORKER, CARER])
def test_only_the_districts_worker_registers(actor: Any) -> None:
    filed = Case()
    with pytest.raises(Forbidden):
        filed.act(actor, "verify")


def test_a_counselor_does_not_submit_anothers_draft_but_a_supervisor_may() -> None:
    with pytest.raises(Forbidden):
        Case(submit=False).act(OTHER_COUNSELOR, "submit")
    assert Case(submit=False).act(SUPERVISOR, "submit").stage is Stage.SUBMITTED


# Refusals ------------------------------------------------------------------------------------------


def test_a_draft_waits_for_its_filer_and_is_passed_on_to_nobody() -> None:
    kept = Case(application(consent={"given": False}), submit=False).referral
    assert (kept.stage, kept.owner) == (Stage.DRAFT, Party.FILER)
    assert kept.due_on is not None


def test_an_older_version_changes_nothing() -> None:
    filed = Case()
    with pytest.raises(StaleVersion):
        filed.act(WORKER, "verify", version=filed.referral.version - 1)


@pytest.mark.parametrize("name", ["register", "refer", "accept", "close", "assess"])
def test_a_step_out_of_turn_is_refused(name: str) -> None:
    filed = Case()
    with pytest.raises((WrongState, Forbidden)):
        filed.act(WORKER, name, institution_id=INSTITUTION.id)


@pytest.mark.parametrize(
    ("name", "given", "path"),
    [
        ("return", {}, "reason"),
        ("return", {"reason": "  "}, "reason"),
        ("refuse", {}, "reason"),
        ("register", {"checks": ["horoscope"]}, "checks"),
        ("register", {"details": {"shoe_size": "40"}}, "details"),
    ],
)
def test_what_a_step_needs_is_named(name: str, given: dict[str, Any], path: str) -> None:
    filed = Case()
    filed.act(WORKER, "verify")
    with pytest.raises(Invalid) as refused:
        filed.act(WORKER, name, **given)
    assert paths(refused) == {path}


def test_an_unknown_institution_or_reason_is_refused() -> None:
    filed = Case().registered()
    with pytest.raises(Invalid):
        filed.act(WORKER, "refer", institution_id="institution_nowhere")
    filed.act(WORKER, "refer", institution_id=INSTITUTION.id)
    with pytest.raises(Invalid):
        filed.act(CARER, "decline", decline_reason="bad_mood")


def test_a_full_institution_cannot_accept() -> None:
    filed = Case().referred()
    filed.institutions[INSTITUTION.id] = INSTITUTION.model_copy(update={"places_free": 0})
    with pytest.raises(WrongState) as refused:
        filed.act(CARER, "accept")
    assert refused.value.code == "full"


def test_nobody_is_registered_twice() -> None:
    first = Case().registered().referral
    second = Case(submit=False)
    second.same_person = (first.model_copy(update={"id": ReferralId("referral_first")}),)
    assert second.act(COUNSELOR, "submit").duplicate_of == "referral_first"
    second.act(WORKER, "verify")
    with pytest.raises(WrongState) as refused:
        second.act(WORKER, "register")
    assert refused.value.code == "duplicate"
    second.same_person = (second.same_person[0].model_copy(update={"stage": Stage.ARCHIVED}),)
    assert second.act(WORKER, "register").stage is Stage.REGISTERED


def test_one_person_has_one_identity_however_it_was_typed() -> None:
    def identity(**person: str) -> str | None:
        return referrals.identity_of(application(person=person))

    assert identity(id_number="2102 0219900501 001x") == identity(id_number="21020219900501001X", name="王")
    assert identity(name="王 小明", phone="+86 139-0000-0000") == identity(name="王小明", phone="13900000000")
    assert identity(name="王小明") is None
    assert identity(name="王小明", birth_date="1990-05-01") != identity(
        name="王小明", birth_date="1990-05-02"
    )


def test_events_hold_no_word_of_the_person() -> None:
    filed = Case(application(note="希望白天有事可做", risk_note="曾有自伤"))
    filed.act(WORKER, "verify")
    filed.act(WORKER, "return", reason="地址不详")
    told = repr([event for change in filed.changes for event in change.events])
    for word in ("王小明", "13900000000", "希望", "自伤", "地址不详"):
        assert word not in told


def test_without_standing_consent_no_step_is_made_whatever_the_stage() -> None:
    """A second lock: a stored referral whose consent is gone moves only to its end."""
    filed = Case()
    for consent in ({}, {"given": False}):
        filed.referral = filed.referral.model_copy(update={"consent": consent})
        with pytest.raises(Invalid) as refused:
            filed.act(WORKER, "verify")
        assert refused.value.code == "consent_needed"
    assert filed.act(WORKER, "withdraw", reason="没有同意书").stage is Stage.WITHDRAWN
