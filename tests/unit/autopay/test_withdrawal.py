"""Taking an order back: until 22:00 of its day, and before it is processed (R-A4)."""

from __future__ import annotations

from copy import replace
from typing import Any

import pytest

from autopay.ordering import BEGIN_WITHIN_S
from autopay.orders import FINAL, Order, OrderState
from autopay.response_models import OrderModel
from modupoint.effects import Progress
from modupoint.problems import Problem
from tests.unit.autopay.moving_fakes import COMPLETED, DONE, UNKNOWN, overtaken, refused
from tests.unit.autopay.order_samples import (
    MEMBER,
    MORNING_MS,
    RESULT_DAY_MS,
    a_real_time_order,
    an_order,
)
from tests.unit.autopay.ordering_fakes import LATE, Desk

_S = OrderState
SENT: dict[str, Any] = {"sent_at_ms": MORNING_MS, "not_before_ms": MORNING_MS}
RESTING: dict[str, Any] = {"sent_at_ms": MORNING_MS, "not_before_ms": MORNING_MS + 600_000}
PLACED: dict[str, Any] = {"not_before_ms": RESULT_DAY_MS, "sealed_ci": None}


def a_desk(state: OrderState, **changes: Any) -> Desk:
    return Desk(an_order(state, **changes))


def too_late(desk: Desk) -> bool:
    with pytest.raises(Problem) as raised:
        desk.withdraw()
    return (raised.value.code, raised.value.status) == ("too_late", 409)


@pytest.mark.parametrize("rested", [{}, RESTING])
def test_what_is_not_placed_yet_is_withdrawn_at_once_without_the_switch(
    rested: dict[str, Any],
) -> None:
    desk = a_desk(_S.ACCEPTED, **rested)
    shown = desk.withdraw()
    assert OrderModel.model_validate(shown).model_dump() == shown
    assert shown["status"] == "WITHDRAWN"
    assert desk.order.sealed_ci is None


def test_what_is_placed_is_withdrawn_at_the_switch() -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", DONE))
    assert desk.withdraw()["status"] == "WITHDRAWN"
    assert desk.orders.path == ["PLACED", "WITHDRAWAL_DUE", "WITHDRAWING", "WITHDRAWN"]


def test_the_wish_is_stored_before_the_switch_is_called() -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", UNKNOWN))

    def stored(_: Order) -> None:
        assert desk.order.withdrawal_wished

    desk.world.partners["withdrawal"].before_answer = stored
    assert desk.withdraw()["status"] == "CHECKING"


@pytest.mark.parametrize("state", [_S.PLACING, _S.PLACING_UNKNOWN, _S.PLACING_WITH_OPERATOR])
def test_what_may_be_at_the_switch_is_checked_and_its_wish_kept(state: OrderState) -> None:
    desk = a_desk(state, **RESTING)
    assert desk.withdraw()["status"] == "CHECKING"
    assert (desk.order.state, desk.order.withdrawal_wished) == (state, True)
    # When it is asked about, and by whom, is as before.
    assert desk.order.progress.not_before_ms == RESTING["not_before_ms"]
    assert desk.order.progress.sent_at_ms == MORNING_MS


def test_what_is_found_placed_while_it_is_withdrawn_is_withdrawn_in_the_same_breath() -> None:
    desk = a_desk(_S.PLACING_UNKNOWN, **SENT)
    desk.world.expect("placement", ("ask", DONE)).expect("withdrawal", ("send", DONE))
    assert desk.withdraw()["status"] == "WITHDRAWN"


def test_what_the_member_cannot_wait_for_is_left_to_the_worker_and_due_at_once() -> None:
    desk = a_desk(_S.PLACING_UNKNOWN, **SENT)
    desk.world.monotonic_s = BEGIN_WITHIN_S
    desk.world.expect("placement", ("ask", DONE))
    assert desk.withdraw()["status"] == "CHECKING"
    assert (desk.order.state, desk.order.withdrawal_wished) == (_S.WITHDRAWAL_DUE, True)
    desk.world.monotonic_s = 0
    desk.world.expect("withdrawal", ("send", DONE)).run()
    assert desk.order.state is _S.WITHDRAWN


@pytest.mark.parametrize("state", [_S.ACCEPTED, _S.PLACED, _S.PLACING_UNKNOWN])
def test_until_the_last_millisecond_before_22_00_it_can_be_withdrawn_r_a4(
    state: OrderState,
) -> None:
    changes = PLACED if state is _S.PLACED else {}
    desk = a_desk(state, **changes)
    desk.now = LATE
    desk.world.later(milliseconds=-1)
    if state is _S.PLACED:
        desk.world.expect("withdrawal", ("send", DONE))
    if state is _S.PLACING_UNKNOWN:
        desk.world.expect("placement", ("ask", UNKNOWN))
    assert desk.withdraw()["status"] in {"WITHDRAWN", "CHECKING"}
    assert desk.order.withdrawal_wished or desk.order.state is _S.WITHDRAWN


