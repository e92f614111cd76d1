"""Answers that are not the contract's, made out of one that is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from local.partners.faults import MalformedBody

JSON = "application/json"

_HTML = (
    "<!doctype html><html lang='ko'><title>서비스 점검</title>"
    "<body><h1>서비스 점검 중입니다</h1></body></html>"
)


def _not_json(_: str) -> str:
    return "OK - no data follows"


def _truncated_json(text: str) -> str:
    # Half of any object is an object never closed.
    return text[: max(1, len(text) // 2)]


def _html(_: str) -> str:
    return _HTML


def _wrong_types(text: str) -> str:
    return json.dumps(_retype(json.loads(text)), ensure_ascii=False)


def _missing_fields(text: str) -> str:
    body = json.loads(text)
    if not isinstance(body, dict):
        return json.dumps(None)
    # The first field is the response code: success is claimed, and nothing is told.
    # An only field is missing too, or nothing would be.
    kept = dict(list(body.items())[:1]) if len(body) > 1 else {}
    return json.dumps(kept, ensure_ascii=False)


def _negative_amounts(text: str) -> str:
    body = json.loads(text)
    spoilt = _negate(body)
    # Where there is no amount to spoil, the answer must not be left whole.
    return _not_json(text) if spoilt == body else json.dumps(spoilt, ensure_ascii=False)


_MAKERS: dict[MalformedBody, tuple[Callable[[str], str], str]] = {
    "not_json": (_not_json, JSON),
    "truncated_json": (_truncated_json, JSON),
    "wrong_types": (_wrong_types, JSON),
    "missing_fields": (_missing_fields, JSON),
    "negative_amounts": (_negative_amounts, JSON),
    "html": (_html, "text/html"),
}

BODIES = tuple(_MAKERS)


def malform(text: str, body: MalformedBody) -> tuple[str, str]:
    """Spoil an answer.

    Parameters
    ----------
    text
        The body that would have been sent.
    body
        In which way.

    Returns
    -------
    tuple
        The spoilt text and its content type.
    """
    make, content_type = _MAKERS[body]
    try:
        return make(text), content_type
    except ValueError:  # a page, not JSON: there are no fields to spoil
        return _not_json(text), content_type


def _retype(value: JsonValue) -> JsonValue:
    match value:
        case dict():
            return {key: _retype(inner) for key, inner in value.items()}
        case list():
            return {str(index): _retype(inner) for index, inner in enumerate(value)}
        case str():
            return [value]
        case bool() | None:
            return 0
        case _:
            return f"{value}원"


def _negate(value: JsonValue, key: str = "") -> JsonValue:
    match value:
        case dict():
            return {name: _negate(inner, name) for name, inner in value.items()}
        case list():
            return [_negate(inner) for inner in value]
        case int() if key.endswith("amt") and not isinstance(value, bool):
            return -max(1, value)
        case str() if key.endswith("amt") and value.isdigit():
            return str(-max(1, int(value)))
        case _:
            return value
