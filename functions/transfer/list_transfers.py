"""``GET /v1/transfers``: the member's transfers, newest first."""

import re

from modupoint.http import Answer, Request, operation
from modupoint.problems import FieldError, Problem
from transfer.transfer_service import transfer_service

_service = transfer_service()

_USUAL_LIMIT = 20
_MOST = 50
_NUMBER = re.compile(r"[0-9]{1,3}")
_CURSOR = re.compile(r"trf_[0-9a-f-]{36}")


@operation
def handler(request: Request) -> Answer:
    """Show a page of transfers; ``next_cursor`` asks for older ones."""
    limit = request.query.get("limit", str(_USUAL_LIMIT))
    if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= _MOST:
        raise _wrong("limit", f"Must be a whole number from 1 to {_MOST}.")
    cursor = request.query.get("cursor") or None
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise _wrong("cursor", "Not a cursor of ours.")
    return Answer(200, _service.page(request.member, cursor, int(limit)))


def _wrong(name: str, detail: str) -> Problem:
    return Problem("invalid_request", [FieldError(pointer=f"/{name}", detail=detail)])