@pytest.mark.parametrize("later", [{}, {"hours": 1}, {"hours": 10}, {"days": 3}])
@pytest.mark.parametrize("state", sorted(set(OrderState) - {_S.WITHDRAWN}))
def test_from_22_00_on_it_is_too_late_r_a4(state: OrderState, later: dict[str, int]) -> None:
    desk = a_desk(state, **RESTING)
    before = desk.order
    desk.now = LATE
    desk.world.later(**later)
    assert too_late(desk)
    assert desk.order == before


def test_an_order_of_the_evening_is_of_its_own_day_in_seoul_r_a4() -> None:
    requested = LATE.replace(hour=23, minute=30)
    desk = a_desk(_S.ACCEPTED, requested_at_ms=int(requested.timestamp() * 1000))
    desk.now = requested
    assert too_late(desk)


@pytest.mark.parametrize("state", [_S.ACCEPTED, _S.PLACING, _S.PLACED, _S.COMPLETED])
def test_what_is_carried_out_at_once_cannot_be_withdrawn_r_a3(state: OrderState) -> None:
    desk = Desk(a_real_time_order(state))
    assert too_late(desk)


@pytest.mark.parametrize("state", [_S.COMPLETED, _S.REJECTED])
def test_what_has_ended_cannot_be_withdrawn(state: OrderState) -> None:
    assert too_late(a_desk(state))


def test_a_withdrawal_that_the_switch_finds_too_late_is_too_late() -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", refused("too_late")))
    assert too_late(desk)
    assert (desk.order.state, desk.order.withdrawal_wished) == (_S.PLACED, False)


def test_a_wish_that_the_switchs_refusal_of_the_order_overtakes_is_too_late() -> None:
    desk = a_desk(_S.PLACING_UNKNOWN, **SENT)
    desk.world.expect("placement", ("ask", refused("card_not_active")))
    assert too_late(desk)
    assert desk.order.state is _S.REJECTED


@pytest.mark.parametrize("moment", ["at once", "after 22:00"])
def test_withdrawing_again_says_how_far_it_is(moment: str) -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", UNKNOWN))
    first = desk.withdraw()
    if moment == "after 22:00":
        # The wish came in time; what it comes to is not known yet.
        desk.now = LATE
        desk.world.expect("withdrawal", ("ask", UNKNOWN))
    assert desk.withdraw() == first
    desk.world.until_due().expect("withdrawal", ("ask", DONE))
    assert desk.withdraw()["status"] == "WITHDRAWN"
    assert desk.withdraw()["status"] == "WITHDRAWN"


def test_a_worker_that_places_it_meanwhile_is_no_obstacle() -> None:
    desk = a_desk(_S.ACCEPTED)
    placed = replace(
        desk.order, progress=Progress(_S.PLACED, 2, 0, None, RESULT_DAY_MS), sealed_ci=None
    )

    def meanwhile(_: Order) -> None:
        desk.orders.before_save = lambda _: None
        desk.orders.stored[placed.key] = placed

    desk.orders.before_save = meanwhile
    desk.world.expect("withdrawal", ("send", DONE))
    assert desk.withdraw()["status"] == "WITHDRAWN"


def test_a_wish_that_could_not_be_stored_is_never_answered_as_if_it_were() -> None:
    desk = a_desk(_S.PLACING, **RESTING)
    desk.orders.before_save = overtaken(desk.world)
    with pytest.raises(Problem) as raised:
        desk.withdraw()
    assert raised.value.code == "internal_error"
    assert not desk.order.withdrawal_wished


def test_a_wish_taken_back_by_the_switch_can_be_made_again_the_same_day() -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", refused("switch_refused")))
    assert too_late(desk)
    desk.world.expect("withdrawal", ("send", DONE))
    assert desk.withdraw()["status"] == "WITHDRAWN"


def test_what_was_not_withdrawn_gets_its_result() -> None:
    desk = a_desk(_S.PLACED, **PLACED)
    desk.world.expect("withdrawal", ("send", refused("too_late")))
    assert too_late(desk)
    desk.world.until_due().expect("result", ("result", COMPLETED)).run()
    assert desk.order.state in FINAL
    assert desk.service.read(MEMBER, desk.order.key.order_id)["status"] == "COMPLETED"
