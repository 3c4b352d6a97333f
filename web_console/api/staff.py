"""Accounts, for administrators; who is who, for those who work with them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hotline.actions import staff
from hotline.actions.staff import Invited, NewStaff
from hotline.domain.access import Permission, Role
from hotline.domain.ids import StaffId
from hotline.domain.skills import HIGHEST
from hotline.domain.staff import Staff
from hotline.errors import Invalid, NotFound, Taken
from web_console.api.inputs import Listing, SkillCode
from web_console.api.views import StaffView, staff_view
from web_console.openapi import ApiRequest, Body, route
from web_console.server_address import SERVER_ADDRESS

Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
SkillLevels = Annotated[dict[SkillCode, Annotated[int, Field(ge=0, le=HIGHEST)]], Field(max_length=40)]
"""By code, languages among them (`language:en`); 0 takes a skill away."""
District = Annotated[str, Field(max_length=40, pattern=r"^\S([^\n\r]*\S)?$")]


class NewAccount(Body):
    username: str = Field(min_length=2, max_length=64)
    name: str = Field(min_length=1, max_length=60)
    roles: Roles
    skills: SkillLevels = Field(default={"language:zh": 3})
    district: District | None = None
    organisation_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    password: str | None = Field(default=None, max_length=128)


class AccountChange(Body):
    disabled: bool | None = None
    name: str | None = Field(default=None, min_length=1, max_length=60)
    roles: Roles | None = None
    district: District | None = None
    organisation_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]{1,64}$")


class StaffSkills(Body):
    skills: SkillLevels


class InvitedView(StaffView):
    """`link` is shown once: its reader chooses the account's password. Null where a password was given."""

    link: str | None


@route("GET", "/api/staff", permission=Permission.STAFF_READ, answer=Listing[StaffView])
async def list_staff(request: ApiRequest) -> Listing[StaffView]:
    """All accounts, by username."""
    return {"items": [staff_view(each) for each in await staff.everyone(request.hotline)], "next": None}


@route(
    "POST",
    "/api/staff",
    permission=Permission.STAFF_MANAGE,
    body=NewAccount,
    answer=InvitedView,
    status=201,
    errors=(Taken, "username_taken", Invalid),
)
async def create_staff(request: ApiRequest) -> InvitedView:
    """Make an account. Without a password the answer has a one-time link for its owner."""
    given: NewAccount = request.body
    new = NewStaff(
        username=given.username,
        name=given.name,
        roles=given.roles,
        skills=given.skills,
        district=given.district,
        organisation_id=given.organisation_id,
        password=given.password,
    )
    invited = await staff.create(request.hotline, request.actor, new, key=request.idempotency_key)
    return _invited_view(request, invited)


@route(
    "PATCH",
    "/api/staff/{staff_id}",
    permission=Permission.STAFF_MANAGE,
    body=AccountChange,
    answer=StaffView,
    errors=(NotFound,),
)
async def change_staff(request: ApiRequest) -> StaffView:
    """Change, disable or enable an account. Disabling ends its sessions."""
    given: AccountChange = request.body
    changed: Staff = await staff.change(
        request.hotline,
        request.actor,
        StaffId(request.path["staff_id"]),
        disabled=given.disabled,
        name=given.name,
        roles=given.roles,
        district=given.district,
        organisation_id=given.organisation_id,
    )
    return staff_view(changed)


@route(
    "PUT",
    "/api/staff/{staff_id}/skills",
    permission=(Permission.STAFF_MANAGE, Permission.STAFF_SKILLS),
    body=StaffSkills,
    answer=StaffView,
    errors=(NotFound, Invalid),
)
async def set_staff_skills(request: ApiRequest) -> StaffView:
    """What somebody can do, by administrators and supervisors. Whoever is at work is routed by it at once."""
    given: StaffSkills = request.body
    staff_id = StaffId(request.path["staff_id"])
    return staff_view(await staff.set_skills(request.hotline, request.actor, staff_id, given.skills))


@route(
    "POST",
    "/api/staff/{staff_id}/reset",
    permission=Permission.STAFF_MANAGE,
    answer=InvitedView,
    errors=(NotFound, "disabled"),
)
async def reset_staff(request: ApiRequest) -> InvitedView:
    """A new one-time link. Password and second factor are gone at once, and so are its sessions."""
    staff_id = StaffId(request.path["staff_id"])
    return _invited_view(request, await staff.reset(request.hotline, request.actor, staff_id))


def _invited_view(request: ApiRequest, invited: Invited) -> InvitedView:
    address = request.raw.app[SERVER_ADDRESS].address
    link = f"{address}/setup?token={invited.setup_token}" if invited.setup_token else None
    return {**staff_view(invited.staff), "link": link}
