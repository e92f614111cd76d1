"""Each guard, switched off alone, lets a year find what it guards against."""

from __future__ import annotations

import random

import pytest

from tests.expiry_year.guards import GUARDS
from tests.expiry_year.year import LIVELY, STEADY, Year

SEED = 11
MOST_WORLDS = 20


def breaks(world: int) -> bool:
    """Say whether a year broke a promise."""
    rng = random.Random(f"{SEED}/{world}")  # noqa: S311 - chance that comes again
    try:
        Year(rng, [*[STEADY] * 4, *[LIVELY] * 8], None).live()
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("guard", GUARDS)
def test_without_this_guard_a_promise_is_broken(guard: str) -> None:
    with GUARDS[guard]():
        assert any(breaks(world) for world in range(MOST_WORLDS))


def test_with_all_guards_these_worlds_break_nothing() -> None:
    assert not any(breaks(world) for world in range(3))
