"""``python -m bench.model_check``: measure, live a small day twice, compare."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.model_check.drive import drive
from bench.model_check.lanes import Lanes
from bench.model_check.modelled import live
from bench.model_check.own_stack import own_stack
from bench.model_check.pages import REQUESTS_AT_ONCE, Pages, UnexpectedAnswerError
from bench.model_check.small_day import parts
from bench.model_check.speeds import ISSUER_S, PEOPLE_NEEDED, crowded_s, measure
from bench.model_check.verdict import compare, told_beside
from bench.template import ROOT
from tests.stack.bring_up import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.model_check.outcome import Outcome
    from bench.model_check.pages import Person
    from bench.model_check.speeds import Speeds

PLACE = ROOT / "build" / "model-check"
_WARM_AT_ONCE = (REQUESTS_AT_ONCE // 4, REQUESTS_AT_ONCE // 2, REQUESTS_AT_ONCE)
_STARTED_S = 5.0
_LIVED = 5
"""The model lives each part so often, with other dice for when a page asks again."""


def main() -> int:
    """Check the model; 1 if it and the stack differ by more than a quarter."""
    options = argparse.ArgumentParser(prog="model-check", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--stack", type=Path, help="the stack.json of one that runs")
    asked = options.parse_args()
    if asked.stack:
        return asyncio.run(check(Stack.read(asked.stack), asked.seed))
    with own_stack() as stack:
        return asyncio.run(check(stack, asked.seed))


async def check(stack: Stack, seed: int) -> int:
    """Live the day on a stack and in the model, part by part."""
    lanes = Lanes(stack)
    on_stack: dict[str, list[Outcome]] = {"day": [], "rush": []}
    in_model: dict[str, list[Outcome]] = {"day": [], "rush": []}
    measured: list[Speeds] = []
    told: list[dict[str, Any]] = []
    async with Pages(stack) as pages:
        await _start_all(pages, lanes)
        for part in parts(seed):
            kind = "rush" if part.name.startswith("rush") else "day"
            if kind == "day":
                measured.append(await measure(pages, lanes, await pages.sign_in(PEOPLE_NEEDED)))
                _say(_sentence(measured[-1]))
            people = await pages.sign_in(len(part.people))
            load = os.getloadavg()[0]
            on_stack[kind].append(await drive(pages, people, part.people))
            lived = [live(part.people, measured[-1], seed + other) for other in range(_LIVED)]
            in_model[kind] += lived
            found = compare(
                {"day": on_stack[kind][-1:], "rush": on_stack[kind][-1:]},
                {"day": lived, "rush": lived},
            )
            told.append(
                {
                    "name": part.name,
                    "people": len(part.people),
                    "refused": on_stack[kind][-1].refused,
                    "load_before": load,
                    "load_after": os.getloadavg()[0],
                    "throughput": found["throughput"].written(),
                    "median_completion_s": found["median_completion_s"].written(),
                }
            )
            _say(json.dumps(told[-1]))
    return _judge(on_stack, in_model, measured, told)


async def _start_all(pages: Pages, lanes: Lanes) -> None:
    """Let functions start as many processes as the day will need at once."""
    people = await pages.sign_in(3 * len(_WARM_AT_ONCE) * max(_WARM_AT_ONCE))
    lanes.open()
    lanes.let_answer_in(ISSUER_S)

    async def come(person: Person) -> None:
        # A start on a busy machine may take longer than the API waits for it.
        with suppress(UnexpectedAnswerError):
            lookup = await pages.post(person)
            await pages.read(person, lookup["lookup_id"])

    for number, at_once in enumerate(_WARM_AT_ONCE):
        await crowded_s(come, people[number :: len(_WARM_AT_ONCE)][: 3 * at_once], at_once)
    await asyncio.sleep(_STARTED_S)


def _judge(
    on_stack: dict[str, list[Outcome]],
    in_model: dict[str, list[Outcome]],
    measured: Sequence[Speeds],
    told: list[dict[str, Any]],
) -> int:
    found = compare(on_stack, in_model)
    others = told_beside(on_stack, in_model)
    content = {
        **{name: one.written() for name, one in (found | others).items()},
        "speeds": [asdict(one) for one in measured],
        "parts": told,
    }
    PLACE.mkdir(parents=True, exist_ok=True)
    people = {
        "stack": {name: [asdict(one) for one in lived] for name, lived in on_stack.items()},
        "model": {name: [asdict(one) for one in lived] for name, lived in in_model.items()},
    }
    (PLACE / "people.json").write_text(json.dumps(people) + "\n", encoding="utf-8")
    (PLACE / "verdict.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    for name, one in found.items():
        says = f"stack {one.stack:.2f}, model {one.model:.2f}, ratio {one.ratio:.2f}"
        print(f"{'holds' if one.agrees else 'FAILS':<6} {name}: {says}")
    for name, one in others.items():
        print(f"       {name}: stack {one.stack:.2f}, model {one.model:.2f}")
    print(PLACE / "verdict.json")
    return 0 if all(one.agrees for one in found.values()) else 1


def _sentence(speeds: Speeds) -> str:
    works = {"post": speeds.post, "read": speeds.read, "one": speeds.one, "full": speeds.full}
    told = [
        f"{name} costs {work.costs_s * 1000:.0f} takes {work.takes_s * 1000:.0f} ms"
        for name, work in works.items()
    ]
    return (
        f"{'; '.join(told)}; dispatch {speeds.dispatch_s * 1000:.0f} ms; workers at once "
        f"{speeds.workers}, {speeds.lane_workers} a lane; load {speeds.load:.1f}"
    )


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
