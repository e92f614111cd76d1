"""Runs worlds until so many sagas have ended well, or one has not.

A saga is a leg, one issuer's points on their way to one account; or an order, one bill
on its way to another card.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from typing import TYPE_CHECKING

from modupoint.telemetry import logger
from tests.simulation.kinds import KINDS
from tests.simulation.world import Kind, Lived, WorldFailedError, live

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAY_EVERY_S = 10
_WORLDS_AT_ONCE = 8
_PROCESSES = 2


def main() -> int:
    """Run, and say what came of it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--what", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--sagas", type=int, default=2_000, help="how many of each, at least")
    parser.add_argument("--seed", type=int, default=None, help="drawn and shown if not given")
    parser.add_argument("--world", type=int, help="live only this world of the seed")
    parser.add_argument("--processes", type=int, default=_PROCESSES)
    given = parser.parse_args()
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    if given.world is not None and given.what == "both":
        parser.error("a world is of one kind: --what")
    _quietly()
    kinds = [kind for name, kind in KINDS.items() if given.what in {name, "both"}]
    return max(_run(kind, seed, given.world, given.sagas, given.processes) for kind in kinds)


def _run(kind: Kind, seed: int, world: int | None, wanted: int, processes: int) -> int:
    started_s = time.monotonic()
    tally: Counter[str] = Counter()
    sagas = worlds = 0
    said_s = started_s
    try:
        for lived in _lives(kind, seed, world, wanted, processes):
            sagas, worlds = sagas + lived.sagas, worlds + 1
            tally += lived.tally
            if time.monotonic() - said_s > _SAY_EVERY_S:
                said_s = time.monotonic()
                _say(f"{sagas:,} {kind.name}, {sagas / (said_s - started_s):,.0f}/s")
    except WorldFailedError as failure:
        _say(failure.trace)
        _say(f"\nafter {sagas:,} sagas: {failure}")
        return 1
    took_s = time.monotonic() - started_s
    _say(f"{kind.name}: {sagas:,} sagas in {worlds} worlds of seed {seed}, {sagas / took_s:,.0f}/s")
    _say(", ".join(f"{name} {number:,}" for name, number in sorted(tally.items())))
    return 0


def _lives(kind: Kind, seed: int, world: int | None, sagas: int, processes: int) -> Iterator[Lived]:
    """Give worlds as they end, until there are enough."""
    if world is not None:
        yield live(kind, seed, world)
        return
    with ProcessPoolExecutor(processes, initializer=_quietly) as pool:
        running: set[Future[Lived]] = set()
        try:
            for index in count():
                running.add(pool.submit(live, kind, seed, index))
                if len(running) < _WORLDS_AT_ONCE:
                    continue
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for lived in (one.result() for one in done):
                    sagas -= lived.sagas
                    yield lived
                if sagas <= 0:
                    return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _quietly() -> None:
    # A line per move, a million times, is not what anybody wants to read.
    logger.setLevel("CRITICAL")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
