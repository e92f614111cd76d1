"""What one change does to people who look up, as a ratio on one machine.

The same people ask at the same pace in rounds: without the change and with it, in the order
ABBA, so that whatever else the machine does meets both alike. Rounds wait for all answers,
and lanes are forgotten in between, so that each begins as the other did. The first pair
warms up and does not count. Rounds are pooled before anything is divided. How far noise
alone carries is shown beside it: the rounds without it of odd pairs against those of even
ones, and an interval that draws the pairs anew.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from rehearsal.day import MORNING, Order, say
from rehearsal.rounds import Rounds, Visit
from rehearsal.stage import Stage
from tests.stack.cloud import Cloud
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_ROUND_S = 24.0
_FEWEST_PAIRS = 3
_DRAWS = 500


@dataclass(frozen=True)
class Measure:
    """A figure of a round: the ``share`` (0.95 for p95) of what is taken from each visit, in ms.

    ``highest_ratio`` is None for what is shown and decides nothing.
    """

    name: str
    taken: Callable[[Visit], list[int]]
    share: float
    highest_ratio: float | None = None

    def of(self, visits: Sequence[Visit]) -> int:
        """Return the figure of some rounds together."""
        ordered = sorted(value for visit in visits for value in self.taken(visit))
        return ordered[int(len(ordered) * self.share)]


@dataclass(frozen=True)
class Held:
    """What was seen of the change when a round with it ended.

    ``void`` says why it was not what it should have been; empty if it was.
    """

    figures: dict[str, Any] = field(default_factory=dict)
    void: str = ""


class Change(Protocol):
    """What is on in one round of a pair and off in the other."""

    def silent(self) -> Collection[str]:
        """Choose for the next pair; return the issuers whose answers do not count in it."""

    def on(self) -> None:
        """Bring the change about, before a round with it."""

    def off(self) -> None:
        """Undo it, after that round."""

    def held(self) -> Held:
        """Tell how the change was, at the end of the round and before it is undone."""


@dataclass(frozen=True)
class Comparison:
    """One question: how it is called, what is changed, and what is measured.

    ``without`` and ``changed`` name the two kinds of rounds in the report; one person asks
    every ``every_s``.
    """

    name: str
    without: str
    changed: str
    measures: tuple[Measure, ...]
    change: Callable[[Stage, Cloud, random.Random], Change]
    every_s: float = 0.6


@dataclass(frozen=True)
class Pair:
    """A round without the change and one with it."""

    without: list[Visit] = field(default_factory=list)
    changed: list[Visit] = field(default_factory=list)
    held: Held = Held()


def compare(order: Order, comparison: Comparison) -> int:
    """Measure the ratios; returns 1 if one is above its highest, or if a round was void.

    ``order.people`` ask in each round.
    """
    pairs_wanted = round(order.seconds / (2 * (_ROUND_S + order.people * comparison.every_s)))
    dice = random.Random(f"{comparison.name}/{order.seed}")  # noqa: S311 - must be repeatable
    pairs = []
    with Stage(order.run) as stage:
        say("stage: bringing a stack up")
        stage.partners.set_clock(MORNING)
        cloud = Cloud(stage.start())
        change = comparison.change(stage, cloud, dice)
        rounds = Rounds(stage.partners, _people(stage, order.people), comparison.every_s)
        for number in range(max(_FEWEST_PAIRS, pairs_wanted) + 1):
            pair = _pair(rounds, change, cloud, changed_first=number % 2 == 1)
            pairs.append(pair)
            say(f"  {f'pair {number}' if number else 'warming up'}: {_line(pair, comparison)}")
    figures = verdict(pairs[1:], order, comparison)
    (order.place / f"{comparison.name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        say(f"{name:<28} {value}")
    return 0 if figures["holds"] else 1


def verdict(pairs: Sequence[Pair], order: Order, comparison: Comparison) -> dict[str, Any]:
    """Return the ratios of the pooled rounds, how far noise carries, and whether they hold."""
    dice = random.Random(f"pairs/{order.seed}")  # noqa: S311 - must be repeatable
    measured = {one.name: _measured(pairs, one, comparison, dice) for one in comparison.measures}
    void = [
        f"pair {number}: {one.held.void}" for number, one in enumerate(pairs, 1) if one.held.void
    ]
    too_high = [
        one.name
        for one in comparison.measures
        if one.highest_ratio is not None and measured[one.name]["ratio"] > one.highest_ratio
    ]
    return {
        "people": order.people,
        "pairs": len(pairs),
        "answers_each": sum(len(visit.cards) for pair in pairs for visit in pair.without),
        **measured,
        "each_round": [pair.held.figures for pair in pairs],
        "too_high": too_high,
        "void": void,
        "holds": not too_high and not void,
    }


def _measured(
    pairs: Sequence[Pair], measure: Measure, comparison: Comparison, dice: random.Random
) -> dict[str, Any]:
    def ratio(some: Sequence[Pair]) -> float:
        return measure.of(_changed(some)) / measure.of(_without(some))

    drawn = sorted(ratio(dice.choices(pairs, k=len(pairs))) for _ in range(_DRAWS))
    single = sorted(ratio([pair]) for pair in pairs)
    return {
        f"{comparison.without}_ms": measure.of(_without(pairs)),
        f"{comparison.changed}_ms": measure.of(_changed(pairs)),
        "ratio": round(ratio(pairs), 4),
        "highest_ratio": measure.highest_ratio,
        "ratio_90_percent_interval": [
            round(drawn[int(share * _DRAWS)], 4) for share in (0.05, 0.95)
        ],
        "median_ratio_of_pairs": round(single[len(single) // 2], 4),
        f"{comparison.without}_against_{comparison.without}": round(
            measure.of(_without(pairs[::2])) / measure.of(_without(pairs[1::2])), 4
        ),
    }


def _without(pairs: Sequence[Pair]) -> list[Visit]:
    return [visit for pair in pairs for visit in pair.without]


def _changed(pairs: Sequence[Pair]) -> list[Visit]:
    return [visit for pair in pairs for visit in pair.changed]


def _pair(rounds: Rounds, change: Change, cloud: Cloud, *, changed_first: bool) -> Pair:
    silent = change.silent()
    without: list[Visit] = []
    changed: list[Visit] = []
    held = Held()
    for is_changed in (changed_first, not changed_first):
        cloud.forget_lanes()
        if is_changed:
            change.on()
            changed = rounds.one(silent)
            held = change.held()
            change.off()
        else:
            without = rounds.one(silent)
    return Pair(without, changed, held)


def _line(pair: Pair, comparison: Comparison) -> str:
    told = [
        f"{one.name} {one.of(pair.without)} ms {comparison.without},"
        f" {one.of(pair.changed)} ms {comparison.changed}"
        for one in comparison.measures
    ]
    return "; ".join([*told, *(f"{name} {value}" for name, value in pair.held.figures.items())])


def _people(stage: Stage, count: int) -> list[Member]:
    api = stage.http(stage.stack.api_url)
    return [Member(api, stage.partners).agree() for _ in range(count)]
