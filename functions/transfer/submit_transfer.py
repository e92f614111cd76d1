"""``POST /v1/transfers``: turn points into cash."""

from pathlib import Path

from modupoint.http import Answer, Request, operation
from modupoint.idempotency import idempotency_key
from modupoint.validation import request_check
from transfer.transfer_service import transfer_service

_service = transfer_service()

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "TransferRequest")


@operation
def handler(request: Request) -> Answer:
    """Accept the transfer at once; its legs move behind it."""
    request.require_recent_sign_in()
    key = idempotency_key(request)
    transfer, replayed = _service.submit(request.member, key, _checked(request.json_object()))
    return Answer(202, transfer, {"idempotency-replayed": "true"} if replayed else {})
