"""Routes of the API: declared once, checked on the way in, described by OpenAPI from the same declaration.

    @route("POST", "/api/alerts/{alert_id}/acknowledge", permission=Permission.ALERT_DISPATCH,
           body=Versioned, answer=AlertView)
    async def acknowledge(request: ApiRequest) -> AlertView:
        return present(await alerts.acknowledge(request.hotline, request.actor, request.path["alert_id"], ...))

`permission` must be named: one, several of which any is enough, or PUBLIC. Whatever is refused, here or by an
action, is a `HotlineError`; its status and form have their one home in `problems.py`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from hotline.domain.access import Actor, Permission, require
from hotline.errors import FieldProblem, HotlineError, Invalid, NotFound
from web_console.identity import HOTLINE, IDENTITY, Identity, bearer_of, identity_of, require_csrf
from web_console.problems import Malformed, NotAcceptable, TooLarge, WrongContentType

if TYPE_CHECKING:
    from hotline.service import Hotline


class Public:
    """The mark of a route that needs no account. It may demand something else: a chat's token, a signature."""


PUBLIC: Final = Public()
Access = Permission | tuple[Permission, ...] | Public

LARGEST_BODY = 64 * 1024  # bytes; the longest field anywhere has some thousand characters
ID_PATTERN = r"^[A-Za-z0-9_.-]{1,64}$"
KEY_PATTERN = r"^[A-Za-z0-9_.:-]{8,128}$"
_ID = re.compile(ID_PATTERN)
_KEY = re.compile(KEY_PATTERN)
_JSON = "application/json"
_ACCEPTED = ("*/*", "application/*", _JSON, "application/problem+json")
_TOO_LARGE = 2.0**63  # a larger whole number is read as this one by some and as itself by others
_JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS

Handler = Callable[["ApiRequest"], Awaitable[Any]]


class Body(BaseModel):
    """What a request body is made from: nothing converted, nothing unknown, no value repeated in an error."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class Query(BaseModel):
    """What follows the question mark; unknown names are ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, allow_inf_nan=False)


@dataclass(frozen=True)
class Route:
    """`also`: further successful statuses that a handler may set. `errors`: codes worth telling in the description."""

    method: str
    path: str
    permission: Access
    handler: Handler
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: Any = None
    status: int = 200
    also: tuple[int, ...] = ()
    errors: tuple[type[HotlineError] | str, ...] = ()
    by_chat_token: bool = False

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def noun(self) -> str:
        """The part of the address after /api: how the description is divided."""
        return self.path.split("/")[2]

    @property
    def is_public(self) -> bool:
        return isinstance(self.permission, Public)

    @property
    def creates(self) -> bool:
        return self.method == "POST" and 201 in (self.status, *self.also)


@dataclass
class ApiRequest:
    """A checked request: `body` and `query` are instances of the route's models, `path` has checked ids."""

    raw: web.Request
    route: Route
    path: dict[str, str]
    query: Any = None
    body: Any = None
    identity: Identity | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[Callable[[web.Response], None]] = field(default_factory=list)

    @property
    def hotline(self) -> Hotline:
        return self.raw.app[HOTLINE]

    @property
    def actor(self) -> Actor:
        """Who is signed in. Not for public routes."""
        return identity_of(self.raw).actor

    @property
    def bearer(self) -> str | None:
        """The token in the Authorization header, for routes that a chat's token opens."""
        return bearer_of(self.raw)

    @property
    def idempotency_key(self) -> str | None:
        """The same key from the same person means the same thing: the action makes its id from it."""
        key = self.raw.headers.get("Idempotency-Key")
        if key is not None and not _KEY.fullmatch(key):
            raise invalid_field("Idempotency-Key", "8 to 128 letters, digits, or any of _ . : -")
        return key


def route(
    method: str,
    path: str,
    *,
    permission: Access,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: Any = None,
    status: int | None = None,
    also: tuple[int, ...] = (),
    errors: tuple[type[HotlineError] | str, ...] = (),
    by_chat_token: bool = False,
) -> Callable[[Handler], Handler]:
    """Declare a handler. Without an `answer` the status is 204. `by_chat_token`: a chat's token opens it."""
    done = status or (204 if answer is None else 200)

    def mark(handler: Handler) -> Handler:
        declared = Route(
            method, path, permission, handler, body, query, answer, done, also, errors, by_chat_token
        )
        handler.__dict__.setdefault("routes", []).append(declared)
        return handler

    return mark


