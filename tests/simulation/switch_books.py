"""The autopay switch in memory: cards, bills, its book of orders, its answers on the wire.

Speaks section 3 of the partner contract. What is in ``lines`` and in a bill's ``charged``
has happened, whatever anybody was told about it; the checkers read that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from modupoint.clock import SEOUL, at_ms, epoch_ms

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import date

    from modupoint.business_calendar import BusinessCalendar
    from tests.simulation.faults import Faults

ACCEPTED, PROCESSING = "ACCEPTED", "PROCESSING"
COMPLETED, REJECTED, WITHDRAWN = "COMPLETED", "REJECTED", "WITHDRAWN"
REFUSED = "REFUSED"
HORIZON_MS = 600_000
"""How long after a request its effect may still land; the contract names none."""

CARDS, BILLS, ORDERS = "/v1/cards/inquiry", "/v1/autopays/inquiry", "/v1/autopay-orders"
REAL_TIME = frozenset({"APARTMENT_FEE", "PUBLIC_RENT"})
CATEGORIES = ("TELECOM", "APARTMENT_FEE", "ELECTRICITY", "SCHOOL_BANKING", "PUBLIC_RENT")

_WITHDRAWABLE_UNTIL = time(22, 0)
_REFUSALS = ("42211", "42212", "42213", "42214", "42215")
_NOT_RECEIVED, _TOO_LATE, _ANOTHER_CONTENT = "40401", "40911", "40901"
_ORDER_OPEN, _NO_BILL = "42213", "42215"

type Reply = tuple[int, dict[str, Any]]
type Content = tuple[str, str, str | None]
"""What an order is about: bill, kind and card. Members never ask for the same twice."""


def content_of(order: dict[str, Any]) -> Content:
    """Return what a request for an order, or an order as shown, is about."""
    return order["autopay_id"], order["kind"], order["to_card_ref"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for an order, as it arrived. ``clash`` is another one that was open."""

    at_ms: int
    order_id: str
    ci: str
    content: Content
    clash: str | None


@dataclass(slots=True)
class Line:
    """A line of the book. ``reason`` is why the biller will not have it, if it will not."""

    order_id: str
    ci: str
    content: Content
    status: str
    received_ms: int
    process_ms: int = 0
    result_ms: int = 0
    withdrawable_until_ms: int = 0
    code: str | None = None
    reason: str | None = None
    days: dict[str, str] = field(default_factory=dict)

    def status_at(self, now_ms: int) -> str:
        """Return the status as the contract has it."""
        in_process = self.status == ACCEPTED and now_ms >= self.process_ms
        return PROCESSING if in_process else self.status


@dataclass(slots=True)
class Bill:
    """A bill; ``charged`` has since when it goes to which card, None for to none."""

    autopay_id: str
    ci: str
    category: str
    changeable: bool
    next_charge_on: date
    charged: list[tuple[int, str | None]]

    @property
    def card_ref(self) -> str | None:
        """The card that it is charged to now."""
        return self.charged[-1][1]


