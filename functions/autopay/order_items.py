"""The Autopays table: where things lie, and how they are written. No calls here.

PK member; SK ``ORDER#<id>``, ``KEY#<hash>`` an idempotency key, ``REG#<autopay_id>``
which order of a registration is open (R-A6). The sparse index ``due`` has every
order with something left to do, in the order it is due.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zlib import crc32

from autopay.orders import FINAL, WITH_OPERATOR, Order, OrderKey, OrderKind, OrderState
from modupoint.effects import Progress
from modupoint.member_table import item_key

DUE_INDEX = "due"
ORDER_PREFIX = "ORDER#"
OPERATOR_LANE = "OPERATOR"
"""The lane of the orders that wait for a person."""
LANE_SHARDS = 2
"""A partition of an index takes a thousand writes a second."""
SWEEP_AFTER_MS = 45_000
"""A new order has a message on its way; the sweep looks after it from then on."""
KEPT_S = (5 * 366 + 31) * 24 * 3600

type Item = Mapping[str, Any]


def order_key(key: OrderKey) -> dict[str, Any]:
    """Return an order's key."""
    return item_key(key.member, f"{ORDER_PREFIX}{key.order_id}")


def registration_key(member: str, autopay_id: str) -> dict[str, Any]:
    """Return the key of a registration's open order."""
    return item_key(member, f"REG#{autopay_id}")


def lanes() -> tuple[str, ...]:
    """Return the index keys of due orders."""
    return tuple(f"SWITCH#{shard}" for shard in range(LANE_SHARDS))


def order_item(order: Order) -> dict[str, Any]:
    """Return an order's item, with its place in the index of what is due."""
    progress = order.progress
    optional: dict[str, Any] = {
        "to_card_ref": _s(order.to_card_ref),
        "sealed_ci": None if order.sealed_ci is None else {"B": order.sealed_ci},
        "reason_code": _s(order.reason_code),
        "reason": _s(order.reason),
        "sent_at": None if progress.sent_at_ms is None else _n(progress.sent_at_ms),
        "warnings": {"L": [{"S": code} for code in order.warnings]} if order.warnings else None,
    }
    return {
        **order_key(order.key),
        "kind": {"S": order.kind},
        "autopay_id": {"S": order.autopay_id},
        "category": {"S": order.category},
        "requested_at": _n(order.requested_at_ms),
        "process_on": {"S": order.process_on.isoformat()},
        "result_on": {"S": order.result_on.isoformat()},
        "real_time": {"BOOL": order.real_time},
        "withdrawal_wished": {"BOOL": order.withdrawal_wished},
        "state": {"S": progress.state},
        "version": _n(progress.version),
        "tries": _n(progress.tries),
        "not_before": _n(progress.not_before_ms),
        "expires_at": _n(order.requested_at_ms // 1000 + KEPT_S),
        **{name: value for name, value in optional.items() if value is not None},
        **_due(order),
    }


def order_of(item: Item) -> Order:
    """Return the order an item holds."""
    return Order(
        key=order_key_of(item),
        kind=OrderKind(item["kind"]["S"]),
        autopay_id=item["autopay_id"]["S"],
        category=item["category"]["S"],
        to_card_ref=item["to_card_ref"]["S"] if "to_card_ref" in item else None,
        requested_at_ms=int(item["requested_at"]["N"]),
        process_on=date.fromisoformat(item["process_on"]["S"]),
        result_on=date.fromisoformat(item["result_on"]["S"]),
        real_time=item["real_time"]["BOOL"],
        warnings=tuple(code["S"] for code in item["warnings"]["L"]) if "warnings" in item else (),
        progress=Progress(
            state=OrderState(item["state"]["S"]),
            version=int(item["version"]["N"]),
            tries=int(item["tries"]["N"]),
            sent_at_ms=int(item["sent_at"]["N"]) if "sent_at" in item else None,
            not_before_ms=int(item["not_before"]["N"]),
        ),
        sealed_ci=item["sealed_ci"]["B"] if "sealed_ci" in item else None,
        withdrawal_wished=item["withdrawal_wished"]["BOOL"],
        reason_code=item["reason_code"]["S"] if "reason_code" in item else None,
        reason=item["reason"]["S"] if "reason" in item else None,
    )


def order_key_of(item: Item) -> OrderKey:
    """Return which order an item of the table or of the index is."""
    return OrderKey(item["pk"]["S"], item["sk"]["S"].removeprefix(ORDER_PREFIX))


def _due(order: Order) -> dict[str, Any]:
    if order.state in FINAL:
        return {}
    fresh = order.progress.version == 0
    due_ms = order.progress.not_before_ms + (SWEEP_AFTER_MS if fresh else 0)
    return {"lane": {"S": _lane(order)}, "due_at": _n(due_ms)}


def _lane(order: Order) -> str:
    if order.state in WITH_OPERATOR:
        return OPERATOR_LANE
    return lanes()[crc32(order.key.order_id.encode()) % LANE_SHARDS]


def _n(number: int) -> dict[str, str]:
    return {"N": str(number)}


def _s(value: str | None) -> dict[str, str] | None:
    return None if value is None else {"S": value}
