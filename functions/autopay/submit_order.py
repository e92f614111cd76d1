"""``POST /v1/autopay-orders``: move a bill to another card, or end its autopay."""

from pathlib import Path

from autopay.order_service import ordering
from modupoint.http import Answer, Request, operation
from modupoint.idempotency import idempotency_key
from modupoint.validation import request_check

_service = ordering()

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "OrderRequest")


@operation
def handler(request: Request) -> Answer:
    """Accept the order at once; it is placed behind it."""
    request.require_recent_sign_in()
    key = idempotency_key(request)
    order, replayed = _service.submit(request.member, key, _checked(request.json_object()))
    return Answer(202, order, {"idempotency-replayed": "true"} if replayed else {})
