"""The bodies that autopay's operations take.

The source of ``openapi.yaml`` and of ``request_schemas.json``, by which handlers
check bodies (``modupoint.validation``); not imported by any handler.
"""

from typing import Annotated, Literal

from pydantic import StringConstraints, WithJsonSchema

from modupoint.operation import RequestModel

_LONGEST_REF = 100


class OrderRequest(RequestModel):
    """What to do with a registration: move it to another card (CHANGE), or end it (CANCEL)."""

    kind: Literal["CHANGE", "CANCEL"]
    autopay_id: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_REF)]
    to_card_ref: Annotated[
        str | None,
        WithJsonSchema({"type": ["string", "null"], "minLength": 1, "maxLength": _LONGEST_REF}),
    ] = None
