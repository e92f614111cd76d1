"""``POST /v1/transfers``: turn points into cash."""

import re
from pathlib import Path

from modupoint.http import Answer, Request, operation
from modupoint.problems import FieldError, Problem
from modupoint.validation import request_check
from transfer.transfer_service import transfer_service

_service = transfer_service()

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "TransferRequest")
_KEY = re.compile(r".{1,64}", re.DOTALL)


@operation
def handler(request: Request) -> Answer:
    """Accept the transfer at once; its legs move behind it."""
    request.require_recent_sign_in()
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        detail = "The header Idempotency-Key is needed, with 1 to 64 characters."
        raise Problem("invalid_request", [FieldError(pointer="", detail=detail)])
    transfer, replayed = _service.submit(request.member, key, _checked(request.json_object()))
    return Answer(202, transfer, {"idempotency-replayed": "true"} if replayed else {})
