"""``POST /v1/lookups``: look up the points of all cards, or of some issuers."""

from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS
from modupoint.validation import parse
from query.lookup_answer import lookup_answer
from query.lookup_service import lookup_service
from query.request_models import LookupRequest

_lookups = lookup_service()


@operation
def handler(request: Request) -> Answer:
    """Accept the lookup at once; answers are read by polling."""
    body = parse(LookupRequest, request.json_object(default={}))
    lookup = _lookups.request(request.member, _only(body.issuers), body.max_age_seconds)
    return lookup_answer(202, lookup)


def _only(wanted: list[str] | None) -> tuple[str, ...] | None:
    """Return the issuers to ask, None for all: naming all of them is the same."""
    if wanted is None or set(wanted) == set(ISSUERS):
        return None
    return tuple(dict.fromkeys(wanted))
