"""Requests for orders and withdrawals: one order per key, repeats alike, refusals with a cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation.checkers.failure import require
from tests.simulation.checkers.keyed_requests import KeyedRequests
from tests.simulation.checkers.order_record import FINAL
from tests.simulation.switch_books import REAL_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

    from modupoint.problems import Problem
    from tests.simulation.checkers.keyed_requests import Asked
    from tests.simulation.checkers.order_record import OrderRecord, SeenOrder, Shown
    from tests.simulation.switch_books import SwitchBooks


@dataclass(slots=True)
class OrderRequests:
    """Follows every request and its answer; the record is as of now."""

    record: OrderRecord
    books: SwitchBooks
    now_ms: Callable[[], int]
    _keyed: KeyedRequests = field(default_factory=KeyedRequests)

    def asked(self, asked: Asked) -> None:
        """Follow a request for an order that sets out now."""
        mine = self.record.of(asked.member)
        asked.known = frozenset(one.order_id for one in mine)
        asked.live = frozenset(one.order_id for one in mine if one.status not in FINAL)
        self._keyed.asked(asked)

    def accepted(self, asked: Asked, answer: Shown) -> None:
        """Check an acceptance."""
        self._keyed.accepted(asked, answer)
        require(
            answer["order_id"] in self.record.orders,
            "lost",
            f"{answer['order_id']} was accepted, and is not there",
            answer["order_id"],
        )

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Check the refusal of an order."""
        self._keyed.refused(asked, problem)
        if problem.code == "order_open":
            require(
                any(
                    one.autopay_id == asked.body["autopay_id"]
                    and (one.order_id in asked.live or one.order_id not in asked.known)
                    for one in self.record.of(asked.member)
                ),
                "R-A6",
                "refused for an open order, and there was none",
                asked.member,
            )

    def wish(self, order: SeenOrder) -> None:
        """Follow a request for a withdrawal that sets out now."""
        order.wishes_ms.append(self.now_ms())

    def wished(self, order: SeenOrder, answer: Shown) -> None:
        """Check that a withdrawal was accepted."""
        if order.wished_ms is None:
            order.wished_ms = self.now_ms()
        require(
            answer["status"] in {"WITHDRAWN", "CHECKING"},
            "R-A4",
            f"withdrawn, and {answer['status']}",
            *order.subjects,
        )

    def too_late(self, order: SeenOrder) -> None:
        """Check that it is too late for a withdrawal: by the hour, or the switch said so."""
        asked_there = any(order_id for _, order_id in self._withdrawals(order))
        require(
            order.until_ms is None
            or self.now_ms() >= order.until_ms
            or order.status in {"COMPLETED", "REJECTED"}
            or asked_there,
            "R-A4",
            "too late before its time",
            *order.subjects,
        )

    def check_hours(self, order: SeenOrder, category: str) -> None:
        """Check until when an order can be withdrawn, and that none was later (R-A4)."""
        require(
            (order.until_ms is None) == (category in REAL_TIME),
            "R-A4",
            f"{category} until {order.shown['withdrawable_until']}",
            *order.subjects,
        )
        if order.status == "WITHDRAWN":
            in_time = [one for one in order.wishes_ms if one < (order.until_ms or 0)]
            require(bool(in_time), "R-A4", "withdrawn, and nobody asked in time", *order.subjects)

    def _withdrawals(self, order: SeenOrder) -> list[tuple[int, str]]:
        line = self.books.standing(order.content)
        mine = None if line is None else line.order_id
        return [one for one in self.books.withdrawals if one[1] == mine]
