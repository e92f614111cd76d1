"""The ports of orders, each call of them crossing the boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from autopay.orders import FINAL

if TYPE_CHECKING:
    from autopay.ordering import Agreements
    from autopay.orders import Order, OrderKey
    from autopay.ports import OrderQueue, Orders, Saved, UsedKey
    from tests.simulation.crossing import Crossing


class DueOrders(Protocol):
    """Where due orders are found."""

    def due(self, until_ms: int, limit: int) -> list[OrderKey]:
        """Return due orders, the longest overdue first."""


@dataclass(frozen=True, slots=True)
class CrossedOrders:
    """The store of orders."""

    cross: Crossing
    orders: Orders

    def read(self, key: OrderKey) -> Order | None:
        """Return an order as it is when the read arrives."""
        return self.cross("orders.read", about_order(key), lambda: self.orders.read(key))

    def save(self, before: Order, after: Order) -> Saved:
        """Store a move when the write arrives."""
        # A transaction carries a token by which its repeat is known; a plain write does not.
        return self.cross(
            f"orders.save {before.state} to {after.state}",
            about_order(after.key),
            lambda: self.orders.save(before, after),
            repeatable=after.state not in FINAL,
        )

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for."""
        return self.cross(
            "orders.used_key", member, lambda: self.orders.used_key(member, idempotency_key)
        )

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        """Store an order."""
        self.cross(
            "orders.submit",
            about_order(order.key),
            lambda: self.orders.submit(order, idempotency_key, body_sha256),
        )

    def all(self, member: str) -> list[Order]:
        """Return a member's orders."""
        return self.cross("orders.all", member, lambda: self.orders.all(member))


@dataclass(frozen=True, slots=True)
class CrossedAgreements:
    """Where the sealed CI is."""

    cross: Crossing
    agreements: Agreements

    def sealed_ci(self, member: str) -> bytes | None:
        """Return it."""
        return self.cross("agreements.sealed_ci", member, lambda: self.agreements.sealed_ci(member))


@dataclass(frozen=True, slots=True)
class CrossedOrderQueue:
    """The queue of the orders' worker."""

    cross: Crossing
    queue: OrderQueue

    def send(self, keys: list[OrderKey]) -> int:
        """Send a message per order."""
        about = about_order(keys[0]) if len(keys) == 1 else str(len(keys))
        return self.cross("queue.send", about, lambda: self.queue.send(keys))


@dataclass(frozen=True, slots=True)
class CrossedDueOrders:
    """The index of due orders."""

    cross: Crossing
    orders: DueOrders

    def due(self, until_ms: int, limit: int) -> list[OrderKey]:
        """Return due orders."""
        return self.cross("orders.due", "", lambda: self.orders.due(until_ms, limit))


def about_order(key: OrderKey) -> str:
    """Return what an order's trace is found by."""
    return f"{key.member} {key.order_id[-4:]}"
