"""Which HTTP status each refusal has, and its form: RFC 9457 `application/problem+json`. The one place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NotRequired

import orjson
from aiohttp import web
from typing_extensions import TypedDict

from hotline.errors import (
    Forbidden,
    HotlineError,
    Invalid,
    NotFound,
    NotSignedIn,
    SlowDown,
    StaleVersion,
    Taken,
    Unavailable,
    WrongState,
)
from hotline.storage.sealing import Erased

STATUS_OF: dict[type[HotlineError], int] = {
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Taken: 409,
    StaleVersion: 409,
    WrongState: 409,
    Erased: 410,
    Invalid: 422,
    SlowDown: 429,
    Unavailable: 503,
    HotlineError: 409,
}
"""A class that is not named has the status of the nearest one it is made from."""

CODE_OF_STATUS = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "wrong_content_type",
    500: "failed",
}
"""Refusals of the protocol itself, before any action."""

CONTENT_TYPE = "application/problem+json"


class Malformed(HotlineError):
    """Not JSON at all."""

    code = "malformed"


class NotAcceptable(HotlineError):
    code = "not_acceptable"


class TooLarge(HotlineError):
    code = "too_large"


class WrongContentType(HotlineError):
    code = "wrong_content_type"


STATUS_OF |= {Malformed: 400, NotAcceptable: 406, TooLarge: 413, WrongContentType: 415}


class FieldProblemView(TypedDict):
    path: str
    problem: str


class Problem(TypedDict):
    """`code` is for programs, `detail` is one plain sentence, `fields` says where bad input is bad."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: NotRequired[list[FieldProblemView]]
    taken_by: NotRequired[str]


def status_of(error: HotlineError) -> int:
    for each in type(error).__mro__:
        if each in STATUS_OF:
            return STATUS_OF[each]
    raise AssertionError("HotlineError itself has a status")


def problem(
    status: int, code: str, detail: str = "", headers: Mapping[str, str] | None = None
) -> web.Response:
    return _response(_body(status, code, detail), headers)


def problem_of(error: HotlineError) -> web.Response:
    """A refusal as the answer that says so."""
    body = _body(status_of(error), error.code, error.detail)
    headers: dict[str, str] = {}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = [{"path": each.path, "problem": each.problem} for each in error.fields]
    if isinstance(error, Taken) and error.by:
        body["taken_by"] = error.by
    if isinstance(error, SlowDown):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "5"
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="hotline"'
    return _response(body, headers)


def problem_of_protocol(error: web.HTTPException) -> web.Response:
    """What aiohttp itself refuses: unknown address, method not allowed, too large."""
    code = CODE_OF_STATUS.get(error.status, HTTPStatus(error.status).phrase.lower().replace(" ", "_"))
    kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
    return problem(error.status, code, headers=kept)


def _body(status: int, code: str, detail: str) -> Problem:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def _response(body: Problem, headers: Mapping[str, str] | None) -> web.Response:
    encoded: Any = orjson.dumps(body)
    return web.Response(body=encoded, status=body["status"], content_type=CONTENT_TYPE, headers=headers)
