"""What goes wrong, how often: drawn anew for each world.

In one world workers die all the time and the bank is well, in another nothing fails
but one issuer, slowly. Many such worlds find more than one with a little of everything
(swarm testing).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import accumulate
from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence


class Hazard(Enum):
    """What becomes of a port call, other than that it is done."""

    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()
    FROZEN_BEFORE = auto()
    """The process stands still for minutes, then goes on as if nothing were."""
    FROZEN_AFTER = auto()
    FAILED_BEFORE = auto()
    """The service refuses: nothing is done, the caller gets an error."""
    FAILED_AFTER = auto()
    """It is done, and the caller gets an error."""
    REPEATED = auto()
    """The answer is lost and the client library sends the call again."""


class Fate(Enum):
    """How a call to a partner goes."""

    FINE = auto()
    SLOW = auto()
    NOT_SENT = auto()
    BUSY = auto()
    """429 or 503, nothing done."""
    MAINTENANCE = auto()
    """Answered with a code that says nothing was looked at."""
    UNAUTHORISED = auto()
    """The token has expired, or the key has just been exchanged."""
    LOST = auto()
    """No answer, and the request never arrived."""
    SILENT = auto()
    """Done, without an answer."""
    LATE = auto()
    """No answer, and done later, within the partner's horizon."""
    CUT = auto()
    """Done, and the connection breaks."""
    BROKEN_BEFORE = auto()
    """500, 502 or 504, nothing done."""
    BROKEN_AFTER = auto()
    """500, 502 or 504, and done."""
    BROKEN_LATE = auto()
    """500, 502 or 504, and done later."""
    MALFORMED = auto()
    """Done, with a body that is not the contract's."""
    INDEFINITE = auto()
    """Done, or to be done, or not, with a code that says none of it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A partner out of order for a while, all its calls ending the same way."""

    from_ms: int
    to_ms: int
    fate: Fate


class Draw[T]:
    """Draws one of several, each with its weight; ``usual`` has what is left of one."""

    def __init__(self, usual: T, rare: dict[T, float]) -> None:
        self._usual = usual
        self._rare = list(rare)
        self._bounds = list(accumulate(rare.values()))
        self._scale = max(1.0, self._bounds[-1] * 1.25 if self._bounds else 0.0)
        self._bound = self._bounds[-1] / self._scale if self._bounds else 0.0

    def may_be(self, one: T) -> bool:
        """Say whether one of them may ever be drawn."""
        return one == self._usual or one in self._rare

    def draw(self, rng: random.Random) -> T:
        """Return one of them."""
        drawn = rng.random()
        if drawn >= self._bound:
            return self._usual
        drawn *= self._scale
        return next(
            one for one, bound in zip(self._rare, self._bounds, strict=True) if drawn < bound
        )


@dataclass(slots=True)
class Faults:
    """A world's faults. ``calm`` ends them all.

    Chances are of each single event. ``rejected`` is of an order that its biller will not
    have, and ``results_within_ms`` how long after its time an order's result comes at most.
    """

    store: Draw[Hazard | None]
    partner: Draw[Hazard | None]
    fates: dict[str, Draw[Fate]]
    outages: dict[str, list[Outage]]
    message_lost: float
    message_repeated: float
    message_late: float
    sweep_missed: float
    refused: float
    refused_for_now: float
    bank_refused: float
    in_progress: float
    short_token: bool
    rejected: float = 0.0
    results_within_ms: int = 0
    is_calm: bool = False

    def calm(self) -> None:
        """Let everybody be well from now on."""
        self.is_calm = True
        self.store = self.partner = Draw[Hazard | None](None, {})
        self.fates = dict.fromkeys(self.fates, Draw[Fate](Fate.FINE, {}))
        self.outages = {}
        self.message_lost = self.message_repeated = self.message_late = self.sweep_missed = 0.0
        self.refused = self.refused_for_now = self.bank_refused = self.rejected = 0.0

    def may_be(self, partner: str, fate: Fate) -> bool:
        """Say whether a call to a partner may ever go so."""
        outages = self.outages.get(partner, ())
        return self.fates[partner].may_be(fate) or any(one.fate is fate for one in outages)

    def fate(self, rng: random.Random, partner: str, now_ms: int) -> Fate:
        """Return how a call to a partner goes now."""
        for outage in self.outages.get(partner, ()):
            if outage.from_ms <= now_ms < outage.to_ms:
                return outage.fate
        return self.fates[partner].draw(rng)


