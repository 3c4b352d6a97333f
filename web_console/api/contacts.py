"""Contacts: read, listen back, and every command on a conversation up to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hotline.actions import contacts, reading_contacts, risk, transfers
from hotline.actions import messages as message_actions
from hotline.actions.writer import urgently
from hotline.domain.access import Permission
from hotline.domain.contacts import Contact, ContactState, Delivery, Sender
from hotline.domain.ids import ContactId, StaffId
from hotline.errors import Forbidden, HotlineError, Invalid, NotFound, WrongState
from hotline.live.directory import Name
from hotline.live.projections import contact as projection
from hotline.live.projections.contact import ContactView, message_view, renamed
from triage.assessment import Level
from web_console.api.inputs import (
    Count,
    Id,
    Listing,
    MessageText,
    Note,
    PageSize,
    Reason,
    SkillCodes,
)
from web_console.api.pages import Cursor, cursor_of, next_at
from web_console.openapi import ApiRequest, Body, Handler, Query, route

SERVE = Permission.CONTACT_SERVE
CONFLICTS: tuple[type[HotlineError], ...] = (NotFound, Forbidden, WrongState)

# `from` is no Python name; the view is declared by its JSON names.
MessageWire = TypedDict(
    "MessageWire",
    {
        "id": str,
        "contact_id": str,
        "seq": int,
        "from": Sender,
        "code": str | None,
        "staff": Name | None,
        "client_id": str | None,
        "text": str,
        "at": datetime,
        "level": Level | None,
        "kinds": list[str],
        "act_in_progress": bool,
        "evidence": list[projection.EvidenceView],
        "delivery": Delivery | None,
        "delivery_code": int | None,
    },
)


class LevelStepView(TypedDict):
    """One step of the level over time; `reason` where a person set it."""

    at: datetime
    level: Level
    score: float | None
    source: str
    seq: int | None
    kinds: list[str]
    by: Name | None
    reason: str | None


class ContactsQuery(Query):
    state: ContactState | None = None
    mine: bool = False
    before: Cursor | None = None
    limit: PageSize = 50


class MessagesQuery(Query):
    before_seq: Count | None = None
    limit: PageSize = 100


class SendMessage(Body):
    client_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    text: MessageText


class Override(Body):
    level: Literal["none", "low", "moderate", "high", "imminent"]
    reason: Reason


class AskHelp(Body):
    note: Note | None = None


class Transfer(Body):
    """To a colleague, or with `to: "queue"` back to the queue, there with other wishes if they are given. `override`:
    a supervisor's reason to hand it to who serves an imminent contact, is on a break or not ready."""

    to_staff_id: Id | None = None
    to: Literal["queue"] | None = None
    reason: Note | None = None
    override: Note | None = None
    skills: SkillCodes | None = None
    wished_counselor_id: Id | None = None


class Wishes(Body):
    """Skills that are wished for, and the counselor whom the person would like to speak to again."""

    skills: SkillCodes
    wished_counselor_id: Id | None = None


def contact_id_of(request: ApiRequest) -> ContactId:
    return ContactId(request.path["contact_id"])


def shown(request: ApiRequest, contact: Contact) -> ContactView:
    return projection.view(contact, request.hotline.directory, request.hotline.rules)


def contact_move(
    path: str,
    *,
    permission: Permission = SERVE,
    body: type[Body] | None = None,
    errors: tuple[type[HotlineError], ...] = CONFLICTS,
    method: str = "POST",
) -> Callable[[Handler], Handler]:
    """A route that does something with a contact and answers it as it is then."""
    return route(
        method,
        f"/api/contacts/{{contact_id}}/{path}",
        permission=permission,
        body=body,
        answer=ContactView,
        errors=errors,
    )


@route("GET", "/api/contacts", permission=SERVE, query=ContactsQuery, answer=Listing[ContactView])
async def list_contacts(request: ApiRequest) -> dict[str, Any]:
    """Newest first: one's own; supervisors see all."""
    wish: ContactsQuery = request.query
    before = cursor_of(wish.before)
    found = await reading_contacts.page(
        request.hotline, request.actor, state=wish.state, mine=wish.mine, before=before, limit=wish.limit
    )
    following = next_at(found[-1].opened_at, found[-1].id) if len(found) == wish.limit else None
    return {"items": [shown(request, each) for each in found], "next": following}


@route(
    "GET", "/api/contacts/{contact_id}", permission=SERVE, answer=ContactView, errors=(NotFound, Forbidden)
)
async def get_contact(request: ApiRequest) -> ContactView:
    return shown(request, await reading_contacts.get(request.hotline, request.actor, contact_id_of(request)))


