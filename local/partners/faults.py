"""What can be made to go wrong at a partner, and when it does.

A spec per target (``issuers/shinhan``, ``identity``) says how slow it is, how
much it can take, and which faults hit which requests. Chance is drawn from a
seed, the target and the number of the request, so that a rehearsal repeated
with the same seed meets the same faults, whatever runs beside it and however
often the process is restarted.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.partners.documents import Documents

# No wait is longer than the longest horizon a partner has (the bank's 10 min).
WAIT_LIMIT_MS = 600_000

type Ms = Annotated[float, Field(ge=0, le=WAIT_LIMIT_MS)]
type MalformedBody = Literal[
    "not_json", "truncated_json", "wrong_types", "missing_fields", "negative_amounts", "html"
]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FixedLatency(_Spec):
    """Always the same."""

    kind: Literal["fixed"]
    ms: Ms

    def draw_ms(self, _: random.Random) -> float:
        """Return how long this answer takes, in milliseconds."""
        return self.ms


class UniformLatency(_Spec):
    """Anything between two bounds."""

    kind: Literal["uniform"]
    min_ms: Ms
    max_ms: Ms

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_ms > self.max_ms:
            raise ValueError("min_ms is more than max_ms")
        return self

    def draw_ms(self, dice: random.Random) -> float:
        """Return how long this answer takes, in milliseconds."""
        return dice.uniform(self.min_ms, self.max_ms)


class LognormalLatency(_Spec):
    """Mostly near the median, with a long tail: what real services look like."""

    kind: Literal["lognormal"]
    median_ms: Annotated[float, Field(gt=0, le=WAIT_LIMIT_MS)]
    sigma: Annotated[float, Field(ge=0, le=5)] = 0.5
    max_ms: Ms = WAIT_LIMIT_MS

    def draw_ms(self, dice: random.Random) -> float:
        """Return how long this answer takes, in milliseconds."""
        return min(self.max_ms, self.median_ms * dice.lognormvariate(0, self.sigma))


class ExponentialLatency(_Spec):
    """A queue's waiting time."""

    kind: Literal["exponential"]
    mean_ms: Annotated[float, Field(gt=0, le=WAIT_LIMIT_MS)]
    max_ms: Ms = WAIT_LIMIT_MS

    def draw_ms(self, dice: random.Random) -> float:
        """Return how long this answer takes, in milliseconds."""
        return min(self.max_ms, dice.expovariate(1 / self.mean_ms))


type Latency = Annotated[
    FixedLatency | UniformLatency | LognormalLatency | ExponentialLatency,
    Field(discriminator="kind"),
]


class _Fault(_Spec):
    """What every fault has.

    ``probability`` is per matching request; ``count`` ends the fault after so
    many hits; ``operation`` limits it to one operation of the partner.
    """

    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    count: Annotated[int, Field(ge=1)] | None = None
    operation: str | None = None


class ErrorFault(_Fault):
    """Any answer; ``body`` replaces the partner's usual words.

    ``rsp_code`` defaults to the partner's for internal trouble, or to its success
    if a ``bank_rsp_code`` says what went wrong behind it. Nothing is done, unless
    ``effect`` is ``done``, or ``late``: then it is ``ms`` after the answer.
    """

    kind: Literal["error"]
    http_status: Annotated[int, Field(ge=200, le=599)]
    rsp_code: str | None = None
    rsp_msg: str = "error"
    bank_rsp_code: Annotated[str, Field(pattern=r"^\d{3}$")] | None = None
    bank_rsp_message: str = ""
    body: JsonValue = None
    effect: Literal["none", "done", "late"] = "none"
    ms: Ms = 0


class BusyFault(_Fault):
    """429 or 503, definitely not done, with ``Retry-After``."""

    kind: Literal["too_many_requests", "unavailable"]
    retry_after_seconds: Annotated[int, Field(ge=0, le=3600)] = 1


