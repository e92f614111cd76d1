"""What transfer's operations answer. The source of ``openapi.yaml``.

Not imported by any handler. Tests hold the handlers to these models, field by field.
"""

from typing import Annotated, Literal

from pydantic import Field

from modupoint.response import UUID7, AccountModel, Amount, DateTime, ResponseModel, TextModel

type TransferId = Annotated[str, Field(pattern=f"^trf_{UUID7}$")]
type LegId = Annotated[str, Field(pattern=f"^leg_{UUID7}$")]


class AccountsModel(ResponseModel):
    """All accounts of the member, the oldest first."""

    accounts: list[AccountModel]


class QuoteItemModel(ResponseModel):
    """Points of one kind, and when their cash would arrive, and why then."""

    issuer: str
    point_code: str
    amount: Amount
    promised_at: DateTime
    reason: TextModel


class QuoteModel(ResponseModel):
    """What a transfer would bring when."""

    items: list[QuoteItemModel]
    total: Amount


class TransferAccountModel(ResponseModel):
    """The account of a transfer, masked, as it was when the transfer was accepted."""

    account_id: str
    bank_code: str
    bank_name: str
    masked_number: str
    holder_name_masked: str


class LegItemModel(ResponseModel):
    """Points of one kind of a leg."""

    point_code: str
    amount: Amount


class FailureModel(ResponseModel):
    """Why points were not taken, or went back."""

    code: str
    message: TextModel


class LegModel(ResponseModel):
    """One issuer's points on their way. CHECKING is an outcome that is not known yet."""

    leg_id: LegId
    issuer: str
    items: list[LegItemModel]
    amount: Amount
    status: Literal[
        "ACCEPTED",
        "REDEEMED",
        "SCHEDULED",
        "DEPOSITED",
        "FAILED",
        "REVERSED",
        "CHECKING",
        "WITH_OPERATOR",
    ]
    promised_at: DateTime
    deposited_at: DateTime | None
    failure: FailureModel | None


class TransferTotalsModel(ResponseModel):
    """Sums over the legs; redeemed is deposited, in flight and reversed together."""

    requested: Amount
    redeemed: Amount
    deposited: Amount
    in_flight: Amount
    reversed: Amount
    failed: Amount


class TransferModel(ResponseModel):
    """A transfer and how far each of its legs is."""

    transfer_id: TransferId
    status: Literal["IN_PROGRESS", "COMPLETED", "PARTLY_COMPLETED", "FAILED"]
    requested_at: DateTime
    account: TransferAccountModel
    legs: list[LegModel]
    totals: TransferTotalsModel


class TransfersModel(ResponseModel):
    """Transfers, newest first; ``next_cursor`` asks for older ones, null if there are none."""

    transfers: list[TransferModel]
    next_cursor: str | None
