"""Ordering a change or an end: what is accepted and what is refused (public API; R-A1, R-A2, R-A6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from autopay.orders import OrderKey, OrderKind, OrderState
from autopay.response_models import OrderModel, OrdersModel
from autopay.schedule import OLD_CARD_MAY_BE_CHARGED, WARNINGS
from modupoint.clock import SEOUL
from modupoint.envelope import ci_owner, unseal
from modupoint.ids import new_id
from modupoint.partner import Outcome
from modupoint.problems import Problem
from tests.unit.autopay.order_samples import (
    MEMBER,
    MORNING_MS,
    PROCESS_ON,
    RESULT_ON,
    SWITCH_ID,
    a_listed_bill,
    a_listed_card,
    an_order,
)
from tests.unit.autopay.ordering_fakes import (
    AUTOPAYS,
    CARDS,
    CI,
    Desk,
    OneKey,
    a_cancel,
    a_change,
)
from tests.unit.transfer.leg_samples import answered, ended


def problem_of(act: Any, *args: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        act(*args)
    return raised.value


def refusal(desk: Desk, body: dict[str, Any]) -> tuple[str, int]:
    """Submit what must be refused; nothing may be stored or told by it."""
    before = dict(desk.orders.stored)
    problem = problem_of(desk.submit, body)
    assert (desk.orders.stored, desk.orders.keys, desk.queue.told) == (before, {}, [])
    return problem.code, problem.status


def test_a_change_is_stored_with_its_days_and_told_to_the_worker_r_a3() -> None:
    desk = Desk()
    shown, replayed = desk.submit(a_change())
    assert OrderModel.model_validate(shown).model_dump() == shown
    assert not replayed
    order = desk.order
    assert (order.kind, order.autopay_id, order.to_card_ref) == (OrderKind.CHANGE, "apy_1", "crd_2")
    assert (order.category, order.real_time) == ("TELECOM", False)
    assert (order.requested_at_ms, order.process_on, order.result_on) == (
        MORNING_MS,
        PROCESS_ON,
        RESULT_ON,
    )
    assert (order.state, order.progress.version) == (OrderState.ACCEPTED, 0)
    assert unseal(OneKey(), order.sealed_ci or b"", ci_owner(MEMBER)) == CI
    assert desk.queue.told == [order.key]


def test_what_the_member_sees_is_what_was_stored() -> None:
    desk = Desk()
    shown, _ = desk.submit(a_change())
    assert shown["order_id"] == desk.order.key.order_id
    assert (shown["status"], shown["kind"], shown["to_card_ref"]) == ("ACCEPTED", "CHANGE", "crd_2")
    assert (shown["process_on"], shown["result_on"]) == ("2026-11-23", "2026-11-25")
    assert shown["withdrawable_until"] == "2026-11-20T22:00:00.000+09:00"
    assert desk.service.read(MEMBER, shown["order_id"]) == shown


@pytest.mark.parametrize("body", [a_cancel(), a_cancel(to_card_ref=None)])
def test_an_end_names_no_card(body: dict[str, Any]) -> None:
    desk = Desk()
    shown, _ = desk.submit(body)
    assert (shown["kind"], shown["to_card_ref"]) == ("CANCEL", None)


@pytest.mark.parametrize("body", [a_change(to_card_ref=None), a_cancel(to_card_ref="crd_2")])
def test_a_change_needs_a_card_and_an_end_takes_none(body: dict[str, Any]) -> None:
    desk = Desk()
    problem = problem_of(desk.submit, body)
    assert (problem.code, problem.status) == ("invalid_request", 422)
    assert [error["pointer"] for error in problem.errors] == ["/to_card_ref"]
    # It is wrong by itself: the switch need not be asked.
    assert desk.switch.calls == []


@pytest.mark.parametrize("category", ["APARTMENT_FEE", "PUBLIC_RENT"])
def test_what_is_real_time_is_done_on_its_day_and_cannot_be_taken_back_r_a3(category: str) -> None:
    desk = Desk()
    desk.switch.bills = [a_listed_bill(category=category)]
    shown, _ = desk.submit(a_change())
    assert (shown["process_on"], shown["result_on"]) == ("2026-11-20", "2026-11-20")
    assert shown["withdrawable_until"] is None
    assert desk.order.real_time


def test_a_charge_within_two_business_days_is_warned_of_r_a5() -> None:
    desk = Desk()
    desk.switch.bills = [a_listed_bill(next_charge_on="20261124")]
    shown, _ = desk.submit(a_change())
    assert shown["warnings"][0] == WARNINGS[OLD_CARD_MAY_BE_CHARGED]
    assert len(shown["warnings"]) == 3
    desk.now = datetime(2026, 11, 25, 10, tzinfo=SEOUL)
    # What it was warned of stays what the member saw.
    assert desk.service.read(MEMBER, shown["order_id"])["warnings"] == shown["warnings"]


def test_without_an_agreement_nothing_is_asked_or_stored_r_m2() -> None:
    desk = Desk()
    desk.agreements.agreed = False
    assert refusal(desk, a_change()) == ("consent_required", 403)
    for listing in (desk.service.cards, desk.service.registrations):
        assert problem_of(listing, MEMBER).code == "consent_required"
    assert desk.switch.calls == []


def test_another_members_registration_is_not_there() -> None:
    desk = Desk()
    assert refusal(desk, a_change(autopay_id="apy_other")) == ("not_found", 404)


def test_another_members_card_is_not_there() -> None:
    desk = Desk()
    assert refusal(desk, a_change(to_card_ref="crd_other")) == ("not_found", 404)


@pytest.mark.parametrize("category", ["GAS", "", "telecom"])
def test_a_category_that_is_not_known_is_not_open_r_a1(category: str) -> None:
    desk = Desk()
    desk.switch.bills = [a_listed_bill(category=category)]
    assert refusal(desk, a_change()) == ("category_not_open", 422)


@pytest.mark.parametrize(
    ("category", "opens_on"),
    [("TELECOM", date(2021, 1, 5)), ("ELECTRICITY", date(2021, 6, 30)), ("PUBLIC_RENT", date(2022, 12, 30))],
)  # fmt: skip
def test_a_category_is_open_from_the_first_moment_of_its_day_r_a1(
    category: str, opens_on: date
) -> None:
    desk = Desk()
    desk.switch.bills = [a_listed_bill(category=category)]
    opening = datetime(opens_on.year, opens_on.month, opens_on.day, tzinfo=SEOUL)
    desk.now = opening
    desk.world.later(milliseconds=-1)
    assert refusal(desk, a_change()) == ("category_not_open", 422)
    desk.now = opening
    desk.submit(a_change())


@pytest.mark.parametrize("body", [a_change(), a_cancel()])
def test_what_is_charged_to_a_corporate_card_is_refused_r_a2(body: dict[str, Any]) -> None:
    desk = Desk()
    desk.switch.cards[0] = a_listed_card(kind="CORPORATE")
    assert refusal(desk, body) == ("corporate_card", 422)


def test_a_corporate_card_takes_no_bill_r_a2() -> None:
    desk = Desk()
    desk.switch.cards[1] = a_listed_card(card_ref="crd_2", kind="CORPORATE", status="DORMANT")
    assert refusal(desk, a_change()) == ("corporate_card", 422)


@pytest.mark.parametrize(
    "card",
    [
        {"status": "DORMANT"},
        {"status": "SUSPENDED"},
        {"status": "LOST"},
        {"issuer_code": "bc"},
        {"issuer_code": "epost"},
        {"kind": "FAMILY"},
    ],
)
def test_a_card_that_is_not_active_or_not_of_the_issuers_takes_no_bill_r_a2(
    card: dict[str, str],
) -> None:
    desk = Desk()
    desk.switch.cards[1] = a_listed_card(**{"card_ref": "crd_2", **card})
    assert refusal(desk, a_change()) == ("card_not_active", 422)


def test_ending_needs_no_card_that_is_active() -> None:
    desk = Desk()
    desk.switch.cards = [a_listed_card(status="SUSPENDED")]
    desk.submit(a_cancel())
    desk = Desk()
    # The old card may be gone from the switch's list altogether.
    desk.switch.cards = []
    desk.submit(a_cancel())


def test_a_bill_is_not_moved_to_the_card_it_is_charged_to() -> None:
    desk = Desk()
    problem = problem_of(desk.submit, a_change(to_card_ref="crd_1"))
    assert (problem.code, problem.status) == ("invalid_request", 422)
    assert [error["pointer"] for error in problem.errors] == ["/to_card_ref"]


def test_what_the_biller_does_not_let_go_is_not_changeable_r_a7() -> None:
    desk = Desk()
    desk.switch.bills = [a_listed_bill(changeable=False)]
    assert refusal(desk, a_change()) == ("not_changeable", 422)


def test_a_second_order_of_a_registration_is_refused_while_one_is_open_r_a6() -> None:
    desk = Desk()
    desk.submit(a_change())
    problem = problem_of(desk.submit, a_cancel(), "another key")
    assert (problem.code, problem.status) == ("order_open", 409)
    assert len(desk.orders.stored) == 1


def test_orders_of_other_registrations_are_free_r_a6() -> None:
    desk = Desk()
    desk.switch.bills.append(a_listed_bill(autopay_id="apy_2"))
    desk.submit(a_change())
    desk.submit(a_change(autopay_id="apy_2"), "another key")
    assert len(desk.orders.stored) == 2


@pytest.mark.parametrize("path", [CARDS, AUTOPAYS])
@pytest.mark.parametrize(
    "answer",
    [ended(Outcome.TIMED_OUT), ended(Outcome.TRY_LATER, 30), answered({}), answered({}, 401)],
    ids=["timed out", "try later", "broken", "wrong token"],
)
def test_without_the_switch_nothing_is_accepted_and_one_may_come_back(
    path: str, answer: Any
) -> None:
    desk = Desk()
    desk.switch.instead[path] = answer
    assert refusal(desk, a_change()) == ("switch_unavailable", 429)
    assert (problem_of(desk.submit, a_change()).retry_after_s or 0) > 0


def test_an_order_stands_though_the_worker_could_not_be_told_decision_8() -> None:
    desk = Desk()
    desk.queue.broken = True
    desk.submit(a_change())
    assert desk.order.state is OrderState.ACCEPTED


def test_an_order_is_its_members_own() -> None:
    desk = Desk(an_order())
    order_id = desk.order.key.order_id
    assert desk.service.read(MEMBER, order_id)["order_id"] == order_id
    for member, other in (("M#else", order_id), (MEMBER, new_id("ord")), (MEMBER, SWITCH_ID)):
        assert problem_of(desk.service.read, member, other).code == "not_found"
        withdrawing = problem_of(desk.service.withdraw, member, other, desk.world.mover())
        assert withdrawing.code == "not_found"
    assert desk.service.all("M#else") == {"orders": []}


def test_all_orders_are_listed_newest_first() -> None:
    ids = [new_id("ord") for _ in range(3)]
    desk = Desk(
        *(
            an_order(OrderState.COMPLETED, key=OrderKey(MEMBER, one))
            for one in (ids[1], ids[0], ids[2])
        )
    )
    shown = desk.service.all(MEMBER)
    assert OrdersModel.model_validate(shown).model_dump() == shown
    assert [one["order_id"] for one in shown["orders"]] == sorted(ids, reverse=True)
