"""What the tests of referral and rehabilitation share: people, an application, and a case that can be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.calendar_data import work_calendar
from hotline.domain import rehabilitation
from hotline.domain.access import Actor, Role
from hotline.domain.care_rules import CareRules
from hotline.domain.change import Change
from hotline.domain.ids import ContactId, InstitutionId, ReferralId, StaffId
from hotline.domain.referral_case import Institution, Referral, Scene
from hotline.domain.referral_forms import Application, MoveForm
from hotline.domain.referrals import draft, file

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
RULES = CareRules(work_calendar())
DISTRICT = "Xigang"

COUNSELOR = Actor(StaffId("staff_counselor"), frozenset({Role.COUNSELOR}))
OTHER_COUNSELOR = Actor(StaffId("staff_other"), frozenset({Role.COUNSELOR}))
SUPERVISOR = Actor(StaffId("staff_supervisor"), frozenset({Role.SUPERVISOR}))
WORKER = Actor(StaffId("staff_worker"), frozenset({Role.REFERRAL_WORKER}), DISTRICT)
FAR_WORKER = Actor(StaffId("staff_far"), frozenset({Role.REFERRAL_WORKER}), "Ganjingzi")
INSTITUTION = Institution(
    id=InstitutionId("institution_1"), name="Harbour House", district=DISTRICT, places_total=3, places_free=2
)
OTHER_INSTITUTION = INSTITUTION.model_copy(
    update={"id": InstitutionId("institution_2"), "name": "Hillside House"}
)
CARER = Actor(StaffId("staff_carer"), frozenset({Role.REHABILITATION}), DISTRICT, INSTITUTION.id)
OTHER_CARER = Actor(
    StaffId("staff_carer_2"), frozenset({Role.REHABILITATION}), DISTRICT, OTHER_INSTITUTION.id
)
EVERYBODY = (COUNSELOR, OTHER_COUNSELOR, SUPERVISOR, WORKER, FAR_WORKER, CARER, OTHER_CARER)


def answers(**changes: Any) -> dict[str, Any]:
    consent = {
        "given": True,
        "by": "person",
        "how": "spoken",
        "scope": ["identity", "needs", "summary", "risk"],
    }
    return {
        "person": {"name": "王小明", "phone": "13900000000", "birth_date": "1990-05-01"},
        "needs": ["life_skills", "peer_support"],
        "district": DISTRICT,
        "note": "希望白天有事可做",
        "consent": consent | {"receivers": ["西岗区转介服务", INSTITUTION.id]},
    } | changes


def application(**changes: Any) -> Application:
    return Application.model_validate(answers(**changes))


class Case:
    """A referral with its clock, its institutions and everything that happened to it."""

    def __init__(
        self, given: Application | None = None, *, submit: bool = True, now: datetime = MONDAY
    ) -> None:
        self.now = now
        self.institutions = {each.id: each for each in (INSTITUTION, OTHER_INSTITUTION)}
        self.same_person: tuple[Referral, ...] = ()
        self.changes: list[Change] = []
        scene = self.scene(COUNSELOR)
        new = draft(
            ReferralId("referral_0000000000000000000abcdef"),
            given or application(),
            scene,
            contact_id=ContactId("contact_1"),
            identity_hash="hash",
        )
        self.referral = new
        self.took_in(file(new, scene, submit=submit))

    def scene(self, actor: Actor, institution_id: str | None = None) -> Scene:
        institution = self.institutions.get(InstitutionId(institution_id)) if institution_id else None
        return Scene(actor, self.now, RULES, institution, self.same_person)

    def took_in(self, change: Change) -> Referral:
        self.changes.append(change)
        for value in change.save:
            if isinstance(value, Institution):
                self.institutions[value.id] = value
            elif isinstance(value, Referral):
                self.referral = value
        return self.referral

    def act(self, actor: Actor, name: str, **given: Any) -> Referral:
        form = MoveForm.model_validate({"version": self.referral.version} | given)
        institution_id = given.get("institution_id") or self.referral.institution_id
        return self.took_in(rehabilitation.act(self.referral, name, form, self.scene(actor, institution_id)))

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def registered(self) -> Case:
        self.act(WORKER, "verify")
        self.act(WORKER, "register")
        return self

    def referred(self) -> Case:
        self.registered().act(WORKER, "refer", institution_id=INSTITUTION.id)
        return self

    def accepted(self) -> Case:
        self.referred().act(CARER, "accept")
        return self

    def in_service(self) -> Case:
        self.accepted().act(CARER, "assess")
        self.act(CARER, "found_suitable", services=["life_skills"])
        self.act(CARER, "sign")
        return self

    def closed(self, code: str = "goal_met") -> Case:
        self.in_service().act(CARER, "propose_closing", closure_code=code)
        self.act(WORKER, "close")
        return self
