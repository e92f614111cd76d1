"""How much slower the other ten are while one issuer is dead (R-P6): another one in each pair.

What is measured is the time from a member's request to an issuer's answer to our worker,
over all cards of the other ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modupoint.issuers import ISSUERS
from rehearsal.comparison import Comparison, Held, Measure
from tests.stack.partners import HANG, Partners

if TYPE_CHECKING:
    from random import Random

    from rehearsal.rounds import Visit
    from rehearsal.stage import Stage
    from tests.stack.cloud import Cloud

HIGHEST_RATIO = 1.05
"""Issue 6, done when 2."""


@dataclass
class OneDead:
    """One issuer takes connections and never answers."""

    partners: Partners
    dice: Random
    dead: str = ""

    def silent(self) -> list[str]:
        """Choose the issuer; it does not count while it is well, either."""
        self.dead = self.dice.choice(sorted(ISSUERS))
        return [self.dead]

    def on(self) -> None:
        """Let it die."""
        self.partners.fault(self.dead, HANG)

    def off(self) -> None:
        """Make it well."""
        self.partners.fault(self.dead)

    def held(self) -> Held:
        """Tell which it was."""
        return Held({"dead": self.dead})


def _dies(stage: Stage, _cloud: Cloud, dice: Random) -> OneDead:
    return OneDead(stage.partners, dice)


def _answered(visit: Visit) -> list[int]:
    return [card.answered_ms for card in visit.cards]


ONE_DEAD_ISSUER = Comparison(
    name="one-dead-issuer",
    without="well",
    changed="one_dead",
    measures=(Measure("p95", _answered, 0.95, HIGHEST_RATIO),),
    change=_dies,
)
