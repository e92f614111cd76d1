"""The issuers: what each can answer, and how it does when more is asked.

An issuer is a queue before a machine that does so many inquiries a second. Asked
less than that, it answers in its usual time; asked more, what is too much waits
inside it. Assumed: no issuer publishes its capacity, which is the first thing to ask
them before the day (docs/opening-day.md).
"""

from dataclasses import dataclass

import numpy as np

from bench.cost import ISSUER_S
from bench.opening_day.arrays import Floats
from modupoint.issuers import ISSUERS

WORK_SHARES: dict[str, float] = {
    "bc": 0.25,
    "shinhan": 0.13,
    "kb": 0.12,
    "nonghyup": 0.11,
}
"""Share of all the issuers' work that falls on one; the others share the rest alike.

Every lookup asks each of them once, but an inquiry at BC is answered by its member
banks' books and is that much more work. Applications on the first day were led by BC
(25 %), then Shinhan, KB and NH.
"""
MACHINE_PER_S = 5_000.0
"""Inquiries of average work a second that an issuer's machine does; assumed alike for all."""

_SPREAD = 0.45
_DRAWN = 1 << 17


def inquiries_per_s(issuer: str) -> float:
    """Return how many inquiries a second an issuer can answer."""
    return MACHINE_PER_S / (work_share(issuer) * len(ISSUERS))


def work_share(issuer: str) -> float:
    """Return the share of all the issuers' work that falls on one."""
    rest = (1 - sum(WORK_SHARES.values())) / (len(ISSUERS) - len(WORK_SHARES))
    return WORK_SHARES.get(issuer, rest)


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which an issuer accepts calls and never answers."""

    issuer: str
    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class Answering:
    """How long issuers take for an answer when all is well, on average, and its spread."""

    mean_s: float = ISSUER_S
    spread: float = _SPREAD


AS_ASSUMED = Answering()


class IssuerMachine:
    """One issuer: asked so many at a time, it says how long each answer takes."""

    def __init__(
        self,
        issuer: str,
        outages: tuple[Outage, ...],
        seed: int,
        answering: Answering = AS_ASSUMED,
    ) -> None:
        self.per_s = inquiries_per_s(issuer)
        self.queued = 0.0
        self.asked = 0
        self._outages = tuple(one for one in outages if one.issuer == issuer)
        # Drawn once and read round and round: a draw costs more than all the rest of a call.
        draw = np.random.default_rng(seed)
        mean_of_log = np.log(answering.mean_s) - answering.spread**2 / 2
        self._usual_s = draw.lognormal(mean_of_log, answering.spread, _DRAWN).astype(np.float32)
        self._at = 0
        self._order = np.arange(_DRAWN, dtype=np.float32)

    def is_dead(self, now_s: float) -> bool:
        """Whether it answers nobody now."""
        return any(one.from_s <= now_s < one.until_s for one in self._outages)

    def may_be_slow(self, now_s: float) -> bool:
        """Whether a call may take much longer than usual now."""
        return self.queued > self.per_s or self.is_dead(now_s)

    def answer_s(self, calls: int, within_s: float) -> Floats:
        """Return how long each of some calls takes that come within so many seconds."""
        self.asked += calls
        if self._at + calls > _DRAWN:
            self._at = 0
        took = self._usual_s[self._at : self._at + calls]
        self._at += calls
        if self.queued + calls > self.per_s * within_s:
            waits = (self.queued + self._order[:calls]) / self.per_s - within_s
            took = took + np.maximum(waits, 0, dtype=np.float32)
        self.queued += calls
        return took

    def pass_time(self, seconds: float) -> None:
        """Work off what waits."""
        self.queued = max(0.0, self.queued - self.per_s * seconds)
