"""What a world of orders is about: members who move their bills, at odd times, before holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import at_ms
from tests.simulation.faults import Draw, Fate
from tests.simulation.order_devices import OrderDevices
from tests.simulation.order_life import (
    MADE_BY,
    QUIET_WITHIN_DAYS,
    OrderLife,
    OrderStores,
    due_order_times,
)
from tests.simulation.order_store import MemoryOrders
from tests.simulation.people import Amounts, People
from tests.simulation.switch_books import CATEGORIES, SwitchBooks
from tests.simulation.switch_side import LISTS, SWITCH
from tests.simulation.world import Kind

if TYPE_CHECKING:
    import random
    from collections import Counter

    from tests.simulation.schedule import Schedule
    from tests.simulation.stage import Stage

_PERSONS = 12
_BILLS = (2, 3, 4)
_LISTS_WELL = 0.75
"""Without the switch's lists nothing is ordered, and a world of that shows little."""
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_DAYS_AHEAD = 12
"""Within so many days a day may be closed that the table does not know."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Calendars with days that banks will be closed on, known from a moment on."""

    schedule: Schedule
    before: BusinessCalendar
    after: BusinessCalendar
    known_ms: int

    def calendar(self) -> BusinessCalendar:
        """Return the calendar as operators have it now."""
        return self.after if self.schedule.now_ms >= self.known_ms else self.before


def announced(schedule: Schedule, rng: random.Random) -> Announced:
    """Return calendars in which no day, one or two are closed at short notice."""
    first = at_ms(schedule.now_ms).date()
    ahead = rng.sample(range(_DAYS_AHEAD), rng.choice((0, 0, 1, 2)))
    closed = [first + timedelta(days=days) for days in ahead]
    known_ms = schedule.now_ms + rng.randrange(4 * _DAY_MS)
    return Announced(schedule, BusinessCalendar(), BusinessCalendar(closed), known_ms)


class OrderWorld:
    """Orders of some members; as ``Subject``, a saga is an order."""

    def __init__(self, stage: Stage) -> None:
        rng, faults = stage.rng, stage.faults
        faults.rejected = rng.choice((0.0, 0.1, 0.5))
        faults.results_within_ms = rng.choice((1, 3 * _HOUR_MS, 20 * _HOUR_MS))
        if rng.random() < _LISTS_WELL:
            faults.fates[LISTS] = Draw(Fate.FINE, {})
            faults.outages.pop(LISTS, None)
        calendars = announced(stage.schedule, rng)
        people = People(Amounts(), [f"M#{number:02}" for number in range(_PERSONS)])
        due_times = due_order_times()
        table = MemoryOrders(people, due_times)
        # The switch knows of every closed day, we from when an operator has added it.
        books = SwitchBooks(stage.now_ms, faults, rng, calendars.after)
        bills = {
            person.member: [
                books.new_bill(person.ci, rng.choice(CATEGORIES), changeable=rng.random() > 0.03)
                for _ in range(rng.choice(_BILLS))
            ]
            for person in people.persons
        }
        stores = OrderStores(table, people, table)
        self._life = life = OrderLife(stage, stores, people, due_times, books, calendars)
        self._devices = OrderDevices(
            stage.schedule, rng, people.persons, books, life, stage.crossing, bills, set()
        )

    @property
    def sagas(self) -> int:
        """How many orders there were."""
        return len(self._life.watch.record.orders)

    @property
    def tally(self) -> Counter[str]:
        """What became of what."""
        return self._life.watch.tally

    def visit(self, day: int) -> None:
        """Let a member come on a day."""
        self._devices.visit(day)

    def end(self) -> None:
        """Check book and answers."""
        self._life.end()


ORDERS = Kind(
    name="orders",
    subject=OrderWorld,
    partners=(SWITCH, LISTS),
    first_days=(
        date(2026, 2, 10),  # before the lunar new year
        date(2026, 4, 29),  # two days before Labour Day
        date(2026, 9, 21),  # before Chuseok
        date(2026, 10, 1),  # before Foundation Day and its substitute
        date(2026, 11, 19),  # an ordinary Thursday
        date(2026, 12, 23),
        date(2026, 12, 30),
    ),
    visits=70,
    quiet_within_days=QUIET_WITHIN_DAYS,
    ids_made_by=MADE_BY,
)
