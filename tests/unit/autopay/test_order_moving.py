"""Moving an order to its result: each arrow of the graph, and what a worker must never do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from autopay.order_moving import MAY_BE_UNDER_WAY, RESULT_TRIES, OrderMover
from autopay.orders import FINAL, WITH_OPERATOR, OrderKey, OrderState
from autopay.switch_answers import Result
from modupoint.clock import at_ms, epoch_ms
from modupoint.effects import LEASE_MS, SEND_WITHIN_MS, TRIES, IllegalMoveError
from tests.unit.autopay.moving_fakes import (
    COMPLETED,
    DONE,
    NOT_DONE,
    NOT_FOUND,
    PROCESSING,
    UNKNOWN,
    World,
    a_world,
    overtaken,
    refused,
)
from tests.unit.autopay.order_samples import (
    MORNING_MS,
    RESULT_DAY_MS,
    a_real_time_order,
    an_order,
)

if TYPE_CHECKING:
    from modupoint.effects import Finding

_S = OrderState
SENT: dict[str, Any] = {"sent_at_ms": MORNING_MS, "not_before_ms": MORNING_MS}
HORIZON_MS = LEASE_MS + 600_000
HOUR_MS = 3_600_000


def one_call(state: OrderState, call: str, finding: Finding, **order: Any) -> World:
    world = a_world(an_order(state, **order)).expect("placement", (call, finding))
    world.run()
    return world


def on_its_day(**order: Any) -> World:
    """Return a world of a placed order at the first moment of its result's day."""
    return a_world(
        an_order(_S.PLACED, not_before_ms=RESULT_DAY_MS, sealed_ci=None, **order),
        now=at_ms(RESULT_DAY_MS),
    )


def test_an_order_is_placed_and_waits_for_the_day_of_its_result_r_a3() -> None:
    world = a_world(an_order()).expect("placement", ("send", DONE))
    order = world.run()
    assert world.orders.path == ["ACCEPTED", "PLACING", "PLACED"]
    assert order.progress.not_before_ms == RESULT_DAY_MS
    assert (order.progress.version, order.progress.tries) == (2, 0)
    # The switch has it: nothing personal is needed any more.
    assert order.sealed_ci is None


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_moves_a_final_order(state: OrderState) -> None:
    world = a_world(an_order(state))
    world.run()
    assert world.orders.path == [state]


@pytest.mark.parametrize("wished", [False, True])
@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_nothing_moves_before_a_person_has_looked(state: OrderState, *, wished: bool) -> None:
    long_ago = MORNING_MS - 10**9
    world = a_world(
        an_order(
            state,
            sent_at_ms=long_ago,
            not_before_ms=long_ago,
            tries=TRIES,
            withdrawal_wished=wished,
        )
    )
    world.run()
    assert world.orders.path == [state]


def test_a_message_about_no_order_does_nothing() -> None:
    world = a_world(an_order())
    world.mover().run(OrderKey("M#1", "ord_none"))
    assert world.orders.path == ["ACCEPTED"]


@pytest.mark.parametrize(
    ("state", "call", "finding", "to"),
    [
        (_S.ACCEPTED, "send", NOT_DONE, _S.ACCEPTED),
        (_S.ACCEPTED, "send", UNKNOWN, _S.PLACING_UNKNOWN),
        (_S.ACCEPTED, "send", refused("card_not_active"), _S.REJECTED),
        (_S.PLACING, "ask", DONE, _S.PLACED),
        (_S.PLACING, "ask", UNKNOWN, _S.PLACING_UNKNOWN),
        (_S.PLACING, "ask", NOT_FOUND, _S.PLACING_UNKNOWN),
        (_S.PLACING, "ask", refused("card_not_active"), _S.REJECTED),
        (_S.PLACING_UNKNOWN, "ask", DONE, _S.PLACED),
        (_S.PLACING_UNKNOWN, "ask", UNKNOWN, _S.PLACING_UNKNOWN),
        (_S.PLACING_UNKNOWN, "ask", NOT_FOUND, _S.PLACING_UNKNOWN),
        (_S.PLACING_UNKNOWN, "ask", refused("card_not_active"), _S.REJECTED),
    ],
)
def test_each_answer_leads_where_the_graph_says(
    state: OrderState, call: str, finding: Finding, to: OrderState
) -> None:
    order = one_call(state, call, finding, **SENT).order
    assert order.state is to
    assert order.reason_code == ("card_not_active" if to is _S.REJECTED else None)
    assert (order.sealed_ci is None) == (to in FINAL | {_S.PLACED})


