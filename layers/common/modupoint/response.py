"""What the answers of all contexts have in common. The source of ``openapi.yaml``.

Not imported by any handler: answers are built as plain dictionaries, which keeps
pydantic out of every read's cold start.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_DATE_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+09:00$"
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

type Amount = Annotated[int, Field(ge=0, description="whole points; 1 point = KRW 1")]
type DateTime = Annotated[
    str, Field(pattern=_DATE_TIME, description="RFC 3339 in Asia/Seoul, to the millisecond")
]
type Month = Annotated[str, Field(pattern=_MONTH)]


class ResponseModel(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextModel(ResponseModel):
    """A text for people."""

    ko: str
    en: str


class AccountModel(ResponseModel):
    """A bank account of the member, masked."""

    account_id: str
    bank_code: str
    bank_name: str
    masked_number: str
    holder_name_masked: str
    verified_at: DateTime
