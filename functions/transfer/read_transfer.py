"""``GET /v1/transfers/{transfer_id}``: a transfer and how far each of its legs is."""

from modupoint.http import Answer, Request, operation
from transfer.transfer_service import transfer_service

_service = transfer_service()


@operation
def handler(request: Request) -> Answer:
    """Show the transfer as it is now."""
    return Answer(200, _service.read(request.member, request.path["transfer_id"]))