_HAZARDS: tuple[Hazard | None, ...] = tuple(Hazard)
_PROCESS_HAZARDS = (Hazard.KILLED_BEFORE, Hazard.KILLED_AFTER)
_TROUBLES = tuple(fate for fate in Fate if fate not in {Fate.FINE, Fate.SLOW})
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_HARSHNESSES = (0.1, 0.4, 1.0)
_TROUBLE_MS = (_MINUTE_MS, 300 * _MINUTE_MS)
_BEFORE_MIDNIGHT_MS = (60 * _MINUTE_MS, 20 * _MINUTE_MS)
"""Partners stumble when their day ends, and so does what is on its way then."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a world has a lot of, whatever else is drawn: some failures need each other."""

    in_store: dict[Hazard | None, float] = field(default_factory=dict)
    at_partner: dict[Hazard | None, float] = field(default_factory=dict)
    fates: dict[Fate, float] = field(default_factory=dict)
    refused_for_now: float = 0.0


_THEMES = (
    Theme(),
    Theme(),
    # A process that stands still comes back to a leg that others have moved since.
    Theme(
        in_store={Hazard.FROZEN_BEFORE: 0.06, Hazard.FROZEN_AFTER: 0.06},
        fates={Fate.BUSY: 0.2, Fate.LATE: 0.05},
        refused_for_now=0.3,
    ),
    # What was put off in the evening goes out next day, and again nobody hears of it.
    Theme(fates={Fate.BUSY: 0.3, Fate.SILENT: 0.25}),
    # Of a call that nobody followed to its end only the partner knows.
    Theme(at_partner={Hazard.KILLED_AFTER: 0.4}, fates={Fate.LATE: 0.4}, refused_for_now=0.4),
)


def drawn_faults(rng: random.Random, partners: Sequence[str], from_ms: int, to_ms: int) -> Faults:
    """Return the faults of a new world, which lasts from one midnight to another."""
    harshness, theme = rng.choice(_HARSHNESSES), rng.choice(_THEMES)
    stumbling = _rarely(rng, _HAZARDS, 0.08 * harshness)
    dying: dict[Hazard | None, float] = {
        one: chance for one, chance in stumbling.items() if one in _PROCESS_HAZARDS
    }
    return Faults(
        store=Draw[Hazard | None](None, {**stumbling, **theme.in_store}),
        partner=Draw[Hazard | None](None, {**dying, **theme.at_partner}),
        fates={
            one: Draw(Fate.FINE, {**_rarely(rng, _TROUBLES, 0.3 * harshness), **theme.fates})
            for one in partners
        },
        outages={one: _outages(rng, from_ms, to_ms) for one in partners if rng.random() < 0.4},
        message_lost=_chance(rng, 0.5),
        message_repeated=_chance(rng, 0.5),
        message_late=_chance(rng, 0.5),
        sweep_missed=_chance(rng, 0.7),
        refused=_chance(rng, 0.2),
        refused_for_now=max(_chance(rng, 0.5), theme.refused_for_now),
        bank_refused=_chance(rng, 0.3),
        in_progress=_chance(rng, 1.0),
        short_token=rng.random() < 0.2,
    )


def of_any_size(rng: random.Random, least: int, most: int) -> int:
    """Return a number of any order of magnitude between two."""
    return int(exp(rng.uniform(log(least), log(most))))


def _chance(rng: random.Random, most: float) -> float:
    """Return a chance: none in half of the worlds, otherwise small more often than great."""
    return 0.0 if rng.random() < 0.5 else most * rng.random() ** 2


def _rarely[T](rng: random.Random, kinds: Sequence[T], most: float) -> dict[T, float]:
    chances = {kind: _chance(rng, most) for kind in kinds}
    return {kind: chance for kind, chance in chances.items() if chance > 0}


def _outages(rng: random.Random, from_ms: int, to_ms: int) -> list[Outage]:
    def outage() -> Outage:
        midnight_ms = from_ms + _DAY_MS * rng.randint(1, (to_ms - from_ms) // _DAY_MS)
        near_ms = midnight_ms - rng.randint(_BEFORE_MIDNIGHT_MS[1], _BEFORE_MIDNIGHT_MS[0])
        start_ms = rng.choice((near_ms, rng.randrange(from_ms, to_ms)))
        return Outage(start_ms, start_ms + of_any_size(rng, *_TROUBLE_MS), rng.choice(_TROUBLES))

    return [outage() for _ in range(rng.randrange(1, 4))]
