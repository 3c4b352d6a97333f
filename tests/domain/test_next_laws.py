"""At every moment of every history, whoever is on duty: each open contact and alert says what happens to it next,
and that has a time or a name."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from hotline.domain import alerts
from hotline.domain.access import Role
from hotline.domain.alerts import Alert, AlertState
from hotline.domain.contacts import Contact, ContactState
from hotline.domain.ids import StaffId
from hotline.domain.shifts import DutyRole, Rota
from hotline.domain.staff import Staff
from hotline.live.directory import Directory
from hotline.live.projections import alert as alert_projection
from hotline.live.projections import contact as contact_projection
from tests.domain.test_laws import STAFF, House

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
DISPATCHERS = [StaffId("stf_d1"), StaffId("stf_d2")]
NAMES = Directory(
    Staff(id=each, username=each, name=each, roles=[Role.COUNSELOR], created_at=BEFORE)
    for each in (*STAFF, *DISPATCHERS, StaffId("stf_boss"))
)
rotas = st.builds(
    Rota,
    planned=st.frozensets(st.sampled_from(DutyRole)),
    people=st.fixed_dictionaries(
        {
            DutyRole.DISPATCHER: st.lists(st.sampled_from(DISPATCHERS), unique=True).map(tuple),
            DutyRole.SUPERVISOR: st.sampled_from([(), (StaffId("stf_boss"),)]),
            DutyRole.COUNSELOR: st.sampled_from([(), (STAFF[0],)]),
        }
    ),
    has_duty_number=st.booleans(),
)


class HouseWithShifts(House):
    @rule(rota=rotas)
    def duty_changes(self, rota: Rota) -> None:
        self.store.rota_at = lambda _now: rota

    @invariant()
    def every_open_contact_says_what_comes_next(self) -> None:
        for contact in self.store.all(Contact):
            shown = contact_projection.view(contact, NAMES, self.hotline.rules)["next"]
            if contact.state is ContactState.CLOSED:
                assert shown is None
            else:
                assert shown is not None
                assert shown["at"] is not None or shown["who"] is not None

    @invariant()
    def every_open_alert_says_what_comes_next(self) -> None:
        for alert in self.store.all(Alert):
            shown = alert_projection.view(alert, NAMES)["next"]
            assert (shown is not None) == (alert.state in alerts.OPEN)
            assert shown is None or shown["at"] is not None

    @invariant()
    def an_alert_rings_somebody(self) -> None:
        """By name, or a whole role; never a rung on which nobody stood when it was reached."""
        for alert in self.store.all(Alert):
            if alert.state is AlertState.RAISED:
                role = alert.ladder[alert.rung]["role"]
                assert role in alert.notified
                assert len(set(alert.called)) == len(alert.called)

    @invariant()
    def the_duty_telephone_is_not_told_for_ever(self) -> None:
        """The same key is never stored twice; a proposal and what is raised from it have three rounds each."""
        keys = {each.key for _, change in self.store.changes for each in change.effects}
        for alert in self.store.all(Alert):
            assert sum(each.startswith(f"{alert.id}:duty:") for each in keys) <= 6


HouseWithShifts.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestHouseWithShifts = HouseWithShifts.TestCase
