"""Money in thousands of simulated sagas: nothing is lost and nothing paid twice (R-T7)."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from itertools import count
from unittest.mock import patch

import pytest

from tests.simulation import world
from tests.simulation.faults import drawn_faults
from tests.simulation.transfer_world import TRANSFERS
from tests.simulation.world import World, WorldFailedError, live

SEED = 20261122
SAGAS = 1_100


def lived(seed: int, sagas: int) -> Counter[str]:
    """Live worlds of a seed until there were enough sagas; fails with how to see it again."""
    tally: Counter[str] = Counter()
    for index in count():
        try:
            one = live(TRANSFERS, seed, index)
        except WorldFailedError as failure:
            pytest.fail(f"{failure.trace[-4_000:]}\n{failure}", pytrace=False)
        tally += one.tally
        sagas -= one.sagas
        if sagas <= 0:
            return tally
    raise AssertionError


def test_every_saga_of_the_known_worlds_ends_well_r_t7() -> None:
    tally = lived(SEED, SAGAS)
    # Worlds in which nothing ever happened would end well too.
    happened = {
        "DEPOSITED",
        "REVERSED",
        "FAILED",
        "WITH_OPERATOR",
        "replayed",
        "already_transferred_today",
        "idempotency_key_reused",
    }
    assert happened <= set(tally)


def test_every_saga_of_new_worlds_ends_well_r_t7() -> None:
    lived(secrets.randbelow(10**9), SAGAS)


def test_a_world_comes_again_with_its_seed() -> None:
    one, other = (_told(f"{SEED}/0") for _ in range(2))
    assert one == other
    assert one != _told(f"{SEED}/1")


def test_where_nothing_fails_all_money_arrives() -> None:
    def none(*given: object) -> object:
        faults = drawn_faults(*given)  # type: ignore[arg-type]
        faults.calm()
        return faults

    with patch.object(world, "drawn_faults", none):
        tally = live(TRANSFERS, SEED, 0).tally
    assert tally["DEPOSITED"] > 0
    assert not tally.keys() & {"REVERSED", "FAILED", "WITH_OPERATOR"}


def _told(seed: str) -> str:
    made = World(TRANSFERS, random.Random(seed))  # noqa: S311 - chance that comes again
    made.live()
    return made.trace.about()
