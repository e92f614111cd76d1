"""What an issuer's answer to a points inquiry says (partner contract, section 1).

Pure: a body goes in, a member's status and balances come out, in the shape
that the public API shows and the table keeps.
"""

import re
from enum import StrEnum
from typing import Any, NamedTuple, TypedDict

from modupoint.issuers import Issuer
from modupoint.text import Text

_SUCCESS = "00000"
_MAINTENANCE = "50001"
_MONTH = re.compile(r"([0-9]{4})(0[1-9]|1[0-2])")
_MAXIMUM_POINTS = 50
_MAXIMUM_MONTHS = 120
_MAXIMUM_NAME_LENGTH = 100


class Status(StrEnum):
    """What is known of a member at an issuer, as the public API names it."""

    PENDING = "PENDING"
    OK = "OK"
    NOT_MEMBER = "NOT_MEMBER"
    DORMANT = "DORMANT"
    SUSPENDED = "SUSPENDED"
    CORPORATE = "CORPORATE"
    UNAVAILABLE = "UNAVAILABLE"
    TIMED_OUT = "TIMED_OUT"


class Reason(StrEnum):
    """Why an issuer's answer is not there; chooses the words a member reads."""

    MAINTENANCE = "maintenance"
    ISSUER_ERROR = "issuer_error"
    NO_ANSWER = "no_answer"
    NOT_REACHED = "not_reached"
    BUSY = "busy"
    RESTING = "resting"


class Expiration(TypedDict):
    """Points that expire in a month (``YYYY-MM``)."""

    month: str
    amount: int


class Balance(TypedDict):
    """One kind of points of a member; amounts are whole points."""

    code: str
    name: Text
    cashable: bool
    remaining: int
    transferable: int
    expiring: int
    expiring_month: str | None
    expirations: list[Expiration]


class Finding(NamedTuple):
    """What one inquiry brought.

    ``balances`` is None when the issuer could not answer: the last known ones
    stay. ``reason`` is set exactly then.
    """

    status: Status
    balances: list[Balance] | None
    reason: Reason | None = None


class ContractBrokenError(Exception):
    """A body that is not the contract's. Its text names the place, never a value."""


_MEMBER_STATUSES: dict[str, Status] = {
    "ACTIVE": Status.OK,
    "NOT_MEMBER": Status.NOT_MEMBER,
    "DORMANT": Status.DORMANT,
    "SUSPENDED": Status.SUSPENDED,
    "CORPORATE": Status.CORPORATE,
}


def unavailable(reason: Reason) -> Finding:
    """Return the finding of an inquiry that brought no answer."""
    return Finding(Status.UNAVAILABLE, None, reason)


def read_inquiry(issuer: Issuer, body: dict[str, Any]) -> Finding:
    """Return what an inquiry's body says.

    Only an ACTIVE member's cashable points can be transferred (R-P3, R-P4):
    whatever the issuer writes, everything else has ``transferable`` 0.

    Raises
    ------
    ContractBrokenError
        If the body is not the contract's.
    """
    rsp_code = body.get("rsp_code")
    if not isinstance(rsp_code, str):
        raise ContractBrokenError("rsp_code")
    if rsp_code != _SUCCESS:
        return unavailable(Reason.MAINTENANCE if rsp_code == _MAINTENANCE else Reason.ISSUER_ERROR)
    status = _MEMBER_STATUSES.get(_string(body, "member_status"))
    if status is None:
        raise ContractBrokenError("member_status")
    if status is Status.NOT_MEMBER:
        return Finding(status, [])
    points = _list(body, "point_list", _MAXIMUM_POINTS)
    if body.get("point_cnt", len(points)) != len(points):
        raise ContractBrokenError("point_cnt")
    return Finding(status, [_balance(issuer, status, point) for point in points])


def _balance(issuer: Issuer, status: Status, point: dict[str, Any]) -> Balance:
    cashable = point.get("cashable")
    if not isinstance(cashable, bool):
        raise ContractBrokenError("cashable")
    remaining = _amount(point, "remain_point_amt")
    transferable = _amount(point, "transferable_point_amt")
    expiring = _amount(point, "expiring_point_amt", default=0)
    month = None if point.get("expiring_month") is None else _month(point, "expiring_month")
    code = _string(point, "point_code")
    return Balance(
        code=code,
        name=issuer.point_name(code, _string(point, "point_name")),
        cashable=cashable,
        remaining=remaining,
        transferable=min(transferable, remaining) if cashable and status is Status.OK else 0,
        expiring=expiring,
        expiring_month=month,
        expirations=_expirations(point, expiring, month),
    )


def _expirations(point: dict[str, Any], expiring: int, month: str | None) -> list[Expiration]:
    if point.get("expiring_list") is None:
        # Not every issuer gives the later months (R-P5); the next one it always does.
        return [Expiration(month=month, amount=expiring)] if month and expiring else []
    rows = _list(point, "expiring_list", _MAXIMUM_MONTHS)
    found = [Expiration(month=_month(row, "month"), amount=_amount(row, "amt")) for row in rows]
    return sorted(found, key=lambda row: row["month"])


def _list(body: dict[str, Any], name: str, maximum: int) -> list[dict[str, Any]]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > maximum:
        raise ContractBrokenError(name)
    if not all(isinstance(row, dict) for row in value):
        raise ContractBrokenError(name)
    return value


def _string(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAXIMUM_NAME_LENGTH:
        raise ContractBrokenError(name)
    return value


def _amount(body: dict[str, Any], name: str, default: int | None = None) -> int:
    value = body.get(name, default)
    # bool is an int to Python, and no amount to anybody.
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ContractBrokenError(name)
    return value


def _month(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ContractBrokenError(name)
    return f"{match[1]}-{match[2]}"
