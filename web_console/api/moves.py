"""The steps of one thing, `POST /api/things/{thing_id}/step`, as a table in its module: a line a step, one handler
for all of them. What happens in a step is its action's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from hotline.domain.access import Actor
from hotline.errors import Forbidden, HotlineError, NotFound, StaleVersion, Taken, WrongState
from hotline.service import Hotline
from web_console.openapi import Access, ApiRequest, Handler, route

Id = TypeVar("Id", bound=str)
Thing = TypeVar("Thing")
Errors = tuple[type[HotlineError] | str, ...]

CONFLICTS: Errors = (NotFound, Forbidden, Taken, StaleVersion, WrongState)


@dataclass(frozen=True)
class Move(Generic[Id, Thing]):
    """`act` gets whose move it is and on what, then the body (None if the step has
    none). `says`: for the description, if the name does not."""

    name: str
    step: str
    permission: Access
    body: type[BaseModel] | None
    act: Callable[[tuple[Hotline, Actor, Id], Any], Awaitable[Thing]]
    says: str = ""
    errors: Errors = CONFLICTS


def handlers_of(
    moves: tuple[Move[Id, Thing], ...],
    things: str,
    id_of: Callable[[ApiRequest], Id],
    shown: Callable[[ApiRequest, Thing], Any],
    answer: Any,
) -> tuple[Handler, ...]:
    """One a move, in the order of the table. `things`: the address of one, as `/api/alerts/{alert_id}`."""

    def handler_of(move: Move[Id, Thing]) -> Handler:
        async def handle(request: ApiRequest) -> Any:
            at = (request.hotline, request.actor, id_of(request))
            return shown(request, await move.act(at, request.body))

        handle.__name__, handle.__doc__ = move.name, move.says or None
        how = {"permission": move.permission, "body": move.body, "answer": answer, "errors": move.errors}
        return route("POST", f"{things}/{move.step}", **how)(handle)

    return tuple(handler_of(move) for move in moves)
