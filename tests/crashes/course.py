"""One member's requests until nothing moves any more, struck once or not."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

from modupoint.aws import AwsError
from modupoint.clock import epoch_ms
from tests.crashes.strikes import Strike, Struck
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.crossing import WorkerKilledError
from tests.simulation.schedule import Schedule
from tests.simulation.stage import Stage
from tests.simulation.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tests.crashes.stores import Engine
    from tests.simulation.crossing import Crossing
    from tests.simulation.faults import Faults
    from tests.simulation.machinery import Machinery

_TRIES = 4
_TRY_AGAIN_MS = 2_000
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Request:
    """What a member asks for, so long after the answer to the one before.

    ``ask`` asks once, on a process of the API over crossed ports, and returns whether
    there was an answer. ``actor`` is that process.
    """

    actor: str
    after_ms: int
    ask: Callable[[Crossing], bool]


class Play(Protocol):
    """A scenario as it is played: stores, partners, and who watches."""

    @property
    def machinery(self) -> Machinery[Any]:
        """What moves its records."""

    @property
    def requests(self) -> Sequence[Request]:
        """What its member asks for, in turn."""

    def end(self) -> None:
        """Check everything, once nothing moves any more."""


class Scenario(Protocol):
    """What happens, told beforehand."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def starts(self) -> datetime:
        """When it begins."""

    @property
    def quiet_within_days(self) -> int:
        """After how many days nothing may move any more."""

    @property
    def ids_made_by(self) -> str:
        """The function that its domain makes ids with."""

    def faults(self) -> Faults:
        """Return what goes wrong: only what was scripted."""

    def play(self, stage: Stage, engine: Engine) -> Play:
        """Return everything there is, over an engine's stores."""


class Course:
    """A scenario that is struck at one call."""

    def __init__(
        self, scenario: Scenario, engine: Engine, strike: Strike | None = None, at: int = -1
    ) -> None:
        self._scenario = scenario
        self._schedule = schedule = Schedule(scenario.starts)
        self.trace = trace = Trace(lambda: schedule.now_ms)
        self._ids = count(1)
        self.struck = struck = Struck(schedule, trace, self._join, strike, at)
        rng = random.Random(1)  # noqa: S311 - the same each time
        stage = Stage(
            schedule,
            scenario.faults(),
            rng,
            trace,
            struck.crossing,
            struck.unacknowledged,
            lambda: False,
        )
        self._play = scenario.play(stage, engine)

    def live(self) -> None:
        """Ask, let time pass, and check.

        Raises
        ------
        CheckFailedError
            If a checker finds something, or the scenario does not end as it should.
        """
        with patch(self._scenario.ids_made_by, self._new_id):
            self._schedule.start(self._asking)
            days_ms = self._scenario.quiet_within_days * _DAY_MS
            if not self._schedule.run(epoch_ms(self._scenario.starts) + days_ms):
                raise CheckFailedError("ends", "something still moves")
        self._play.end()

    def _asking(self) -> None:
        for request in self._play.requests:
            if request.after_ms:
                self._schedule.pause(request.after_ms)
            self._ask_until_answered(request)

    def _ask_until_answered(self, request: Request) -> None:
        """Ask until there is an answer, as a device does; again if the answer was lost."""
        for _ in range(_TRIES):
            if self._asked(request) and not self.struck.unacknowledged(request.actor):
                return
            self._schedule.pause(_TRY_AGAIN_MS)

    def _asked(self, request: Request) -> bool:
        try:
            return request.ask(self.struck.crossing(request.actor))
        except (WorkerKilledError, *AwsError):
            return False

    def _join(self, actor: str) -> None:
        """Let a second process do the work that an actor is doing."""
        asked = [request for request in self._play.requests if request.actor == actor]
        for request in asked:
            self._schedule.start(partial(self._asked, request))
        if actor == "sweep":
            self._play.machinery.sweeper.due(self._schedule.now_ms)
        elif not asked:
            self._play.machinery.deliver_all()

    def _new_id(self, prefix: str) -> str:
        return f"{prefix}_00000000-0000-7000-8000-{next(self._ids):012x}"


def calls_of(scenario: Scenario, engine: Engine) -> list[str]:
    """Return every call that a scenario makes when nothing strikes."""
    course = Course(scenario, engine)
    course.live()
    return course.struck.calls
