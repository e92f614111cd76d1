"""The switch's book at the end: everything in it is some order's, once, in its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.checkers.failure import CheckFailedError, require
from tests.simulation.checkers.order_record import FINAL
from tests.simulation.switch_books import COMPLETED, REFUSED, WITHDRAWN

if TYPE_CHECKING:
    from tests.simulation.checkers.order_record import OrderRecord, SeenOrder
    from tests.simulation.switch_books import Arrival, Bill, Line, SwitchBooks

ON_ITS_WAY_MS = 25_000
"""A call whose intent is stored may set out, and take its time, after a wish is."""


@dataclass(frozen=True, slots=True)
class OrderEndings:
    """Reads the book as a whole. ``is_reached`` says that every request arrives."""

    record: OrderRecord
    books: SwitchBooks
    is_reached: bool

    def check(self, with_operator: set[str]) -> None:
        """Check book and answers against each other, once nothing moves any more.

        ``with_operator`` names the orders that wait for a person: the one thing here that
        is ours, since members are not shown it.

        Raises
        ------
        CheckFailedError
            If an order is lost, or something at the switch is not as it should be.
        """
        for order in self.record.orders.values():
            is_waiting = order.order_id in with_operator
            require(
                order.status == "CHECKING" if is_waiting else order.status in FINAL,
                "ends",
                f"still {order.status}, and nothing moves it",
                *order.subjects,
            )
            self._is_as_the_switch_has_it(order, is_waiting=is_waiting)
            if self.is_reached and not is_waiting and order.wished_ms is not None:
                self._was_asked_for(order)
        for line in self.books.lines.values():
            self._is_of_an_order(line)
        self._requests_are_in_order()
        for bill in self.books.bills():
            self._has_its_card(bill)

    def _is_as_the_switch_has_it(self, order: SeenOrder, *, is_waiting: bool) -> None:
        line = self.books.standing(order.content)
        if is_waiting or line is None or line.status == REFUSED:
            return
        require(
            line.status == order.status,
            "R-A6",
            f"{order.status}, and the switch has it as {line.status}",
            *order.subjects,
        )

    def _was_asked_for(self, order: SeenOrder) -> None:
        """Check that what was accepted as withdrawn is not left at the switch unasked."""
        line = self.books.standing(order.content)
        if line is None or line.status in {REFUSED, WITHDRAWN}:
            return
        asked = any(order_id == line.order_id for _, order_id in self.books.withdrawals)
        require(asked, "R-A4", "its withdrawal was accepted and forgotten", *order.subjects)

    def _is_of_an_order(self, line: Line) -> None:
        order = self.record.by_content.get(line.content)
        if order is None or order.person.ci != line.ci:
            raise CheckFailedError(
                "R-A6", f"the switch has {line.content} of {line.ci}", line.order_id[-12:]
            )
        twins = self.books.by_content[line.content]
        require(len(twins) == 1, "once", f"{len(twins)} orders at the switch", *order.subjects)
        require(
            line.status != WITHDRAWN or bool(order.wishes_ms),
            "R-A4",
            "withdrawn at the switch, and nobody asked",
            *order.subjects,
        )

    def _requests_are_in_order(self) -> None:
        for arrival in self.books.arrivals:
            order = self.record.by_content.get(arrival.content)
            if order is None or order.person.ci != arrival.ci:
                raise CheckFailedError("R-A6", f"nobody ordered {arrival}", arrival.order_id[-12:])
            self._is_in_time(arrival, order)

    def _is_in_time(self, arrival: Arrival, order: SeenOrder) -> None:
        require(
            arrival.clash is None,
            "R-A6",
            f"sent while {arrival.clash} was open at the switch",
            *order.subjects,
        )
        require(
            order.requested_ms <= arrival.at_ms
            and (order.final_ms is None or arrival.at_ms <= order.final_ms),
            "final",
            f"sent at {arrival.at_ms}, when it had ended at {order.final_ms}",
            *order.subjects,
        )
        if order.wished_ms is not None:
            require(
                arrival.at_ms <= order.wished_ms + ON_ITS_WAY_MS,
                "R-A4",
                "sent after its withdrawal was accepted",
                *order.subjects,
            )

    def _has_its_card(self, bill: Bill) -> None:
        """Check that a bill moved only with an order, and lost its card only by its own wish."""
        for _, card_ref in bill.charged[1:]:
            kind = "CANCEL" if card_ref is None else "CHANGE"
            order = self.record.by_content.get((bill.autopay_id, kind, card_ref))
            line = self.books.standing((bill.autopay_id, kind, card_ref))
            require(
                order is not None and line is not None and line.status == COMPLETED,
                "R-A6",
                f"{bill.autopay_id} goes to {card_ref}, which nobody ordered",
                bill.autopay_id,
            )
