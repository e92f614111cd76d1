"""What a day says about the objectives, as figures and as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from bench.opening_day.arrays import Flags, Floats
from bench.opening_day.day import Lived
from bench.opening_day.fixed_fleet import FleetDay
from bench.opening_day.limits import Limit
from bench.opening_day.money import Money
from bench.opening_day.people import Fate, People

FIRST_CARD_P95_S = 3.0
ALL_CARDS_P95_S = 10.0
HONEST_WITHIN = 0.30
HONEST_WITHIN_S = 1.0
"""Waits are shown in whole seconds, so a second is not yet untold."""
HONEST_SHARE = 0.90
QUEUED_S = 10.0
OTHERS_MOVED_BY = 1.05
_P95 = 95


class FleetFigures(TypedDict):
    """What the fixed fleet did to the same people."""

    lost: int
    all_cards_p95_s: float | None


class Verdict(TypedDict):
    """``build/opening-day/verdict.json``."""

    scale: float
    people: int
    lost: int
    first_card_p95_s: float
    all_cards_p95_s: float
    wait_honest_share: float
    cost_per_lookup_usd: float
    binding_limit: str
    fixed_fleet: FleetFigures


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective: what is wanted, what there was, whether it holds."""

    wanted: str
    found: str
    holds: bool


def verdict(
    scale: float, lived: Lived, fleet: FleetDay, limits: list[Limit], spent: Money
) -> Verdict:
    """Return the figures of a day."""
    people = lived.people
    lookups = max(lived.ledger.total("posts"), 1)
    fleet_s = (fleet.answered_s - fleet.comes_s)[fleet.fate == Fate.ANSWERED]
    return {
        "scale": scale,
        "people": len(people),
        "lost": people.count(Fate.LOST),
        "first_card_p95_s": percentile(first_card_s(people)),
        "all_cards_p95_s": percentile(all_cards_s(people)),
        "wait_honest_share": round(float(honest(people).mean()), 4),
        "cost_per_lookup_usd": float(f"{spent.total_usd / lookups:.3g}"),
        "binding_limit": limits[0].name,
        "fixed_fleet": {
            "lost": fleet.count(Fate.LOST),
            "all_cards_p95_s": percentile(fleet_s) if len(fleet_s) else None,
        },
    }


def first_card_s(people: People) -> Floats:
    """Return how long each person who saw one waited for the first card, from coming."""
    waited: Floats = people.first_seen_s - people.comes_s
    return waited[np.isfinite(waited)]


def all_cards_s(people: People) -> Floats:
    """Return how long each person who saw them waited for all cards, from coming."""
    waited: Floats = people.all_seen_s - people.comes_s
    return waited[np.isfinite(waited)]


def honest(people: People) -> Flags:
    """Whether each person was shown, when accepted, about the wait they had.

    The wait had ends when the last card's answer is there, for those who left before it
    too. Who was accepted and never answered was not told the truth.
    """
    accepted = np.isfinite(people.accepted_s)
    had_s = _had_s(people)
    off_s = np.abs(people.shown_s[accepted] - had_s)
    within: Flags = off_s <= np.maximum(HONEST_WITHIN * had_s, HONEST_WITHIN_S)
    return within & np.isfinite(had_s)


def honest_to_who_queued(people: People) -> tuple[float, int]:
    """Return the share told an honest wait among those who waited, and how many they are.

    Most people of a day never queue and are told one second: they hide the others.
    """
    queued = _had_s(people) > QUEUED_S
    if not queued.any():
        return 1.0, 0
    return float(honest(people)[queued].mean()), int(np.count_nonzero(queued))


def _had_s(people: People) -> Floats:
    accepted = np.flatnonzero(np.isfinite(people.accepted_s))
    had_s: Floats = people.answered_s[accepted].max(axis=1) - people.accepted_s[accepted]
    return had_s


def others_p95_s(lived: Lived, dead: str, people: int) -> float:
    """Return the 95th percentile of a card's wait, of all issuers but one, of the first people."""
    others = [place for place, code in enumerate(lived.issuers) if code != dead]
    everyone = lived.people
    asked = np.flatnonzero(np.isfinite(everyone.started_s[:people]))
    waits = everyone.answered_s[np.ix_(asked, others)] - everyone.started_s[asked, None]
    return percentile(waits[np.isfinite(waits)].astype(np.float32))


def objectives(
    figures: Verdict, limits: list[Limit], healthy_p95_s: float, one_dead_p95_s: float
) -> Iterator[Objective]:
    """Say which objectives of the day hold."""
    lost = figures["lost"]
    yield Objective("nobody is lost", f"{lost:,} of {figures['people']:,}", lost == 0)
    saturated = [one.name for one in limits if one.name.startswith("issuer") and one.load > 1]
    first_s, all_s = figures["first_card_p95_s"], figures["all_cards_p95_s"]
    share = figures["wait_honest_share"]
    beyond = figures["scale"] >= 50  # noqa: PLR2004 - the scale at which issuers give out
    if beyond:
        yield Objective("issuers saturate", ", ".join(saturated) or "none", bool(saturated))
    else:
        yield Objective(
            f"first card within {FIRST_CARD_P95_S:g} s (p95)",
            f"{first_s:.2f} s",
            first_s <= FIRST_CARD_P95_S,
        )
        yield Objective(
            f"all cards within {ALL_CARDS_P95_S:g} s (p95)",
            f"{all_s:.2f} s",
            all_s <= ALL_CARDS_P95_S,
        )
    yield Objective(
        f"the wait shown is within {HONEST_WITHIN:.0%} of the wait had "
        f"for {HONEST_SHARE:.0%} of people",
        f"{share:.1%}",
        share >= HONEST_SHARE,
    )
    moved = one_dead_p95_s / healthy_p95_s
    yield Objective(
        "one dead issuer moves the others' p95 by at most 5 %",
        f"{healthy_p95_s:.2f} s to {one_dead_p95_s:.2f} s ({moved - 1:+.1%})",
        moved <= OTHERS_MOVED_BY,
    )


def percentile(values: Floats, which: float = _P95) -> float:
    """Return a percentile, to the hundredth."""
    return round(float(np.percentile(values, which)), 2)
