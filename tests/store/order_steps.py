"""What tests of orders do all the time: agree, submit, move, look."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

from autopay.orders import Order, OrderKey, OrderState
from autopay.ports import Saved
from modupoint import aws
from modupoint.ids import new_id
from tests.unit.autopay.order_samples import MORNING_MS, an_order

if TYPE_CHECKING:
    from tests.store.conftest import Store

BODY = "0" * 64
"""The hash of the body of every order here, unless a test says otherwise."""


def a_new_order(member: str, autopay_id: str = "apy_1", **changes: Any) -> Order:
    """Return an order as a member's request makes it, not yet stored."""
    return an_order(key=OrderKey(member, new_id("ord")), autopay_id=autopay_id, **changes)


def submitted(
    store: Store, member: str, autopay_id: str = "apy_1", *, key: str | None = None, **changes: Any
) -> Order:
    """Store an order."""
    order = a_new_order(member, autopay_id, **changes)
    store.orders().submit(order, key or new_id("key"), BODY)
    return order


def moved(
    order: Order, state: OrderState = OrderState.PLACING, not_before_ms: int = MORNING_MS + 1
) -> Order:
    """Return an order one move on."""
    progress = order.progress.moved(
        state, tries=1, not_before_ms=not_before_ms, sent_at_ms=MORNING_MS
    )
    return replace(order, progress=progress)


def saved(store: Store, before: Order, after: Order) -> Order:
    """Store a move."""
    assert store.orders().save(before, after) is Saved.YES
    return after


def items_of(store: Store, member: str) -> dict[str, dict[str, Any]]:
    """Return everything the Autopays table has of a member, by sort key."""
    items = aws.client("dynamodb").query(
        TableName=store.autopays_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": member}},
        ConsistentRead=True,
    )["Items"]
    return {item["sk"]["S"]: item for item in items}


def holder(store: Store, member: str, autopay_id: str = "apy_1") -> str | None:
    """Return which order holds a registration, None if it is free."""
    item = items_of(store, member).get(f"REG#{autopay_id}")
    return None if item is None else str(item["order_id"]["S"])


def open_orders(store: Store, member: str) -> list[Order]:
    """Return the orders of a member that have not ended."""
    return [one for one in store.orders().all(member) if "lane" in _item(store, one)]


def _item(store: Store, order: Order) -> dict[str, Any]:
    return items_of(store, order.key.member)[f"ORDER#{order.key.order_id}"]
