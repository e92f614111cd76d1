"""``GET /v1/lookups/{lookup_id}``: what has been answered so far."""

from modupoint.http import Answer, Request, operation
from query.lookup_answer import lookup_answer
from query.lookup_service import lookup_service

_lookups = lookup_service()


@operation
def handler(request: Request) -> Answer:
    """Show the member's lookup and say when to ask again."""
    return lookup_answer(200, _lookups.read(request.member, request.path["lookup_id"]))