class TroubleFault(_Fault):
    """The partner's own trouble codes: 50001 maintenance, 50002 internal.

    Maintenance answers 200 and internal 500 unless ``http_status`` says otherwise:
    the contract has 200 with a refusal code for *not done* and 500 for *unknown*,
    and does not say which of the two these codes come with.
    """

    kind: Literal["maintenance", "internal"]
    http_status: Annotated[int, Field(ge=200, le=599)] | None = None


class HoldFault(_Fault):
    """No answer until the caller goes, or the connection is cut after ``max_seconds``.

    ``hang`` and ``timeout_before_effect`` do nothing; ``timeout_after_effect``
    does what was asked and keeps quiet about it.
    """

    kind: Literal["hang", "timeout_before_effect", "timeout_after_effect"]
    max_seconds: Annotated[float, Field(gt=0, le=WAIT_LIMIT_MS / 1000)] = 60


class CutFault(_Fault):
    """The connection is cut, before or after doing what was asked."""

    kind: Literal["cut_before_effect", "cut_after_effect"]


class MalformedFault(_Fault):
    """What was asked is done, the answer is 200, and its body is not the contract's.

    ``body`` left out takes one by chance.
    """

    kind: Literal["malformed"]
    body: MalformedBody | None = None


class LateFault(_Fault):
    """The answer comes after another ``ms``.

    The effect comes late too, even if the caller or the process has gone by then,
    unless ``effect`` is ``at_once``. Until it lands the partner knows of nothing;
    with ``taken_in`` the bank says that it is still in progress.
    """

    kind: Literal["late"]
    ms: Ms
    effect: Literal["late", "at_once"] = "late"
    taken_in: bool = False


# What happens when its moment has come, unlike what is late.
type SuddenFault = ErrorFault | BusyFault | TroubleFault | HoldFault | CutFault | MalformedFault

type Fault = Annotated[SuddenFault | LateFault, Field(discriminator="kind")]


FAULT_KINDS = [
    *("error", "too_many_requests", "unavailable", "maintenance", "internal"),
    *("hang", "timeout_before_effect", "timeout_after_effect"),
    *("cut_before_effect", "cut_after_effect", "malformed", "late"),
]
LATENCY_KINDS = ["fixed", "uniform", "lognormal", "exponential"]


class FaultSpec(_Spec):
    """Everything that is wrong with a target; the body of ``PUT /control/faults/{target}``.

    Faults are tried in order and the first that hits is the one that happens.
    ``latency`` replaces the partner's usual one. ``capacity_per_second`` refuses
    what comes faster with 429.
    """

    latency: Latency | None = None
    faults: Annotated[tuple[Fault, ...], Field(max_length=32)] = ()
    capacity_per_second: Annotated[float, Field(gt=0, le=100_000)] | None = None


class _Standing(_Spec):
    """A spec with the hits it has left, and the number of requests it has met."""

    spec: FaultSpec
    met: int = 0


@dataclass(frozen=True)
class Plan:
    """What will happen to one request.

    ``retry_after_s`` is set if the target is over its capacity, and then nothing
    else happens. ``dice`` decides what the fault itself leaves to chance.
    """

    latency_s: float
    fault: Fault | None
    retry_after_s: int | None
    dice: random.Random


class _Bucket:
    """Capacity: so many requests a second, and at most one second's worth at once."""

    def __init__(self, per_second: float, monotonic: Callable[[], float]) -> None:
        self._per_second = per_second
        self._depth = max(1.0, per_second)
        self._level = self._depth
        self._monotonic = monotonic
        self._at = monotonic()

    def take(self) -> bool:
        """Take one request's share; say whether there was one left."""
        now = self._monotonic()
        self._level = min(self._depth, self._level + (now - self._at) * self._per_second)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True

    @property
    def retry_after_s(self) -> int:
        """Whole seconds until there is room again, at least one."""
        return max(1, round((1 - self._level) / self._per_second + 0.5))


_SEED_KEY = "seed"


