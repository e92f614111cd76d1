"""What orders need from outside."""

from enum import Enum, auto
from typing import NamedTuple, Protocol

from autopay.orders import Order, OrderKey


class Saved(Enum):
    """How storing a move ended."""

    YES = auto()
    OVERTAKEN = auto()
    """Another worker has moved the order since it was read; theirs holds."""


class UsedKey(NamedTuple):
    """An idempotency key that has been used, and for which body."""

    order_id: str
    body_sha256: str


class KeyUsedError(Exception):
    """The idempotency key was used a moment ago, on another device or by a repeat."""


class ConsentMissingError(Exception):
    """The agreement was withdrawn meanwhile."""


class OrderOpenError(Exception):
    """Another order of the registration is open (R-A6)."""


class Orders(Protocol):
    """The orders of members."""

    def read(self, key: OrderKey) -> Order | None:
        """Return an order as it is now; None if there is none."""

    def save(self, before: Order, after: Order) -> Saved:
        """Store a move if nobody else moved the order; a final one frees its registration."""

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what an idempotency key was used for; None if it is free."""

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        """Store an order, its key and its registration's place, or nothing.

        Raises
        ------
        KeyUsedError, ConsentMissingError, OrderOpenError
            If something has changed since it was looked at; nothing is stored.
        """

    def all(self, member: str) -> list[Order]:
        """Return a member's orders, newest first."""


class OrderQueue(Protocol):
    """The queue of the orders' worker."""

    def send(self, lane: str, keys: list[OrderKey]) -> int:
        """Send a message per order; returns how many were taken."""
