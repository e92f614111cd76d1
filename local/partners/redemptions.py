"""The issuers' books of redemptions (partner contracts, section 1).

Everything an issuer decides about a redemption is decided inside one
transaction, so that of two requests at once one is first and the other finds
what it left.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from local.partners.bodies import Strict
from local.partners.holdings import AMOUNT_LIMIT, MemberStatus, Standing, is_cashable, transferable
from local.partners.wallets import move, present

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from local.partners.catalogue import Issuer
    from local.partners.store import Store
    from local.partners.wallets import Wallets

APPROVED: Literal["APPROVED"] = "APPROVED"
REVERSED: Literal["REVERSED"] = "REVERSED"
REFUSED: Literal["REFUSED"] = "REFUSED"

REFUSALS = {
    "42201": "포인트가 부족합니다",
    "42202": "휴면, 이용정지, 법인 또는 회원이 아닙니다",
    "42203": "오늘 이미 전환한 포인트가 있습니다",
    "42204": "현금으로 바꿀 수 없는 포인트입니다",
    "42205": "서비스 시간이 아닙니다",
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS redemptions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    issuer TEXT NOT NULL,
    redemption_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    sub TEXT,
    items TEXT NOT NULL,
    content TEXT NOT NULL,
    status TEXT NOT NULL,
    code TEXT,
    redeemed_amt INTEGER NOT NULL,
    decided_at TEXT NOT NULL,
    approved_at TEXT,
    reversed_at TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 1,
    conflicts INTEGER NOT NULL DEFAULT 0,
    reversal_attempts INTEGER NOT NULL DEFAULT 0,
    UNIQUE (issuer, redemption_id)
);
CREATE INDEX IF NOT EXISTS redemptions_by_person ON redemptions (person_key, issuer);
"""


class Item(Strict):
    """So many points of one kind."""

    point_code: Annotated[str, Field(min_length=1, max_length=40)]
    amount: Annotated[int, Field(gt=0, le=AMOUNT_LIMIT)]


class Order(BaseModel):
    """A redemption an issuer is asked for, with what it knew of the person on receipt.

    ``content`` is the fingerprint by which a repeated request is told from
    another one under the same id. The person is named by key, never by CI.
    """

    model_config = ConfigDict(frozen=True)

    issuer: str
    redemption_id: str
    person_key: str
    sub: str | None
    items: tuple[Item, ...]
    content: str
    standing: Standing


