"""The every-minute schedule, and how it sleeps while nothing is due.

A world spans days of which most minutes have nothing to sweep: the sweep runs in the
minute after something is due, and every minute while something still is.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.aws import AwsError
from tests.simulation.crossing import WorkerKilledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.due_times import DueTimes
    from tests.simulation.schedule import Schedule

_MINUTE_MS = 60_000


@dataclass(slots=True)
class Sweeper:
    """Runs ``sweep`` over the lanes in which something is due."""

    schedule: Schedule
    due_times: DueTimes[Any]
    sweep: Callable[[Crossing, list[str]], None]
    crossing: Callable[[str], Crossing]
    missed: Callable[[], bool]
    next_ms: int | None = None

    def due(self, due_ms: int) -> None:
        """Be told that something is due at a time."""
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
            with suppress(WorkerKilledError, *AwsError):
                self.sweep(self.crossing("sweep"), self.due_times.lanes(now_ms))
        first_ms = self.due_times.first_ms()
        if first_ms is not None:
            self.due(first_ms)