class SwitchBooks:
    """The switch: each order once, one open at a time for each bill."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        faults: Faults,
        rng: random.Random,
        calendar: BusinessCalendar,
    ) -> None:
        self.lines: dict[str, Line] = {}
        self.by_content: dict[Content, list[Line]] = {}
        self.arrivals: list[Arrival] = []
        self.withdrawals: list[tuple[int, str]] = []
        self._bills: dict[str, Bill] = {}
        self._cards: dict[str, list[dict[str, Any]]] = {}
        self._names = count(1)
        self._now_ms = now_ms
        self._faults = faults
        self._rng = rng
        self._calendar = calendar

    def new_card(self, ci: str, *, usable: bool = True) -> str:
        """Give a person another card."""
        card_ref = f"crd_{next(self._names)}"
        self._cards.setdefault(ci, []).append(
            {
                "card_ref": card_ref,
                "issuer_code": "kb",
                "card_name": card_ref,
                "masked_number": "9490-****",
                "kind": "PERSONAL",
                "type": "CREDIT",
                "status": "ACTIVE" if usable else "DORMANT",
            }
        )
        return card_ref

    def new_bill(self, ci: str, category: str, *, changeable: bool = True) -> str:
        """Give a person another bill, charged to a card of its own."""
        autopay_id, now_ms = f"apy_{next(self._names)}", self._now_ms()
        self._bills[autopay_id] = Bill(
            autopay_id=autopay_id,
            ci=ci,
            category=category,
            changeable=changeable,
            next_charge_on=at_ms(now_ms).date() + timedelta(days=self._rng.randrange(1, 28)),
            charged=[(now_ms, self.new_card(ci))],
        )
        return autopay_id

    def bills(self) -> list[Bill]:
        """Return all bills as they are charged now."""
        self._settle()
        return list(self._bills.values())

    def standing(self, content: Content) -> Line | None:
        """Return what stands in the book of an order; None if it was never received.

        Of several lines the one that had an effect counts.
        """
        self._settle()
        lines = self.by_content.get(content, ())
        received = [one for one in lines if one.status != REFUSED]
        return next(iter(received or lines), None)

    def arrived(self, path: str, content: dict[str, Any]) -> None:
        """Note that a request has arrived, before anything is decided about it."""
        now_ms = self._now_ms()
        if path == ORDERS:
            about, order_id = content_of(content), content["order_id"]
            clash = self._open(about[0], order_id)
            self.arrivals.append(Arrival(now_ms, order_id, content["ci"], about, clash))
        elif path.endswith("/withdrawal"):
            self.withdrawals.append((now_ms, _order_id(path)))

    def answer(self, method: str, path: str, content: dict[str, Any]) -> Reply:
        """Do what a request asks and say so: HTTP status and body."""
        self._settle()
        if path == CARDS:
            return 200, {"cards": self._cards.get(content["ci"], [])}
        if path == BILLS:
            return 200, self._listed(content["ci"])
        if path == ORDERS:
            return self._place(content)
        line = self.lines.get(_order_id(path))
        if line is None or line.status == REFUSED:
            return 404, self._code(_NOT_RECEIVED)
        return self._withdraw(line) if method == "POST" else (200, self._told(line))

    def _place(self, content: dict[str, Any]) -> Reply:
        order_id, about = content["order_id"], content_of(content)
        found = self.lines.get(order_id)
        if found is not None:
            same = (found.ci, found.content) == (content["ci"], about)
            return self._accepted(found) if same else (409, self._code(_ANOTHER_CONTENT))
        line = Line(order_id, content["ci"], about, REFUSED, self._now_ms())
        self.lines[order_id] = line
        self.by_content.setdefault(about, []).append(line)
        bill = self._bills.get(about[0])
        if bill is None or bill.ci != line.ci or bill.card_ref is None:
            line.code = _NO_BILL
        elif self._open(about[0], order_id) is not None:
            line.code = _ORDER_OPEN
        elif self._rng.random() < self._faults.refused:
            line.code = self._rng.choice(_REFUSALS)
        else:
            line.status = ACCEPTED
            self._reckon(line, bill)
        return self._accepted(line)

    def _reckon(self, line: Line, bill: Bill) -> None:
        received = at_ms(line.received_ms)
        today = received.date()
        later_ms = int(self._rng.random() * self._faults.results_within_ms)
        if bill.category in REAL_TIME:
            process_on = result_on = today
            line.process_ms, line.result_ms = line.received_ms, line.received_ms + later_ms
        else:
            process_on = self._calendar.next_business_day(today)
            result_on = self._calendar.add_business_days(today, 3)
            line.process_ms = _midnight_ms(process_on)
            line.result_ms = _midnight_ms(result_on) + later_ms
            until = datetime.combine(today, _WITHDRAWABLE_UNTIL, SEOUL)
            line.withdrawable_until_ms = epoch_ms(until)
        if self._rng.random() < self._faults.rejected:
            line.reason = f"고객번호 확인 불가 {line.order_id[-4:]}"
        line.days = {"process_on": f"{process_on:%Y%m%d}", "result_on": f"{result_on:%Y%m%d}"}

    def _accepted(self, line: Line) -> Reply:
        if line.code is not None:
            return 422, self._code(line.code)
        return 202, {"order_id": line.order_id, "status": ACCEPTED, **line.days}

    def _withdraw(self, line: Line) -> Reply:
        now_ms = self._now_ms()
        if line.status_at(now_ms) == ACCEPTED and now_ms < line.withdrawable_until_ms:
            line.status = WITHDRAWN
        if line.status != WITHDRAWN:
            return 409, self._code(_TOO_LATE)
        return 200, {"status": WITHDRAWN}

    def _told(self, line: Line) -> dict[str, Any]:
        rejected = line.status == REJECTED
        return {
            "order_id": line.order_id,
            "status": line.status_at(self._now_ms()),
            "reason_code": "R01" if rejected else None,
            "reason": line.reason if rejected else None,
            "completed_on": line.days["result_on"] if line.status == COMPLETED else None,
        }

    def _listed(self, ci: str) -> dict[str, Any]:
        return {
            "as_of": f"{at_ms(self._now_ms()):%Y%m%d}",
            "autopays": [
                {
                    "autopay_id": bill.autopay_id,
                    "category": bill.category,
                    "biller_code": "B01",
                    "biller_name": "청구 기관",
                    "biller_phone": "1588-0000",
                    "biller_customer_ref": bill.autopay_id,
                    "card_ref": bill.card_ref,
                    "last_charged_on": None,
                    "next_charge_on": f"{bill.next_charge_on:%Y%m%d}",
                    "changeable": bill.changeable,
                }
                for bill in self._bills.values()
                if bill.ci == ci and bill.card_ref is not None
            ],
        }

    def _settle(self) -> None:
        """Enter every result that is due: the bill goes to its new card, or to none."""
        now_ms = self._now_ms()
        due = [
            line
            for line in self.lines.values()
            if line.status == ACCEPTED and line.result_ms <= now_ms
        ]
        for line in due:
            autopay_id, _, to_card_ref = line.content
            line.status = COMPLETED if line.reason is None else REJECTED
            if line.status == COMPLETED:
                self._bills[autopay_id].charged.append((line.result_ms, to_card_ref))

    def _open(self, autopay_id: str, but: str) -> str | None:
        """Return another open order of a bill."""
        self._settle()
        return next(
            (
                line.order_id
                for line in self.lines.values()
                if line.content[0] == autopay_id
                and line.status == ACCEPTED
                and line.order_id != but
            ),
            None,
        )

    def _code(self, code: str) -> dict[str, Any]:
        # The contract does not name the field.
        return {self._rng.choice(("rsp_code", "code")): code}


def _order_id(path: str) -> str:
    return path.removeprefix(f"{ORDERS}/").removesuffix("/withdrawal")


def _midnight_ms(day: date) -> int:
    return epoch_ms(datetime.combine(day, time(), SEOUL))