@pytest.mark.parametrize(
    ("state", "call", "finding", "end"),
    [
        (_S.ACCEPTED, "send", NOT_DONE, _S.REJECTED),
        (_S.PLACING_UNKNOWN, "ask", UNKNOWN, _S.PLACING_WITH_OPERATOR),
        (_S.PLACING_UNKNOWN, "ask", NOT_FOUND, _S.PLACING_WITH_OPERATOR),
    ],
)
def test_the_tenth_try_is_the_last_decision_7(
    state: OrderState, call: str, finding: Finding, end: OrderState
) -> None:
    order = one_call(state, call, finding, tries=TRIES - 1, **SENT).order
    assert order.state is end
    assert order.reason_code == ("switch_unavailable" if end is _S.REJECTED else None)
    # A person may let it be sent again.
    assert (order.sealed_ci is None) == (end in FINAL)


def test_not_found_past_the_horizon_is_sent_again_with_the_same_id_r_t9() -> None:
    world = a_world(an_order(_S.PLACING_UNKNOWN, **SENT)).later(milliseconds=HORIZON_MS)
    world.expect("placement", ("ask", NOT_FOUND), ("send", UNKNOWN)).run()
    assert world.orders.path == ["PLACING_UNKNOWN", "ACCEPTED", "PLACING", "PLACING_UNKNOWN"]
    [(_, asked), (_, sent)] = world.partners["placement"].calls
    assert sent.switch_id == asked.switch_id


def test_not_found_before_the_horizon_is_asked_again() -> None:
    world = a_world(an_order(_S.PLACING_UNKNOWN, **SENT)).later(milliseconds=HORIZON_MS - 1)
    world.expect("placement", ("ask", NOT_FOUND)).run()
    assert world.orders.path == ["PLACING_UNKNOWN", "PLACING_UNKNOWN"]


def test_an_intent_is_stored_before_the_call_decision_6() -> None:
    world = a_world(an_order()).expect("placement", ("send", DONE))

    def stored(_: Any) -> None:
        assert world.order.state is _S.PLACING
        assert world.order.progress.sent_at_ms == MORNING_MS

    world.partners["placement"].before_answer = stored
    world.run()


def test_within_its_lease_an_intent_is_left_alone_and_then_asked_about() -> None:
    order = an_order(_S.PLACING, sent_at_ms=MORNING_MS, not_before_ms=MORNING_MS + LEASE_MS)
    world = a_world(order).later(milliseconds=LEASE_MS - 1)
    world.run()
    assert world.orders.path == ["PLACING"]
    world.later(milliseconds=1).expect("placement", ("ask", UNKNOWN)).run()
    assert world.orders.path == ["PLACING", "PLACING_UNKNOWN"]


def test_an_intent_that_is_late_is_not_sent() -> None:
    world = a_world(an_order())
    world.monotonic_s = SEND_WITHIN_MS / 1000 + 0.001
    assert world.run().state is _S.PLACING


def test_who_is_overtaken_at_the_intent_calls_nobody() -> None:
    world = a_world(an_order())
    world.orders.before_save = overtaken(world)
    world.run()
    assert world.orders.path == ["ACCEPTED"]


def test_who_is_overtaken_after_the_call_leaves_the_order_to_the_other() -> None:
    world = a_world(an_order()).expect("placement", ("send", DONE))
    world.partners["placement"].before_answer = overtaken(world)
    world.run()
    assert world.orders.path == ["ACCEPTED", "PLACING"]


@pytest.mark.parametrize(
    ("found", "end"),
    [
        (COMPLETED, _S.COMPLETED),
        (Result("REJECTED", "B01", "납부자 불일치"), _S.REJECTED),
        (Result("WITHDRAWN"), _S.WITHDRAWN),
    ],
)
def test_on_its_day_an_order_gets_its_result(found: Result, end: OrderState) -> None:
    world = on_its_day().expect("result", ("result", found))
    order = world.run()
    assert world.orders.path == ["PLACED", end]
    assert (order.reason_code, order.reason) == (found.reason_code, found.reason)


