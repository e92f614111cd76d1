"""``POST /v1/lookups``: look up the points of all cards, or of some issuers."""

import os

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS
from modupoint.validation import parse
from query.lane_board import LaneBoard
from query.lookup_answer import lookup_answer
from query.lookup_service import LookupService, LookupTopic
from query.members import Members
from query.request_models import LookupRequest

_lookups = LookupService(
    Members(os.environ["MEMBERS_TABLE"]),
    LaneBoard(os.environ["OPERATIONS_TABLE"]),
    LookupTopic(os.environ["LOOKUP_TOPIC_ARN"]),
    business_clock(),
)


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
