"""``GET /v1/autopay-orders/{order_id}``: an order and how far it is."""

from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation

_service = ordering()


@operation
def handler(request: Request) -> Answer:
    """Show an order and how far it is."""
    return Answer(200, _service.read(request.member, request.path["order_id"]))
