"""What goes wrong in a scenario: what was written for it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.faults import Draw, Fate, Faults, Hazard

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping


def scripted(partners: Iterable[str], fates: Mapping[str, tuple[Fate, ...]]) -> Faults:
    """Return faults in which each partner's first calls go as written, in their order."""
    nothing: Draw[Hazard | None] = Draw(None, {})
    return Faults(
        store=nothing,
        partner=nothing,
        fates={one: _Script(fates.get(one, ())) for one in partners},
        outages={},
        message_lost=0.0,
        message_repeated=0.0,
        message_late=0.0,
        sweep_missed=0.0,
        refused=0.0,
        refused_for_now=0.0,
        bank_refused=0.0,
        in_progress=0.0,
        short_token=False,
    )


class _Script(Draw[Fate]):
    """Fates in the order they were written, then none."""

    def __init__(self, fates: tuple[Fate, ...]) -> None:
        super().__init__(Fate.FINE, {})
        self._left = list(fates)

    def draw(self, rng: random.Random) -> Fate:
        """Return the next one."""
        return self._left.pop(0) if self._left else super().draw(rng)
