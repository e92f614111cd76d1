"""A world: some members, eleven issuers, a bank, workers, a few days, and a seed.

Everything in it is drawn from the seed, and nothing else moves it: a world that
failed fails again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL
from modupoint.issuers import ISSUERS
from tests.simulation.bank_books import BankBooks
from tests.simulation.checkers.books import Books
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.checkers.watch import watch
from tests.simulation.crossed_ports import CrossedFunds, CrossedLanes, CrossedTransfers
from tests.simulation.dangers import Dangers
from tests.simulation.devices import Devices
from tests.simulation.due_times import DueTimes
from tests.simulation.faults import drawn_faults
from tests.simulation.issuer_books import IssuerBooks
from tests.simulation.lanes import Lanes
from tests.simulation.network import Network
from tests.simulation.partner_sides import BANK, BankSide, IssuerSide, read_request
from tests.simulation.people import Amounts, People
from tests.simulation.schedule import Schedule
from tests.simulation.sweeper import Sweeper
from tests.simulation.trace import Trace
from tests.simulation.transfer_store import MemoryLegs, MemoryTransfers
from tests.simulation.workers import CountedIds, Workers
from transfer.submission import Submission

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from tests.simulation.checkers.watch import Watch
    from tests.simulation.network import PartnerSide
    from transfer.legs import Leg

_PERSONS = 16
_VISITS = 36
_DAY_MS = 24 * 3600 * 1000
# Faults end, then everything must: the longest holidays and the last tries of an effect.
_QUIET_WITHIN_DAYS = 12

_FIRST_DAYS = (
    date(2026, 2, 13),  # the Friday before the lunar new year
    date(2026, 4, 29),  # two days before Labour Day
    date(2026, 9, 22),  # before Chuseok
    date(2026, 10, 1),  # before Foundation Day and its substitute
    date(2026, 11, 19),  # an ordinary Thursday
    date(2026, 12, 23),
    date(2026, 12, 30),
)


@dataclass(frozen=True, slots=True)
class Lived:
    """A world that came to its end: how many legs it had, and what became of what."""

    sagas: int
    tally: Counter[str]


class WorldFailedError(Exception):
    """A world in which a promise was broken. ``trace`` says how it came about."""

    def __init__(self, seed: int, index: int, cause: Exception, trace: str) -> None:
        super().__init__(
            f"{cause}\n  replay: python -m tests.simulation --seed {seed} --world {index}"
        )
        self.seed = seed
        self.index = index
        self.cause = cause
        self.trace = trace

    def __reduce__(self) -> tuple[type[WorldFailedError], tuple[int, int, Exception, str]]:
        """Cross a process boundary whole."""
        return WorldFailedError, (self.seed, self.index, self.cause, self.trace)


def live(seed: int, index: int) -> Lived:
    """Live one world of a seed.

    Raises
    ------
    WorldFailedError
        If a checker, or the domain itself, found something that must not be.
    """
    world = World(random.Random(f"{seed}/{index}"))  # noqa: S311 - chance that comes again
    try:
        with patch("transfer.submission.new_id", world.new_id):
            world.live()
    except CheckFailedError as failure:
        raise WorldFailedError(seed, index, failure, world.trace.about(*failure.subjects)) from None
    except Exception as error:
        raise WorldFailedError(seed, index, error, world.trace.about()) from error
    return Lived(len(world.watch.record.legs), world.watch.tally)


class World:
    """All there is, made from one source of chance."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._days = rng.randrange(2, 6)
        start = datetime.combine(rng.choice(_FIRST_DAYS), time(), SEOUL)
        start += timedelta(days=rng.randrange(3))
        self._schedule = schedule = Schedule(start)
        self.trace = trace = Trace(self._now_ms)
        self._ends_ms = schedule.now_ms + self._days * _DAY_MS
        names = [*ISSUERS, BANK]
        self._faults = faults = drawn_faults(rng, names, schedule.now_ms, self._ends_ms)
        self._ids = count(1)

        issuers = {code: IssuerBooks(self._now_ms, faults, rng) for code in ISSUERS}
        bank = BankBooks(self._now_ms, faults, rng)
        sides: dict[str, PartnerSide] = {code: IssuerSide(one) for code, one in issuers.items()}
        sides[BANK] = BankSide(bank, rng)
        network = Network(schedule, faults, rng, trace, sides, read_request)

        amounts = Amounts()
        members = [f"M#{number:02}" for number in range(_PERSONS)]
        self._people = people = People(amounts, members)
        due_times = DueTimes(self._on_due)
        self._table = table = MemoryTransfers(people, due_times)
        workers = Workers(
            schedule, MemoryLegs(table), network, CountedIds(), self._dangers, self._repeated
        )
        self._lanes = Lanes(schedule, faults, rng, workers.deliver)
        self._sweeper = Sweeper(
            schedule, due_times, due_times, self._lanes, self._dangers, self._missed
        )
        self.watch: Watch = watch(self._public(), people, Books(issuers, bank))
        self._devices = Devices(schedule, rng, people.persons, amounts, self._api, self.watch)

    def live(self) -> None:
        """Let days pass with visits and faults, then time until nothing moves, and look."""
        for _ in range(_VISITS):
            self._devices.visit(self._rng.randrange(self._days))
        self._schedule.run(self._ends_ms)
        self._faults.calm()
        quiet = self._schedule.run(self._ends_ms + _QUIET_WITHIN_DAYS * _DAY_MS)
        if not quiet:
            raise CheckFailedError("ends", "something still moves")
        self.watch.end(self._table.postings())

    def new_id(self, prefix: str) -> str:
        """Return an id that looks like a UUIDv7 and comes again with the seed."""
        return f"{prefix}_00000000-0000-7000-8000-{next(self._ids):012x}"

    def _dangers(self, actor: str) -> Dangers:
        return Dangers(actor, self._schedule, self._faults, self._rng, self.trace)

    def _repeated(self, _worker: str) -> bool:
        return self._rng.random() < self._faults.message_repeated

    def _missed(self) -> bool:
        return self._rng.random() < self._faults.sweep_missed

    def _on_due(self, due_ms: int) -> None:
        self._sweeper.due(due_ms)

    def _now_ms(self) -> int:
        return self._schedule.now_ms

    def _api(self) -> Submission:
        cross = self._dangers("api")
        return Submission(
            CrossedFunds(cross, self._people),
            CrossedTransfers(cross, self._table),
            CrossedLanes(cross, _Topic(self._lanes.send_legs)),
            _CALENDARS,
            self._schedule.clock,
        )

    def _public(self) -> Submission:
        return Submission(
            self._people,
            self._table,
            _Topic(self._lanes.send_legs),
            _CALENDARS,
            self._schedule.clock,
        )


class _Topic:
    def __init__(self, send: Callable[[list[Leg]], None]) -> None:
        self.send = send


class _Calendars:
    def __init__(self) -> None:
        self._calendar = BusinessCalendar()

    def calendar(self) -> BusinessCalendar:
        """Return the calendar."""
        return self._calendar


_CALENDARS = _Calendars()
