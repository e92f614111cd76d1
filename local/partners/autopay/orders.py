"""The switch's book of orders (partner contracts, section 3).

An order is accepted or refused when it is received; what became of it is
entered at the first look after its result was due, dated when it was due.
Everything is decided inside one transaction, so that of two requests at once
one is first and the other finds what it left.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from local.partners.autopay.population import Bill, Holdings
    from local.partners.autopay.terms import Rejection
    from local.partners.autopay.timetable import Course
    from local.partners.store import Store

    # Why a biller rejects an order, given its code and the customer's number.
    type Verdict = Callable[[str, str], Rejection | None]

type OrderKind = Literal["CHANGE", "CANCEL"]

ACCEPTED = "ACCEPTED"
PROCESSING = "PROCESSING"
COMPLETED = "COMPLETED"
REJECTED = "REJECTED"
WITHDRAWN = "WITHDRAWN"
REFUSED = "REFUSED"

CORPORATE_CARD = "42211"
CATEGORY_NOT_OPEN = "42212"
ANOTHER_ORDER_OPEN = "42213"
CARD_NOT_ACTIVE = "42214"
NO_REGISTRATION = "42215"

REFUSALS = {
    CORPORATE_CARD: "법인 카드는 이용할 수 없습니다",
    CATEGORY_NOT_OPEN: "아직 열리지 않은 요금 종류입니다",
    ANOTHER_ORDER_OPEN: "처리 중인 다른 신청이 있습니다",
    CARD_NOT_ACTIVE: "이용할 수 없는 카드입니다",
    NO_REGISTRATION: "자동납부 등록이 없거나 바꿀 수 없습니다",
}

SCHEMA = """
CREATE TABLE IF NOT EXISTS autopay_orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_key TEXT NOT NULL,
    sub TEXT,
    autopay_id TEXT NOT NULL,
    biller_code TEXT,
    biller_customer_ref TEXT,
    from_card_ref TEXT,
    to_card_ref TEXT,
    content TEXT NOT NULL,
    status TEXT NOT NULL,
    code TEXT,
    reason_code TEXT,
    reason TEXT,
    requested_at TEXT NOT NULL,
    process_at TEXT,
    result_at TEXT,
    withdrawable_until TEXT,
    completed_at TEXT,
    withdrawn_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 1,
    conflicts INTEGER NOT NULL DEFAULT 0,
    withdrawal_attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS autopay_orders_by_person ON autopay_orders (person_key, autopay_id);
CREATE INDEX IF NOT EXISTS autopay_orders_due ON autopay_orders (result_at)
    WHERE status = 'ACCEPTED';
