"""Courses of a transfer, each told by what its partners do and when it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from modupoint.clock import SEOUL
from tests.simulation.faults import Draw, Fate, Faults, Hazard
from tests.simulation.partner_sides import BANK

if TYPE_CHECKING:
    import random


@dataclass(frozen=True, slots=True)
class Scenario:
    """A transfer of one leg per issuer.

    ``fates`` are of each partner's first calls, in order; the bank's very first call is
    for its token. ``ends`` is how every leg is shown at last, whatever strikes.
    """

    name: str
    ends: str
    starts: datetime
    issuers: tuple[str, ...] = ("shinhan",)
    fates: dict[str, tuple[Fate, ...]] = field(default_factory=dict)
    issuer_refuses: bool = False
    bank_refuses: bool = False

    def faults(self) -> Faults:
        """Return what goes wrong: only what was scripted."""
        nothing: Draw[Hazard | None] = Draw(None, {})
        partners = {*self.issuers, BANK}
        return Faults(
            store=nothing,
            partner=nothing,
            fates={one: _Script(self.fates.get(one, ())) for one in partners},
            outages={},
            message_lost=0.0,
            message_repeated=0.0,
            message_late=0.0,
            sweep_missed=0.0,
            refused=float(self.issuer_refuses),
            refused_for_now=0.0,
            bank_refused=float(self.bank_refuses),
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


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


_TUESDAY = _at("2026-11-24T10:00:00")
_FRIDAY = _at("2026-11-20T10:00:00")
_LAST_MINUTE = _at("2026-11-24T23:29:20")
_BEFORE_MIDNIGHT = _at("2026-11-24T23:59:50")
_TOKEN = Fate.FINE

SCENARIOS = (
    Scenario("all well", "DEPOSITED", _TUESDAY, ("shinhan", "kb")),
    Scenario("deferred over the weekend", "DEPOSITED", _FRIDAY, ("samsung",)),
    Scenario("redemption refused", "FAILED", _TUESDAY, issuer_refuses=True),
    Scenario("deposit refused", "REVERSED", _TUESDAY, bank_refuses=True),
    Scenario(
        "redemption done in silence", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.SILENT,)}
    ),
    Scenario("redemption late", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.LATE,)}),
    Scenario("redemption lost", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.LOST,)}),
    Scenario("issuer busy", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.BUSY,) * 2}),
    Scenario("deposit done in silence", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.SILENT)}),
    Scenario("deposit late", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.LATE)}),
    Scenario("deposit lost", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.LOST)}),
    Scenario("token ended", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.UNAUTHORISED)}),
    Scenario(
        "reversal done in silence",
        "REVERSED",
        _TUESDAY,
        fates={"shinhan": (Fate.FINE, Fate.SILENT)},
        bank_refuses=True,
    ),
    Scenario(
        "deposit late in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.LATE)},
    ),
    Scenario(
        "deposit lost in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.LOST)},
    ),
    Scenario(
        "bank busy in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.BUSY)},
    ),
    Scenario(
        "redemption late over midnight",
        "DEPOSITED",
        _BEFORE_MIDNIGHT,
        fates={"shinhan": (Fate.LATE,)},
    ),
)
