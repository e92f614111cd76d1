"""``GET /v1/lookups/{lookup_id}``: what has been answered so far."""

import os

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from query.lane_board import LaneBoard
from query.lookup_answer import lookup_answer
from query.lookup_service import LookupService, LookupTopic
from query.members import Members

_lookups = LookupService(
    Members(os.environ["MEMBERS_TABLE"]),
    LaneBoard(os.environ["OPERATIONS_TABLE"]),
    LookupTopic(os.environ["LOOKUP_TOPIC_ARN"]),
    business_clock(),
)


@operation
def handler(request: Request) -> Answer:
    """Show the member's lookup and say when to ask again."""
    return lookup_answer(200, _lookups.read(request.member, request.path["lookup_id"]))
