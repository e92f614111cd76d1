"""The switch's terms: issuers, categories, billers and hours, all of them data (R-A1 to R-A4).

Another category, issuer or biller is a line of ``terms.json``, or of the file
the process is started with instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from local.partners.bodies import Day  # noqa: TC001 - read at run time, by pydantic
from local.partners.catalogue import Name  # noqa: TC001 - read at run time, by pydantic
from local.partners.hours import ClockTime  # noqa: TC001 - read at run time, by pydantic

if TYPE_CHECKING:
    from pathlib import Path

type Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
type BusinessDays = Annotated[int, Field(ge=0, le=30)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CardIssuer(_Entry):
    """An issuer whose cards take part (R-A2)."""

    code: Code
    name: Name


class Category(_Entry):
    """A kind of bills; those that are ``real_time`` need no business days (R-A3)."""

    code: Code
    name: Name
    opens_on: Day
    real_time: bool = False


class Biller(_Entry):
    """Who charges a card, and the number to call about it (R-A7)."""

    code: Code
    category: Code
    name: Annotated[str, Field(min_length=1, max_length=60)]
    phone: Annotated[str, Field(min_length=1, max_length=20)]


class Rejection(_Entry):
    """Why a biller will not have an order."""

    reason_code: Annotated[str, Field(min_length=1, max_length=10)] = "B009"
    reason: Annotated[str, Field(min_length=1, max_length=200)] = "납부처가 거절했습니다"


class RejectedCustomer(Rejection):
    """Why any biller will not have an order about a customer whose number ends like this."""

    ref_ends: Annotated[str, Field(min_length=1, max_length=20)]


class Terms(_Entry):
    """All of them; hours are ``HH:MM`` by the partners' clock.

    An order is processed from the beginning of a day on; its result is there at
    ``results_at``, and bills are charged at ``charged_at`` of their day.
    """

    process_business_days: BusinessDays
    result_business_days: BusinessDays
    results_at: ClockTime
    charged_at: ClockTime
    withdrawable_until: ClockTime
    issuers: Annotated[tuple[CardIssuer, ...], Field(min_length=3)]
    categories: Annotated[tuple[Category, ...], Field(min_length=4)]
    billers: tuple[Biller, ...]
    rejected_customers: tuple[RejectedCustomer, ...] = ()

    @model_validator(mode="after")
    def _billers_and_categories_match(self) -> Self:
        if {biller.category for biller in self.billers} != {one.code for one in self.categories}:
            raise ValueError("every biller has a category, and every category a biller")
        return self

    def category(self, code: str) -> Category | None:
        """Return a category."""
        return next((one for one in self.categories if one.code == code), None)

    def has_biller(self, code: str) -> bool:
        """Say whether there is such a biller."""
        return any(one.code == code for one in self.billers)

    def biller(self, code: str) -> Biller:
        """Return a biller there is."""
        return next(one for one in self.billers if one.code == code)

    def category_of(self, biller_code: str) -> Category:
        """Return the category of a biller there is."""
        category = self.biller(biller_code).category
        return next(one for one in self.categories if one.code == category)


def read_terms(path: Path) -> Terms:
    """Read the terms.

    Raises
    ------
    OSError
        If there is no such file.
    pydantic.ValidationError
        If it does not hold terms.
    """
    return Terms.model_validate_json(path.read_bytes())
