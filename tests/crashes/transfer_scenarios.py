"""Courses of a transfer, each told by what its partners do and when it begins."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from modupoint.clock import SEOUL
from tests.crashes.scripts import scripted
from tests.crashes.transfer_play import TransferPlay
from tests.simulation.faults import Fate
from tests.simulation.partner_sides import BANK
from tests.simulation.transfer_life import MADE_BY

if TYPE_CHECKING:
    from tests.crashes.stores import Engine
    from tests.simulation.faults import Faults
    from tests.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class TransferScenario:
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
    quiet_within_days: int = 12
    ids_made_by: str = MADE_BY

    def faults(self) -> Faults:
        """Return what goes wrong: only what was scripted."""
        return replace(
            scripted({*self.issuers, BANK}, self.fates),
            refused=float(self.issuer_refuses),
            bank_refused=float(self.bank_refuses),
        )

    def play(self, stage: Stage, engine: Engine) -> TransferPlay:
        """Return a member with accounts, and the issuers of the transfer."""
        return TransferPlay(stage, engine, self.issuers, self.ends)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


_TUESDAY = _at("2026-11-24T10:00:00")
_FRIDAY = _at("2026-11-20T10:00:00")
_LAST_MINUTE = _at("2026-11-24T23:29:20")
_BEFORE_MIDNIGHT = _at("2026-11-24T23:59:50")
_TOKEN = Fate.FINE

TRANSFERS = (
    TransferScenario("all well", "DEPOSITED", _TUESDAY, ("shinhan", "kb")),
    TransferScenario("deferred over the weekend", "DEPOSITED", _FRIDAY, ("samsung",)),
    TransferScenario("redemption refused", "FAILED", _TUESDAY, issuer_refuses=True),
    TransferScenario("deposit refused", "REVERSED", _TUESDAY, bank_refuses=True),
    TransferScenario(
        "redemption done in silence", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.SILENT,)}
    ),
    TransferScenario("redemption late", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.LATE,)}),
    TransferScenario("redemption lost", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.LOST,)}),
    TransferScenario("issuer busy", "DEPOSITED", _TUESDAY, fates={"shinhan": (Fate.BUSY,) * 2}),
    TransferScenario(
        "deposit done in silence", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.SILENT)}
    ),
    TransferScenario("deposit late", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.LATE)}),
    TransferScenario("deposit lost", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.LOST)}),
    TransferScenario(
        "token ended", "DEPOSITED", _TUESDAY, fates={BANK: (_TOKEN, Fate.UNAUTHORISED)}
    ),
    TransferScenario(
        "reversal done in silence",
        "REVERSED",
        _TUESDAY,
        fates={"shinhan": (Fate.FINE, Fate.SILENT)},
        bank_refuses=True,
    ),
    TransferScenario(
        "deposit late in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.LATE)},
    ),
    TransferScenario(
        "deposit lost in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.LOST)},
    ),
    TransferScenario(
        "bank busy in the last minute",
        "DEPOSITED",
        _LAST_MINUTE,
        fates={BANK: (_TOKEN, Fate.BUSY)},
    ),
    TransferScenario(
        "redemption late over midnight",
        "DEPOSITED",
        _BEFORE_MIDNIGHT,
        fates={"shinhan": (Fate.LATE,)},
    ),
)
