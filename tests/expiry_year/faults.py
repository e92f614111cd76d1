"""What goes wrong in a year, how often: drawn anew for each world (swarm testing)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tests.simulation.crossing import WorkerKilledError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from tests.simulation.schedule import Schedule

_HOUR_MS = 3_600_000
_LONGEST_SILENCE_H = 9
"""A scan may stand still for so long that a night of the 28th still ends in its month."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which somebody does nothing."""

    from_ms: int
    to_ms: int

    def holds(self, now_ms: int) -> bool:
        return self.from_ms <= now_ms < self.to_ms


@dataclass(slots=True)
class Faults:
    """A world's troubles. Rates are between 0 and 1."""

    rng: random.Random
    killed: float
    failed: float
    doubled: float
    slow: float
    deposits_refused: float
    scan_outages: list[Outage]
    issuer_outages: dict[str, list[Outage]]

    def copies(self) -> int:
        """Return how often a message is delivered."""
        return 1 + (self.rng.random() < self.doubled)

    def delay_ms(self) -> int:
        """Return how long something takes that usually takes seconds."""
        if self.rng.random() < self.slow:
            return self.rng.randrange(30 * _HOUR_MS)
        return self.rng.randrange(500, 60_000)

    def deposit_fails(self) -> bool:
        return self.rng.random() < self.deposits_refused

    def issuer_is_down(self, issuer: str, now_ms: int) -> bool:
        return any(one.holds(now_ms) for one in self.issuer_outages.get(issuer, ()))

    def issuer_was_down(self, issuer: str, from_ms: int, to_ms: int) -> bool:
        """Say whether an issuer was down at any time between two."""
        outages = self.issuer_outages.get(issuer, ())
        return any(one.from_ms < to_ms and from_ms < one.to_ms for one in outages)

    def scan_stands_still(self, now_ms: int) -> bool:
        return any(one.holds(now_ms) for one in self.scan_outages)


def drawn_faults(rng: random.Random, issuers: Iterable[str], from_ms: int, to_ms: int) -> Faults:
    """Return a world's troubles."""

    def outages(count: int, longest_h: int) -> list[Outage]:
        starts = [rng.randrange(from_ms, to_ms) for _ in range(count)]
        return [Outage(one, one + rng.randrange(1, longest_h * _HOUR_MS)) for one in starts]

    return Faults(
        rng,
        killed=rng.choice((0, 0, 0.02, 0.15)),
        failed=rng.choice((0, 0, 0.02, 0.15)),
        doubled=rng.choice((0, 0.1, 1)),
        slow=rng.choice((0, 0, 0.05)),
        deposits_refused=rng.choice((0, 0, 0.3)),
        scan_outages=outages(rng.choice((0, 4, 30)), _LONGEST_SILENCE_H),
        issuer_outages={code: outages(rng.choice((0, 0, 3, 12)), 40) for code in issuers},
    )


@dataclass(frozen=True, slots=True)
class Strikes:
    """Stands between the scan and a port: calls take time, and some of them go wrong."""

    schedule: Schedule
    faults: Faults

    def around[Port](self, port: Port) -> Port:
        """Return a port each call of which may be struck."""
        return _Struck(port, self)  # type: ignore[return-value]

    def call[T](self, name: str, effect: Callable[[], T]) -> T:
        """Have a call done, or not, or done and its caller killed."""
        rng = self.faults.rng
        self.schedule.pause(rng.randrange(1, 400) if rng.random() < 0.95 else 20_000)
        self._strike(name)
        result = effect()
        self._strike(name)
        return result

    def _strike(self, name: str) -> None:
        drawn = self.faults.rng.random()
        if drawn < self.faults.killed / 2:
            raise WorkerKilledError
        if drawn < (self.faults.killed + self.faults.failed) / 2:
            raise ClientError({"Error": {"Code": "InternalServerError", "Message": name}}, name)


class _Struck:
    def __init__(self, port: object, strikes: Strikes) -> None:
        self._port = port
        self._strikes = strikes

    def __getattr__(self, name: str) -> Callable[..., object]:
        done = getattr(self._port, name)

        def struck(*args: object, **options: object) -> object:
            return self._strikes.call(name, lambda: done(*args, **options))

        return struck
