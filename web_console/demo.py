"""Demo accounts and organisations: made up, the same at every start, and recognised wherever they turn up.

Their password is known to everybody, so a server that has them listens on loopback only (`refuse_in_public`).
Simulated people and the simulated carrier are companions of the server (`companions.py`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hotline.actions import staff
from hotline.actions.accounts import Accounts
from hotline.actions.staff import OPERATOR, NewStaff
from hotline.auth.passwords import hash_password
from hotline.domain.access import Role
from hotline.domain.alerts import ResponderKind
from hotline.domain.change import Change
from hotline.domain.dispatch import Team, TeamId
from hotline.domain.ids import StaffId, derived_id
from hotline.domain.staff import actor_of
from hotline.errors import SettingError, Taken
from hotline.service import Hotline
from hotline.storage.working_set import Loaded
from web_console.demo_cases import seed_cases
from web_console.demo_organisations import DISTRICT, INSTITUTION, SCHOOL, seed_organisations
from web_console.demo_shifts import seed_shifts

PASSWORD = "demo"  # noqa: S105  known to everybody on purpose

CRISIS_TEAM = Team(
    id=TeamId("tea_demo_crisis_team"),
    kind=ResponderKind.CRISIS_TEAM,
    name_zh="危机干预小组（演示）",
    name_en="Crisis team (demo)",
    district=DISTRICT,
)
POLICE_DESK = Team(
    id=TeamId("tea_demo_police_desk"),
    kind=ResponderKind.POLICE_DESK,
    name_zh="公安接警台（演示）",
    name_en="Police desk (demo)",
    district=DISTRICT,
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    name: str
    role: Role
    skills: dict[str, int] = field(default_factory=lambda: {"language:zh": 5, "language:en": 3})
    district: str = DISTRICT
    organisation_id: str | None = None

    @property
    def key(self) -> str:
        return f"demo {self.username}"

    @property
    def id(self) -> StaffId:
        return StaffId(derived_id("stf", self.key, OPERATOR.staff_id))


ACCOUNTS = (
    DemoAccount("admin", "管理员", Role.ADMIN),
    DemoAccount("supervisor", "周敏", Role.SUPERVISOR),
    DemoAccount(
        "counselor1",
        "林晓",
        Role.COUNSELOR,
        {"language:zh": 5, "language:en": 3, "youth": 4, "lgbt": 3},
    ),
    DemoAccount(
        "counselor2",
        "陈静",
        Role.COUNSELOR,
        {"language:zh": 5, "language:en": 2, "perinatal": 4, "violence": 4, "youth": 2},
        "中山区",
    ),
    DemoAccount(
        "counselor3",
        "王磊",
        Role.COUNSELOR,
        {"language:zh": 5, "substance": 4, "older": 3, "bereavement": 3},
        "沙河口区",
    ),
    DemoAccount(
        "counselor4",
        "Anna Li",
        Role.COUNSELOR,
        {"language:zh": 3, "language:en": 5, "bereavement": 4, "psychosis": 2},
        "甘井子区",
    ),
    DemoAccount("dispatcher", "赵强", Role.DISPATCHER),
    DemoAccount("crisis-team", "危机小组 孙悦", Role.CRISIS_TEAM, organisation_id=CRISIS_TEAM.id),
    DemoAccount("police", "接警台 李警官", Role.POLICE, organisation_id=POLICE_DESK.id),
    DemoAccount("school", "心理老师 吴芳", Role.SCHOOL, organisation_id=SCHOOL.id),
    DemoAccount("referral", "转介专员 何平", Role.REFERRAL_WORKER),
    DemoAccount("rehab", "康复站 郑华", Role.REHABILITATION, organisation_id=INSTITUTION.id),
    DemoAccount("auditor", "审计 许诺", Role.AUDITOR),
)


async def seed(hotline: Hotline) -> None:
    """Make what is not there yet. A database that holds other people's accounts is left alone."""
    known = {account.id for account in ACCOUNTS}
    if any(each.id not in known for each in await staff.everyone(hotline) if Role.ADMIN in each.roles):
        raise SettingError("This data folder belongs to a hotline in service: use another one for the demo.")
    for team in (CRISIS_TEAM, POLICE_DESK):
        await _seed_team(hotline, team)
    await seed_organisations(hotline)
    missing = [account for account in ACCOUNTS if hotline.directory.staff(account.id) is None]
    if missing:
        hashed = await hash_password(PASSWORD)  # once: it is the same for all, and takes a tenth of a second
        await asyncio.gather(*(_seed_account(hotline, account, hashed) for account in missing))
    worker = next(account for account in ACCOUNTS if account.role is Role.REFERRAL_WORKER)
    found = hotline.directory.staff(worker.id)
    if found is not None:
        await seed_cases(hotline, actor_of(found))
    lead = hotline.directory.staff(next(each.id for each in ACCOUNTS if each.role is Role.SUPERVISOR))
    if lead is not None:
        await seed_shifts(hotline, actor_of(lead), {each.username: each.id for each in ACCOUNTS})


async def _seed_team(hotline: Accounts, team: Team) -> None:
    def decide(loaded: Loaded) -> Change:
        return Change() if loaded.find(Team, team.id) is not None else Change(save=(team,))

    await hotline.writer.run(decide)


async def _seed_account(hotline: Accounts, account: DemoAccount, password_hash: str) -> None:
    new = NewStaff(
        username=account.username,
        name=account.name,
        roles=(account.role,),
        skills=account.skills,
        district=account.district,
        organisation_id=account.organisation_id,
    )
    try:
        await staff.create(hotline, OPERATOR, new, key=account.key, password_hash=password_hash)
    except Taken:
        raise SettingError(f"There is another account with the name {account.username} already.") from None


def refuse_in_public(hotline: Accounts) -> None:
    """A server with demo accounts must not be reached from elsewhere."""
    if hotline.settings.is_loopback:
        return
    if any(hotline.directory.staff(account.id) for account in ACCOUNTS):
        raise SettingError(
            "HOTLINE_LISTEN_HOST must be a loopback address: this database holds demo accounts, whose password "
            "everybody knows."
        )


def sign_ins() -> str:
    """What is printed when the demo is ready."""
    names = ", ".join(account.username for account in ACCOUNTS)
    return f"Demo sign-ins (password {PASSWORD}): {names}"
