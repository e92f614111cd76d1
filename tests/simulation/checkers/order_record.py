"""What the public answers have said of each order, first and last, and what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modupoint.clock import epoch_ms
from tests.simulation.checkers.failure import require
from tests.simulation.switch_books import content_of

if TYPE_CHECKING:
    from tests.simulation.people import People, Person
    from tests.simulation.switch_books import Content

FINAL = frozenset({"COMPLETED", "REJECTED", "WITHDRAWN"})

type Shown = dict[str, Any]


@dataclass(slots=True)
class SeenOrder:
    """An order as last shown. Times in ms.

    ``final_ms`` is when it was first seen final; ``wishes_ms`` are the times at which a
    withdrawal was asked for, and ``wished_ms`` when the first one was accepted.
    """

    person: Person
    order_id: str
    content: Content
    requested_ms: int
    until_ms: int | None
    shown: Shown
    final_ms: int | None = None
    wished_ms: int | None = None
    wishes_ms: list[int] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The status last shown."""
        status: str = self.shown["status"]
        return status

    @property
    def autopay_id(self) -> str:
        """The registration that it is about."""
        return self.content[0]

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its trace is found by."""
        return f"{self.person.member} {self.order_id[-4:]}", self.order_id[-12:]


class OrderRecord:
    """All orders that were ever shown."""

    def __init__(self, people: People) -> None:
        self.orders: dict[str, SeenOrder] = {}
        self.by_content: dict[Content, SeenOrder] = {}
        self._people = people

    def order(self, member: str, shown: Shown) -> SeenOrder:
        """Return what is known of an order; on first sight what is shown now.

        Raises
        ------
        CheckFailedError
            If the same has been accepted before: nobody asks for it twice.
        """
        seen = self.orders.get(shown["order_id"])
        if seen is not None:
            return seen
        until = shown["withdrawable_until"]
        seen = SeenOrder(
            person=self._people.by_member[member],
            order_id=shown["order_id"],
            content=content_of(shown),
            requested_ms=_ms(shown["requested_at"]),
            until_ms=None if until is None else _ms(until),
            shown=shown,
        )
        twin = self.by_content.setdefault(seen.content, seen)
        require(twin is seen, "once", f"{seen.content} was accepted twice", *twin.subjects)
        self.orders[seen.order_id] = seen
        return seen

    def of(self, member: str) -> list[SeenOrder]:
        """Return a member's orders."""
        return [one for one in self.orders.values() if one.person.member == member]


def _ms(moment: str) -> int:
    return epoch_ms(datetime.fromisoformat(moment))
