"""The workers' queues: at least once, usually soon, in no order; and sometimes never."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from tests.simulation.faults import Faults
    from tests.simulation.schedule import Schedule

_USUAL_MS = 300
_LATE_MS = 30 * 60_000
VISIBILITY_MS = 90_000
"""When a message that was taken and not acknowledged comes again."""
_RECEIVES = 4


class Lanes[K]:
    """All queues. ``deliver`` starts a worker; ``told`` has every record there was a message of."""

    def __init__(
        self,
        schedule: Schedule,
        faults: Faults,
        rng: random.Random,
        deliver: Callable[[K, Callable[[], None]], None],
    ) -> None:
        self.told: dict[K, None] = {}
        self._schedule = schedule
        self._faults = faults
        self._rng = rng
        self._deliver = deliver

    def send(self, keys: Iterable[K]) -> int:
        """Send a message per record; returns how many were taken."""
        taken = 0
        for key in keys:
            self.told[key] = None
            self._send(key)
            taken += 1
        return taken

    def backlog(self) -> int:
        """Return how many messages wait; the sweep fills no queue it finds full."""
        return 0

    def _send(self, key: K) -> None:
        drawn, faults = self._rng.random(), self._faults
        if drawn < faults.message_lost:
            return
        self._put(key)
        if drawn > 1 - faults.message_repeated:
            self._put(key)

    def _put(self, key: K) -> None:
        late = self._rng.random() < self._faults.message_late
        delay_ms = 1 + int(self._rng.random() * (_LATE_MS if late else _USUAL_MS))
        self._schedule.after(delay_ms, lambda: self._receive(key, 1))

    def _receive(self, key: K, received: int) -> None:
        def again() -> None:
            if received < _RECEIVES:
                self._schedule.after(VISIBILITY_MS, lambda: self._receive(key, received + 1))

        self._deliver(key, again)
