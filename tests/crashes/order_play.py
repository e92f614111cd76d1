"""A member with one bill, who orders, and may think better of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from modupoint.business_calendar import BusinessCalendar
from modupoint.problems import Problem
from tests.crashes.course import Request
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.checkers.keyed_requests import Asked
from tests.simulation.order_life import OrderLife, due_order_times
from tests.simulation.people import Amounts, People
from tests.simulation.switch_books import SwitchBooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crashes.stores import Engine
    from tests.simulation.crossing import Crossing
    from tests.simulation.stage import Stage

CHANGE, CANCEL, WITHDRAWAL = "CHANGE", "CANCEL", "withdrawal"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the member wants so long after the wish before: an order, or the last one back."""

    what: str
    after_ms: int = 0


@dataclass(frozen=True, slots=True)
class Ends:
    """How all orders are shown at last: as one of several, and how many there are."""

    statuses: frozenset[str]
    orders: int = 1


class OrderPlay:
    """The orders, and how they must end."""

    def __init__(
        self, stage: Stage, engine: Engine, category: str, wishes: tuple[Wish, ...], ends: Ends
    ) -> None:
        self._ends = ends
        # Courses share the tables of an engine: each has a member of its own.
        people = People(Amounts(), [f"M#{uuid4().hex}"])
        self._person = people.persons[0]
        due_times = due_order_times()
        stores = engine.order_stores(people, due_times)
        calendar = BusinessCalendar()
        self._books = books = SwitchBooks(stage.now_ms, stage.faults, stage.rng, calendar)
        self._autopay_id = books.new_bill(self._person.ci, category)
        self._life = OrderLife(stage, stores, people, due_times, books, _Calendars(calendar))
        self.machinery = self._life.machinery
        self.requests = [self._request(place, wish) for place, wish in enumerate(wishes)]

    def end(self) -> None:
        """Check book and answers, and that all orders ended as they should."""
        self._life.end()
        seen = list(self._life.watch.record.orders.values())
        statuses = {order.status for order in seen}
        if not statuses <= self._ends.statuses:
            raise CheckFailedError("ends", f"{statuses} instead of {self._ends.statuses}")
        if len(seen) != self._ends.orders:
            raise CheckFailedError("idempotency", f"{len(seen)} orders")

    def _request(self, place: int, wish: Wish) -> Request:
        actor = f"api-{place}"
        if wish.what == WITHDRAWAL:
            return Request(actor, wish.after_ms, self._take_back)
        to_card = {"to_card_ref": self._books.new_card(self._person.ci)}
        body = {"kind": wish.what, "autopay_id": self._autopay_id}
        if wish.what == CHANGE:
            body |= to_card
        return Request(actor, wish.after_ms, self._order(f"key-{place}", body))

    def _order(self, key: str, body: dict[str, Any]) -> Callable[[Crossing], bool]:
        def ask(cross: Crossing) -> bool:
            asked = Asked(self._person.member, key, body)
            watch = self._life.watch
            watch.asked(asked)
            try:
                answer, replayed = self._life.api(cross).submit(asked.member, key, body)
            except Problem as problem:
                watch.refused(asked, problem)
                return problem.code not in {"internal_error", "switch_unavailable"}
            watch.accepted(asked, answer, replayed=replayed)
            return True

        return ask

    def _take_back(self, cross: Crossing) -> bool:
        life, member = self._life, self._person.member
        life.watch.look(member)
        order_id = life.watch.record.of(member)[-1].order_id
        life.watch.wish(order_id)
        try:
            mover = life.mover(cross, life.machinery.wire)
            answer = life.api(cross).withdraw(member, order_id, mover)
        except Problem as problem:
            life.watch.not_withdrawn(order_id, problem)
            return problem.code != "internal_error"
        life.watch.wished(order_id, answer)
        return True


@dataclass(frozen=True, slots=True)
class _Calendars:
    kept: BusinessCalendar

    def calendar(self) -> BusinessCalendar:
        """Return the calendar."""
        return self.kept
