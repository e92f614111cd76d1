"""What every world has, whatever moves in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.faults import Faults
    from tests.simulation.schedule import Schedule
    from tests.simulation.trace import Trace


@dataclass(frozen=True, slots=True)
class Stage:
    """Time, chance, and what goes wrong.

    ``crossing`` gives a process what stands between it and its ports.
    ``unacknowledged`` says, when one has done its work, that its message comes again all
    the same; ``missed`` that a sweep does not take place.
    """

    schedule: Schedule
    faults: Faults
    rng: random.Random
    trace: Trace
    crossing: Callable[[str], Crossing]
    unacknowledged: Callable[[str], bool]
    missed: Callable[[], bool]

    def now_ms(self) -> int:
        """Return the time."""
        return self.schedule.now_ms
