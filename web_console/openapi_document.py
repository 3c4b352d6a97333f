"""The OpenAPI 3.1 description, made from the declared routes and nothing else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from hotline.domain.access import Permission
from hotline.errors import HotlineError
from web_console.openapi import ID_PATTERN, KEY_PATTERN, Public, Route
from web_console.problems import CONTENT_TYPE, Problem

_TITLE = "Crisis hotline"
_REFUSALS = {
    400: "The body is not JSON.",
    401: "Nobody is signed in, or the token is not known.",
    403: "The role does not include this, or the request may come from another site.",
    404: "There is no such thing, or it is none of yours.",
    406: "The answer is application/json.",
    409: "It is taken, was changed meanwhile, or is not in a state for this.",
    410: "The content was erased.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "Some of the input is not valid; `fields` says where.",
    429: "Too many requests; `Retry-After` says when to come again.",
    503: "The database does not answer; nothing was saved.",
}
"""Every operation may be refused in each of these ways, and in no other."""

_PATH_NAME = re.compile(r"{(\w+)}")
_Mode = Literal["validation", "serialization"]
_Key = tuple[str, _Mode]
Wanted = tuple[str, _Mode, TypeAdapter[Any]]


def document(routes: Sequence[Route], *, version: str, server: str = "/") -> dict[str, Any]:
    schemas, definitions = schemas_of(routes)
    paths: dict[str, dict[str, Any]] = {}
    for declared in routes:
        paths.setdefault(declared.path, {})[declared.method.lower()] = _operation(declared, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": version, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": {_refusal_name(status): _refusal(status) for status in _REFUSALS},
            "securitySchemes": {
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of POST /api/session.",
                },
                "chat": {"type": "http", "scheme": "bearer", "description": "The token of POST /api/chats."},
            },
        },
    }


def schemas_of(
    routes: Iterable[Route], besides: Iterable[Wanted] = ()
) -> tuple[dict[_Key, dict[str, Any]], dict[str, Any]]:
    """Per route the schema of its body and answer, and the definitions that they and those `besides` share."""
    wanted: list[Wanted] = [("problem", "serialization", TypeAdapter(Problem)), *besides]
    for declared in routes:
        if declared.body is not None:
            wanted.append((f"{declared.name} body", "validation", TypeAdapter(declared.body)))
        if declared.answer is not None:
            wanted.append((f"{declared.name} answer", "serialization", TypeAdapter(declared.answer)))
    template = "#/components/schemas/{model}"
    schemas, shared = TypeAdapter.json_schemas(wanted, ref_template=template)
    return dict(schemas), shared.get("$defs", {})


def _operation(declared: Route, schemas: dict[_Key, dict[str, Any]]) -> dict[str, Any]:
    words = inspect.getdoc(declared.handler) or declared.name.replace("_", " ").capitalize()
    summary, _, rest = words.partition("\n")
    operation: dict[str, Any] = {
        "operationId": declared.name,
        "tags": [declared.noun],
        "summary": summary,
        "description": "\n\n".join(
            filter(None, (rest.strip(), _permission_words(declared), _error_words(declared)))
        ),
        "parameters": [
            *_path_parameters(declared),
            *_query_parameters(declared),
            *_header_parameters(declared),
        ],
        "responses": _responses(declared, schemas),
    }
    if declared.by_chat_token:
        operation["security"] = [{"chat": []}]
    elif not declared.is_public:
        operation["security"] = [{"session": []}]
    if declared.body is not None:
        content = {"application/json": {"schema": schemas[f"{declared.name} body", "validation"]}}
        required = any(each.is_required() for each in declared.body.model_fields.values())
        operation["requestBody"] = {"required": required, "content": content}
    return operation


def _permission_words(declared: Route) -> str:
    permission = declared.permission
    if isinstance(permission, Public):
        return "Needs no account."
    names = (permission,) if isinstance(permission, Permission) else permission
    return f"Needs {' or '.join(f'`{name}`' for name in names)}."


def _error_words(declared: Route) -> str:
    codes = [each if isinstance(each, str) else _code(each) for each in declared.errors]
    return f"Codes: {', '.join(f'`{code}`' for code in codes)}." if codes else ""


def _code(error: type[HotlineError]) -> str:
    return error.code


def _path_parameters(declared: Route) -> list[dict[str, Any]]:
    schema = {"type": "string", "pattern": ID_PATTERN, "minLength": 1, "maxLength": 64}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in _PATH_NAME.findall(declared.path)
    ]


def _query_parameters(declared: Route) -> list[dict[str, Any]]:
    if declared.query is None:
        return []
    schema = _inlined(declared.query)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(each)}
        for name, each in schema.get("properties", {}).items()
    ]


def _inlined(model: type[BaseModel]) -> dict[str, Any]:
    """A query model is flat: what it refers to (enums) is written out."""
    schema = model.model_json_schema()
    shared = schema.pop("$defs", {})

    def inline(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return inline(shared[part["$ref"].rsplit("/", 1)[1]])
            return {key: inline(each) for key, each in part.items()}
        return [inline(each) for each in part] if isinstance(part, list) else part

    inlined: dict[str, Any] = inline(schema)
    return inlined


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """In a query nothing is said by leaving the name out, never by a null."""
    options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    kept = {
        key: each
        for key, each in schema.items()
        if key != "anyOf" and not (key == "default" and each is None)
    }
    if len(options) == 1:
        return {**kept, **options[0]}
    return {**kept, "anyOf": options} if options else kept


def _header_parameters(declared: Route) -> list[dict[str, Any]]:
    if not declared.creates:
        return []
    words = "The same key means the same request: it is done once and answered the same."
    schema = {"type": "string", "pattern": KEY_PATTERN, "minLength": 8, "maxLength": 128}
    return [
        {"name": "Idempotency-Key", "in": "header", "required": False, "description": words, "schema": schema}
    ]


def _responses(declared: Route, schemas: dict[_Key, dict[str, Any]]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in (declared.status, *declared.also):
        responses[str(status)] = {"description": "Done."}
        if status != 204:
            schema = schemas[f"{declared.name} answer", "serialization"]
            responses[str(status)]["content"] = {"application/json": {"schema": schema}}
    for status in _REFUSALS:
        responses[str(status)] = {"$ref": f"#/components/responses/{_refusal_name(status)}"}
    return responses


def _refusal_name(status: int) -> str:
    return f"Refused{status}"


def _refusal(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": _REFUSALS[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        words = "Seconds until it makes sense to come again."
        described["headers"] = {"Retry-After": {"description": words, "schema": {"type": "integer"}}}
    return described
