"""All checkers of orders together, and the public answers they are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.checkers.order_endings import OrderEndings
from tests.simulation.checkers.order_observations import OrderObservations
from tests.simulation.checkers.order_record import OrderRecord
from tests.simulation.checkers.order_requests import OrderRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from autopay.ordering import Ordering
    from modupoint.problems import Problem
    from tests.simulation.checkers.keyed_requests import Asked
    from tests.simulation.checkers.order_record import SeenOrder, Shown
    from tests.simulation.people import People
    from tests.simulation.switch_books import SwitchBooks


@dataclass(slots=True)
class OrderWatch:
    """Looks at everything members could see, whenever one of them does something."""

    public: Ordering
    people: People
    books: SwitchBooks
    record: OrderRecord
    observations: OrderObservations
    requests: OrderRequests
    tally: Counter[str]
    is_reached: bool

    def look(self, member: str) -> None:
        """Check all of a member's orders as they are shown now."""
        self.observations.see(member, self.public.all(member)["orders"])

    def asked(self, asked: Asked) -> None:
        """Follow a request for an order that sets out."""
        self.look(asked.member)
        self.requests.asked(asked)

    def accepted(self, asked: Asked, answer: Shown, *, replayed: bool) -> None:
        """Check an acceptance."""
        self.tally["replayed" if replayed else "accepted"] += 1
        self.look(asked.member)
        self.requests.accepted(asked, answer)

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Check a refusal."""
        self.tally[problem.code] += 1
        self.look(asked.member)
        self.requests.refused(asked, problem)

    def wish(self, order_id: str) -> None:
        """Follow a request for a withdrawal that sets out."""
        self.requests.wish(self._seen(order_id))

    def wished(self, order_id: str, answer: Shown) -> None:
        """Check that a withdrawal was accepted."""
        order = self._seen(order_id)
        self.tally["withdrawal accepted"] += 1
        self.look(order.person.member)
        self.requests.wished(order, answer)

    def not_withdrawn(self, order_id: str, problem: Problem) -> None:
        """Check the refusal of a withdrawal."""
        order = self._seen(order_id)
        self.tally[problem.code] += 1
        self.look(order.person.member)
        if problem.code == "too_late":
            self.requests.too_late(order)

    def end(self, with_operator: set[str]) -> None:
        """Check everything once nothing moves any more."""
        for person in self.people.persons:
            self.look(person.member)
        OrderEndings(self.record, self.books, self.is_reached).check(with_operator)
        categories = {bill.autopay_id: bill.category for bill in self.books.bills()}
        for order in self.record.orders.values():
            self.requests.check_hours(order, categories[order.autopay_id])
            self.tally[order.status] += 1
            self.tally[order.shown["kind"]] += 1

    def _seen(self, order_id: str) -> SeenOrder:
        return self.record.orders[order_id]


def watch_orders(
    public: Ordering,
    people: People,
    books: SwitchBooks,
    now_ms: Callable[[], int],
    *,
    is_reached: bool,
) -> OrderWatch:
    """Return checkers that have seen nothing yet.

    ``public`` answers at once. ``is_reached`` says that every request reaches the switch.
    """
    record = OrderRecord(people)
    return OrderWatch(
        public,
        people,
        books,
        record,
        OrderObservations(record, books, now_ms),
        OrderRequests(record, books, now_ms),
        Counter(),
        is_reached,
    )
