"""``GET /v1/autopay-orders``: the member's orders, newest first."""

from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation

_service = ordering()


@operation
def handler(request: Request) -> Answer:
    """Show the member's orders, newest first."""
    return Answer(200, _service.all(request.member))