class ReversalOrder(BaseModel):
    """A reversal an issuer is asked for."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    redemption_id: str
    reason: str


@dataclass(frozen=True)
class Moment:
    """When an order is decided: ``YYYYMMDDhhmmss``, and whether the issuer is closed then."""

    stamp: str
    closed: bool = False


@dataclass(frozen=True)
class Redemption:
    """A line of the book; times as ``YYYYMMDDhhmmss``, ``items`` as JSON.

    ``attempts`` counts the requests that asked for it, ``conflicts`` those that
    asked for something else under its id.
    """

    seq: int
    issuer: str
    redemption_id: str
    person_key: str
    sub: str | None
    items: str
    content: str
    status: str
    code: str | None
    redeemed_amt: int
    decided_at: str
    approved_at: str | None
    reversed_at: str | None
    reason: str | None
    attempts: int
    conflicts: int
    reversal_attempts: int

    def public(self) -> dict[str, Any]:
        """Write it for the control interface."""
        return {**asdict(self), "items": json.loads(self.items)}


_COLUMNS = ", ".join(column.name for column in fields(Redemption))
_SELECT = f"SELECT {_COLUMNS} FROM redemptions"  # noqa: S608 - our own field names
_INSERT = """
INSERT INTO redemptions (issuer, redemption_id, person_key, sub, items, content, status, code,
                         redeemed_amt, decided_at, approved_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The day's list: everything approved or reversed on it, in order of arrival.
_OF_DAY = f"""{_SELECT} WHERE issuer = ? AND seq > ? AND status != 'REFUSED'
AND (approved_at LIKE ? OR reversed_at LIKE ?) ORDER BY seq LIMIT ?"""


class Redemptions:
    """The books of all issuers."""

    def __init__(self, store: Store, wallets: Wallets, issuers: Mapping[str, Issuer]) -> None:
        self._store = store
        self._wallets = wallets
        self._issuers = issuers

    async def redeem(self, order: Order, moment: Moment) -> Redemption | None:
        """Decide an order, or find what was decided.

        Returns
        -------
        Redemption or None
            The line of the book, approved, reversed or refused; ``None`` if the
            id stands for something else.
        """
        self._wallets.expect_movement(order.person_key)
        issuer = self._issuers[order.issuer]
        return await self._store.run(lambda connection: _redeem(connection, issuer, order, moment))

    async def find(self, issuer: str, redemption_id: str) -> Redemption | None:
        """Find a line of an issuer's book."""
        return await self._store.run(lambda connection: _find(connection, issuer, redemption_id))

    async def reverse(self, order: ReversalOrder, moment: Moment) -> Redemption | None:
        """Give points back once; ``None`` if they were never taken."""
        return await self._store.run(lambda connection: _reverse(connection, order, moment))

    async def of_day(self, issuer: str, day: str, after: int, limit: int) -> list[Redemption]:
        """List what an issuer approved or reversed on a day, after a ``seq``."""
        asked = (issuer, after, f"{day}%", f"{day}%", limit)
        return await self._store.run(
            lambda connection: [Redemption(*row) for row in connection.execute(_OF_DAY, asked)]
        )

    async def book(
        self, issuer: str | None, person_key: str | None, after: int, limit: int
    ) -> list[Redemption]:
        """List everything in the books, refusals included, after a ``seq``."""
        asked = {"issuer": issuer, "person_key": person_key, "after": after, "limit": limit}
        sql = f"""{_SELECT} WHERE seq > :after AND issuer = coalesce(:issuer, issuer)
        AND person_key = coalesce(:person_key, person_key) ORDER BY seq LIMIT :limit"""
        return await self._store.run(
            lambda connection: [Redemption(*row) for row in connection.execute(sql, asked)]
        )


def _find(connection: sqlite3.Connection, issuer: str, redemption_id: str) -> Redemption | None:
    row = connection.execute(
        f"{_SELECT} WHERE issuer = ? AND redemption_id = ?", (issuer, redemption_id)
    ).fetchone()
    return None if row is None else Redemption(*row)


def _redeem(
    connection: sqlite3.Connection, issuer: Issuer, order: Order, moment: Moment
) -> Redemption | None:
    first = _find(connection, order.issuer, order.redemption_id)
    if first is not None:
        same = first.content == order.content
        counted = "attempts" if same else "conflicts"
        connection.execute(
            f"UPDATE redemptions SET {counted} = {counted} + 1 WHERE seq = ?",  # noqa: S608 - one of two names
            (first.seq,),
        )
        return first if same else None
    code = _refusal(connection, issuer, order, moment)
    amount = sum(item.amount for item in order.items)
    connection.execute(
        _INSERT,
        (
            *(order.issuer, order.redemption_id, order.person_key, order.sub),
            json.dumps([item.model_dump() for item in order.items]),
            order.content,
            *(APPROVED if code is None else REFUSED, code, 0 if code else amount),
            *(moment.stamp, None if code else moment.stamp),
        ),
    )
    if code is None:
        taken = [(item.point_code, item.amount) for item in order.items]
        move(connection, order.issuer, order.person_key, taken)
    return _find(connection, order.issuer, order.redemption_id)


def _refusal(
    connection: sqlite3.Connection, issuer: Issuer, order: Order, moment: Moment
) -> str | None:
    """Return the code of the first reason not to redeem, if there is any."""
    standing = present(connection, order.issuer, order.person_key, order.standing)
    balances = {balance.point_code: balance for balance in standing.balances}

    def cashable(point_code: str) -> bool:
        if (balance := balances.get(point_code)) is not None:
            return is_cashable(issuer, balance)
        kind = issuer.kind(point_code)
        return kind is not None and kind.cashable

    def enough(item: Item) -> bool:
        balance = balances.get(item.point_code)
        return balance is not None and item.amount <= transferable(
            issuer, standing.member_status, balance
        )

    if moment.closed:
        return "42205"
    if standing.member_status is not MemberStatus.ACTIVE:
        return "42202"
    if not all(cashable(item.point_code) for item in order.items):
        return "42204"
    if _redeemed_on(connection, order, moment.stamp[:8]):
        return "42203"
    return None if all(enough(item) for item in order.items) else "42201"


def _redeemed_on(connection: sqlite3.Connection, order: Order, day: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM redemptions WHERE person_key = ? AND issuer = ? AND status = 'APPROVED'"
        " AND approved_at LIKE ?",
        (order.person_key, order.issuer, f"{day}%"),
    ).fetchone()
    return row is not None


def _reverse(
    connection: sqlite3.Connection, order: ReversalOrder, moment: Moment
) -> Redemption | None:
    found = _find(connection, order.issuer, order.redemption_id)
    if found is None or found.status == REFUSED:
        return None
    if found.status == APPROVED:
        connection.execute(
            "UPDATE redemptions SET status = 'REVERSED', reversed_at = ?, reason = ? WHERE seq = ?",
            (moment.stamp, order.reason, found.seq),
        )
        back = [(item["point_code"], -item["amount"]) for item in json.loads(found.items)]
        move(connection, order.issuer, found.person_key, back)
    connection.execute(
        "UPDATE redemptions SET reversal_attempts = reversal_attempts + 1 WHERE seq = ?",
        (found.seq,),
    )
    return _find(connection, order.issuer, order.redemption_id)
