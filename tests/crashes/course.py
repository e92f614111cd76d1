"""One transfer from the member's request until nothing moves any more, struck once or not."""

from __future__ import annotations

import random
from itertools import count
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import uuid4

from modupoint.aws import AwsError
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import epoch_ms
from modupoint.problems import Problem
from tests.crashes.strikes import Strike, Struck
from tests.simulation.bank_books import BankBooks
from tests.simulation.checkers.books import Books
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.checkers.submissions import Asked
from tests.simulation.checkers.watch import watch
from tests.simulation.crossed_ports import CrossedFunds, CrossedLanes, CrossedTransfers
from tests.simulation.crossing import WorkerKilledError
from tests.simulation.due_times import DueTimes
from tests.simulation.issuer_books import IssuerBooks
from tests.simulation.lanes import Lanes
from tests.simulation.network import Network
from tests.simulation.partner_sides import BANK, BankSide, IssuerSide, read_request
from tests.simulation.people import Amounts, People
from tests.simulation.schedule import Schedule
from tests.simulation.sweeper import Sweeper
from tests.simulation.trace import Trace
from tests.simulation.workers import CountedIds, Workers
from transfer.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crashes.scenarios import Scenario
    from tests.crashes.stores import Engine
    from tests.simulation.network import PartnerSide
    from transfer.legs import Leg, LegKey

_TRIES = 4
_TRY_AGAIN_MS = 2_000
_QUIET_WITHIN_MS = 12 * 24 * 3600 * 1000
_KEY = "key"


class Course:
    """A member, the scenario's partners, and workers that are struck at one call."""

    def __init__(
        self, scenario: Scenario, engine: Engine, strike: Strike | None = None, at: int = -1
    ) -> None:
        self._scenario = scenario
        self._engine = engine
        self._schedule = schedule = Schedule(scenario.starts)
        self.trace = trace = Trace(self._now_ms)
        self._ids = count(1)
        self._keys: list[LegKey] = []
        faults, rng = scenario.faults(), random.Random(1)  # noqa: S311 - the same each time

        issuers = {code: IssuerBooks(self._now_ms, faults, rng) for code in scenario.issuers}
        bank = BankBooks(self._now_ms, faults, rng)
        sides: dict[str, PartnerSide] = {code: IssuerSide(one) for code, one in issuers.items()}
        sides[BANK] = BankSide(bank, rng)
        network = Network(schedule, faults, rng, trace, sides, read_request)

        amounts = Amounts()
        # Courses share the tables of an engine: each has a member of its own.
        self._people = people = People(amounts, [f"M#{uuid4().hex}"])
        due_times = DueTimes(self._on_due)
        self._stores = engine.stores(people, due_times)
        self.struck = Struck(schedule, trace, self._join, strike, at)
        workers = Workers(
            schedule,
            self._stores.legs,
            network,
            CountedIds(),
            self.struck.crossing,
            self.struck.unacknowledged,
        )
        self._deliver = workers.deliver
        self._lanes = Lanes(schedule, faults, rng, self._delivered)
        self._sweeper = Sweeper(
            schedule,
            due_times,
            self._stores.due_legs,
            self._lanes,
            self.struck.crossing,
            lambda: False,
        )
        self._public = Submission(
            self._stores.funds, self._stores.transfers, self, _CALENDARS, schedule.clock
        )
        self._watch = watch(self._public, people, Books(issuers, bank))
        self._body: dict[str, Any] = {
            "account_id": next(iter(people.persons[0].numbers)),
            "items": [
                {"issuer": issuer, "point_code": code, "amount": amount}
                for issuer in scenario.issuers
                for code, amount in amounts.next(issuer)
            ],
        }

    def live(self) -> None:
        """Ask for the transfer, let time pass, and check.

        Raises
        ------
        CheckFailedError
            If a checker finds something, or the transfer does not end as it should.
        """
        with patch("transfer.submission.new_id", self._new_id):
            self._schedule.start(self._ask)
            until_ms = epoch_ms(self._scenario.starts) + _QUIET_WITHIN_MS
            if not self._schedule.run(until_ms):
                raise CheckFailedError("ends", "something still moves")
        self._watch.end(self._engine.postings(self._people))
        ends = {leg.status for leg in self._watch.record.legs.values()}
        if ends != {self._scenario.ends}:
            raise CheckFailedError("ends", f"{ends} instead of {self._scenario.ends}")
        if len(self._watch.record.legs) != len(self._scenario.issuers):
            raise CheckFailedError("idempotency", "more legs than were asked for")

    def send(self, legs: list[Leg]) -> None:
        """Tell the lanes, as the topic does."""
        self._keys = [leg.key for leg in legs]
        self._lanes.send_legs(legs)

    def _ask(self) -> None:
        """Ask until there is an answer, as a device does; again if the answer was lost."""
        for _ in range(_TRIES):
            if self._asked() and not self.struck.unacknowledged("api"):
                return
            self._schedule.pause(_TRY_AGAIN_MS)

    def _asked(self) -> bool:
        asked = Asked(self._people.persons[0].member, _KEY, self._body)
        cross = self.struck.crossing("api")
        api = Submission(
            CrossedFunds(cross, self._stores.funds),
            CrossedTransfers(cross, self._stores.transfers),
            CrossedLanes(cross, self),
            _CALENDARS,
            self._schedule.clock,
        )
        self._watch.asked(asked)
        try:
            answer, replayed = api.submit(asked.member, asked.key, asked.body)
        except (WorkerKilledError, *AwsError):
            return False
        except Problem as problem:
            self._watch.refused(asked, problem)
            return problem.code != "internal_error"
        self._watch.accepted(asked, answer, replayed=replayed)
        return True

    def _delivered(self, key: LegKey, again: Callable[[], None]) -> None:
        if key not in self._keys:
            self._keys.append(key)
        self._deliver(key, again)

    def _join(self, actor: str) -> None:
        """Let a second process do the work that an actor is doing."""
        if actor == "api":
            self._schedule.start(self._asked)
        elif actor == "sweep":
            self._sweeper.due(self._now_ms())
        else:
            for key in self._keys:
                self._deliver(key, lambda: None)

    def _on_due(self, due_ms: int) -> None:
        self._sweeper.due(due_ms)

    def _now_ms(self) -> int:
        return self._schedule.now_ms

    def _new_id(self, prefix: str) -> str:
        return f"{prefix}_00000000-0000-7000-8000-{next(self._ids):012x}"


class _Calendars:
    def __init__(self) -> None:
        self._calendar = BusinessCalendar()

    def calendar(self) -> BusinessCalendar:
        """Return the calendar."""
        return self._calendar


_CALENDARS = _Calendars()


def calls_of(scenario: Scenario, engine: Engine) -> list[str]:
    """Return every call that a scenario makes when nothing strikes."""
    course = Course(scenario, engine)
    course.live()
    return course.struck.calls
