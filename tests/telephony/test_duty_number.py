"""The duty telephone through the carrier: an alert that nobody answers reaches a person, by a text with ids only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hotline.actions import alerts, messages, shifts
from hotline.domain.access import Role
from hotline.domain.alerts import Alert, AlertFacts
from hotline.domain.contacts import Sender
from hotline.domain.ids import ShiftId, StaffId
from hotline.domain.shifts import DutyRole, Shift
from hotline.telephony.simulated_post import Faults
from tests.conftest import SetClock
from tests.scene import person, staff, supervisor
from tests.telephony.exchange import Exchange, open_exchange

PHONE = "+8613800138000"
SAID = "我站在楼顶"


def shift(role: DutyRole, starts: str, ends: str, *people: StaffId) -> Shift:
    return Shift(
        id=ShiftId(f"shf_{role}"), name="", role=role, weekdays=list(range(7)), starts=starts, ends=ends,
        staff_ids=list(people),
    )  # fmt: skip


def told(exchange: Exchange, about: str) -> list[str]:
    sent = [each.body for each in exchange.carrier.texts.values() if each.to == PHONE]
    return [each for each in sent if about in each]


async def an_alert(exchange: Exchange) -> Alert:
    someone = await person(exchange.hotline)
    await messages.receive(
        exchange.hotline, someone.contact_id, client_id="m1", text=SAID, sender=Sender.HELP_SEEKER
    )
    (alert,) = await exchange.hotline.reader.where(Alert)
    return alert


async def test_the_ladder_ends_at_a_persons_telephone(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    async with open_exchange(migrated_url, tmp_path, clock, duty_numbers=(PHONE,)) as exchange:
        boss, li = await supervisor(exchange.hotline), await staff(exchange.hotline, Role.DISPATCHER)
        # It is 11 in the morning: the dispatcher comes at night, the supervisor is there.
        await shifts.plan(exchange.hotline, boss, shift(DutyRole.DISPATCHER, "20:00", "08:00", li.staff_id))
        await shifts.plan(exchange.hotline, boss, shift(DutyRole.SUPERVISOR, "08:00", "20:00", boss.staff_id))
        proposed = await an_alert(exchange)
        alert = await alerts.confirm(
            exchange.hotline, boss, proposed.id, version=proposed.version, facts=AlertFacts()
        )
        assert (alert.ladder[alert.rung]["role"], alert.called) == ("supervisor", [boss.staff_id])
        await exchange.passes(10)
        assert told(exchange, alert.id) == []
        await exchange.passes(60)
        (text,) = told(exchange, alert.id)
        assert SAID not in text
        reached = await exchange.hotline.reader.find(Alert, alert.id)
        assert reached is not None
        await alerts.acknowledge(exchange.hotline, boss, alert.id, version=reached.version)
        await exchange.passes(60)
        assert len(told(exchange, alert.id)) == 1


async def test_a_wait_while_nobody_is_on_duty_is_told_once_through_a_failing_carrier(
    migrated_url: str, tmp_path: Path, clock: SetClock
) -> None:
    faults = Faults(refused_orders=0.5)
    async with open_exchange(migrated_url, tmp_path, clock, duty_numbers=(PHONE,), faults=faults) as exchange:
        boss = await supervisor(exchange.hotline)
        await shifts.plan(exchange.hotline, boss, shift(DutyRole.COUNSELOR, "20:00", "08:00", boss.staff_id))
        await shifts.plan(exchange.hotline, boss, shift(DutyRole.SUPERVISOR, "20:00", "08:00", boss.staff_id))
        someone = await person(exchange.hotline)
        await exchange.passes(timedelta(minutes=12).total_seconds())
        assert len(told(exchange, someone.contact_id)) == 1