def routes_of(module: Any) -> list[Route]:
    """The routes declared in a module, in the order of its lines; those of a table of moves where the table stands."""
    own = [
        each
        for each in vars(module).values()
        if getattr(each, "__module__", module.__name__) == module.__name__
    ]
    handlers = [handler for each in own for handler in (each if isinstance(each, tuple) else (each,))]
    return [declared for each in handlers if callable(each) for declared in getattr(each, "routes", ())]


def invalid_field(path: str, problem: str) -> Invalid:
    return Invalid("Some of the input is not valid.", fields=(FieldProblem(path, problem),))


# Serving ----------------------------------------------------------------------------------------


def served(declared: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of a route: who, what, then the action, then the answer."""

    async def serve(raw: web.Request) -> web.StreamResponse:
        request = ApiRequest(raw, declared, path=_path_of(raw))
        _admit(request)
        _require_acceptable(raw)
        if declared.query is not None:
            request.query = _query_of(raw, declared.query)
        if declared.body is not None:
            request.body = await _body_of(raw, declared.body)
        if declared.creates:
            _ = request.idempotency_key  # refused here, before anything happens
        answer = await declared.handler(request)
        return _answered(request, answer)

    serve.permission = declared.permission  # type: ignore[attr-defined]
    return serve


def _admit(request: ApiRequest) -> None:
    permission = request.route.permission
    if isinstance(permission, Public):
        request.identity = request.raw.get(IDENTITY)
        return
    identity = identity_of(request.raw)
    require_csrf(request.raw, identity)
    require(identity.actor, *(permission if isinstance(permission, tuple) else (permission,)))
    request.identity = identity


def _path_of(raw: web.Request) -> dict[str, str]:
    path = dict(raw.match_info)
    if not all(_ID.fullmatch(each) for each in path.values()):
        raise NotFound("There is no such address.")
    return path


def _require_acceptable(raw: web.Request) -> None:
    accept = raw.headers.get("Accept", "").lower()
    offered = [each.partition(";")[0].strip() for each in accept.split(",") if each.strip()]
    if offered and not any(each in _ACCEPTED for each in offered):
        raise NotAcceptable("The answer is application/json.")


def _query_of(raw: web.Request, model: type[BaseModel]) -> BaseModel:
    given: dict[str, Any] = {}
    for name, described in model.model_fields.items():
        key = described.alias or name
        if key in raw.query:
            given[key] = (
                raw.query.getall(key) if _is_list(described.annotation) else raw.query.getall(key)[-1]
            )
    _require_clean_text(given.values())
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None


def _is_list(annotation: Any) -> bool:
    options = get_args(annotation) if get_origin(annotation) is UnionType else (annotation,)
    return any(get_origin(option) in (list, tuple, set, frozenset) for option in options)


async def _body_of(raw: web.Request, model: type[BaseModel]) -> BaseModel:
    try:
        text = await raw.read()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge(f"A request may have {LARGEST_BODY // 1024} KiB.") from None
    if not text:
        text = b"{}"  # nothing said: enough where nothing is needed
    elif raw.content_type != _JSON:
        raise WrongContentType("The body must be application/json.")
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Malformed("The body is not JSON.") from None
    _require_clean_text([parsed])
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise invalid(error) from None


def _require_clean_text(values: Iterable[Any]) -> None:
    """No NUL, no half characters, no number beyond 64 bits: databases and other programs cannot hold them."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
                raise invalid_field("", "holds a character that is not text")
        elif isinstance(value, float) and abs(value) >= _TOO_LARGE:
            raise invalid_field("", "holds a number that is too large")
        elif isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def invalid(error: ValidationError) -> Invalid:
    """Where the input is wrong and how, never what it was."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    fields = tuple(
        FieldProblem(".".join(str(part) for part in each["loc"])[:100], each["msg"]) for each in problems[:20]
    )
    return Invalid("Some of the input is not valid.", fields=fields)


def _answered(request: ApiRequest, answer: Any) -> web.Response:
    declared = request.route
    status = request.status or declared.status
    if status not in (declared.status, *declared.also):
        raise AssertionError(f"{declared.name} answers {status}, which it does not declare")
    response = web.Response(status=status, headers=request.headers)
    if status != 204:
        response = web.Response(
            body=orjson.dumps(answer, default=_plain, option=_JSON_OPTIONS),
            status=status,
            content_type=_JSON,
            headers=request.headers,
        )
    for set_cookie in request.cookies:
        set_cookie(response)
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")
