"""A world: some members, their partners, workers, a few days, and a seed.

Everything in it is drawn from the seed, and nothing else moves it: a world that
failed fails again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Protocol
from unittest.mock import patch

from modupoint.clock import SEOUL
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.dangers import Dangers
from tests.simulation.faults import drawn_faults
from tests.simulation.schedule import Schedule
from tests.simulation.stage import Stage
from tests.simulation.trace import Trace

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from datetime import date

_DAY_MS = 24 * 3600 * 1000


class Subject(Protocol):
    """What a world is about."""

    @property
    def sagas(self) -> int:
        """How many sagas there were."""

    @property
    def tally(self) -> Counter[str]:
        """What became of what."""

    def visit(self, day: int) -> None:
        """Let a member come on a day of the world, counted from its first."""

    def end(self) -> None:
        """Check everything, once nothing moves any more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of world.

    It begins on one of ``first_days`` or soon after. Faults end with its days; from then
    on everything must come to its end ``quiet_within_days``. ``ids_made_by`` names the
    function that its domain makes ids with.
    """

    name: str
    subject: Callable[[Stage], Subject]
    partners: tuple[str, ...]
    first_days: tuple[date, ...]
    visits: int
    quiet_within_days: int
    ids_made_by: str


@dataclass(frozen=True, slots=True)
class Lived:
    """A world that came to its end: how many sagas it had, and what became of what."""

    sagas: int
    tally: Counter[str]


class WorldFailedError(Exception):
    """A world in which a promise was broken. ``trace`` says how it came about."""

    def __init__(self, kind: str, seed: int, index: int, cause: Exception, trace: str) -> None:
        super().__init__(
            f"{cause}\n"
            f"  replay: python -m tests.simulation --what {kind} --seed {seed} --world {index}"
        )
        self.kind = kind
        self.seed = seed
        self.index = index
        self.cause = cause
        self.trace = trace

    def __reduce__(self) -> tuple[type[WorldFailedError], tuple[str, int, int, Exception, str]]:
        """Cross a process boundary whole."""
        return WorldFailedError, (self.kind, self.seed, self.index, self.cause, self.trace)


def live(kind: Kind, seed: int, index: int) -> Lived:
    """Live one world of a seed.

    Raises
    ------
    WorldFailedError
        If a checker, or the domain itself, found something that must not be.
    """
    world = World(kind, random.Random(f"{seed}/{index}"))  # noqa: S311 - chance that comes again
    try:
        world.live()
    except CheckFailedError as failure:
        told = world.trace.about(*failure.subjects)
        raise WorldFailedError(kind.name, seed, index, failure, told) from None
    except Exception as error:
        raise WorldFailedError(kind.name, seed, index, error, world.trace.about()) from error
    return Lived(world.subject.sagas, world.subject.tally)


class World:
    """All there is, made from one source of chance."""

    def __init__(self, kind: Kind, rng: random.Random) -> None:
        self._kind = kind
        self._rng = rng
        self._days = rng.randrange(2, 6)
        start = datetime.combine(rng.choice(kind.first_days), time(), SEOUL)
        start += timedelta(days=rng.randrange(3))
        self._schedule = schedule = Schedule(start)
        self.trace = trace = Trace(self._now_ms)
        self._ends_ms = schedule.now_ms + self._days * _DAY_MS
        self._faults = faults = drawn_faults(rng, kind.partners, schedule.now_ms, self._ends_ms)
        self._ids = count(1)
        self.subject = kind.subject(
            Stage(schedule, faults, rng, trace, self._dangers, self._repeated, self._missed)
        )

    def live(self) -> None:
        """Let days pass with visits and faults, then time until nothing moves, and look."""
        with patch(self._kind.ids_made_by, self._new_id):
            for _ in range(self._kind.visits):
                self.subject.visit(self._rng.randrange(self._days))
            self._schedule.run(self._ends_ms)
            self._faults.calm()
            quiet_ms = self._ends_ms + self._kind.quiet_within_days * _DAY_MS
            if not self._schedule.run(quiet_ms):
                raise CheckFailedError("ends", "something still moves")
            self.subject.end()

    def _new_id(self, prefix: str) -> str:
        """Return an id that looks like a UUIDv7 and comes again with the seed."""
        return f"{prefix}_00000000-0000-7000-8000-{next(self._ids):012x}"

    def _dangers(self, actor: str) -> Dangers:
        return Dangers(actor, self._schedule, self._faults, self._rng, self.trace)

    def _repeated(self, _worker: str) -> bool:
        return self._rng.random() < self._faults.message_repeated

    def _missed(self) -> bool:
        return self._rng.random() < self._faults.sweep_missed

    def _now_ms(self) -> int:
        return self._schedule.now_ms
