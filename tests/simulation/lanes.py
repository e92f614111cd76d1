"""The lanes' queues: at least once, usually soon, in no order; and sometimes never."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.faults import Faults
    from tests.simulation.schedule import Schedule
    from transfer.legs import Leg, LegKey

_USUAL_MS = 300
_LATE_MS = 30 * 60_000
VISIBILITY_MS = 90_000
"""When a message that was taken and not acknowledged comes again."""
_RECEIVES = 4


class Lanes:
    """All lanes, as ``LegLanes`` and ``LaneQueues``. ``deliver`` starts a worker."""

    def __init__(
        self,
        schedule: Schedule,
        faults: Faults,
        rng: random.Random,
        deliver: Callable[[LegKey, Callable[[], None]], None],
    ) -> None:
        self._schedule = schedule
        self._faults = faults
        self._rng = rng
        self._deliver = deliver

    def send_legs(self, legs: list[Leg]) -> None:
        """Tell the lanes of a transfer's legs."""
        for leg in legs:
            self._send(leg.key)

    def backlog(self, _issuer: str) -> int:
        """Return how many messages wait; the sweep fills no lane it finds full."""
        return 0

    def send(self, _issuer: str, legs: list[LegKey]) -> int:
        """Send a message per leg."""
        for key in legs:
            self._send(key)
        return len(legs)

    def _send(self, key: LegKey) -> None:
        drawn, faults = self._rng.random(), self._faults
        if drawn < faults.message_lost:
            return
        self._put(key)
        if drawn > 1 - faults.message_repeated:
            self._put(key)

    def _put(self, key: LegKey) -> None:
        late = self._rng.random() < self._faults.message_late
        delay_ms = 1 + int(self._rng.random() * (_LATE_MS if late else _USUAL_MS))
        self._schedule.after(delay_ms, lambda: self._receive(key, 1))

    def _receive(self, key: LegKey, received: int) -> None:
        def again() -> None:
            if received < _RECEIVES:
                self._schedule.after(VISIBILITY_MS, lambda: self._receive(key, received + 1))

        self._deliver(key, again)
