"""What happens when many do the same at once, on the engine that orders it (R-A6, decision 6)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest

from autopay.orders import FINAL, Order, OrderState
from autopay.ports import KeyUsedError, OrderOpenError, Saved
from tests.store.aws_calls import single_writes_meet_a_transaction
from tests.store.lookup_steps import agreed, at_once
from tests.store.order_steps import (
    BODY,
    a_new_order,
    holder,
    items_of,
    moved,
    open_orders,
    submitted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

_S = OrderState
MANY = 16


@pytest.fixture
def member(racing_store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed."""
    return agreed(racing_store.members(), new_member())


def raced(store: Store, orders: list[Order], keys: list[str]) -> list[str]:
    """Submit all at once, each in an environment of its own; return what each got."""
    environments = [store.orders() for _ in orders]

    def submit(place: int) -> str:
        try:
            environments[place].submit(orders[place], keys[place], BODY)
        except (KeyUsedError, OrderOpenError) as error:
            return type(error).__name__
        return "accepted"

    return at_once(len(orders), submit)


def saved_at_once(store: Store, before: Order, ways: list[Order]) -> list[Saved]:
    """Store all moves at once, each in an environment of its own; return what each got."""
    environments = [store.orders() for _ in ways]
    return at_once(len(ways), lambda place: environments[place].save(before, ways[place]))


def test_of_many_devices_with_one_key_one_order_is_stored(racing_store: Store, member: str) -> None:
    # Other registrations each: nothing but the key stands in their way.
    orders = [a_new_order(member, f"apy_{place}") for place in range(MANY)]
    told = raced(racing_store, orders, ["key"] * MANY)
    assert sorted(set(told)) == ["KeyUsedError", "accepted"]
    assert told.count("accepted") == 1
    winner = orders[told.index("accepted")]
    assert racing_store.orders().all(member) == [winner]
    used = racing_store.orders().used_key(member, "key")
    assert used is not None
    assert used.order_id == winner.key.order_id
    assert len(items_of(racing_store, member)) == 3


def test_of_many_orders_of_one_registration_exactly_one_is_open_r_a6(
    racing_store: Store, member: str
) -> None:
    orders = [a_new_order(member) for _ in range(MANY)]
    told = raced(racing_store, orders, [f"key {place}" for place in range(MANY)])
    assert told.count("accepted") == 1
    assert told.count("OrderOpenError") == MANY - 1
    winner = orders[told.index("accepted")]
    assert open_orders(racing_store, member) == [winner]
    assert holder(racing_store, member) == winner.key.order_id
    # Nothing is left of the others, not even their keys.
    assert len(items_of(racing_store, member)) == 3


@pytest.mark.parametrize("state", [_S.PLACING, _S.WITHDRAWN])
def test_of_many_workers_with_one_move_one_makes_it(
    racing_store: Store, member: str, state: OrderState
) -> None:
    order = submitted(racing_store, member)
    after = moved(order, state)
    told = saved_at_once(racing_store, order, [after] * MANY)
    assert told.count(Saved.YES) == 1
    assert racing_store.orders().read(order.key) == after
    assert (holder(racing_store, member) is None) == (state in FINAL)


def test_a_member_who_withdraws_and_a_worker_who_sends_do_not_both_win(
    racing_store: Store, member: str
) -> None:
    for place in range(10):
        order = submitted(racing_store, member, f"apy_{place}")
        ways = [moved(order, _S.WITHDRAWN), moved(order, _S.PLACING)] * 4
        told = saved_at_once(racing_store, order, ways)
        assert told.count(Saved.YES) == 1
        assert racing_store.orders().read(order.key) == ways[told.index(Saved.YES)]


def test_while_one_order_ends_the_next_ones_race_for_its_place_r_a6(
    racing_store: Store, member: str
) -> None:
    first = submitted(racing_store, member)
    orders = [a_new_order(member) for _ in range(8)]
    environments = [racing_store.orders() for _ in range(9)]

    def act(place: int) -> str:
        if place == len(orders):
            return environments[place].save(first, moved(first, _S.COMPLETED)).name
        try:
            environments[place].submit(orders[place], f"key {place}", BODY)
        except OrderOpenError:
            return "open"
        return "accepted"

    told = at_once(9, act)
    assert told[-1] == "YES"
    assert told.count("accepted") <= 1
    still_open = open_orders(racing_store, member)
    assert len(still_open) == told.count("accepted")
    assert holder(racing_store, member) == (still_open[0].key.order_id if still_open else None)
    if not still_open:
        submitted(racing_store, member)


@pytest.mark.parametrize(("version", "saved"), [(0, Saved.YES), (7, Saved.OVERTAKEN)])
def test_a_single_write_that_meets_a_transaction_waits_for_what_comes_of_it(
    racing_store: Store, member: str, version: int, saved: Saved
) -> None:
    order = submitted(racing_store, member)
    seen = replace(order, progress=replace(order.progress, version=version))
    with single_writes_meet_a_transaction() as met:
        assert racing_store.orders().save(seen, moved(seen)) is saved
    assert len(met) == 1
