"""What is set up before the day, per scale: the stack's parameters and AWS's quotas.

At scale 1 the template's own defaults must do. Above, ``docs/opening-day.md`` works the
figures out, ``deploy/scale-<n>.json`` holds them for this simulation and for AWS alike, and the
simulation shows whether they hold.
"""

from copy import replace
from dataclasses import dataclass
from typing import Self

from bench.opening_day.quotas import QUOTAS
from bench.opening_day.structure import Structure
from deploy.scales import SCALES, Scale


@dataclass(frozen=True, slots=True)
class Preparation:
    """Parameters of the stack (None: the template's default) and quotas as granted."""

    lane_concurrency: int | None = None
    warm_writes_per_s: int | None = None
    warm_reads_per_s: int | None = None
    lambda_concurrency: int = QUOTAS["lambda_concurrency"].default
    api_requests_per_s: int = QUOTAS["api_requests_per_s"].default
    sns_publishes_per_s: int = QUOTAS["sns_publishes_per_s"].default
    warm_workers: int = 0
    """The lanes' environments that have been started before."""

    @classmethod
    def of(cls, scale: Scale) -> Self:
        """Return what is prepared for a scale."""
        return cls(
            lane_concurrency=scale.parameters.get("LaneConcurrency"),
            warm_writes_per_s=scale.parameters.get("MembersWarmWrites"),
            warm_reads_per_s=scale.parameters.get("MembersWarmReads"),
            **scale.quotas,
        )

    @property
    def posts_per_s(self) -> int:
        """What ``POST /v1/lookups`` takes (its route's throttle): as much as SNS does.

        A page that is refused comes back; a publish that is refused is found missing later.
        """
        return self.sns_publishes_per_s

    def applied(self, structure: Structure) -> Structure:
        """Return the structure with these parameters."""
        api_per_s = max(structure.api_requests_per_s, self.api_requests_per_s)
        return replace(
            structure,
            lane_concurrency=self.lane_concurrency or structure.lane_concurrency,
            warm_writes_per_s=self.warm_writes_per_s or structure.warm_writes_per_s,
            warm_reads_per_s=self.warm_reads_per_s or structure.warm_reads_per_s,
            api_requests_per_s=min(api_per_s, self.api_requests_per_s),
        )


PREPARATIONS: dict[int, Preparation] = {
    size: Preparation.of(scale) for size, scale in sorted(SCALES.items())
}


def preparation(scale: float) -> Preparation:
    """Return what is set up for a scale: that of the next larger one worked out."""
    enough = [one for one in PREPARATIONS if one >= scale]
    return PREPARATIONS[min(enough, default=max(PREPARATIONS))]