@route(
    "GET",
    "/api/contacts/{contact_id}/messages",
    permission=SERVE,
    query=MessagesQuery,
    answer=Listing[MessageWire],
    errors=(NotFound, Forbidden),
)
async def messages(request: ApiRequest) -> dict[str, Any]:
    """A page of the conversation, oldest first; `next` is the `before_seq` of the page before it. Journalled."""
    wish: MessagesQuery = request.query
    found = await reading_contacts.messages(
        request.hotline, request.actor, contact_id_of(request), before_seq=wish.before_seq, limit=wish.limit
    )
    names = request.hotline.directory
    more = bool(found) and found[0].seq > 1
    return {
        "items": [renamed(message_view(each, names)) for each in found],
        "next": str(found[0].seq) if more else None,
    }


@route(
    "POST",
    "/api/contacts/{contact_id}/messages",
    permission=SERVE,
    body=SendMessage,
    answer=MessageWire,
    status=201,
    errors=(*CONFLICTS, Invalid),
)
async def send_message(request: ApiRequest) -> dict[str, Any]:
    """Write to the person; the same `client_id` again changes nothing and answers the same."""
    wish: SendMessage = request.body
    with urgently():
        message = await message_actions.send(
            request.hotline, request.actor, contact_id_of(request), client_id=wish.client_id, text=wish.text
        )
    return renamed(message_view(message, request.hotline.directory))


@route(
    "GET",
    "/api/contacts/{contact_id}/assessments",
    permission=SERVE,
    answer=Listing[LevelStepView],
    errors=(NotFound, Forbidden),
)
async def assessments(request: ApiRequest) -> dict[str, Any]:
    """The level over time, with who or what set it."""
    steps = await reading_contacts.level_steps(request.hotline, request.actor, contact_id_of(request))
    names = request.hotline.directory
    return {
        "items": [
            {
                "at": each.at,
                "level": each.level,
                "score": each.score,
                "source": each.source,
                "seq": each.seq,
                "kinds": each.kinds,
                "by": names.name(each.staff_id),
                "reason": each.reason,
            }
            for each in steps
        ],
        "next": None,
    }


@contact_move("override", body=Override, errors=(*CONFLICTS, Invalid))
async def override(request: ApiRequest) -> ContactView:
    """Set the level by name, with a reason; lowering from high or imminent needs a supervisor."""
    wish: Override = request.body
    contact = await risk.override(
        request.hotline,
        request.actor,
        contact_id_of(request),
        level=Level(wish.level),
        reason=wish.reason,
    )
    return shown(request, contact)


@contact_move("help", body=AskHelp)
async def ask_help(request: ApiRequest) -> ContactView:
    """Ask for a supervisor; it rings again until one joins."""
    wish: AskHelp = request.body
    contact = await contacts.request_help(
        request.hotline, request.actor, contact_id_of(request), note=wish.note
    )
    return shown(request, contact)


@contact_move("join", permission=Permission.CONTACT_SUPERVISE)
async def join(request: ApiRequest) -> ContactView:
    """Join a conversation as a supervisor; visible as such, and journalled."""
    return shown(request, await contacts.join(request.hotline, request.actor, contact_id_of(request)))


@contact_move("leave")
async def leave(request: ApiRequest) -> ContactView:
    return shown(request, await contacts.leave(request.hotline, request.actor, contact_id_of(request)))


@contact_move("transfer", body=Transfer, errors=(*CONFLICTS, Invalid))
async def transfer(request: ApiRequest) -> ContactView:
    wish: Transfer = request.body
    if (wish.to_staff_id is None) == (wish.to is None):
        raise Invalid("Name a colleague or the queue, and not both.", code="invalid")
    contact = await transfers.transfer(
        request.hotline,
        request.actor,
        contact_id_of(request),
        to_staff_id=StaffId(wish.to_staff_id) if wish.to_staff_id else None,
        reason=wish.reason,
        override=wish.override,
        skills_wished=wish.skills,
        wished_counselor_id=StaffId(wish.wished_counselor_id) if wish.wished_counselor_id else None,
    )
    return shown(request, contact)


@contact_move("wishes", body=Wishes, errors=(*CONFLICTS, Invalid), method="PUT")
async def set_wishes(request: ApiRequest) -> ContactView:
    """What is asked of who takes the contact next: by its counselor, and by supervisors."""
    wish: Wishes = request.body
    contact = await transfers.set_wishes(
        request.hotline,
        request.actor,
        contact_id_of(request),
        skills_wished=wish.skills,
        wished_counselor_id=StaffId(wish.wished_counselor_id) if wish.wished_counselor_id else None,
    )
    return shown(request, contact)


@contact_move("end")
async def end(request: ApiRequest) -> ContactView:
    """The conversation is over; wrap-up follows."""
    contact = await contacts.end_conversation(request.hotline, request.actor, contact_id_of(request))
    return shown(request, contact)
