"""What somebody had in hand when their account was disabled or lost the role for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotline.actions import contacts, followups
from hotline.actions import staff as staff_actions
from hotline.actions.staff import OPERATOR
from hotline.domain.access import Role
from hotline.domain.followups import Followup, FollowupState
from hotline.errors import Taken
from hotline.service import Hotline
from tests.conftest import settle
from tests.consoles import Console
from tests.scene import counselor, served, staff


@pytest.mark.parametrize("change", [{"roles": [Role.COUNSELOR]}, {"disabled": True}])
async def test_a_supervisor_who_is_none_any_more_has_left_what_they_joined(
    hotline: Hotline, change: dict[str, Any]
) -> None:
    """As a counselor they heard every further word of it, and stood in it as its supervisor."""
    someone, _ = await served(hotline)
    boss = await staff(hotline, Role.SUPERVISOR, Role.COUNSELOR)
    await contacts.join(hotline, boss, someone.contact_id)
    await staff_actions.change(hotline, OPERATOR, boss.staff_id, roles=[Role.SUPERVISOR])
    assert (await someone.contact()).joined == [boss.staff_id]
    await staff_actions.change(hotline, OPERATOR, boss.staff_id, **change)
    assert (await someone.contact()).joined == []
    heard = Console(hotline, replace(boss, roles=frozenset({Role.COUNSELOR})), "message")
    await someone.writes("我不想活了")
    await settle(hotline)
    assert heard.heard() == []


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": [Role.AUDITOR]}])
async def test_what_somebody_who_left_had_taken_is_open_again(
    hotline: Hotline, change: dict[str, Any]
) -> None:
    """It stood as theirs: nobody else could take it, and it came up only when it was overdue."""
    someone, gone = await served(hotline)
    there, due_at = await counselor(hotline), hotline.clock.now() + timedelta(days=1)
    followup = await followups.plan(hotline, gone, someone.contact_id, due_at=due_at)
    await followups.take(hotline, gone, followup.id)
    await staff_actions.change(hotline, OPERATOR, gone.staff_id, name="Other Name")
    await staff_actions.change(hotline, OPERATOR, gone.staff_id, roles=[Role.COUNSELOR, Role.SUPERVISOR])
    with pytest.raises(Taken):
        await followups.take(hotline, there, followup.id)
    await staff_actions.change(hotline, OPERATOR, gone.staff_id, **change)
    (given_back,) = await hotline.reader.where(Followup)
    assert (given_back.state, given_back.owner_id) == (FollowupState.OPEN, None)
    assert (await followups.take(hotline, there, followup.id)).owner_id == there.staff_id
