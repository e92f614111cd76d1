"""How much slower the other ten are while one issuer is dead (R-P6), as a ratio on one machine.

The same people ask at the same pace in rounds: all well and one dead, in the order ABBA, so
that whatever else the machine does meets both alike. Rounds wait for all answers, and lanes
are forgotten in between, so that each begins as the other did. The first pair warms up and
does not count. What is measured is the time from a lookup's acceptance to the issuer's
answer to our worker, by the issuers' own record: business time is told in whole seconds,
and what a page sees is as coarse as its polls. How far noise alone carries is shown beside
it: the well rounds of odd pairs against those of even ones, and an interval that draws the
pairs anew.
"""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modupoint.ids import made_at_ms
from modupoint.issuers import ISSUERS
from rehearsal.day import MORNING, Order, say
from rehearsal.stage import Stage
from tests.stack.cloud import Cloud
from tests.stack.member import Member
from tests.stack.partners import HANG, Partners
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HIGHEST_RATIO = 1.05
"""Issue 6, done when 2."""
_EVERY_S = 0.6
_ROUND_S = 24.0
_DRAWS = 2000
_CALLS = 20_000


@dataclass(frozen=True)
class Pair:
    """The waits of the other ten, in milliseconds: a well round and one with a dead issuer."""

    well: list[int] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)


def compare(order: Order) -> int:
    """Measure the ratio; returns 1 if it is above the highest allowed.

    ``order.people`` ask in each round, one every 0.6 s.
    """
    pairs_wanted = max(3, round(order.seconds / (2 * (_ROUND_S + order.people * _EVERY_S))))
    with Stage(order.run) as stage:
        say("stage: bringing a stack up")
        stage.partners.set_clock(MORNING)
        stack = stage.start()
        rounds = Rounds(stage.partners, Cloud(stack), _people(stage, order.people))
        dice = random.Random(f"dead/{order.seed}")  # noqa: S311 - must be repeatable
        pairs = []
        for number in range(pairs_wanted + 1):
            dead = dice.choice(sorted(ISSUERS))
            pair = rounds.pair(dead, dead_first=number % 2 == 1)
            pairs.append(pair)
            say(
                f"  {'warming up' if not number else f'pair {number}'}: {dead} dead,"
                f" p95 {p95(pair.well)} ms well, {p95(pair.dead)} ms with one dead"
            )
    figures = verdict(pairs[1:], order)
    (order.place / "one-dead-issuer.json").write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        say(f"{name:<28} {value}")
    return 0 if figures["ratio"] <= HIGHEST_RATIO else 1


def verdict(pairs: Sequence[Pair], order: Order) -> dict[str, Any]:
    """Return the ratio of the pooled p95, and how far noise alone would carry it."""
    dice = random.Random(f"pairs/{order.seed}")  # noqa: S311 - must be repeatable
    drawn = sorted(_ratio(dice.choices(pairs, k=len(pairs))) for _ in range(_DRAWS))
    single = sorted(_ratio([pair]) for pair in pairs)
    return {
        "people": order.people,
        "pairs": len(pairs),
        "answers_each": sum(len(pair.well) for pair in pairs),
        "p95_well_ms": p95(_pooled(pairs, lambda pair: pair.well)),
        "p95_one_dead_ms": p95(_pooled(pairs, lambda pair: pair.dead)),
        "ratio": round(_ratio(pairs), 4),
        "ratio_90_percent_interval": [
            round(drawn[int(share * _DRAWS)], 4) for share in (0.05, 0.95)
        ],
        "median_ratio_of_pairs": round(single[len(single) // 2], 4),
        "well_against_well": round(
            p95(_pooled(pairs[::2], lambda pair: pair.well))
            / p95(_pooled(pairs[1::2], lambda pair: pair.well)),
            4,
        ),
    }


def p95(values: Sequence[int]) -> int:
    """Return the 95th percentile."""
    ordered = sorted(values)
    return ordered[int(len(ordered) * 0.95)]


def _ratio(pairs: Sequence[Pair]) -> float:
    return p95(_pooled(pairs, lambda pair: pair.dead)) / p95(_pooled(pairs, lambda pair: pair.well))


def _pooled(pairs: Sequence[Pair], part: Callable[[Pair], list[int]]) -> list[int]:
    return [value for pair in pairs for value in part(pair)]


def _people(stage: Stage, count: int) -> list[Member]:
    api = stage.http(stage.stack.api_url)
    partners = stage.partners
    return [Member(api, partners).agree() for _ in range(count)]


@dataclass(frozen=True)
class Rounds:
    """The same people asking, round after round."""

    partners: Partners
    cloud: Cloud
    people: list[Member]

    def pair(self, dead: str, *, dead_first: bool) -> Pair:
        """Let one pair of rounds happen."""
        pair = Pair()
        for is_dead in (dead_first, not dead_first):
            self.cloud.forget_lanes()
            self.partners.fault(dead, *([HANG] if is_dead else []))
            waits = self._round(dead)
            (pair.dead if is_dead else pair.well).extend(waits)
        self.partners.fault(dead)
        return pair

    def _round(self, dead: str) -> list[int]:
        since = self.partners.last_call()
        with ThreadPoolExecutor(len(self.people)) as pool:
            asked = pool.map(self._ask, self.people, range(len(self.people)))
            accepted = dict(zip((one.sub for one in self.people), asked, strict=True))
        answers: dict[tuple[str, str], int] = {}

        def there() -> bool:
            for call in self.partners.calls(operation="inquiry", since=since, limit=_CALLS):
                issuer = call["partner"].removeprefix("issuers/")
                if call["outcome"] == "answered" and issuer != dead:
                    key = call["person_key"], issuer
                    answers[key] = min(answers.get(key, _answered_ms(call)), _answered_ms(call))
            return len(answers) == len(self.people) * (len(ISSUERS) - 1)

        eventually(there, "the answers of ten issuers for everybody", every_s=1.0)
        keys = {sub: self.partners.person(sub)["person_key"] for sub in accepted}
        started = {keys[sub]: made_at_ms(lookup_id) for sub, lookup_id in accepted.items()}
        for one in self.people:
            one.done(accepted[one.sub])
        return [at_ms - started[key] for (key, _), at_ms in answers.items()]

    def _ask(self, member: Member, place: int) -> str:
        time.sleep(place * _EVERY_S)
        lookup_id: str = member.request(max_age_seconds=0)["lookup_id"]
        # As a page does, so that polls are part of the load.
        for _ in range(3):
            seen = member.read(lookup_id)
            if seen["status"] == "DONE":
                break
            time.sleep(seen["retry_after_ms"] / 1000)
        return lookup_id


def _answered_ms(call: dict[str, Any]) -> int:
    received_ms = datetime.fromisoformat(call["received_at"]).timestamp() * 1000
    return int(received_ms + call["took_ms"])
