"""``GET /v1/cards``: the member's cards, and which of them bills can be moved to."""

from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation

_service = ordering()


@operation
def handler(request: Request) -> Answer:
    """Show the member's cards, and which of them bills can be moved to."""
    return Answer(200, _service.cards(request.member))
