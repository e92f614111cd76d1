"""Each guard, switched off alone, lets the simulation find what it guards against."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.order_mutations import ORDER_MUTATIONS
from tests.simulation.order_store import MemoryOrders
from tests.simulation.order_world import ORDERS
from tests.simulation.transfer_store import MemoryTransfers
from tests.simulation.transfer_world import TRANSFERS
from tests.simulation.world import Kind, WorldFailedError, live

if TYPE_CHECKING:
    from autopay.orders import Order
    from tests.simulation.switching_off import Mutation
    from transfer.legs import Leg
    from transfer.postings import Posting

SEED = 7
SEED_OF_ORDERS = 1
"""One in whose first worlds most of what can go wrong does."""
MOST_SAGAS = 12_000
SAGAS = 600
ORDERS_LIVED = 300


def seen(kind: Kind, seed: int, mutation: Mutation) -> None:
    """Live worlds without a guard; fails if that is never seen."""
    sagas = 0
    with mutation():
        for index in count():
            try:
                sagas += live(kind, seed, index).sagas
            except WorldFailedError:
                return
            assert sagas < MOST_SAGAS, f"{sagas} sagas went well without the guard"


@pytest.mark.parametrize("guard", MUTATIONS)
def test_without_this_guard_the_simulation_fails(guard: str) -> None:
    seen(TRANSFERS, SEED, MUTATIONS[guard])


@pytest.mark.parametrize("guard", ORDER_MUTATIONS)
def test_without_this_guard_of_orders_the_simulation_fails(guard: str) -> None:
    seen(ORDERS, SEED_OF_ORDERS, ORDER_MUTATIONS[guard])


def test_the_guards_behind_another_one_never_refuse_alone() -> None:
    """The leg's state and the posting's condition have no mutant that could be seen.

    Every move counts the version up, so the same version is the same state; and a move
    with an entry happens once, so its entry is new. Both stay: they are what refuses if
    a later change gives up the version ("leg condition" above shows the second).
    """
    same_version = MemoryTransfers._is_version_same
    unposted = MemoryTransfers._is_unposted

    def is_version_same(self: MemoryTransfers, present: Leg, before: Leg) -> bool:
        same = same_version(self, present, before)
        assert not same or present.state is before.state
        return same

    def is_unposted(self: MemoryTransfers, posting: Posting) -> bool:
        assert unposted(self, posting)
        return True

    with (
        patch.object(MemoryTransfers, "_is_state_same", lambda *_: True),
        patch.object(MemoryTransfers, "_is_version_same", is_version_same),
        patch.object(MemoryTransfers, "_is_unposted", is_unposted),
    ):
        sagas, index = 0, 0
        while sagas < SAGAS:
            sagas, index = sagas + live(TRANSFERS, SEED, index).sagas, index + 1


def test_the_state_of_an_order_never_refuses_alone() -> None:
    """As the leg's: every move counts the version up, so the same version is the same state."""
    same_version = MemoryOrders._is_version_same

    def is_version_same(self: MemoryOrders, present: Order, before: Order) -> bool:
        same = same_version(self, present, before)
        assert not same or present.state is before.state
        return same

    with (
        patch.object(MemoryOrders, "_is_state_same", lambda *_: True),
        patch.object(MemoryOrders, "_is_version_same", is_version_same),
    ):
        sagas, index = 0, 0
        while sagas < ORDERS_LIVED:
            sagas, index = sagas + live(ORDERS, SEED_OF_ORDERS, index).sagas, index + 1
