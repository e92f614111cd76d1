"""Simulated time: tasks take turns, one at a time, in an order that the seed decides.

A task is a function that runs until it pauses; everything else that runs meanwhile
runs inside that pause. So two workers meet at every port call there is, and the same
seed makes them meet in the same way again.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

from modupoint.clock import at_ms, epoch_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Schedule:
    """What happens when. ``now_ms`` is simulated business time in ms of the Unix epoch."""

    def __init__(self, start: datetime) -> None:
        self.now_ms = epoch_ms(start)
        self._events: list[tuple[int, int, Callable[[], object]]] = []
        self._count = 0
        self._hub = getcurrent()
        self._read_ms, self._read = self.now_ms, at_ms(self.now_ms)

    def clock(self) -> datetime:
        """Return business time, as the domain's ``Clock``."""
        if self._read_ms != self.now_ms:
            self._read_ms, self._read = self.now_ms, at_ms(self.now_ms)
        return self._read

    def monotonic(self) -> float:
        """Return seconds that no setting of a clock moves."""
        return self.now_ms / 1000

    def after(self, delay_ms: int, event: Callable[[], object]) -> None:
        """Let something happen; of two things at one moment the first named comes first."""
        self._count += 1
        heapq.heappush(self._events, (self.now_ms + delay_ms, self._count, event))

    def start(self, run: Callable[[], object], delay_ms: int = 0) -> None:
        """Start a task; only a task can pause."""
        self.after(delay_ms, greenlet(run, parent=self._hub).switch)

    def pause(self, pause_ms: int) -> None:
        """Let the others go on for so long."""
        self.after(pause_ms, getcurrent().switch)
        self._hub.switch()

    def run(self, until_ms: int) -> bool:
        """Let time pass; returns whether nothing was left to happen."""
        events = self._events
        while events and events[0][0] <= until_ms:
            self.now_ms, _, event = heapq.heappop(events)
            event()
        if not events:
            return True
        self.now_ms = until_ms
        return False
