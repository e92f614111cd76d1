"""The Autopays table in memory, refusing exactly what the one in DynamoDB refuses.

Each guard is a method of its own: a mutation test switches off one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from autopay.orders import FINAL, WITH_OPERATOR
from autopay.ports import ConsentMissingError, KeyUsedError, OrderOpenError, Saved, UsedKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autopay.orders import Order, OrderKey
    from tests.simulation.due_times import DueTimes

LANE = "switch"


class Agreed(Protocol):
    """What of the Members table an order depends on."""

    def has_agreed(self, member: str) -> bool:
        """Say whether the member's agreement stands."""


class MemoryOrders:
    """The table, as ``ports.Orders``."""

    def __init__(self, agreements: Agreed, due_times: DueTimes[OrderKey]) -> None:
        self._agreements = agreements
        self._due_times = due_times
        self._orders: dict[OrderKey, Order] = {}
        self._keys: dict[tuple[str, str], UsedKey] = {}
        self._held: dict[tuple[str, str], str] = {}

    def read(self, key: OrderKey) -> Order | None:
        """Return an order as it is now."""
        return self._orders.get(key)

    def all(self, member: str) -> list[Order]:
        """Return a member's orders, newest first."""
        found = [order for key, order in self._orders.items() if key.member == member]
        return sorted(found, key=lambda order: order.key.order_id, reverse=True)

    def save(self, before: Order, after: Order) -> Saved:
        """Store a move; one that ends the order frees its registration in the same breath."""
        present = self._orders.get(before.key)
        if present is None or not self._is_unmoved(present, before):
            return Saved.OVERTAKEN
        self._put(after)
        if after.state in FINAL:
            self._free(after)
        return Saved.YES

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for."""
        return self._keys.get((member, idempotency_key))

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        """Store an order, its key and its registration's place, or nothing."""
        member = order.key.member
        if not self._is_key_free(member, idempotency_key):
            raise KeyUsedError
        if not self._agreements.has_agreed(member):
            raise ConsentMissingError
        if not self._is_registration_free(order):
            raise OrderOpenError
        self._keys[member, idempotency_key] = UsedKey(order.key.order_id, body_sha256)
        self._held[member, order.autopay_id] = order.key.order_id
        self._put(order)

    def due(self, until_ms: int, limit: int) -> list[OrderKey]:
        """Return orders whose time has come, the longest overdue first."""
        return self._due_times.due(LANE, until_ms, limit)

    def with_operator(self) -> Iterable[OrderKey]:
        """Give the orders that wait for a person."""
        return [key for key, order in self._orders.items() if order.state in WITH_OPERATOR]

    def _is_unmoved(self, present: Order, before: Order) -> bool:
        return self._is_state_same(present, before) and self._is_version_same(present, before)

    def _is_state_same(self, present: Order, before: Order) -> bool:
        return present.state is before.state

    def _is_version_same(self, present: Order, before: Order) -> bool:
        return present.progress.version == before.progress.version

    def _is_key_free(self, member: str, idempotency_key: str) -> bool:
        return (member, idempotency_key) not in self._keys

    def _is_registration_free(self, order: Order) -> bool:
        return (order.key.member, order.autopay_id) not in self._held

    def _free(self, order: Order) -> None:
        self._held.pop((order.key.member, order.autopay_id), None)

    def _put(self, order: Order) -> None:
        self._orders[order.key] = order
        self._due_times.note(order)
