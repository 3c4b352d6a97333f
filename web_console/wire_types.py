"""What the front end's types are made from: `python -m web_console.wire_types > schemas.json`.

The schemas of the API's description and of the two sockets' frames as an OpenAPI document without addresses and
without prose, so that only a change of form makes the committed `frontend/src/wire/schema.gen.ts` too old.
`scripts/wire-types` writes that file; `digest` stands in its first line, and a test compares it.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import datetime
from typing import Any

import orjson
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from hotline.live.projections.alert import AlertView
from hotline.live.projections.contact import ContactView, PersonContactView, PersonSender, SpokenView
from hotline.live.projections.duty import DutyView, HandoverView, ShiftSwapView
from hotline.live.projections.followup import FollowupView
from hotline.live.projections.offer import OfferView
from hotline.live.projections.presence import PresenceView
from hotline.live.projections.referral import ReferralView
from hotline.live.projections.school_report import SchoolReportView
from web_console.api.contacts import MessageWire
from web_console.openapi_document import Wanted, schemas_of
from web_console.routes import api_routes

# `from` is no Python name; the view is declared by its JSON names.
PersonMessageWire = TypedDict(
    "PersonMessageWire",
    {
        "id": str,
        "seq": int,
        "from": PersonSender,
        "text": str,
        "text_zh": str | None,
        "text_en": str | None,
        "code": str | None,
        "at": datetime,
        "client_id": str | None,
    },
)

IN_FRAMES = (
    ContactView,
    SpokenView,
    MessageWire,
    OfferView,
    PresenceView,
    AlertView,
    FollowupView,
    DutyView,
    HandoverView,
    ShiftSwapView,
    ReferralView,
    SchoolReportView,
    PersonContactView,
    PersonMessageWire,
)

_PROSE = {"description", "title", "examples"}


def wire_schemas() -> dict[str, Any]:
    spoken: list[Wanted] = [(each.__name__, "serialization", TypeAdapter(each)) for each in IN_FRAMES]
    _, definitions = schemas_of(api_routes(), spoken)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wire", "version": "1"},
        "paths": {},
        "components": {"schemas": {name: form_of(definitions[name]) for name in sorted(definitions)}},
    }


def digest() -> str:
    return hashlib.sha256(_written()).hexdigest()[:16]


def _written() -> bytes:
    return orjson.dumps(wire_schemas(), option=orjson.OPT_SORT_KEYS)


def form_of(schema: Any, *, named: bool = False) -> Any:
    """The schema without prose. `named`: its keys are the names of fields, which may be called as they like."""
    if isinstance(schema, list):
        return [form_of(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = schema if named else {key: value for key, value in schema.items() if key not in _PROSE}
    return {key: form_of(value, named=not named and key == "properties") for key, value in kept.items()}


if __name__ == "__main__":
    sys.stdout.write(_written().decode())
