"""What autopay's operations answer. The source of ``openapi.yaml``.

Not imported by any handler. Tests hold the handlers to these models, field by field.
"""

from typing import Annotated, Literal

from pydantic import Field

from modupoint.response import UUID7, DateTime, ResponseModel, TextModel

type OrderId = Annotated[str, Field(pattern=f"^ord_{UUID7}$")]
type Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class CardModel(ResponseModel):
    """A card. ``usable``: bills can be moved to it."""

    card_ref: str
    issuer: str
    name: str
    masked_number: str
    kind: str
    type: str
    status: str
    usable: bool


class CardsModel(ResponseModel):
    """All cards of the member."""

    cards: list[CardModel]


class BillerModel(ResponseModel):
    """Who charges; questions about the contract are theirs."""

    code: str
    name: str
    phone: str


class AutopayModel(ResponseModel):
    """A bill that is charged to a card, and what to know before it is moved or ended."""

    autopay_id: str
    category: str
    biller: BillerModel
    customer_ref: str
    card_ref: str
    next_charge_on: Day | None
    changeable: bool
    warnings: list[TextModel]


class AutopaysModel(ResponseModel):
    """All bills that are charged to the member's cards, as of a day."""

    as_of: Day
    autopays: list[AutopayModel]


class OrderModel(ResponseModel):
    """An order. ``withdrawable_until`` is null for what is carried out at once."""

    order_id: OrderId
    kind: Literal["CHANGE", "CANCEL"]
    autopay_id: str
    to_card_ref: str | None
    status: Literal["ACCEPTED", "PROCESSING", "COMPLETED", "REJECTED", "WITHDRAWN", "CHECKING"]
    requested_at: DateTime
    process_on: Day
    result_on: Day
    withdrawable_until: DateTime | None
    reason: TextModel | None
    warnings: list[TextModel]


class OrdersModel(ResponseModel):
    """All orders of the member, newest first."""

    orders: list[OrderModel]
