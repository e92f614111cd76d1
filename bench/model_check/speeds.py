"""What each kind of work takes on this machine, measured while nothing else goes on.

A kind's *cost* is the machine's time that one takes from everything else: so much as
passes for each when enough of them come at once to keep the machine busy, and it alone.
What one *takes* is its length when it comes alone. Neither is taken from a day.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.model_check.lanes import most_at_once, now_s
from bench.model_check.pages import took_s
from bench.opening_day.machine import Work
from modupoint.issuers import ISSUERS
from query.lanes import LANE_BATCH_SIZE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bench.model_check.lanes import Lanes
    from bench.model_check.pages import Pages, Person

ISSUER_S = 0.3
"""How long issuers take in the day; while costs are measured they answer at once."""
API_AT_ONCE = 8
"""Requests that keep the machine busy: four for each of its processors."""
_ALONE = 10
_CROWD = 40
_ALONE_IN_A_LANE = 6
_FULL_BATCHES = 4
_OVER_S = 1.0
"""Nobody looks at logs before: reading them would make what is measured longer."""
PEOPLE_NEEDED = 2 * _CROWD + _ALONE + _ALONE_IN_A_LANE
"""How many people one measurement uses up."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Seconds. ``one`` and ``full`` are a batch of one message and of as many as fit.

    ``dispatch_s`` is from a lookup's request to its worker's first line, without what
    the request costs. ``workers`` and ``lane_workers`` were seen at once, in all lanes
    and in the busiest.
    """

    post: Work
    read: Work
    one: Work
    full: Work
    dispatch_s: float
    workers: int
    lane_workers: int
    load: float

    def batch(self, messages: int) -> Work:
        """Return what a batch of so many messages is: each after the first is as much more."""
        share = (messages - 1) / (LANE_BATCH_SIZE - 1)
        return Work(
            self.one.costs_s + (self.full.costs_s - self.one.costs_s) * share,
            self.one.takes_s + (self.full.takes_s - self.one.takes_s) * share,
        )


@dataclass(frozen=True, slots=True)
class Drained:
    """Messages that waited, the batches they came in, and how long all of them took."""

    messages: int
    batches: int
    passed_s: float
    at_once: int


async def measure(pages: Pages, lanes: Lanes, people: Sequence[Person]) -> Speeds:
    """Measure each kind of work by itself; uses up ``PEOPLE_NEEDED`` people."""
    load = os.getloadavg()[0]
    first, second = people[:_CROWD], people[_CROWD : 2 * _CROWD]
    alone, in_a_lane = people[2 * _CROWD : 2 * _CROWD + _ALONE], people[2 * _CROWD + _ALONE :]
    lanes.shut()
    lanes.let_answer_in(0)
    post_takes_s = median([await took_s(pages.post(one)) for one in alone])
    lookups: dict[Person, str] = {}

    async def post(person: Person) -> None:
        lookups[person] = (await pages.post(person))["lookup_id"]

    async def read(person: Person) -> None:
        await pages.read(person, lookups[person])

    post_costs_s = [await crowded_s(post, first)]
    ones = await _drain(lanes, 1, len(first) + len(alone))
    read_takes_s = median([await took_s(read(one)) for one in first[:_ALONE]])
    read_costs_s = await crowded_s(read, [*first, *first])
    lanes.shut()
    post_costs_s.append(await crowded_s(post, second))
    fulls = await _drain(lanes, LANE_BATCH_SIZE, len(second))
    lanes.let_answer_in(ISSUER_S)
    dispatch_s, one_takes_s = await _one_alone(pages, lanes, in_a_lane)
    full_takes_s = await _full_alone(pages, lanes, second)
    lane_workers = await _workers_of_a_lane(pages, lanes, first[: 3 * LANE_BATCH_SIZE])
    one_costs_s = ones.passed_s / ones.batches
    more_s = max(0.0, fulls.passed_s - one_costs_s * fulls.batches)
    each_more_s = more_s / (fulls.messages - fulls.batches)
    post_cost_s = sum(post_costs_s) / len(post_costs_s)
    return Speeds(
        post=Work(post_cost_s, post_takes_s),
        read=Work(read_costs_s, read_takes_s),
        one=Work(one_costs_s, one_takes_s),
        full=Work(one_costs_s + each_more_s * (LANE_BATCH_SIZE - 1), full_takes_s),
        dispatch_s=max(0.0, dispatch_s - post_cost_s),
        workers=fulls.at_once,
        lane_workers=lane_workers,
        load=load,
    )


async def crowded_s(
    ask: Callable[[Person], Awaitable[None]],
    people: Sequence[Person],
    at_once: int = API_AT_ONCE,
) -> float:
    """Return the time that passes for each person if so many of them ask at once."""
    turn = asyncio.Semaphore(at_once)

    async def one(person: Person) -> None:
        async with turn:
            await ask(person)

    return await took_s(asyncio.gather(*map(one, people))) / len(people)


async def _drain(lanes: Lanes, batch_size: int, people: int) -> Drained:
    """Let workers take what waits for so many people in every lane, so many at a time."""
    since_s, messages = now_s(), people * len(ISSUERS)
    calls = lanes.calls()
    lanes.open(batch_size=batch_size)
    lanes.until_called(calls + messages)
    await asyncio.sleep(_OVER_S)
    found = lanes.invocations_since(since_s)
    passed_s = max(one.ended_s for one in found) - min(one.began_s for one in found)
    return Drained(messages, len(found), passed_s, most_at_once(found))


async def _one_alone(pages: Pages, lanes: Lanes, people: Sequence[Person]) -> tuple[float, float]:
    """Return how long a message is on its way to its worker, and its batch without the issuer."""
    lanes.open()
    ways_s, took_alone_s = [], []
    for person, issuer in zip(people, ISSUERS, strict=False):
        asked_s = now_s()
        await pages.post(person, issuers=[issuer])
        await asyncio.sleep(_OVER_S)
        found = lanes.invocations_since(asked_s)
        ways_s.append(found[0].began_s - asked_s)
        took_alone_s.append(found[0].took_s)
    return median(ways_s), max(0.0, median(took_alone_s) - ISSUER_S)


async def _full_alone(pages: Pages, lanes: Lanes, people: Sequence[Person]) -> float:
    """Return how long a batch of as many as fit takes without the issuer."""
    took_s_: list[float] = []
    size = LANE_BATCH_SIZE
    for place, issuer in zip(range(_FULL_BATCHES), ISSUERS, strict=False):
        since_s = await _let_wait(pages, lanes, issuer, people[place * size :][:size])
        took_s_ += [one.took_s for one in lanes.invocations_since(since_s)]
    return max(0.0, median(took_s_) - ISSUER_S)


async def _workers_of_a_lane(pages: Pages, lanes: Lanes, people: Sequence[Person]) -> int:
    """Return how many workers one lane has at once, from how many calls its issuer has open."""
    issuer, calls = next(iter(ISSUERS)), lanes.calls()
    await _let_wait(pages, lanes, issuer, people)
    return -(-lanes.most_asked_at_once(issuer, calls) // LANE_BATCH_SIZE)


async def _let_wait(pages: Pages, lanes: Lanes, issuer: str, people: Sequence[Person]) -> float:
    """Let people wait in one lane and then be asked for; returns when it was opened."""
    lanes.shut()
    for person in people:
        await pages.post(person, issuers=[issuer], max_age_seconds=0)
    since_s, calls = now_s(), lanes.calls()
    lanes.open([issuer])
    lanes.until_called(calls + len(people))
    await asyncio.sleep(_OVER_S)
    lanes.open()
    return since_s