"""


class Order(BaseModel):
    """An order the switch is asked for.

    ``content`` is the fingerprint by which a repeated request is told from
    another one under the same id. The person is named by key, never by CI.
    """

    model_config = ConfigDict(frozen=True)

    order_id: str
    kind: OrderKind
    person_key: str
    sub: str | None
    autopay_id: str
    to_card_ref: str | None
    content: str


@dataclass(frozen=True)
class Reception:
    """What holds when an order is received.

    ``course`` is ``None`` where there is no such bill. ``category_open`` says
    whether the bill's category takes orders.
    """

    stamp: str
    held: Holdings
    course: Course | None
    category_open: bool


@dataclass(frozen=True)
class OrderLine:
    """A line of the book; times as ``YYYYMMDDhhmmss``.

    ``status`` is ``ACCEPTED`` until the result, through processing too.
    ``code`` is why it was refused, ``reason_code`` why the biller rejected it.
    ``attempts`` counts the requests that asked for it, ``conflicts`` those that
    asked for something else under its id.
    """

    seq: int
    order_id: str
    kind: str
    person_key: str
    sub: str | None
    autopay_id: str
    biller_code: str | None
    biller_customer_ref: str | None
    from_card_ref: str | None
    to_card_ref: str | None
    content: str
    status: str
    code: str | None
    reason_code: str | None
    reason: str | None
    requested_at: str
    process_at: str | None
    result_at: str | None
    withdrawable_until: str | None
    completed_at: str | None
    withdrawn_at: str | None
    attempts: int
    conflicts: int
    withdrawal_attempts: int

    def status_at(self, stamp: str) -> str:
        """Return the status as the contract has it."""
        in_process = self.status == ACCEPTED and stamp >= (self.process_at or "")
        return PROCESSING if in_process else self.status

    def public(self) -> dict[str, Any]:
        """Write it for the control interface."""
        return asdict(self)


_COLUMNS = ", ".join(column.name for column in fields(OrderLine))
_SELECT = f"SELECT {_COLUMNS} FROM autopay_orders"  # noqa: S608 - our own field names
_INSERT = """
INSERT INTO autopay_orders (order_id, kind, person_key, sub, autopay_id, to_card_ref, content,
                            biller_code, biller_customer_ref, from_card_ref, status, code,
                            requested_at, process_at, result_at, withdrawable_until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DUE = f"{_SELECT} WHERE status = 'ACCEPTED' AND result_at <= ? ORDER BY result_at, seq"
_SETTLE = """
UPDATE autopay_orders SET status = ?, completed_at = ?, reason_code = ?, reason = ? WHERE seq = ?
"""
# In the order in which they took effect.
_DONE = f"""{_SELECT} WHERE person_key = ? AND status = 'COMPLETED'
ORDER BY completed_at, seq"""


class Orders:
    """Every order the switch was asked for.

    Parameters
    ----------
    store
        Where they are kept.
    verdict
        What a biller says when it comes to an order's result.
    """

    def __init__(self, store: Store, verdict: Verdict) -> None:
        self._store = store
        self._verdict = verdict

    async def place(self, order: Order, reception: Reception) -> OrderLine | None:
        """Accept or refuse an order, or find what was done.

        Returns
        -------
        OrderLine or None
            The line of the book; ``None`` if the id stands for something else.
        """
        return await self._run(
            reception.stamp, lambda connection: _place(connection, order, reception)
        )

    async def find(self, order_id: str, stamp: str) -> OrderLine | None:
        """Find a line of the book."""
        return await self._run(stamp, lambda connection: _find(connection, order_id))

    async def withdraw(self, order_id: str, stamp: str) -> OrderLine | None:
        """Withdraw an order if it is not too late (R-A4); ``None`` if there is none."""
        return await self._run(stamp, lambda connection: _withdraw(connection, order_id, stamp))

    async def completed(self, person_key: str, stamp: str) -> list[OrderLine]:
        """List a person's completed orders in the order in which they took effect."""
        return await self._run(stamp, lambda connection: _completed(connection, person_key))

    async def book(
        self, person_key: str | None, after: int, limit: int, stamp: str
    ) -> list[OrderLine]:
        """List everything on the book, refusals included, after a ``seq``."""
        asked = {"person_key": person_key, "after": after, "limit": limit}
        sql = f"""{_SELECT} WHERE seq > :after AND person_key = coalesce(:person_key, person_key)
        ORDER BY seq LIMIT :limit"""
        return await self._run(
            stamp,
            lambda connection: [OrderLine(*row) for row in connection.execute(sql, asked)],
        )

    async def settle(self, stamp: str) -> None:
        """Enter every result that is due, before billers change their minds."""
        await self._run(stamp, lambda _: None)

    async def _run[T](self, stamp: str, work: Callable[[sqlite3.Connection], T]) -> T:
        def settled(connection: sqlite3.Connection) -> T:
            _settle(connection, stamp, self._verdict)
            return work(connection)

        return await self._store.run(settled)


def card_at(bill: Bill, completed: Sequence[OrderLine], stamp: str | None = None) -> str | None:
    """Return the card a bill was charged to at a time, by default now; ``None`` once cancelled."""
    card_ref: str | None = bill.card_ref
    for line in completed:
        took_effect = stamp is None or (line.completed_at or "") <= stamp
        if line.autopay_id == bill.autopay_id and took_effect:
            card_ref = line.to_card_ref
    return card_ref


def _find(connection: sqlite3.Connection, order_id: str) -> OrderLine | None:
    row = connection.execute(f"{_SELECT} WHERE order_id = ?", (order_id,)).fetchone()
    return None if row is None else OrderLine(*row)


def _completed(connection: sqlite3.Connection, person_key: str) -> list[OrderLine]:
    return [OrderLine(*row) for row in connection.execute(_DONE, (person_key,))]


def _settle(connection: sqlite3.Connection, stamp: str, verdict: Verdict) -> None:
    for row in connection.execute(_DUE, (stamp,)).fetchall():
        line = OrderLine(*row)
        rejection = verdict(line.biller_code or "", line.biller_customer_ref or "")
        entered = (
            (COMPLETED, line.result_at, None, None)
            if rejection is None
            else (REJECTED, None, rejection.reason_code, rejection.reason)
        )
        connection.execute(_SETTLE, (*entered, line.seq))


def _place(connection: sqlite3.Connection, order: Order, reception: Reception) -> OrderLine | None:
    first = _find(connection, order.order_id)
    if first is not None:
        same = first.content == order.content
        _count(connection, "attempts" if same else "conflicts", first.seq)
        return first if same else None
    bill = reception.held.bill(order.autopay_id)
    completed = _completed(connection, order.person_key)
    present = None if bill is None else card_at(bill, completed)
    code = _refusal(connection, order, reception, present)
    course = reception.course if code is None else None
    connection.execute(
        _INSERT,
        (
            *(order.order_id, order.kind, order.person_key, order.sub, order.autopay_id),
            *(order.to_card_ref, order.content),
            *((bill.biller_code, bill.biller_customer_ref) if bill else (None, None)),
            *(present, ACCEPTED if code is None else REFUSED, code, reception.stamp),
            *(course.process_at if course else None, course.result_at if course else None),
            course.withdrawable_until if course else None,
        ),
    )
    return _find(connection, order.order_id)


def _refusal(
    connection: sqlite3.Connection, order: Order, reception: Reception, present: str | None
) -> str | None:
    """Return the code of the first reason not to accept an order, if there is any."""
    bill = reception.held.bill(order.autopay_id)
    if bill is None or present is None or not bill.changeable:
        return NO_REGISTRATION
    if not reception.category_open:
        return CATEGORY_NOT_OPEN
    # A cancellation is about the card that is charged, a change about the one that will be.
    card = reception.held.card(order.to_card_ref or present)
    if card is not None and card.kind == "CORPORATE":
        return CORPORATE_CARD
    if order.kind == "CHANGE" and (card is None or card.status != "ACTIVE"):
        return CARD_NOT_ACTIVE
    return ANOTHER_ORDER_OPEN if _has_open(connection, order) else None


def _has_open(connection: sqlite3.Connection, order: Order) -> bool:
    """Say whether an order about the same registration has no result yet (R-A6)."""
    row = connection.execute(
        "SELECT 1 FROM autopay_orders"
        " WHERE person_key = ? AND autopay_id = ? AND status = 'ACCEPTED'",
        (order.person_key, order.autopay_id),
    ).fetchone()
    return row is not None


def _withdraw(connection: sqlite3.Connection, order_id: str, stamp: str) -> OrderLine | None:
    line = _find(connection, order_id)
    if line is None or line.status == REFUSED:
        return None
    _count(connection, "withdrawal_attempts", line.seq)
    if line.status_at(stamp) == ACCEPTED and stamp < (line.withdrawable_until or ""):
        connection.execute(
            "UPDATE autopay_orders SET status = ?, withdrawn_at = ? WHERE seq = ?",
            (WITHDRAWN, stamp, line.seq),
        )
    return _find(connection, order_id)


def _count(connection: sqlite3.Connection, counted: str, seq: int) -> None:
    connection.execute(
        f"UPDATE autopay_orders SET {counted} = {counted} + 1 WHERE seq = ?",  # noqa: S608 - our own names
        (seq,),
    )
