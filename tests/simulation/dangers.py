"""The crossing of the simulation: calls take time, and some of them go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tests.simulation.crossing import WorkerKilledError
from tests.simulation.faults import Hazard, of_any_size

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.faults import Faults
    from tests.simulation.schedule import Schedule
    from tests.simulation.trace import Trace

_LONGEST_TRIP_MS = 12
_FREEZE_MS = (1_000, 90 * 60_000)


@dataclass(frozen=True, slots=True)
class Dangers:
    """What stands between one process and its ports."""

    actor: str
    schedule: Schedule
    faults: Faults
    rng: random.Random
    trace: Trace

    def __call__[T](
        self, port: str, subject: str, effect: Callable[[], T], *, repeatable: bool = False
    ) -> T:
        """Have a port call done, or not, or twice."""
        to_partner = port.startswith("partner")
        hazard = (self.faults.partner if to_partner else self.faults.store).draw(self.rng)
        self.trace(self.actor, subject, port if hazard is None else f"{port} {hazard.name}")
        if hazard is Hazard.KILLED_BEFORE:
            raise WorkerKilledError
        if hazard is Hazard.FAILED_BEFORE:
            raise _unavailable(port)
        if not to_partner:
            # The way back takes no time: whatever could happen during it happens on
            # the way to the next call.
            self._travel(frozen=hazard is Hazard.FROZEN_BEFORE)
        result = effect()
        if hazard is None:
            return result
        if hazard is Hazard.REPEATED and repeatable:
            self._travel(frozen=False)
            result = effect()
        if hazard is Hazard.KILLED_AFTER:
            raise WorkerKilledError
        if hazard is Hazard.FAILED_AFTER:
            raise _unavailable(port)
        if hazard is Hazard.FROZEN_AFTER:
            self._travel(frozen=True)
        return result

    def _travel(self, *, frozen: bool) -> None:
        trip_ms = 1 + int(self.rng.random() * _LONGEST_TRIP_MS)
        if frozen:
            trip_ms += of_any_size(self.rng, *_FREEZE_MS)
        self.schedule.pause(trip_ms)


def _unavailable(port: str) -> ClientError:
    return ClientError({"Error": {"Code": "InternalServerError", "Message": port}}, port)
