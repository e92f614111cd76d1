"""Idempotency keys of requests that must be carried out once (public API).

A key belongs to its member and to one body. Its record is written in the same
transaction as what the request makes, and is never forgotten.
"""

import hashlib
import json
import re
from typing import Any

from modupoint.http import Request
from modupoint.problems import FieldError, Problem

LONGEST_KEY = 64
"""No request's key has more characters."""

_KEY = re.compile(rf".{{1,{LONGEST_KEY}}}", re.DOTALL)


def idempotency_key(request: Request) -> str:
    """Return a request's ``Idempotency-Key``.

    Raises
    ------
    Problem
        ``invalid_request`` if there is none, or not of 1 to 64 characters.
    """
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        detail = "The header Idempotency-Key is needed, with 1 to 64 characters."
        raise Problem("invalid_request", [FieldError(pointer="", detail=detail)])
    return key


def key_sk(key: str) -> str:
    """Return the sort key of a key's record; a key may hold anything, so it is hashed."""
    return f"KEY#{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def body_sha256(body: dict[str, Any]) -> str:
    """Return the same for bodies that say the same: order of names, 1.0 for 1, null for absent."""
    text = json.dumps(_plain(body), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items() if one is not None}
        case list():
            return [_plain(one) for one in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
