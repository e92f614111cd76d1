"""Every public answer about orders, each time one is given: the switch's books bear it out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.checkers.failure import CheckFailedError, require
from tests.simulation.checkers.order_record import FINAL, SeenOrder, Shown
from tests.simulation.switch_books import (
    ACCEPTED,
    COMPLETED,
    PROCESSING,
    REFUSED,
    REJECTED,
    WITHDRAWN,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.checkers.order_record import OrderRecord
    from tests.simulation.switch_books import SwitchBooks

_OPEN = frozenset({ACCEPTED, PROCESSING})
_STANDINGS: dict[str, frozenset[str | None]] = {
    # Nothing is known yet, or placed and its day has not come.
    "ACCEPTED": frozenset({None, REFUSED, COMPLETED, REJECTED}) | _OPEN,
    "PROCESSING": frozenset({COMPLETED, REJECTED}) | _OPEN,
    "CHECKING": frozenset({None, REFUSED, COMPLETED, REJECTED, WITHDRAWN}) | _OPEN,
    "COMPLETED": frozenset({COMPLETED}),
    "REJECTED": frozenset({None, REFUSED, REJECTED}),
    "WITHDRAWN": frozenset({None, REFUSED, WITHDRAWN}),
}
"""What may stand in the switch's book of an order that is shown so."""

_NEVER_CHANGES = (
    "kind",
    "autopay_id",
    "to_card_ref",
    "requested_at",
    "process_on",
    "result_on",
    "withdrawable_until",
    "warnings",
)


@dataclass(frozen=True, slots=True)
class OrderObservations:
    """Looks at all of a member's orders at a time."""

    record: OrderRecord
    books: SwitchBooks
    now_ms: Callable[[], int]

    def see(self, member: str, orders: list[Shown]) -> None:
        """Check orders as they are shown now.

        Raises
        ------
        CheckFailedError
            If they contradict the book, themselves, or what was shown before.
        """
        for shown in orders:
            order = self.record.order(member, shown)
            self._is_as_before(order, shown)
            order.shown = shown
            if order.status in FINAL and order.final_ms is None:
                order.final_ms = self.now_ms()
            self._is_borne_out(order)
        still_open = Counter(one["autopay_id"] for one in orders if one["status"] not in FINAL)
        twice = [autopay_id for autopay_id, many in still_open.items() if many > 1]
        require(not twice, "R-A6", f"more than one open order of {twice}", member)

    def _is_as_before(self, order: SeenOrder, shown: Shown) -> None:
        changed = [name for name in _NEVER_CHANGES if shown[name] != order.shown[name]]
        if changed:
            raise _broken(order, "R-A3", f"{changed} have changed: {order.shown} to {shown}")
        if order.status in FINAL and shown != order.shown:
            raise _broken(order, "final", f"what was final has changed: {order.shown} to {shown}")

    def _is_borne_out(self, order: SeenOrder) -> None:
        line = self.books.standing(order.content)
        standing = None if line is None else line.status_at(self.now_ms())
        if standing not in _STANDINGS[order.status]:
            raise _broken(order, "R-A6", f"{order.status}, and the switch has it as {standing}")
        reason = order.shown["reason"]
        if (reason is not None) != (order.status == "REJECTED"):
            raise _broken(order, "API", f"{order.status} with the reason {reason}")
        if line is not None and standing == REJECTED == order.status:
            told = reason["ko"]
            if told != line.reason:
                raise _broken(order, "R-A7", f"{line.reason} is told as {told}")


def _broken(order: SeenOrder, rule: str, what: str) -> CheckFailedError:
    return CheckFailedError(rule, what, *order.subjects)
