"""``GET /v1/autopays``: the bills that are charged to the member's cards."""

from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation

_service = ordering()


@operation
def handler(request: Request) -> Answer:
    """Show the bills that are charged to the member's cards."""
    return Answer(200, _service.registrations(request.member))
