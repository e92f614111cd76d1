"""The same key, another body, two devices at once: an order is accepted once (public API)."""

from __future__ import annotations

from copy import replace
from typing import Any

import pytest

from autopay.orders import Order, OrderState
from autopay.ports import ConsentMissingError, KeyUsedError, OrderOpenError
from modupoint.effects import Progress
from modupoint.problems import Problem
from tests.unit.autopay.order_samples import MEMBER, MORNING_MS, RESULT_DAY_MS, a_listed_card
from tests.unit.autopay.ordering_fakes import Desk, a_cancel, a_change


def problem_of(act: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        act(*args)
    return raised.value


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (a_change(), a_change()),
        (a_change(), dict(reversed(a_change().items()))),
        (a_cancel(), a_cancel(to_card_ref=None)),
    ],
)
def test_a_body_that_says_the_same_gets_the_same_answer_again(
    first: dict[str, Any], again: dict[str, Any]
) -> None:
    desk = Desk()
    shown, _ = desk.submit(first)
    calls = len(desk.switch.calls)
    assert desk.submit(again) == (shown, True)
    assert len(desk.orders.stored) == len(desk.queue.told) == 1
    assert len(desk.switch.calls) == calls


@pytest.mark.parametrize(
    "other", [a_cancel(), a_change(to_card_ref="crd_3"), a_change(autopay_id="apy_2")]
)
def test_another_body_under_the_same_key_is_refused(other: dict[str, Any]) -> None:
    desk = Desk()
    desk.submit(a_change())
    problem = problem_of(desk.submit, other)
    assert (problem.code, problem.status) == ("idempotency_key_reused", 422)
    assert len(desk.orders.stored) == 1


def test_a_repeat_gets_its_answer_even_where_nothing_new_would_be_accepted() -> None:
    desk = Desk()
    first, _ = desk.submit(a_change())
    desk.agreements.agreed = False
    desk.switch.cards = [a_listed_card(status="DORMANT")]
    assert desk.submit(a_change()) == (first, True)


@pytest.mark.parametrize("state", list(OrderState))
@pytest.mark.parametrize("wished", [False, True])
def test_a_repeat_gets_the_order_as_accepted_whatever_became_of_it(
    state: OrderState, *, wished: bool
) -> None:
    desk = Desk()
    first, _ = desk.submit(a_change())
    desk.orders.stored[desk.order.key] = replace(
        desk.order,
        progress=Progress(state, 7, 3, MORNING_MS, RESULT_DAY_MS),
        withdrawal_wished=wished,
        reason_code="card_not_active",
        reason="no",
    )
    desk.world.later(days=9)
    assert desk.submit(a_change()) == (first, True)


def two_devices(desk: Desk, body: dict[str, Any]) -> Desk:
    """Let another device's order of the same key be stored between look and submission."""
    other = Desk()
    other.submit(body)

    def meanwhile(_: Order) -> None:
        desk.orders.stored.update(other.orders.stored)
        desk.orders.keys.update(other.orders.keys)

    desk.orders.before_submit = meanwhile
    return other


def test_two_devices_with_one_key_get_one_order() -> None:
    desk = Desk()
    other = two_devices(desk, a_change())
    shown, replayed = desk.submit(a_change())
    assert replayed
    assert shown["order_id"] == other.order.key.order_id
    assert (len(desk.orders.stored), desk.queue.told) == (1, [])


def test_two_devices_with_one_key_and_two_bodies_get_one_refusal() -> None:
    desk = Desk()
    two_devices(desk, a_cancel())
    assert problem_of(desk.submit, a_change()).code == "idempotency_key_reused"


def test_two_devices_with_two_keys_get_one_order_r_a6() -> None:
    desk = Desk()
    two_devices(desk, a_change())
    assert problem_of(desk.submit, a_change(), "another key").code == "order_open"
    assert len(desk.orders.stored) == 1


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ConsentMissingError(), "consent_required", 403),
        (OrderOpenError(), "order_open", 409),
    ],
)
def test_what_has_changed_since_it_was_looked_at_is_said(
    error: Exception, code: str, status: int
) -> None:
    desk = Desk()
    desk.orders.refusals = [error]
    problem = problem_of(desk.submit, a_change())
    assert (problem.code, problem.status) == (code, status)
    assert (desk.orders.stored, desk.queue.told) == ({}, [])


def test_a_key_that_is_used_and_never_there_ends() -> None:
    desk = Desk()
    desk.orders.refusals = [KeyUsedError()] * 3
    assert problem_of(desk.submit, a_change()).code == "internal_error"
    assert desk.orders.refusals == []


def test_a_registration_is_free_again_once_its_order_has_ended_r_a6() -> None:
    desk = Desk()
    desk.submit(a_change())
    desk.withdraw()
    shown, replayed = desk.submit(a_change(), "another key")
    assert not replayed
    assert len(desk.service.all(MEMBER)["orders"]) == 2
    assert shown["status"] == "ACCEPTED"
