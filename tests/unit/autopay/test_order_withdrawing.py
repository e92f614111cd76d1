"""What a worker does with an order whose member wants it withdrawn (R-A4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from autopay.orders import OrderState
from autopay.switch_answers import Result
from modupoint.clock import at_ms
from modupoint.effects import LEASE_MS, TRIES
from tests.unit.autopay.moving_fakes import (
    COMPLETED,
    DONE,
    NOT_DONE,
    NOT_FOUND,
    UNKNOWN,
    World,
    a_world,
    refused,
)
from tests.unit.autopay.order_samples import MORNING_MS, RESULT_DAY_MS, an_order

if TYPE_CHECKING:
    from modupoint.effects import Finding

_S = OrderState
SENT: dict[str, Any] = {"sent_at_ms": MORNING_MS, "not_before_ms": MORNING_MS}
HORIZON_MS = LEASE_MS + 600_000
TOO_LATE = refused("too_late")


def wished(state: OrderState, **changes: Any) -> World:
    """Return a world of an order whose member wants it withdrawn."""
    return a_world(an_order(state, withdrawal_wished=True, **changes))


@pytest.mark.parametrize("before", [{}, {"tries": 3, **SENT}])
def test_what_is_not_at_the_switch_is_withdrawn_without_a_call(before: dict[str, Any]) -> None:
    world = wished(_S.ACCEPTED, **before)
    order = world.run()
    assert world.orders.path == ["ACCEPTED", "WITHDRAWN"]
    assert order.sealed_ci is None


def test_what_is_not_found_past_the_horizon_is_withdrawn_and_not_sent_again() -> None:
    world = wished(_S.PLACING_UNKNOWN, **SENT).later(milliseconds=HORIZON_MS)
    world.expect("placement", ("ask", NOT_FOUND)).run()
    assert world.orders.path == ["PLACING_UNKNOWN", "ACCEPTED", "WITHDRAWN"]


def test_what_may_still_arrive_is_not_taken_for_withdrawn() -> None:
    world = wished(_S.PLACING_UNKNOWN, **SENT).later(milliseconds=HORIZON_MS - 1)
    world.expect("placement", ("ask", NOT_FOUND)).run()
    assert world.order.state is _S.PLACING_UNKNOWN


@pytest.mark.parametrize("state", [_S.PLACING, _S.PLACING_UNKNOWN])
def test_what_turns_out_to_be_placed_is_withdrawn_at_the_switch(state: OrderState) -> None:
    world = wished(state, **SENT)
    world.expect("placement", ("ask", DONE)).expect("withdrawal", ("send", DONE)).run()
    assert world.orders.path == [state, "WITHDRAWAL_DUE", "WITHDRAWING", "WITHDRAWN"]


def test_within_the_lease_of_its_placing_nothing_is_done() -> None:
    world = wished(_S.PLACING, sent_at_ms=MORNING_MS, not_before_ms=MORNING_MS + LEASE_MS)
    world.run()
    assert world.orders.path == ["PLACING"]


def test_what_was_refused_stays_refused() -> None:
    world = wished(_S.PLACING, **SENT).expect("placement", ("ask", refused("card_not_active")))
    order = world.run()
    assert (order.state, order.reason_code) == (_S.REJECTED, "card_not_active")


@pytest.mark.parametrize(
    ("state", "call", "finding", "to"),
    [
        (_S.WITHDRAWAL_DUE, "send", DONE, _S.WITHDRAWN),
        (_S.WITHDRAWAL_DUE, "send", NOT_DONE, _S.WITHDRAWAL_DUE),
        (_S.WITHDRAWAL_DUE, "send", UNKNOWN, _S.WITHDRAWAL_UNKNOWN),
        (_S.WITHDRAWAL_DUE, "send", TOO_LATE, _S.PLACED),
        (_S.WITHDRAWING, "ask", DONE, _S.WITHDRAWN),
        (_S.WITHDRAWING, "ask", UNKNOWN, _S.WITHDRAWAL_UNKNOWN),
        (_S.WITHDRAWING, "ask", TOO_LATE, _S.PLACED),
        (_S.WITHDRAWAL_UNKNOWN, "ask", DONE, _S.WITHDRAWN),
        (_S.WITHDRAWAL_UNKNOWN, "ask", UNKNOWN, _S.WITHDRAWAL_UNKNOWN),
        (_S.WITHDRAWAL_UNKNOWN, "ask", NOT_FOUND, _S.WITHDRAWAL_UNKNOWN),
        (_S.WITHDRAWAL_UNKNOWN, "ask", TOO_LATE, _S.PLACED),
    ],
)
def test_each_answer_leads_where_the_graph_says(
    state: OrderState, call: str, finding: Finding, to: OrderState
) -> None:
    world = wished(state, sealed_ci=None, **SENT).expect("withdrawal", (call, finding))
    order = world.run()
    assert order.state is to
    assert order.withdrawal_wished == (to is not _S.PLACED)


def test_too_late_to_withdraw_an_order_goes_its_way_to_its_result() -> None:
    world = wished(_S.WITHDRAWAL_DUE).expect("withdrawal", ("send", TOO_LATE))
    order = world.run()
    assert order.progress.not_before_ms == RESULT_DAY_MS
    assert order.reason_code is None
    world.until_due().expect("result", ("result", COMPLETED)).run()
    assert world.order.state is _S.COMPLETED


def test_a_withdrawal_that_was_not_heard_of_is_sent_again_past_the_horizon() -> None:
    world = wished(_S.WITHDRAWAL_UNKNOWN, **SENT).later(milliseconds=HORIZON_MS)
    world.expect("withdrawal", ("ask", NOT_FOUND), ("send", DONE)).run()
    assert world.orders.path[1:] == ["WITHDRAWAL_DUE", "WITHDRAWING", "WITHDRAWN"]


def test_a_withdrawal_found_too_late_after_the_result_gets_the_result_at_once() -> None:
    world = wished(_S.WITHDRAWAL_UNKNOWN, **SENT)
    world.now = at_ms(RESULT_DAY_MS)
    world.expect("withdrawal", ("ask", TOO_LATE))
    world.expect("result", ("result", Result("REJECTED", "B01", "no"))).run()
    assert world.orders.path == ["WITHDRAWAL_UNKNOWN", "PLACED", "REJECTED"]


@pytest.mark.parametrize(
    ("state", "call", "finding", "end"),
    [
        (_S.WITHDRAWAL_DUE, "send", NOT_DONE, _S.PLACED),
        (_S.WITHDRAWAL_UNKNOWN, "ask", UNKNOWN, _S.WITHDRAWAL_WITH_OPERATOR),
    ],
)
def test_the_tenth_try_is_the_last_decision_7(
    state: OrderState, call: str, finding: Finding, end: OrderState
) -> None:
    world = wished(state, tries=TRIES - 1, **SENT).expect("withdrawal", (call, finding))
    assert world.run().state is end


def test_tries_of_a_withdrawal_are_not_counted_against_the_result() -> None:
    world = wished(_S.WITHDRAWAL_DUE, tries=TRIES - 1, **SENT)
    progress = world.expect("withdrawal", ("send", NOT_DONE)).run().progress
    assert (progress.tries, progress.sent_at_ms) == (0, None)
    assert progress.not_before_ms == RESULT_DAY_MS


def test_what_nobody_wants_withdrawn_is_not() -> None:
    world = a_world(an_order(_S.PLACING_UNKNOWN, **SENT)).expect("placement", ("ask", DONE))
    assert world.run().state is _S.PLACED
