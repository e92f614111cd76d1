"""People who come to the stack that runs, each at their own moment."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bench.model_check.outcome import Outcome
from bench.model_check.pages import UnexpectedAnswerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bench.model_check.pages import Lookup, Pages, Person
    from bench.opening_day.crowd import Crowd

_PENDING = "PENDING"
_BACK_OFF_S = (1.0, 2.0, 4.0, 8.0)
"""As the page does: web/src/api/failure.ts."""


async def drive(pages: Pages, people: Sequence[Person], crowd: Crowd) -> Outcome:
    """Let each person come when the crowd says so; poll as the server tells, until DONE."""
    refused = 0
    began_s = time.perf_counter()

    def now_s() -> float:
        return time.perf_counter() - began_s

    async def until_accepted(ask: Callable[..., Awaitable[Lookup]], *asked: Person | str) -> Lookup:
        nonlocal refused
        for pause_s in _BACK_OFF_S:
            try:
                return await ask(*asked)
            except UnexpectedAnswerError:
                refused += 1
                await asyncio.sleep(pause_s)
        return await ask(*asked)

    async def come(person: Person, comes_s: float) -> tuple[float, float]:
        await asyncio.sleep(max(0.0, comes_s - now_s()))
        lookup = await until_accepted(pages.post, person)
        first_s: float | None = None
        while True:
            if first_s is None and any(
                one["status"] != _PENDING for one in lookup["results"].values()
            ):
                first_s = now_s()
            if lookup["status"] == "DONE":
                return first_s or now_s(), now_s()
            await asyncio.sleep(lookup["retry_after_ms"] / 1000)
            lookup = await until_accepted(pages.read, person, lookup["lookup_id"])

    comes_s = [float(one) for one in crowd.comes_s]
    seen = await asyncio.gather(*map(come, people, comes_s))
    return Outcome(comes_s, [first for first, _ in seen], [last for _, last in seen], refused)
