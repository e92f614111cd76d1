"""What query's operations answer. The source of ``openapi.yaml``.

Not imported by any handler: the answers are built as plain dictionaries, which
keeps pydantic out of every read's cold start. Tests hold the handlers to these
models, field by field.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_DATE_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+09:00$"
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

type Amount = Annotated[int, Field(ge=0, description="whole points; 1 point = KRW 1")]
type DateTime = Annotated[
    str, Field(pattern=_DATE_TIME, description="RFC 3339 in Asia/Seoul, to the millisecond")
]
type Month = Annotated[str, Field(pattern=_MONTH)]
type LookupId = Annotated[str, Field(pattern=f"^lkp_{_UUID7}$")]


class ResponseModel(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextModel(ResponseModel):
    """A text for people."""

    ko: str
    en: str


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


class AccountModel(ResponseModel):
    """A bank account of the member, masked."""

    account_id: str
    bank_code: str
    bank_name: str
    masked_number: str
    holder_name_masked: str
    verified_at: DateTime


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
