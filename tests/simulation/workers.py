"""The environments that move records: each its own process, with its own token and connections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modupoint.aws import AwsError
from tests.simulation.checkers.failure import require
from tests.simulation.crossing import WorkerKilledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.schedule import Schedule


@dataclass(slots=True)
class Workers[K]:
    """As many environments as there are messages at once; a dead one is not used again.

    ``environment`` makes one over its ports, as what it does with a message; ``about``
    names a record in traces, and one that needed ``most_runs`` messages will never come to
    its end. ``crossing`` gives an environment what stands between it and its ports.
    ``unacknowledged`` says, when one has moved a record, that its message comes again all
    the same.
    """

    schedule: Schedule
    environment: Callable[[Crossing], Callable[[K], None]]
    about: Callable[[K], str]
    most_runs: int
    crossing: Callable[[str], Crossing]
    unacknowledged: Callable[[str], bool]
    idle: list[tuple[str, Callable[[K], None]]] = field(default_factory=list)
    made: int = 0
    runs: Counter[K] = field(default_factory=Counter)

    def deliver(self, key: K, again: Callable[[], None]) -> None:
        """Give a message to an environment; ``again`` makes it come back."""
        self.schedule.start(lambda: self._work(key, again))

    def _work(self, key: K, again: Callable[[], None]) -> None:
        self.runs[key] += 1
        require(self.runs[key] < self.most_runs, "ends", "worked on without end", self.about(key))
        name, work = self.idle.pop() if self.idle else self._new()
        try:
            work(key)
        except WorkerKilledError:
            again()
            return
        except AwsError:
            again()
        self.idle.append((name, work))
        if self.unacknowledged(name):
            again()

    def _new(self) -> tuple[str, Callable[[K], None]]:
        self.made += 1
        name = f"worker {self.made}"
        return name, self.environment(self.crossing(name))
