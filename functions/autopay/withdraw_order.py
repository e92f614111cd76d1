"""``POST /v1/autopay-orders/{order_id}/withdrawal``: take an order back, until 22:00 of its day."""

from autopay.order_parts import order_mover
from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation

_service = ordering()
_mover = order_mover()


@operation
def handler(request: Request) -> Answer:
    """Withdraw the order, at the switch if it is there already."""
    return Answer(200, _service.withdraw(request.member, request.path["order_id"], _mover))
