"""What members do with their bills: order, order again, think better of it, and look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modupoint.aws import AwsError
from modupoint.problems import Problem
from tests.simulation.checkers.keyed_requests import Asked
from tests.simulation.crossing import WorkerKilledError
from tests.simulation.visits import HOUR_MS, MINUTE_MS, Visits

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.order_life import OrderLife
    from tests.simulation.people import Person
    from tests.simulation.schedule import Schedule
    from tests.simulation.switch_books import SwitchBooks
    from tests.simulation.visits import Body, Wish

_LOOKS_MS = (2_000, 3 * MINUTE_MS, 20 * MINUTE_MS, 20 * HOUR_MS, 70 * HOUR_MS)
_BACK_MS = (0, 20, 400, 3_000, 20_000, 5 * MINUTE_MS, 3 * HOUR_MS, 12 * HOUR_MS)
"""How soon a member thinks better of it."""

# Minutes of the day around which days and hours of an order change, and how often
# members come then.
_EDGES = ((0, 4), (24 * 60, 8), (22 * 60, 14), (21 * 60 + 50, 6))
_SPREAD_MIN = 15


@dataclass(frozen=True, slots=True)
class OrderDevices:
    """The members' devices. ``crossing`` makes a process of the API."""

    schedule: Schedule
    rng: random.Random
    persons: list[Person]
    books: SwitchBooks
    life: OrderLife
    crossing: Callable[[str], Crossing]
    bills: dict[str, list[str]]
    cancelled: set[str]

    def visit(self, day: int) -> None:
        """Let a member come on a day of the world, counted from its first."""
        person = self.rng.choice(self.persons)
        visits = self._visits
        visits.come(
            visits.start_ms(day),
            self._wishes(person),
            lambda key, body: self._ordered(Asked(person.member, key, body)),
        )

    @property
    def _visits(self) -> Visits:
        return Visits(self.schedule, self.rng, _EDGES, _SPREAD_MIN)

    def _wishes(self, person: Person) -> list[Wish]:
        """Return what a member asks for in one visit."""
        rng = self.rng
        key, other_key = (f"key-{rng.getrandbits(64):x}" for _ in range(2))
        autopay_id = rng.choice(self.bills[person.member])
        body = self._body(person, autopay_id)
        first = 0, key, body
        soon_ms = rng.choice((0, 0, 5, 30, 500, 5_000, 20 * MINUTE_MS, 10 * HOUR_MS))
        match rng.choices(("once", "repeat", "both", "other", "again"), (50, 12, 14, 10, 14))[0]:
            case "repeat":
                return [first, (soon_ms, key, body)]
            case "other":
                return [first, (soon_ms, key, self._body(person))]
            case "both":
                return [first, (soon_ms, other_key, self._body(person, autopay_id))]
            case "again":
                return [first, (30 * HOUR_MS, other_key, self._body(person, autopay_id))]
            case _:
                return [first]

    def _body(self, person: Person, autopay_id: str | None = None) -> Body:
        """Return what nobody has asked for before, so that a line at the switch names it."""
        bill = autopay_id or self.rng.choice(self.bills[person.member])
        if bill not in self.cancelled and self.rng.random() < 0.2:
            self.cancelled.add(bill)
            return {"kind": "CANCEL", "autopay_id": bill}
        card_ref = self.books.new_card(person.ci, usable=self.rng.random() > 0.03)
        return {"kind": "CHANGE", "autopay_id": bill, "to_card_ref": card_ref}

    def _ordered(self, asked: Asked) -> bool:
        """Ask once; returns whether there was an answer."""
        watch = self.life.watch
        watch.asked(asked)
        try:
            api = self.life.api(self.crossing("api"))
            answer, replayed = api.submit(asked.member, asked.key, asked.body)
        except (WorkerKilledError, *AwsError):
            return False
        except Problem as problem:
            watch.refused(asked, problem)
            return problem.code not in {"internal_error", "switch_unavailable"}
        watch.accepted(asked, answer, replayed=replayed)
        for look_ms in _LOOKS_MS:
            delay_ms = int(look_ms * 2 * self.rng.random())
            self.schedule.after(delay_ms, lambda: watch.look(asked.member))
        self._may_think_better(asked.member, answer["order_id"])
        return True

    def _may_think_better(self, member: str, order_id: str) -> None:
        rng = self.rng
        for _ in range(rng.choices((0, 1, 2), (5, 5, 2))[0]):
            delay_ms = int(rng.choice(_BACK_MS) * 2 * rng.random())
            self._visits.until_answered(lambda: self._withdrawn(member, order_id), delay_ms)

    def _withdrawn(self, member: str, order_id: str) -> bool:
        watch, cross = self.life.watch, self.crossing("withdrawal")
        watch.wish(order_id)
        try:
            mover = self.life.mover(cross, self.life.machinery.wire)
            answer = self.life.api(cross).withdraw(member, order_id, mover)
        except (WorkerKilledError, *AwsError):
            return False
        except Problem as problem:
            watch.not_withdrawn(order_id, problem)
            return problem.code != "internal_error"
        watch.wished(order_id, answer)
        return True