class Faults:
    """The specs that stand, by target.

    Parameters
    ----------
    standing
        Where specs are kept.
    settings
        Where the seed is kept.
    monotonic
        Seconds, for capacity.
    """

    def __init__(
        self,
        standing: Documents,
        settings: Documents,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._documents = standing
        self._settings = settings
        self._monotonic = monotonic
        self._seed = int(settings.load().get(_SEED_KEY, "0"))
        self._standing: dict[str, _Standing] = {}
        self._buckets: dict[str, _Bucket] = {}
        for target, body in standing.load().items():
            self._stand(target, _Standing.model_validate_json(body))

    @property
    def seed(self) -> int:
        """What chance is drawn from."""
        return self._seed

    def specs(self) -> dict[str, FaultSpec]:
        """Return what stands, with the hits each fault has left."""
        return {target: standing.spec for target, standing in self._standing.items()}

    async def reseed(self, seed: int) -> None:
        """Draw from another seed, and count the requests of every target anew."""
        self._seed = seed
        await self._settings.put(_SEED_KEY, str(seed))
        for target, spec in self.specs().items():
            await self.set(target, spec)

    async def set(self, target: str, spec: FaultSpec) -> None:
        """Let a spec stand for a target, in place of any earlier one."""
        standing = _Standing(spec=spec)
        self._stand(target, standing)
        await self._documents.put(target, standing.model_dump_json())

    async def lift(self, target: str) -> bool:
        """Make a target well again; say whether anything was wrong with it."""
        self._buckets.pop(target, None)
        self._standing.pop(target, None)
        return await self._documents.delete(target)

    async def lift_all(self) -> None:
        """Make every target well again."""
        self._buckets.clear()
        self._standing.clear()
        await self._documents.clear()

    def plan(self, target: str, operation: str, usual_latency_ms: float) -> Plan:
        """Decide what happens to the request that just came in.

        Parameters
        ----------
        target
            Which partner.
        operation
            Which of its operations.
        usual_latency_ms
            How slow it is when nothing else is said.
        """
        standing = self._standing.get(target)
        if standing is None:
            return Plan(usual_latency_ms / 1000, None, None, random.Random(0))  # noqa: S311 - not drawn from
        dice = random.Random(f"{self._seed}/{target}/{standing.met}")  # noqa: S311 - must be repeatable
        bucket = self._buckets.get(target)
        if bucket is not None and not bucket.take():
            # Not counted as met: how much is refused depends on real time, and
            # what happens to the others must not.
            return Plan(0, None, bucket.retry_after_s, dice)
        spec = standing.spec
        latency_ms = spec.latency.draw_ms(dice) if spec.latency else usual_latency_ms
        # One draw for every fault, hit or not, so that one request's luck does
        # not depend on which operation it was.
        draws = [dice.random() for _ in spec.faults]
        hit = next(
            (
                index
                for index, fault in enumerate(spec.faults)
                if fault.operation in {None, operation} and draws[index] < fault.probability
            ),
            None,
        )
        self._meet(target, standing, hit)
        fault = None if hit is None else spec.faults[hit]
        return Plan(latency_ms / 1000, fault, None, dice)

    def _stand(self, target: str, standing: _Standing) -> None:
        self._standing[target] = standing
        self._buckets.pop(target, None)
        if (capacity := standing.spec.capacity_per_second) is not None:
            self._buckets[target] = _Bucket(capacity, self._monotonic)

    def _meet(self, target: str, standing: _Standing, hit: int | None) -> None:
        """Count the request, and the hit where hits are counted."""
        spec = standing.spec
        if hit is not None and (count := spec.faults[hit].count) is not None:
            left = (spec.faults[hit].model_copy(update={"count": count - 1}),) if count > 1 else ()
            faults = (*spec.faults[:hit], *left, *spec.faults[hit + 1 :])
            spec = spec.model_copy(update={"faults": faults})
        met = _Standing(spec=spec, met=standing.met + 1)
        self._standing[target] = met
        self._documents.post(target, met.model_dump_json())
