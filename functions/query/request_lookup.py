"""``POST /v1/lookups``: look up the points of all cards, or of some issuers."""

from pathlib import Path

from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS
from modupoint.validation import request_check
from query.lookup_answer import lookup_answer
from query.lookup_service import lookup_service

_lookups = lookup_service()

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "LookupRequest")


@operation
def handler(request: Request) -> Answer:
    """Accept the lookup at once; answers are read by polling."""
    body = _checked(request.json_object(default={}))
    only, max_age_s = _only(body["issuers"]), int(body["max_age_seconds"])
    lookup = _lookups.request(request.member, only, max_age_s)
    return lookup_answer(202, lookup)


def _only(wanted: list[str] | None) -> tuple[str, ...] | None:
    """Return the issuers to ask, None for all: naming all of them is the same."""
    if wanted is None or set(wanted) == set(ISSUERS):
        return None
    return tuple(dict.fromkeys(wanted))