def test_only_a_rejection_has_a_reason() -> None:
    world = on_its_day().expect("result", ("result", Result("COMPLETED", "B01", "odd")))
    order = world.run()
    assert (order.reason_code, order.reason) == (None, None)


def test_before_its_day_nobody_is_asked_r_a3() -> None:
    world = on_its_day().later(milliseconds=-1)
    world.run()
    assert world.orders.path == ["PLACED"]


@pytest.mark.parametrize(
    ("found", "tries"), [(PROCESSING, 0), (Result("ACCEPTED"), 0), (Result(None), 1)]
)
def test_a_result_that_is_not_there_yet_is_asked_for_again_in_an_hour(
    found: Result, tries: int
) -> None:
    world = on_its_day().expect("result", ("result", found))
    order = world.run()
    assert world.orders.path == ["PLACED", "PLACED"]
    assert order.progress.tries == tries
    assert order.progress.not_before_ms == RESULT_DAY_MS + HOUR_MS
    world.later(milliseconds=HOUR_MS - 1).run()
    assert world.orders.path == ["PLACED", "PLACED"]
    world.later(milliseconds=1).expect("result", ("result", COMPLETED)).run()
    assert world.order.state is _S.COMPLETED


@pytest.mark.parametrize(
    ("found", "real_time", "days_later"),
    [
        (Result(None), False, 0),
        (Result(None), False, MAY_BE_UNDER_WAY.days),
        (PROCESSING, False, MAY_BE_UNDER_WAY.days + 1),
        (PROCESSING, True, 0),
    ],
)
def test_after_three_days_without_a_result_a_person_looks(
    found: Result, *, real_time: bool, days_later: int
) -> None:
    world = on_its_day(tries=RESULT_TRIES - 2, real_time=real_time).later(days=days_later)
    for _ in range(2):
        world.expect("result", ("result", found)).run()
        world.until_due()
    assert world.orders.path == ["PLACED", "PLACED", "RESULT_WITH_OPERATOR"]
    world.run()


def test_what_is_under_way_over_holidays_needs_nobody_r_a3() -> None:
    world = on_its_day(tries=RESULT_TRIES - 1).later(days=MAY_BE_UNDER_WAY.days)
    order = world.expect("result", ("result", PROCESSING)).run()
    assert (order.state, order.progress.tries) == (_S.PLACED, 0)


def test_who_is_overtaken_at_the_result_leaves_the_order_to_the_other() -> None:
    world = on_its_day().expect("result", ("result", COMPLETED))
    world.partners["result"].before_answer = overtaken(world)
    world.run()
    assert world.orders.path == ["PLACED"]


def test_what_is_real_time_is_placed_and_completed_in_one_run_r_a3() -> None:
    world = a_world(a_real_time_order())
    world.expect("placement", ("send", DONE)).expect("result", ("result", COMPLETED)).run()
    assert world.orders.path == ["ACCEPTED", "PLACING", "PLACED", "COMPLETED"]


def test_what_is_real_time_and_not_done_at_once_is_asked_about_in_an_hour() -> None:
    world = a_world(a_real_time_order())
    order = world.expect("placement", ("send", DONE)).expect("result", ("result", PROCESSING)).run()
    assert order.state is _S.PLACED
    assert order.progress.not_before_ms == MORNING_MS + HOUR_MS


def test_what_is_found_placed_after_its_day_is_asked_about_at_once() -> None:
    late = at_ms(RESULT_DAY_MS + 9 * HOUR_MS)
    world = a_world(an_order(_S.PLACING_UNKNOWN, **SENT), now=late)
    world.expect("placement", ("ask", DONE)).expect("result", ("result", COMPLETED)).run()
    assert world.order.state is _S.COMPLETED
    assert world.order.progress.not_before_ms == epoch_ms(late)


def test_tries_of_the_placing_are_not_counted_for_the_result() -> None:
    world = one_call(_S.PLACING_UNKNOWN, "ask", DONE, tries=9, **SENT)
    assert world.order.progress.tries == 0


def test_a_move_that_no_table_allows_is_never_stored() -> None:
    world = a_world(an_order())
    mover: OrderMover = world.mover()
    with pytest.raises(IllegalMoveError):
        mover.store(an_order(), an_order(_S.COMPLETED))
    assert world.orders.path == ["ACCEPTED"]
