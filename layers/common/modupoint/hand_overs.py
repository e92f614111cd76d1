"""What a standing cash-out hands over to transfer, as a message (R-E3). Pure.

The scan decides and sends; transfer submits under all its rules. Neither calls the
other: both know this message, and what came of it (``modupoint.cash_outs``).
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple


class NotAHandOverError(ValueError):
    """A message that is none of ours, or of more than one issuer."""


class HandedItem(NamedTuple):
    """Points of one kind; ``amount`` is whole points, which are KRW (R-P2)."""

    issuer: str
    point_code: str
    amount: int


class HandOver(NamedTuple):
    """A member's expiring points of one issuer, for one account.

    ``key`` names the attempt: it is submitted once, however often it is sent, and
    always with the same content. ``last_day`` is the last on which it may be
    submitted, in Seoul: the day after it the points have expired. Nothing personal
    is in it.
    """

    member: str
    key: str
    account_id: str
    items: tuple[HandedItem, ...]
    last_day: date

    def message(self) -> str:
        """Return the body of the queue's message."""
        named = self._asdict() | {
            "items": [one._asdict() for one in self.items],
            "last_day": self.last_day.isoformat(),
        }
        return json.dumps(named, separators=(",", ":"))

    def transfer_request(self) -> dict[str, Any]:
        """Return the body of the transfer that a member would send (public API)."""
        return {"account_id": self.account_id, "items": [one._asdict() for one in self.items]}


def hand_over_of(message: str) -> HandOver:
    """Return what a message hands over.

    Raises
    ------
    NotAHandOverError
        If it is not a message of ours, or not of exactly one issuer.
    """
    try:
        named = json.loads(message)
        given = HandOver(
            member=_text(named["member"]),
            key=_text(named["key"]),
            account_id=_text(named["account_id"]),
            items=tuple(_item(one) for one in named["items"]),
            last_day=date.fromisoformat(named["last_day"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAHandOverError from None
    if len({one.issuer for one in given.items}) != 1:
        raise NotAHandOverError
    return given


def _item(named: Mapping[str, Any]) -> HandedItem:
    if type(named["amount"]) is not int:
        raise NotAHandOverError
    return HandedItem(_text(named["issuer"]), _text(named["point_code"]), named["amount"])


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise NotAHandOverError
    return value
