"""Autopay orders that wait for a person, or wait too long; nothing personal of them is shown."""

from collections.abc import Iterator, Mapping
from copy import replace
from typing import Any

from autopay.order_store import DynamoOrders
from autopay.orders import (
    FINAL,
    MOVES,
    SWITCH_LANE,
    WITH_OPERATOR,
    Order,
    OrderKey,
    OrderState,
    effect_of,
)
from autopay.ports import Saved
from modupoint.clock import Clock
from modupoint.effects import resumed
from ops.output import Shown, as_time
from ops.stuck import StuckRecords


class StuckOrders(StuckRecords[OrderKey, Order]):
    """The orders as an operator sees and moves them; one is named by its id."""

    KIND = "order"
    WITH_OPERATOR = WITH_OPERATOR
    FINAL = FINAL
    MOVES = MOVES

    def __init__(self, orders: DynamoOrders, clock: Clock) -> None:
        super().__init__(clock)
        self._orders = orders

    def order(self, order_id: str, member: str | None) -> Shown:
        """Return everything of an order but what is personal.

        Parameters
        ----------
        member
            The member's key; None looks among the orders with the operator.

        Raises
        ------
        RefusedError
            If there is no such order.
        """
        return _details(self.found(order_id, OrderKey(member, order_id) if member else None))

    def read(self, key: OrderKey) -> Order | None:
        """Return an order as it is now."""
        return self._orders.read(key)

    def save(self, before: Order, after: Order) -> bool:
        """Store a move."""
        return self._orders.save(before, after) is Saved.YES

    def with_operator(self) -> Iterator[OrderKey]:
        """Give the orders that wait for a person."""
        return self._orders.with_operator()

    def due(self, until_ms: int, limit: int) -> list[OrderKey]:
        """Return orders whose time has come."""
        return self._orders.due(SWITCH_LANE, until_ms, limit)

    def name(self, key: OrderKey) -> str:
        """Return the order's id."""
        return key.order_id

    def particulars(self, record: Order) -> Mapping[str, Any]:
        """Return what it does to which kind of bill, and whether its member wants it back."""
        return {
            "kind": record.kind.value,
            "category": record.category,
            "withdrawal_wished": record.withdrawal_wished,
        }

    def resumed(self, record: Order, now_ms: int) -> Order:
        """Return an order that is called or asked about again."""
        effect, before = effect_of(record.state), record.progress
        if effect is None:
            # It waits for its result: nothing is in doubt but that.
            after = before.moved(OrderState.PLACED, tries=0, not_before_ms=now_ms, sent_at_ms=None)
        else:
            after = resumed(effect, before, now_ms)
        return replace(record, progress=after)


def _details(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.key.order_id,
        "order_at_switch": order.switch_id,
        "member": order.key.member,
        "state": order.state.value,
        "version": order.progress.version,
        "tries": order.progress.tries,
        "kind": order.kind.value,
        "category": order.category,
        "requested": as_time(order.requested_at_ms),
        "process_on": order.process_on.isoformat(),
        "result_on": order.result_on.isoformat(),
        "withdrawal_wished": order.withdrawal_wished,
        "last_call": as_time(order.progress.sent_at_ms),
        "due": None if order.state in FINAL else as_time(order.progress.not_before_ms),
        "reason_code": order.reason_code,
    }
