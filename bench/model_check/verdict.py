"""Whether the model says what the stack did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.model_check.outcome import median_completion_s, median_first_card_s, per_s

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.model_check.outcome import Outcome

WITHIN = 0.25


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both."""

    stack: float
    model: float

    @property
    def ratio(self) -> float:
        """The model's share of the stack's."""
        return self.model / self.stack

    @property
    def agrees(self) -> bool:
        """Whether they are within a quarter of each other."""
        return 1 - WITHIN <= self.ratio <= 1 + WITHIN

    def written(self) -> dict[str, float]:
        """Return what the verdict's file says."""
        return {
            "stack": round(self.stack, 4),
            "model": round(self.model, 4),
            "ratio": round(self.ratio, 4),
        }


def compare(
    stack: Mapping[str, Sequence[Outcome]], model: Mapping[str, Sequence[Outcome]]
) -> dict[str, Compared]:
    """Compare the day's throughput and median completion, and what a rush gets through.

    Parameters
    ----------
    stack, model
        Outcomes of the ``day`` and of the ``rush``.
    """
    return {
        "throughput": Compared(per_s(stack["day"]), per_s(model["day"])),
        "median_completion_s": Compared(
            median_completion_s(stack["day"]), median_completion_s(model["day"])
        ),
        "rush_throughput": Compared(per_s(stack["rush"]), per_s(model["rush"])),
    }


def told_beside(
    stack: Mapping[str, Sequence[Outcome]], model: Mapping[str, Sequence[Outcome]]
) -> dict[str, Compared]:
    """Compare what is no part of the verdict: first cards, and who is served when in a rush.

    In a rush the order in which processors turn to whom decides the middle one's wait, and
    the model knows of no such order.
    """
    first = {
        f"{name}_median_first_card_s": Compared(
            median_first_card_s(stack[name]), median_first_card_s(model[name])
        )
        for name in stack
    }
    in_rush = Compared(median_completion_s(stack["rush"]), median_completion_s(model["rush"]))
    return {"rush_median_completion_s": in_rush, **first}
