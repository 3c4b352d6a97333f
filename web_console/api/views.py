"""How accounts look to their owners and to administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from hotline.domain.access import Permission, Role, permissions_of
from hotline.domain.staff import Staff, has_second_factor


class UserView(TypedDict):
    id: str
    username: str
    name: str
    roles: list[Role]
    permissions: list[Permission]
    district: str | None
    organisation_id: str | None
    language: str | None
    second_factor: bool


class StaffView(TypedDict):
    id: str
    username: str
    name: str
    roles: list[Role]
    district: str | None
    organisation_id: str | None
    skills: dict[str, int]
    state: Literal["invited", "ready", "disabled"]
    disabled: bool
    second_factor: bool
    created_at: datetime
    version: int


def user_view(staff: Staff) -> UserView:
    return {
        "id": staff.id,
        "username": staff.username,
        "name": staff.name,
        "roles": staff.roles,
        "permissions": sorted(permissions_of(staff.roles)),
        "district": staff.district,
        "organisation_id": staff.organisation_id,
        "language": staff.language,
        "second_factor": has_second_factor(staff),
    }


def staff_view(staff: Staff) -> StaffView:
    return {
        "id": staff.id,
        "username": staff.username,
        "name": staff.name,
        "roles": staff.roles,
        "district": staff.district,
        "organisation_id": staff.organisation_id,
        "skills": staff.skills,
        "state": "disabled" if staff.disabled else "ready" if staff.password_hash else "invited",
        "disabled": staff.disabled,
        "second_factor": has_second_factor(staff),
        "created_at": staff.created_at,
        "version": staff.version,
    }
