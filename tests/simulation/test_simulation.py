"""Thousands of simulated sagas: nothing is lost, nothing paid twice, no bill without a card.

R-T7 for transfers, R-A6 for orders.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from itertools import count

import pytest

from tests.simulation import world
from tests.simulation.faults import drawn_faults
from tests.simulation.kinds import KINDS
from tests.simulation.order_world import ORDERS
from tests.simulation.transfer_world import TRANSFERS
from tests.simulation.world import Kind, World, WorldFailedError, live

SEED = 20261122
SAGAS = {TRANSFERS.name: 1_100, ORDERS.name: 700}

HAPPENED = [
    (
        TRANSFERS,
        {
            "DEPOSITED",
            "REVERSED",
            "FAILED",
            "WITH_OPERATOR",
            "replayed",
            "already_transferred_today",
            "idempotency_key_reused",
        },
    ),
    (
        ORDERS,
        {
            "COMPLETED",
            "REJECTED",
            "WITHDRAWN",
            "CHECKING",
            "CHANGE",
            "CANCEL",
            "replayed",
            "order_open",
            "too_late",
            "withdrawal accepted",
            "idempotency_key_reused",
        },
    ),
]

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def lived(kind: Kind, seed: int) -> Counter[str]:
    """Live worlds of a seed until there were enough sagas; fails with how to see it again."""
    tally: Counter[str] = Counter()
    sagas = SAGAS[kind.name]
    for index in count():
        try:
            one = live(kind, seed, index)
        except WorldFailedError as failure:
            pytest.fail(f"{failure.trace[-4_000:]}\n{failure}", pytrace=False)
        tally += one.tally
        sagas -= one.sagas
        if sagas <= 0:
            return tally
    raise AssertionError


@pytest.mark.parametrize(("kind", "happened"), HAPPENED, ids=["transfers", "orders"])
def test_every_saga_of_the_known_worlds_ends_well_r_t7_r_a6(kind: Kind, happened: set[str]) -> None:
    tally = lived(kind, SEED)
    # Worlds in which nothing ever happened would end well too.
    assert happened <= set(tally)


@kinds
def test_every_saga_of_new_worlds_ends_well_r_t7_r_a6(kind: Kind) -> None:
    lived(kind, secrets.randbelow(10**9))


@kinds
def test_a_world_comes_again_with_its_seed(kind: Kind) -> None:
    one, other = (_told(kind, f"{SEED}/0") for _ in range(2))
    assert one == other
    assert one != _told(kind, f"{SEED}/1")


def test_where_nothing_fails_all_money_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "drawn_faults", _none)
    tally = live(TRANSFERS, SEED, 0).tally
    assert tally["DEPOSITED"] > 0
    assert not tally.keys() & {"REVERSED", "FAILED", "WITH_OPERATOR"}


def test_where_nothing_fails_no_order_needs_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "drawn_faults", _none)
    tally = sum((live(ORDERS, SEED, index).tally for index in range(8)), Counter[str]())
    assert tally["COMPLETED"] > 0
    assert tally["WITHDRAWN"] > 0
    assert tally["CHECKING"] == 0


def _none(*given: object) -> object:
    faults = drawn_faults(*given)  # type: ignore[arg-type]
    faults.calm()
    return faults


def _told(kind: Kind, seed: str) -> str:
    made = World(kind, random.Random(seed))  # noqa: S311 - chance that comes again
    made.live()
    return made.trace.about()
