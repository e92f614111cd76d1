"""``openapi.yaml`` out of the operations and their models."""

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic.json_schema import models_json_schema

from modupoint.operation import Operation
from modupoint.problems import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

_REF = "#/components/schemas/{model}"
_PATH_PARAMETER = re.compile(r"{(\w+)}")
_COME_BACK_STATUSES = frozenset({429, 503})

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457; title and detail are in Korean, or English by Accept-Language",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(KINDS)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_GATEWAY_ANSWER: dict[str, Any] = {
    "type": "object",
    "description": "The gateway's own answer, before any of our code runs",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


def document(operations: "Iterable[Operation]") -> dict[str, Any]:
    """Return the OpenAPI document of some operations."""
    listed = list(operations)
    paths: dict[str, Any] = {}
    for one in listed:
        method, path = one.route.split(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(one, path)
    scopes = ", ".join(sorted({one.scope for one in listed if one.scope}))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Modupoint",
            "version": "1",
            "description": (
                "Every card's points in one lookup. Times are RFC 3339 with +09:00, months "
                "YYYY-MM, amounts whole points or KRW, ids a prefix and a UUIDv7."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": {
                "Problem": _PROBLEM,
                "GatewayAnswer": _GATEWAY_ANSWER,
                **_schemas(listed),
            },
            "securitySchemes": {
                "member": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"An access token; scopes: {scopes}",
                }
            },
        },
    }


def _operation(one: Operation, path: str) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": one.name, "summary": one.summary}
    described["security"] = [{"member": []}] if one.scope else []
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PATH_PARAMETER.findall(path)
    ]
    parameters += [
        {
            "name": taken.name,
            "in": taken.place,
            "required": taken.required,
            "schema": dict(taken.schema),
        }
        for taken in one.parameters
    ]
    if parameters:
        described["parameters"] = parameters
    if one.body is not None:
        described["requestBody"] = {
            "required": one.body_required,
            "content": _content("application/json", one.body.__name__),
        }
    described["responses"] = _responses(one)
    return described


def _responses(one: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, model in one.answers.items():
        answer: dict[str, Any] = {"description": one.summary}
        if one.headers:
            answer["headers"] = {
                name: {"description": meaning, "schema": {"type": "string"}}
                for name, meaning in one.headers.items()
            }
        if model is not None:
            answer["content"] = _content("application/json", model.__name__)
        responses[str(status)] = answer
    for code in one.refusals:
        _add_refusal(responses, code)
    if one.scope:
        for refused, meaning in (("401", "No token, or a bad one"), ("403", "Wrong scope")):
            unauthorised: dict[str, Any] = {"description": meaning, "content": {}}
            documented = responses.setdefault(refused, unauthorised)
            documented["content"].update(_content("application/json", "GatewayAnswer"))
    return responses


def _add_refusal(responses: dict[str, Any], code: str) -> None:
    kind = KINDS[code]
    empty: dict[str, Any] = {
        "description": "",
        "content": _content("application/problem+json", "Problem"),
    }
    answer = responses.setdefault(str(kind.status), empty)
    named = f"`{code}`: {kind.title['en']}"
    answer["description"] = ". ".join(filter(None, [answer["description"], named]))
    if kind.status in _COME_BACK_STATUSES:
        wait = {"description": "whole seconds", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
        answer["headers"] = {"Retry-After": wait}


def _content(media_type: str, schema: str) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": _REF.format(model=schema)}}}


def _schemas(operations: list[Operation]) -> dict[str, Any]:
    taken: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = []
    for one in operations:
        if one.body is not None:
            taken.append((one.body, "validation"))
        taken += [(model, "serialization") for model in one.answers.values() if model is not None]
    _, definitions = models_json_schema(list(dict.fromkeys(taken)), ref_template=_REF)
    schemas: dict[str, Any] = definitions["$defs"]
    return dict(sorted(schemas.items()))
