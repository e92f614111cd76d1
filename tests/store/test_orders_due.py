"""What the schedule and the operator find: every order with something left to do, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autopay.order_items import DUE_INDEX, LANE_SHARDS, SWEEP_AFTER_MS, lanes
from autopay.orders import FINAL, WITH_OPERATOR, Order, OrderState
from modupoint import aws
from tests.store.lookup_steps import agreed
from tests.store.order_steps import items_of, moved, saved, submitted
from tests.unit.autopay.order_samples import MORNING_MS, RESULT_DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

_S = OrderState
ALL_MS = MORNING_MS + 10**10


def waiting(store: Store, order: Order, until_ms: int, state: OrderState = _S.PLACED) -> Order:
    """Store that an order waits until a time."""
    return saved(store, order, moved(order, state, until_ms))


@pytest.fixture
def new_order(store: Store, new_member: Callable[[], str]) -> Callable[[], Order]:
    """Give orders of members of their own, just accepted."""
    return lambda: submitted(store, agreed(store.members(), new_member()))


def test_due_orders_come_the_longest_overdue_first_whatever_shard_they_are_in(
    store: Store, new_order: Callable[[], Order]
) -> None:
    keys = [
        waiting(store, new_order(), MORNING_MS - minutes * 60_000).key
        for minutes in (3, 9, 1, 7, 5, 2)
    ]
    by_age = [keys[place] for place in (1, 3, 4, 0, 5, 2)]
    orders = store.orders()
    assert orders.due(MORNING_MS, 10) == by_age
    assert orders.due(MORNING_MS, 4) == by_age[:4]
    assert orders.due(MORNING_MS, 1) == by_age[:1]


def test_both_shards_are_used_and_looked_at(store: Store, new_order: Callable[[], Order]) -> None:
    made = {new_order().key for _ in range(12)}
    used = {
        lane
        for lane in lanes()
        if aws.client("dynamodb").query(
            TableName=store.autopays_table,
            IndexName=DUE_INDEX,
            KeyConditionExpression="lane = :lane",
            ExpressionAttributeValues={":lane": {"S": lane}},
        )["Items"]
    }
    assert len(used) == LANE_SHARDS
    assert set(store.orders().due(ALL_MS, 50)) == made


def test_an_order_is_due_from_its_moment_on(store: Store, new_order: Callable[[], Order]) -> None:
    order = waiting(store, new_order(), RESULT_DAY_MS)
    assert store.orders().due(RESULT_DAY_MS - 1, 10) == []
    assert store.orders().due(RESULT_DAY_MS, 10) == [order.key]


def test_only_an_order_that_never_moved_has_a_message_on_its_way(
    store: Store, new_order: Callable[[], Order]
) -> None:
    fresh = new_order()
    assert store.orders().due(MORNING_MS + SWEEP_AFTER_MS - 1, 10) == []
    waited = waiting(store, fresh, MORNING_MS, _S.ACCEPTED)
    assert store.orders().due(MORNING_MS, 10) == [waited.key]


@pytest.mark.parametrize("state", sorted(set(OrderState) - FINAL - WITH_OPERATOR))
def test_every_order_that_still_moves_is_due_once_its_time_has_come(
    store: Store, new_order: Callable[[], Order], state: OrderState
) -> None:
    order = waiting(store, new_order(), MORNING_MS, state)
    assert store.orders().due(MORNING_MS, 10) == [order.key]
    assert list(store.orders().with_operator()) == []


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_order_is_in_nobodys_way(
    store: Store, new_order: Callable[[], Order], state: OrderState
) -> None:
    order = waiting(store, new_order(), MORNING_MS, state)
    assert store.orders().due(ALL_MS, 10) == []
    assert list(store.orders().with_operator()) == []
    item = items_of(store, order.key.member)[f"ORDER#{order.key.order_id}"]
    assert "lane" not in item


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_what_waits_for_a_person_is_found_by_the_person_and_not_by_the_schedule(
    store: Store, new_order: Callable[[], Order], state: OrderState
) -> None:
    order = waiting(store, new_order(), MORNING_MS, state)
    assert store.orders().due(ALL_MS, 10) == []
    assert list(store.orders().with_operator()) == [order.key]


def test_the_person_finds_the_longest_waiting_first(
    store: Store, new_order: Callable[[], Order]
) -> None:
    keys = [
        waiting(store, new_order(), MORNING_MS + wait_ms, _S.PLACING_WITH_OPERATOR).key
        for wait_ms in (2, 0, 1)
    ]
    assert list(store.orders().with_operator()) == [keys[1], keys[2], keys[0]]
