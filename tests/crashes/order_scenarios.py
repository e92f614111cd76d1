"""Courses of an order, each told by what the switch does, what its member wants, and when."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from modupoint.clock import SEOUL
from tests.crashes.order_play import CANCEL, CHANGE, WITHDRAWAL, Ends, OrderPlay, Wish
from tests.crashes.scripts import scripted
from tests.simulation.faults import Fate
from tests.simulation.order_life import MADE_BY, QUIET_WITHIN_DAYS
from tests.simulation.switch_side import LISTS, SWITCH

if TYPE_CHECKING:
    from tests.crashes.stores import Engine
    from tests.simulation.faults import Faults
    from tests.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class OrderScenario:
    """Orders of one bill.

    ``fates`` are of the first calls to the switch, its lists apart, in order.
    """

    name: str
    ends: Ends
    starts: datetime
    wishes: tuple[Wish, ...] = (Wish(CHANGE),)
    fates: tuple[Fate, ...] = ()
    category: str = "TELECOM"
    switch_refuses: bool = False
    biller_rejects: bool = False
    quiet_within_days: int = QUIET_WITHIN_DAYS
    ids_made_by: str = MADE_BY

    def faults(self) -> Faults:
        """Return what goes wrong: only what was scripted."""
        return replace(
            scripted({SWITCH, LISTS}, {SWITCH: self.fates}),
            refused=float(self.switch_refuses),
            rejected=float(self.biller_rejects),
            results_within_ms=_RESULTS_WITHIN_MS,
        )

    def play(self, stage: Stage, engine: Engine) -> OrderPlay:
        """Return a member with one bill."""
        return OrderPlay(stage, engine, self.category, self.wishes, self.ends)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


_RESULTS_WITHIN_MS = 3_600_000
_MINUTE_MS = 60_000
_COMPLETED, _REJECTED, _WITHDRAWN = (
    Ends(frozenset({one})) for one in ("COMPLETED", "REJECTED", "WITHDRAWN")
)
_EITHER = Ends(_COMPLETED.statuses | _WITHDRAWN.statuses)

_TUESDAY = _at("2026-11-24T10:00:00")
_BEFORE_TEN = _at("2026-11-24T21:58:30")
# The day after has a business day between itself and the lunar new year, this one two.
_BEFORE_HOLIDAYS = _at("2026-02-10T23:59:50")
_BACK_SOON = (Wish(CHANGE), Wish(WITHDRAWAL, _MINUTE_MS))

ORDERS = (
    OrderScenario("change", _COMPLETED, _TUESDAY),
    OrderScenario("cancel", _COMPLETED, _TUESDAY, (Wish(CANCEL),)),
    OrderScenario("in real time", _COMPLETED, _TUESDAY, category="PUBLIC_RENT"),
    OrderScenario("rejected by the biller", _REJECTED, _TUESDAY, biller_rejects=True),
    OrderScenario("refused by the switch", _REJECTED, _TUESDAY, switch_refuses=True),
    OrderScenario("placed in silence", _COMPLETED, _TUESDAY, fates=(Fate.SILENT,)),
    OrderScenario("placed late", _COMPLETED, _TUESDAY, fates=(Fate.LATE,)),
    OrderScenario("placing lost", _COMPLETED, _TUESDAY, fates=(Fate.LOST,)),
    OrderScenario("switch busy", _COMPLETED, _TUESDAY, fates=(Fate.BUSY,) * 2),
    OrderScenario(
        "withdrawn before it is sent", _WITHDRAWN, _TUESDAY, (Wish(CHANGE), Wish(WITHDRAWAL))
    ),
    OrderScenario("withdrawn", _WITHDRAWN, _TUESDAY, _BACK_SOON),
    OrderScenario("withdrawn while placed late", _WITHDRAWN, _TUESDAY, _BACK_SOON, (Fate.LATE,)),
    OrderScenario(
        "withdrawn in silence", _WITHDRAWN, _TUESDAY, _BACK_SOON, (Fate.FINE, Fate.SILENT)
    ),
    OrderScenario("withdrawn late", _WITHDRAWN, _TUESDAY, _BACK_SOON, (Fate.FINE, Fate.LATE)),
    OrderScenario("withdrawal lost", _WITHDRAWN, _TUESDAY, _BACK_SOON, (Fate.FINE, Fate.LOST)),
    OrderScenario("withdrawn in the last minute", _EITHER, _BEFORE_TEN, _BACK_SOON),
    OrderScenario(
        "withdrawn late over 22:00", _EITHER, _BEFORE_TEN, _BACK_SOON, (Fate.FINE, Fate.LATE)
    ),
    OrderScenario(
        "too late to withdraw",
        _COMPLETED,
        _BEFORE_TEN,
        (Wish(CHANGE), Wish(WITHDRAWAL, 90_000)),
    ),
    OrderScenario(
        "a second order while one is open",
        _COMPLETED,
        _TUESDAY,
        (Wish(CHANGE), Wish(CANCEL, _MINUTE_MS)),
    ),
    OrderScenario(
        "another order after one was withdrawn",
        replace(_EITHER, orders=2),
        _TUESDAY,
        (*_BACK_SOON, Wish(CANCEL, 120 * _MINUTE_MS)),
    ),
)

_OF_EACH_MOVE = {
    "change",
    "refused by the switch",
    "placed late",
    "withdrawn before it is sent",
    "withdrawn in silence",
    "a second order while one is open",
    "another order after one was withdrawn",
}
ON_THE_ENGINE = tuple(one for one in ORDERS if one.name in _OF_EACH_MOVE)
"""Struck on the real engine too; in the others the switch differs, and what is stored does not."""

OVER_HOLIDAYS = OrderScenario(
    "placed after midnight before holidays", _COMPLETED, _BEFORE_HOLIDAYS, fates=(Fate.LATE,)
)
"""Asked about for nine days: too long to be struck at every call."""
