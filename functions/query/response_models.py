"""What query's operations answer. The source of ``openapi.yaml``.

Not imported by any handler: the answers are built as plain dictionaries, which
keeps pydantic out of every read's cold start. Tests hold the handlers to these
models, field by field.
"""

from typing import Annotated, Literal

from pydantic import Field

from modupoint.response import (
    UUID7,
    AccountModel,
    Amount,
    DateTime,
    Month,
    ResponseModel,
    TextModel,
)

type LookupId = Annotated[str, Field(pattern=f"^lkp_{UUID7}$")]
type NoticeId = Annotated[str, Field(pattern=f"^ntc_{UUID7}$")]


class ConsentModel(ResponseModel):
    """An agreement in force."""

    consented_at: DateTime
    terms_version: str


class ExpiryAlertsModel(ResponseModel):
    """Whether the member is told of points about to expire, and how many months before."""

    enabled: bool
    lead_months: Annotated[int, Field(ge=1, le=6)] | None


class AutoCashoutModel(ResponseModel):
    """Whether points about to expire are turned into cash, and where it goes."""

    enabled: bool
    account_id: str | None
    minimum_amount: Amount | None


class MeModel(ResponseModel):
    """What is kept of the member."""

    consent: ConsentModel | None
    accounts: list[AccountModel]
    expiry_alerts: ExpiryAlertsModel
    auto_cashout: AutoCashoutModel


class ExpirationModel(ResponseModel):
    """Points that expire in a month."""

    month: Month
    amount: Amount


class ExpiringModel(ResponseModel):
    """Points of one kind that expire in a month."""

    issuer: str
    point_code: str
    amount: Amount
    cashable: bool


class ExpiringMonthModel(ResponseModel):
    """A month at whose end points are gone; ``total`` counts all of them, cashable or not."""

    month: Month
    total: Amount
    items: list[ExpiringModel]


class ExpirationsModel(ResponseModel):
    """The calendar of what expires, by the last known answers; the nearest month first."""

    months: list[ExpiringMonthModel]


class NoticeModel(ResponseModel):
    """Something a member was told about the points of an issuer that expire in a month."""

    notice_id: NoticeId
    kind: Literal[
        "EXPIRING",
        "CASHOUT_PLANNED",
        "CASHOUT_TOO_LATE",
        "CASHOUT_NO_ACCOUNT",
        "CASHOUT_STOPPED",
        "CASHOUT_DONE",
        "CASHOUT_FAILED",
    ]
    created_at: DateTime
    issuer: str
    month: Month
    amount: Amount
    text: TextModel
    transfer_id: str | None


class NoticesModel(ResponseModel):
    """A page of notices, the newest first; ``next_cursor`` is null on the last page."""

    notices: list[NoticeModel]
    next_cursor: str | None


class PointsModel(ResponseModel):
    """One kind of points of a member at an issuer."""

    code: str
    name: TextModel
    cashable: bool
    remaining: Amount
    transferable: Amount
    expiring: Amount
    expiring_month: Month | None
    expirations: list[ExpirationModel]


class ResultModel(ResponseModel):
    """One issuer's answer. ``eta_seconds`` is 0 unless PENDING."""

    status: Literal[
        "PENDING",
        "OK",
        "NOT_MEMBER",
        "DORMANT",
        "SUSPENDED",
        "CORPORATE",
        "UNAVAILABLE",
        "TIMED_OUT",
    ]
    as_of: DateTime | None
    stale: bool
    eta_seconds: Annotated[int, Field(ge=0)]
    points: list[PointsModel]
    message: TextModel | None


class TotalsModel(ResponseModel):
    """Sums of what is shown."""

    remaining: Amount
    transferable: Amount
    expiring_next_month: Amount


class LookupModel(ResponseModel):
    """A lookup and what has been answered so far."""

    lookup_id: LookupId
    status: Literal["RUNNING", "DONE"]
    requested_at: DateTime
    deadline_at: DateTime
    retry_after_ms: Annotated[int, Field(ge=0)]
    results: dict[str, ResultModel]
    totals: TotalsModel


class IssuerPointModel(ResponseModel):
    """A kind of points that an issuer has."""

    code: str
    name: TextModel
    cashable: bool


class IssuerModel(ResponseModel):
    """An issuer."""

    code: str
    name: TextModel
    phone: str
    cash_arrival: TextModel
    points: list[IssuerPointModel]


class IssuersModel(ResponseModel):
    """All issuers, in the order members see them."""

    issuers: list[IssuerModel]


class LaneModel(ResponseModel):
    """How one issuer's lane does."""

    issuer: str
    state: Literal["OK", "SLOW", "DOWN"]
    eta_seconds: Annotated[int, Field(ge=1)]


class StatusModel(ResponseModel):
    """How all lanes do."""

    lanes: list[LaneModel]
