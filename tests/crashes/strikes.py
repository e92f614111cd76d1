"""What can happen at one call, and the crossing that lets it happen at a chosen one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tests.simulation.crossing import WorkerKilledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.crossing import Crossing
    from tests.simulation.schedule import Schedule
    from tests.simulation.trace import Trace

_TRIP_MS = 5
_MEANWHILE_MS = 30_000
_OVERTAKEN_MS = 15 * 60_000


class Strike(Enum):
    """What happens at a call."""

    KILLED_BEFORE = "the process ends before it"
    KILLED_AFTER = "the process ends after it"
    UNACKNOWLEDGED = "the process does all its work and ends before it says so"
    FAILED_AFTER = "it is done, and the caller is told that it failed"
    JOINED_BEFORE = "a second process does the same work just before it"
    JOINED_AFTER = "a second process does the same work just after it"
    OVERTAKEN = "it stands still, and everything sent later comes first"


@dataclass(slots=True)
class Struck:
    """Counts calls and strikes at one. ``join`` lets a second process do an actor's work."""

    schedule: Schedule
    trace: Trace
    join: Callable[[str], None]
    strike: Strike | None = None
    at: int = -1
    calls: list[str] = field(default_factory=list)
    _unacknowledged: set[str] = field(default_factory=set)

    def crossing(self, actor: str) -> Crossing:
        """Return what stands between an actor and its ports."""

        def cross[T](
            port: str, subject: str, effect: Callable[[], T], *, repeatable: bool = False
        ) -> T:
            del repeatable
            return self._cross(actor, port, subject, effect)

        return cross

    def unacknowledged(self, actor: str) -> bool:
        """Say, once, whether an actor's work is to be taken for not done."""
        found = actor in self._unacknowledged
        self._unacknowledged.discard(actor)
        return found

    def _cross[T](self, actor: str, port: str, subject: str, effect: Callable[[], T]) -> T:
        to_partner = port.startswith("partner")
        path = subject.rpartition("/")[2] if to_partner else ""
        strike = self.strike if len(self.calls) == self.at else None
        self.calls.append(f"{actor.partition(' ')[0]}: {port} {path}".rstrip())
        self.trace(actor, subject, port if strike is None else f"{port} {strike.name}")
        match strike:
            case Strike.KILLED_BEFORE:
                raise WorkerKilledError
            case Strike.UNACKNOWLEDGED:
                self._unacknowledged.add(actor)
            case Strike.JOINED_BEFORE:
                self._meanwhile(actor)
            case Strike.OVERTAKEN if not to_partner:
                # A call to a partner that stands still so long is the network's to end.
                self.schedule.pause(_OVERTAKEN_MS)
        self.schedule.pause(_TRIP_MS)
        result = effect()
        match strike:
            case Strike.KILLED_AFTER:
                raise WorkerKilledError
            case Strike.FAILED_AFTER if not to_partner:
                raise ClientError({"Error": {"Code": "InternalServerError"}}, port)
            case Strike.JOINED_AFTER:
                self._meanwhile(actor)
        return result

    def _meanwhile(self, actor: str) -> None:
        self.join(actor)
        self.schedule.pause(_MEANWHILE_MS)
