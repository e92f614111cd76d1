"""How the cost of lookups grows from a thousand to a hundred million a month.

A lookup's price lies between *alone* and *in the rush*: what a batch costs is shared by the
messages that come together, and how many do at which rate was seen in the opening day's
simulation. Two more things count when few come. Environments that nobody has asked for
a while start anew, and those that live fetch their credentials every few minutes. And
what stands still costs without any lookup: alarms, keys, mappings that ask empty queues.
None of that is compute.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.cost import LAMBDA_GB_S, Invocation, Parts, added, times
from bench.lookup_cost import LANES, POLL, POST, TEN, LookupCost
from bench.opening_day.growth import BUSY_TIMES_AVERAGE, MONTH_S, MONTHLY
from query.lanes import LANE_BATCH_SIZE

TOGETHER: tuple[tuple[float, float], ...] = (
    (0.0, 1.0),
    (6.8, 1.08),
    (14.2, 1.59),
    (24.5, 2.8),
    (43.7, 5.17),
    (136.0, 8.17),
)
"""Lookups a second, and how many messages a worker found together: averages over the minutes
of ``make opening-day SCALE=1``."""
KEPT_WARM_S = 600.0
"""How long Lambda keeps an environment that nobody asks (background knowledge)."""
_CREDENTIALS_KEPT_S = 300.0
# USD a call (background knowledge; KMS from the price table).
_SECRET_READ, _KMS_DECRYPT = 5e-6, 3e-6


@dataclass(frozen=True, slots=True)
class Growth:
    """A month of so many lookups, in USD: by part, and what stands still."""

    lookups: int
    together: float
    by_part: Parts
    standing: Parts

    @property
    def per_lookup_usd(self) -> float:
        """What one more lookup costs."""
        return sum(self.by_part.values()) / self.lookups

    @property
    def total_usd(self) -> float:
        """All of it."""
        return sum(self.by_part.values()) + sum(self.standing.values())


@dataclass(frozen=True, slots=True)
class Starts:
    """What the start of every function that a lookup meets costs, in USD: CPU is at full speed."""

    usd: float

    @classmethod
    def of(cls, init_ms: Mapping[str, float], operations: Mapping[str, Invocation]) -> "Starts":
        """Price one start of each API function and of a worker for each lane.

        Parameters
        ----------
        init_ms
            CPU of a start by function, as measured.
        """
        api = [(name, operations[name], 1) for name in (POST, POLL)]
        met = [*api, ("AskIssuer", operations[TEN], LANES)]
        time = sum(
            times_met * init_ms[name] / 1000 * one.memory_mb / 1024 * LAMBDA_GB_S
            for name, one, times_met in met
        )
        return cls(time + LANES * _KMS_DECRYPT)


def grown(
    alone: LookupCost, rush: LookupCost, starts: Starts, worker_s: float, standing: Parts
) -> list[Growth]:
    """Return a month of each size.

    Parameters
    ----------
    worker_s
        How long a worker takes for a batch: decides how many are awake.
    """
    return [_month(lookups, alone, rush, starts, worker_s, standing) for lookups in MONTHLY]


def together(lookups_per_s: float) -> float:
    """Return how many messages come together at a rate."""
    rates, sizes = zip(*TOGETHER, strict=True)
    return float(np.interp(lookups_per_s, rates, sizes))


def _month(
    lookups: int,
    alone: LookupCost,
    rush: LookupCost,
    starts: Starts,
    worker_s: float,
    standing: Parts,
) -> Growth:
    rate = lookups / MONTH_S * BUSY_TIMES_AVERAGE
    size = together(rate)
    shared_by_few = (1 / size - 1 / LANE_BATCH_SIZE) / (1 - 1 / LANE_BATCH_SIZE)
    met_nobody_awake = lookups * math.exp(-rate * KEPT_WARM_S)
    busy_s = MONTH_S / BUSY_TIMES_AVERAGE
    awake = max(LANES, rate * LANES / size * worker_s)
    asked_meanwhile = 1 - math.exp(-rate * _CREDENTIALS_KEPT_S)
    fetches = busy_s / _CREDENTIALS_KEPT_S * awake * asked_meanwhile
    parts = added(
        times(lookups * shared_by_few, alone.parts),
        times(lookups * (1 - shared_by_few), rush.parts),
        {"starts": met_nobody_awake * starts.usd, "credentials": fetches * _SECRET_READ},
    )
    return Growth(lookups, size, parts, standing)
