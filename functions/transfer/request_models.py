"""The bodies that transfer's operations take.

The source of ``openapi.yaml`` and of ``request_schemas.json``, by which handlers
check bodies (``modupoint.validation``); not imported by any handler.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from modupoint.issuers import ISSUERS
from modupoint.operation import RequestModel
from transfer.banks import BANKS

_MOST_WON = 1_000_000_000
_MOST_ITEMS = 50

BankCode = Annotated[
    str, WithJsonSchema({"type": "string", "enum": list(BANKS), "description": "KFTC bank code"})
]
IssuerCode = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ISSUERS)})]


class AccountRequest(RequestModel):
    """A bank account of the member's own."""

    bank_code: BankCode
    account_number: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9][0-9 -]{5,28}[0-9]$"),
        Field(description="7 to 16 digits; spaces and hyphens are passed over"),
    ]
    holder_name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S")]


class TransferItem(RequestModel):
    """Points of one kind."""

    issuer: IssuerCode
    point_code: Annotated[str, StringConstraints(min_length=1, max_length=30)]
    amount: Annotated[int, Field(ge=1, le=_MOST_WON, description="whole points; 1 = KRW 1")]


class TransferRequest(RequestModel):
    """What to turn into cash: either ``items``, or ``all`` that is last known to be cashable."""

    account_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    # Schemas that allow null, so that what is wrong inside is named by its own place.
    items: Annotated[
        list[TransferItem] | None,
        WithJsonSchema(
            {
                "type": ["array", "null"],
                "items": TransferItem.model_json_schema(),
                "minItems": 1,
                "maxItems": _MOST_ITEMS,
            }
        ),
    ] = None
    all: Annotated[
        Literal[True] | None, WithJsonSchema({"type": ["boolean", "null"], "enum": [True, None]})
    ] = None
