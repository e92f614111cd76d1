"""Orders an operator sees and moves: by the table of moves, with nothing personal shown."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

import pytest

from autopay.order_items import order_item
from autopay.order_store import DynamoOrders
from autopay.orders import EFFECTS, SWITCH_LANE, WITH_OPERATOR, Order, OrderKey, OrderState
from modupoint import aws
from modupoint.clock import rfc3339
from ops.refusal import RefusedError
from tests.ops.conftest import HOUR_MS, MEMBER, NOW_MS
from tests.unit.autopay.order_samples import MORNING, ORDER_ID, RESULT_DAY_MS, SWITCH_ID, an_order

if TYPE_CHECKING:
    from modupoint.effects import Effect
    from tests.ops.conftest import Stack

_S = OrderState
REASON = ("--reason", "the switch is back")
OTHER_ID = "ord_019aaaaa-0000-7000-8000-000000000002"


def put(stack: Stack, *orders: Order) -> None:
    for order in orders:
        aws.client("dynamodb").put_item(
            TableName=stack.deployment.autopays_table, Item=order_item(order)
        )


def in_state(state: OrderState, order_id: str = ORDER_ID, **changes: Any) -> Order:
    """Return an order that has come to its tenth try."""
    usual: dict[str, Any] = {
        "version": 21,
        "tries": 10,
        "sent_at_ms": NOW_MS - 4 * HOUR_MS,
        "not_before_ms": NOW_MS - 3 * HOUR_MS,
    }
    return an_order(state, key=OrderKey(MEMBER, order_id), **{**usual, **changes})


def orders_of(stack: Stack) -> DynamoOrders:
    return DynamoOrders(stack.deployment.autopays_table, stack.deployment.members_table)


def order_of(stack: Stack, order_id: str = ORDER_ID) -> Order:
    order = orders_of(stack).read(OrderKey(MEMBER, order_id))
    assert order is not None
    return order


def test_orders_with_the_operator_come_first_then_those_overdue(stack: Stack) -> None:
    put(
        stack,
        in_state(_S.PLACING_UNKNOWN, OTHER_ID, not_before_ms=NOW_MS - HOUR_MS),
        in_state(_S.PLACED, ORDER_ID[:-1] + "3", not_before_ms=NOW_MS + HOUR_MS),
        in_state(_S.COMPLETED, ORDER_ID[:-1] + "4"),
        in_state(_S.PLACING_WITH_OPERATOR, withdrawal_wished=True),
    )
    rows = stack.ops("stuck-orders")
    assert [(row["why"], row["order"], row["state"]) for row in rows] == [
        ("with operator", ORDER_ID, "PLACING_WITH_OPERATOR"),
        ("overdue", OTHER_ID, "PLACING_UNKNOWN"),
    ]
    assert rows[0] == {
        "why": "with operator",
        "order": ORDER_ID,
        "state": "PLACING_WITH_OPERATOR",
        "kind": "CHANGE",
        "category": "TELECOM",
        "withdrawal_wished": True,
        "tries": 10,
        "requested": rfc3339(MORNING),
        "last_call": "2026-11-24T05:00:00.000+09:00",
        "due": "2026-11-24T06:00:00.000+09:00",
        "member": MEMBER,
    }
    assert stack.ops("stuck") == []


def test_how_long_an_order_is_overdue_can_be_said(stack: Stack) -> None:
    put(stack, in_state(_S.PLACED, not_before_ms=NOW_MS - HOUR_MS))
    assert stack.ops("stuck-orders", "--overdue-minutes", "61") == []
    assert len(stack.ops("stuck-orders", "--overdue-minutes", "60")) == 1


def test_an_order_is_shown_as_the_switch_knows_it_and_without_what_is_personal(
    stack: Stack,
) -> None:
    put(stack, in_state(_S.WITHDRAWAL_WITH_OPERATOR, reason="from the switch"))
    shown = stack.ops("order", ORDER_ID)
    assert shown["order_at_switch"] == SWITCH_ID
    assert (shown["process_on"], shown["result_on"]) == ("2026-11-23", "2026-11-25")
    text = stack.text("order", ORDER_ID)
    assert "WITHDRAWAL_WITH_OPERATOR" in text
    for personal in ("sealed", "crd_2", "apy_1", "from the switch"):
        assert personal not in text


def test_an_order_that_is_not_with_the_operator_needs_its_member(stack: Stack) -> None:
    put(stack, in_state(_S.COMPLETED))
    with pytest.raises(RefusedError, match="whose order it is with --member"):
        stack.ops("order", ORDER_ID)
    assert stack.ops("order", ORDER_ID, "--member", MEMBER)["due"] is None
    with pytest.raises(RefusedError, match="no such order"):
        stack.ops("order", OTHER_ID, "--member", MEMBER)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
@pytest.mark.parametrize("sent_at_ms", [NOW_MS - HOUR_MS, None], ids=["called", "not called"])
def test_a_call_that_may_have_gone_out_is_asked_about_and_no_other_r_t9(
    stack: Stack, effect: Effect, sent_at_ms: int | None
) -> None:
    put(stack, in_state(OrderState(effect.operator), sent_at_ms=sent_at_ms))
    [row] = stack.ops("resume-orders", ORDER_ID, *REASON)
    expected = OrderState(effect.due if sent_at_ms is None else effect.unknown)
    assert row == {"order": ORDER_ID, "outcome": f"resumed: {expected}"}
    assert order_of(stack).state is expected


def test_a_result_is_asked_for_again_and_nothing_is_called(stack: Stack) -> None:
    put(stack, in_state(_S.RESULT_WITH_OPERATOR, not_before_ms=RESULT_DAY_MS, sent_at_ms=None))
    stack.ops("resume-orders", ORDER_ID, *REASON)
    assert order_of(stack).state is _S.PLACED


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_a_resumed_order_is_due_at_once_with_all_its_tries(stack: Stack, state: OrderState) -> None:
    before = in_state(state, withdrawal_wished=True)
    put(stack, before)
    stack.ops("resume-orders", "--all", *REASON)
    assert orders_of(stack).due(SWITCH_LANE, NOW_MS, 10) == [before.key]
    after = order_of(stack)
    assert (after.progress.tries, after.progress.version) == (0, before.progress.version + 1)
    assert after == replace(before, progress=after.progress)


@pytest.mark.parametrize("state", [_S.COMPLETED, _S.PLACING_UNKNOWN, _S.PLACED])
def test_only_an_order_with_the_operator_is_resumed(stack: Stack, state: OrderState) -> None:
    put(stack, in_state(state))
    status, rows = stack.tried("resume-orders", ORDER_ID, *REASON)
    assert (status, rows) == (1, [{"order": ORDER_ID, "outcome": "not with the operator"}])
    assert order_of(stack).state is state


def test_one_order_that_cannot_be_resumed_does_not_stop_the_others(stack: Stack) -> None:
    put(stack, in_state(_S.PLACING_WITH_OPERATOR))
    status, rows = stack.tried("resume-orders", "nobody's", ORDER_ID, *REASON)
    assert status == 1
    assert [row["outcome"].partition(":")[0] for row in rows] == [
        "not with the operator",
        "resumed",
    ]


def test_an_order_that_moves_meanwhile_is_left_alone(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_state(_S.PLACING_WITH_OPERATOR)
    newer = replace(before, progress=replace(before.progress, version=22))
    put(stack, newer)
    monkeypatch.setattr(DynamoOrders, "read", lambda *_: before)
    status, rows = stack.tried("resume-orders", ORDER_ID, *REASON)
    assert (status, rows[0]["outcome"]) == (1, "somebody else has just moved it")
    monkeypatch.undo()
    assert order_of(stack) == newer


def test_orders_are_named_or_all_are_meant(stack: Stack) -> None:
    put(stack, in_state(_S.PLACING_WITH_OPERATOR))
    for wrong in (["resume-orders"], ["resume-orders", ORDER_ID, "--all"]):
        with pytest.raises(RefusedError, match="name orders"):
            stack.ops(*wrong, *REASON)
    assert order_of(stack).state is _S.PLACING_WITH_OPERATOR


def test_who_resumed_what_and_why_is_on_record(stack: Stack) -> None:
    put(stack, in_state(_S.PLACING_WITH_OPERATOR))
    stack.ops("resume-orders", ORDER_ID, *REASON)
    [record] = stack.ops("audit")
    assert (record["who"], record["what"], record["on"]) == ("kim", "resume-orders", ORDER_ID)
    assert (record["reason"], record["outcome"]) == ("the switch is back", "done")
