"""``POST /v1/transfers/quote``: what a transfer would bring when."""

from pathlib import Path

from modupoint.http import Answer, Request, operation
from modupoint.validation import request_check
from transfer.transfer_service import transfer_service

_service = transfer_service()

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "TransferRequest")


@operation
def handler(request: Request) -> Answer:
    """Say the promised time of each item; nothing is stored."""
    return Answer(200, _service.quote(request.member, _checked(request.json_object())))
