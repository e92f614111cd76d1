"""The every-minute schedule, and how it sleeps while nothing is due.

A world spans days of which most minutes have nothing to sweep: the sweep runs in the
minute after a leg is due, and every minute while one still is.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modupoint.aws import AwsError
from tests.simulation.crossed_ports import CrossedDueLegs, CrossedQueues
from tests.simulation.crossing import WorkerKilledError
from transfer.sweeping import Sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.due_times import DueTimes
    from tests.simulation.lanes import Lanes
    from tests.simulation.schedule import Schedule
    from transfer.sweeping import DueLegs

_MINUTE_MS = 60_000


@dataclass(slots=True)
class Sweeper:
    """Runs the sweep when there is something to sweep."""

    schedule: Schedule
    due_times: DueTimes
    due_legs: DueLegs
    lanes: Lanes
    crossing: Callable[[str], Crossing]
    missed: Callable[[], bool]
    next_ms: int | None = None

    def due(self, due_ms: int) -> None:
        """Be told that a leg is due at a time."""
        minute = max(due_ms, self.schedule.now_ms) // _MINUTE_MS + 1
        self._plan(minute * _MINUTE_MS)

    def _plan(self, at_ms: int) -> None:
        if self.next_ms is not None and self.next_ms <= at_ms:
            return
        self.next_ms = at_ms
        self.schedule.after(at_ms - self.schedule.now_ms, lambda: self._start(at_ms))

    def _start(self, planned_ms: int) -> None:
        if self.next_ms == planned_ms:
            self.next_ms = None
            self.schedule.start(self._sweep)

    def _sweep(self) -> None:
        now_ms = self.schedule.now_ms
        if not self.missed():
            cross = self.crossing("sweep")
            sweep = Sweep(
                CrossedDueLegs(cross, self.due_legs),
                CrossedQueues(cross, self.lanes),
                self.schedule.clock,
            )
            with suppress(WorkerKilledError, *AwsError):
                sweep.run(self.due_times.issuers(now_ms))
        first_ms = self.due_times.first_ms()
        if first_ms is not None:
            self.due(first_ms)
