"""What one issuer says of one person: a status and balances.

Months are kept as distances from the partners' present month, so that sample
data never ages and a clock moved into next year still finds points about to
expire.
"""

from __future__ import annotations

import hashlib
import random
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from local.partners.catalogue import PARTNER_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from local.partners.catalogue import Issuer

# Beyond any balance a person was ever seen with, yet safe in every JSON reader.
AMOUNT_LIMIT = 10**12
MONTHS_LIMIT = 120

type Amount = Annotated[int, Field(ge=0, le=AMOUNT_LIMIT)]


class MemberStatus(StrEnum):
    """What a person is to an issuer (partner contracts, section 1)."""

    ACTIVE = "ACTIVE"
    NOT_MEMBER = "NOT_MEMBER"
    DORMANT = "DORMANT"
    SUSPENDED = "SUSPENDED"
    CORPORATE = "CORPORATE"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expiration(_Record):
    """``amt`` points that expire ``months_ahead`` months after the present month."""

    months_ahead: Annotated[int, Field(ge=0, le=MONTHS_LIMIT)]
    amt: Amount


class Balance(_Record):
    """One kind of points.

    ``transferable`` defaults to all of a cashable balance of an active member.
    ``point_name`` and ``cashable`` default to the issuer table's; a code that
    the table does not know needs both.
    """

    point_code: Annotated[str, Field(min_length=1, max_length=40)]
    remain: Amount
    transferable: Amount | None = None
    expirations: tuple[Expiration, ...] = ()
    point_name: str | None = None
    cashable: bool | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.transferable is not None and self.transferable > self.remain:
            raise ValueError("transferable is more than remain")
        if sum(expiration.amt for expiration in self.expirations) > self.remain:
            raise ValueError("more expires than remain")
        if any(a.months_ahead >= b.months_ahead for a, b in pairwise(self.expirations)):
            raise ValueError("expirations must go from the nearest month to the farthest")
        return self


class Standing(_Record):
    """What an issuer goes by; ``told`` if the balances come from the control interface."""

    member_status: MemberStatus
    balances: tuple[Balance, ...]
    told: bool = False


class Statement(_Record):
    """What an issuer says; ``points`` left out means the balances the person would have anyway."""

    member_status: MemberStatus = MemberStatus.ACTIVE
    points: tuple[Balance, ...] | None = None

    @model_validator(mode="after")
    def _strangers_have_nothing(self) -> Self:
        if self.member_status is MemberStatus.NOT_MEMBER and self.points:
            raise ValueError("somebody who is not a member has no points")
        return self


STRANGER = Statement(member_status=MemberStatus.NOT_MEMBER, points=())


def check_codes(statements: Mapping[str, Statement], issuers: Mapping[str, Issuer]) -> None:
    """Refuse a point code that its issuer does not keep and that does not name itself.

    Raises
    ------
    ValueError
        Naming the issuer and the code. Issuers that are not in the table are
        passed over: nobody can ask them.
    """
    for code, statement in statements.items():
        issuer = issuers.get(code)
        for balance in (statement.points or ()) if issuer else ():
            described = balance.point_name is not None and balance.cashable is not None
            if issuer and issuer.kind(balance.point_code) is None and not described:
                raise ValueError(
                    f"{code} keeps no points {balance.point_code}: give point_name and cashable too"
                )


def generate(ci: str, issuer: Issuer) -> tuple[Balance, ...]:
    """Make up positive balances that are the same every time for a person and issuer.

    Parameters
    ----------
    ci
        The person's CI, which is all an issuer ever learns of anybody.
    issuer
        Whose points.
    """
    seed = hashlib.sha256(f"{issuer.code}:{ci}".encode()).digest()
    dice = random.Random(seed)  # noqa: S311 - sample data
    kinds = [*issuer.points]
    if dice.random() < 0.25:  # noqa: PLR2004 - about a quarter of cards also collect elsewhere
        kinds.append(PARTNER_POINTS)
    return tuple(_generate_balance(kind.code, dice) for kind in kinds)


def _generate_balance(point_code: str, dice: random.Random) -> Balance:
    remain = dice.randint(100, 60_000)
    months = sorted(dice.sample(range(24), k=dice.randint(0, 4)))
    expirations, left = [], remain
    for month in months:
        amt = dice.randint(1, max(1, left // 3))
        expirations.append(Expiration(months_ahead=month, amt=amt))
        left -= amt
    return Balance(point_code=point_code, remain=remain, expirations=tuple(expirations))


def month_after(today: date, months: int) -> str:
    """Return the month that many months after today's, as ``YYYYMM``."""
    years, month = divmod(today.month - 1 + months, 12)
    return f"{today.year + years:04d}{month + 1:02d}"


def point_list(issuer: Issuer, standing: Standing, today: date) -> list[dict[str, Any]]:
    """Write balances as the contract's ``point_list`` (partner contracts, section 1)."""
    return [_point(issuer, standing.member_status, balance, today) for balance in standing.balances]


def spend(balance: Balance, amt: int) -> Balance:
    """Return what is left of a balance once ``amt`` is gone, the earliest months first.

    A negative ``amt`` is points given back on top of the balance, which no month
    is known for.
    """
    remain = max(0, balance.remain - amt)
    transferable = balance.transferable
    if transferable is not None:
        transferable = max(0, transferable - amt)
    expirations, gone = [], max(0, amt)
    for expiration in balance.expirations:
        taken = min(gone, expiration.amt)
        gone -= taken
        if taken < expiration.amt:
            left = expiration.amt - taken
            expirations.append(expiration.model_copy(update={"amt": left}))
    return balance.model_copy(
        update={
            "remain": remain,
            "transferable": transferable,
            "expirations": tuple(expirations),
        }
    )


def is_cashable(issuer: Issuer, balance: Balance) -> bool:
    """Say whether points of this kind can become won."""
    if balance.cashable is not None:
        return balance.cashable
    kind = issuer.kind(balance.point_code)
    return bool(kind and kind.cashable)


def transferable(issuer: Issuer, status: MemberStatus, balance: Balance) -> int:
    """Return how much can move: only an active member's cashable points (R-P3, R-P4)."""
    if status is not MemberStatus.ACTIVE or not is_cashable(issuer, balance):
        return 0
    return balance.remain if balance.transferable is None else balance.transferable


def _point(issuer: Issuer, status: MemberStatus, balance: Balance, today: date) -> dict[str, Any]:
    kind = issuer.kind(balance.point_code)
    name = balance.point_name or (kind.name.ko if kind else balance.point_code)
    months = [
        {"month": month_after(today, expiration.months_ahead), "amt": expiration.amt}
        for expiration in balance.expirations
    ]
    return {
        "point_code": balance.point_code,
        "point_name": name,
        "cashable": is_cashable(issuer, balance),
        "remain_point_amt": balance.remain,
        "transferable_point_amt": transferable(issuer, status, balance),
        "expiring_point_amt": months[0]["amt"] if months else 0,
        "expiring_month": months[0]["month"] if months else None,
        "expiring_list": months,
    }
