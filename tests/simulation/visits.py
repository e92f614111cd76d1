"""Visits of members: when they come, and how they ask until there is an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from modupoint.clock import epoch_ms

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from tests.simulation.schedule import Schedule

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
_TRIES = 3
_ANY_TIME = 12

type Body = dict[str, Any]
type Wish = tuple[int, str, Body]
"""What is asked for in a visit: how many ms into it, under which key, and the body."""


@dataclass(frozen=True, slots=True)
class Visits:
    """The members' visits.

    ``edges`` are minutes of the day around which something changes, each with how often
    members come then, ``spread_min`` how far from it at most.
    """

    schedule: Schedule
    rng: random.Random
    edges: tuple[tuple[int, int], ...]
    spread_min: int

    def start_ms(self, day: int) -> int:
        """Return when somebody comes on a day of the world, counted from its first."""
        midnight = self.schedule.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + timedelta(days=day, milliseconds=self._time_of_day_ms())
        return max(epoch_ms(at), self.schedule.now_ms)

    def come(self, start_ms: int, wishes: Iterable[Wish], ask: Callable[[str, Body], bool]) -> None:
        """Ask for what is wished, from a time on; ``ask`` says whether there was an answer."""
        for later_ms, key, body in wishes:
            delay_ms = start_ms + later_ms - self.schedule.now_ms
            self.until_answered(partial(ask, key, body), delay_ms)

    def until_answered(self, ask: Callable[[], bool], delay_ms: int = 0) -> None:
        """Ask after a time, and again a few times while there is no answer."""

        def asking() -> None:
            for _ in range(_TRIES):
                if ask():
                    return
                self.schedule.pause(self.rng.choice((200, 2_000, 2 * MINUTE_MS)))

        self.schedule.start(asking, delay_ms)

    def _time_of_day_ms(self) -> int:
        weights = [*(weight for _, weight in self.edges), _ANY_TIME]
        edge = self.rng.choices([*(minute for minute, _ in self.edges), None], weights)[0]
        if edge is None:
            return self.rng.randrange(24 * HOUR_MS)
        spread_ms = int(self.rng.random() ** 2 * self.spread_min * MINUTE_MS)
        return max(edge * MINUTE_MS + self.rng.choice((-1, 1)) * spread_ms, 0)
