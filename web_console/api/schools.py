"""The schools that may report a crisis."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import schools
from hotline.domain.access import Permission
from hotline.domain.ids import SchoolId
from hotline.domain.school_reports import School
from hotline.errors import Forbidden, Invalid
from web_console.api.inputs import Listing, Word
from web_console.openapi import ApiRequest, Body, route


class RegisterSchool(Body):
    """`stage`: primary, junior, senior, vocational or university. `code`: the authority's own, where there is one."""

    name: Word
    stage: Word
    district: Word
    code: str | None = Field(default=None, max_length=40)


class SchoolView(TypedDict):
    id: str
    name: str
    code: str | None
    stage: str
    district: str
    demo: bool


def shown(school: School) -> SchoolView:
    return {
        "id": school.id,
        "name": school.name,
        "code": school.code,
        "stage": school.stage,
        "district": school.district,
        "demo": school.demo,
    }


@route("GET", "/api/schools", permission=Permission.STAFF_READ, answer=Listing[SchoolView])
async def list_schools(request: ApiRequest) -> dict[str, Any]:
    found = await schools.all_schools(request.hotline, request.actor)
    return {"items": [shown(each) for each in found], "next": None}


@route(
    "PUT",
    "/api/schools/{school_id}",
    permission=Permission.STAFF_MANAGE,
    body=RegisterSchool,
    answer=SchoolView,
    errors=(Forbidden, Invalid),
)
async def register_school(request: ApiRequest) -> SchoolView:
    """A new school, or a known one under another name. Its people are the accounts with its id as organisation."""
    wish: RegisterSchool = request.body
    school = School(
        id=SchoolId(request.path["school_id"]),
        name=wish.name,
        code=wish.code,
        stage=wish.stage,
        district=wish.district,
    )
    return shown(await schools.register(request.hotline, request.actor, school))
