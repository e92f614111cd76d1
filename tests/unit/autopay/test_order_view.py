"""What members see of orders, cards and bills, in every state (public API, Autopay)."""

from __future__ import annotations

from copy import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autopay import order_moving, switch_answers
from autopay.catalogue import CARD_ISSUERS
from autopay.order_view import _REASONS, shown_card, shown_order, shown_registration
from autopay.orders import FINAL, OrderState
from autopay.response_models import AutopaysModel, CardsModel, OrderModel
from autopay.schedule import (
    BENEFITS_MAY_BE_LOST,
    KEEP_OLD_CARD,
    OLD_CARD_MAY_BE_CHARGED,
    WARNINGS,
)
from autopay.switch_answers import Card, Registration
from modupoint.business_calendar import BusinessCalendar
from tests.unit.autopay.order_samples import (
    MEMBER,
    PROCESS_ON,
    RESULT_ON,
    TODAY,
    a_listed_bill,
    a_real_time_order,
    an_order,
)
from tests.unit.autopay.ordering_fakes import Desk

_S = OrderState
CALENDAR = BusinessCalendar()

# What a member sees of each state on the order's day, by hand.
SEEN = {
    _S.ACCEPTED: "ACCEPTED",
    _S.PLACING: "ACCEPTED",
    _S.PLACING_UNKNOWN: "CHECKING",
    _S.PLACING_WITH_OPERATOR: "CHECKING",
    _S.PLACED: "ACCEPTED",
    _S.RESULT_WITH_OPERATOR: "CHECKING",
    _S.WITHDRAWAL_DUE: "CHECKING",
    _S.WITHDRAWING: "CHECKING",
    _S.WITHDRAWAL_UNKNOWN: "CHECKING",
    _S.WITHDRAWAL_WITH_OPERATOR: "CHECKING",
    _S.COMPLETED: "COMPLETED",
    _S.REJECTED: "REJECTED",
    _S.WITHDRAWN: "WITHDRAWN",
}


def a_card(**changes: Any) -> Card:
    usual: dict[str, Any] = {
        "card_ref": "crd_1",
        "issuer": "kb",
        "name": "KB국민 다담카드",
        "masked_number": "1234-56**-****-7890",
        "kind": "PERSONAL",
        "type": "CREDIT",
        "status": "ACTIVE",
    }
    return Card(**{**usual, **changes})


def a_registration(**changes: Any) -> Registration:
    usual: dict[str, Any] = {
        "autopay_id": "apy_1",
        "category": "TELECOM",
        "biller_code": "SKT",
        "biller_name": "SK텔레콤",
        "biller_phone": "080-011-6000",
        "customer_ref": "010-****-5678",
        "card_ref": "crd_1",
        "next_charge_on": date(2026, 12, 25),
        "changeable": True,
    }
    return Registration(**{**usual, **changes})


def shown_bill(
    today: date = TODAY, *, has_open_order: bool = False, **changes: Any
) -> dict[str, Any]:
    return shown_registration(
        a_registration(**changes), today, CALENDAR, has_open_order=has_open_order
    )


@pytest.mark.parametrize("state", list(OrderState))
def test_each_state_is_seen_as_one_of_six(state: OrderState) -> None:
    assert shown_order(an_order(state), TODAY)["status"] == SEEN[state]


@pytest.mark.parametrize("state", sorted(set(OrderState) - FINAL))
def test_what_a_member_wants_withdrawn_is_being_checked(state: OrderState) -> None:
    shown = shown_order(an_order(state, withdrawal_wished=True), TODAY)
    assert shown["status"] == "CHECKING"


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_has_ended_is_seen_as_it_ended(state: OrderState) -> None:
    shown = shown_order(an_order(state, withdrawal_wished=True), TODAY)
    assert shown["status"] == state


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (TODAY, "ACCEPTED"),
        (date(2026, 11, 22), "ACCEPTED"),
        (PROCESS_ON, "PROCESSING"),
        (RESULT_ON, "PROCESSING"),
        (date(2026, 12, 1), "PROCESSING"),
    ],
)
def test_a_placed_order_is_being_processed_from_its_day_on_r_a3(day: date, status: str) -> None:
    assert shown_order(an_order(_S.PLACED), day)["status"] == status


def test_what_is_real_time_is_being_processed_at_once_and_cannot_be_taken_back() -> None:
    shown = shown_order(a_real_time_order(_S.PLACED), TODAY)
    assert (shown["status"], shown["withdrawable_until"]) == ("PROCESSING", None)


@given(
    state=st.sampled_from(OrderState),
    day=st.dates(TODAY, RESULT_ON),
    wished=st.booleans(),
    real_time=st.booleans(),
)
def test_every_order_is_shown_as_the_public_api_says(
    state: OrderState, day: date, *, wished: bool, real_time: bool
) -> None:
    order = an_order(state, withdrawal_wished=wished, real_time=real_time)
    shown = shown_order(order, day)
    assert OrderModel.model_validate(shown).model_dump() == shown
    assert "sealed" not in str(shown)
    assert MEMBER not in str(shown)


@pytest.mark.parametrize("code", sorted(_REASONS))
def test_every_reason_is_a_text_in_both_languages(code: str) -> None:
    reason = shown_order(an_order(_S.REJECTED, reason_code=code), TODAY)["reason"]
    assert reason == _REASONS[code]
    assert all(reason[language] for language in ("ko", "en"))


def test_every_reason_an_order_can_end_with_has_its_text() -> None:
    refusals = {*switch_answers._REFUSALS.values(), switch_answers._OTHER_REFUSAL}
    codes = {*refusals, order_moving._NEVER_SENT} - {"too_late"}
    assert codes == set(_REASONS)


def test_a_billers_own_words_are_shown_as_they_are_r_a7() -> None:
    order = an_order(_S.REJECTED, reason_code="B01", reason="납부자 불일치")
    shown = shown_order(order, TODAY)["reason"]
    assert shown == {"ko": "납부자 불일치", "en": "납부자 불일치"}


def test_a_rejection_without_words_refers_to_the_biller_r_a7() -> None:
    for code in ("B01", None):
        reason = shown_order(an_order(_S.REJECTED, reason_code=code), TODAY)["reason"]
        assert "청구 기관" in reason["ko"]
        assert "biller" in reason["en"]


@pytest.mark.parametrize("state", sorted(set(OrderState) - {_S.REJECTED}))
def test_only_a_rejection_has_a_reason(state: OrderState) -> None:
    shown = shown_order(an_order(state, reason_code="order_open", reason="no"), TODAY)
    assert shown["reason"] is None


def test_an_orders_warnings_are_texts() -> None:
    order = replace(an_order(), warnings=(OLD_CARD_MAY_BE_CHARGED, KEEP_OLD_CARD))
    assert shown_order(order, TODAY)["warnings"] == [
        WARNINGS[OLD_CARD_MAY_BE_CHARGED],
        WARNINGS[KEEP_OLD_CARD],
    ]


@pytest.mark.parametrize("issuer", sorted(CARD_ISSUERS))
def test_an_active_personal_card_of_each_issuer_is_usable_r_a2(issuer: str) -> None:
    for kind in ("CREDIT", "CHECK"):
        assert shown_card(a_card(issuer=issuer, type=kind))["usable"]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "CORPORATE"},
        {"status": "DORMANT"},
        {"status": "SUSPENDED"},
        {"issuer": "bc"},
        {"issuer": "epost"},
        {"kind": "", "status": ""},
    ],
)
def test_any_other_card_is_shown_and_not_usable_r_a2(changes: dict[str, str]) -> None:
    shown = shown_card(a_card(**changes))
    assert not shown["usable"]
    assert CardsModel.model_validate({"cards": [shown]}).model_dump() == {"cards": [shown]}


def test_a_bill_is_shown_with_its_biller_and_what_to_know_r_a5_r_a7() -> None:
    shown = shown_bill()
    listed = {"as_of": "2026-11-20", "autopays": [shown]}
    assert AutopaysModel.model_validate(listed).model_dump() == listed
    assert shown["biller"] == {"code": "SKT", "name": "SK텔레콤", "phone": "080-011-6000"}
    assert (shown["customer_ref"], shown["next_charge_on"]) == ("010-****-5678", "2026-12-25")
    assert shown["changeable"]
    assert shown["warnings"] == [WARNINGS[BENEFITS_MAY_BE_LOST], WARNINGS[KEEP_OLD_CARD]]


def test_a_bill_about_to_be_charged_is_warned_of_r_a5() -> None:
    shown = shown_bill(next_charge_on=date(2026, 11, 24))
    assert shown["warnings"][0] == WARNINGS[OLD_CARD_MAY_BE_CHARGED]


@pytest.mark.parametrize("day", [None, date.max])
def test_a_next_charge_that_is_unknown_or_far_ahead_hides_no_bill(day: date | None) -> None:
    shown = shown_bill(next_charge_on=day)
    assert shown["next_charge_on"] == (None if day is None else "9999-12-31")
    assert len(shown["warnings"]) == 2


@pytest.mark.parametrize(
    "why",
    [
        {"changeable": False},
        {"has_open_order": True},
        {"category": "GAS"},
        {"category": "PUBLIC_RENT", "today": date(2022, 12, 29)},
    ],
)
def test_a_bill_that_cannot_be_ordered_for_is_not_changeable_r_a1_r_a6(why: dict[str, Any]) -> None:
    assert shown_bill()["changeable"]
    assert not shown_bill(**why)["changeable"]


def test_the_lists_are_the_switchs_seen_as_of_its_day_r_a6() -> None:
    desk = Desk(an_order(_S.PLACED))
    desk.switch.bills.append(a_listed_bill(autopay_id="apy_2"))
    shown = desk.service.registrations(MEMBER)
    assert AutopaysModel.model_validate(shown).model_dump() == shown
    assert shown["as_of"] == "2026-11-20"
    changeable = {one["autopay_id"]: one["changeable"] for one in shown["autopays"]}
    assert changeable == {"apy_1": False, "apy_2": True}
    cards = desk.service.cards(MEMBER)
    assert CardsModel.model_validate(cards).model_dump() == cards
    assert [(one["card_ref"], one["usable"]) for one in cards["cards"]] == [
        ("crd_1", True),
        ("crd_2", True),
    ]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_order_that_has_ended_holds_no_bill_r_a6(state: OrderState) -> None:
    desk = Desk(an_order(state))
    [shown] = desk.service.registrations(MEMBER)["autopays"]
    assert shown["changeable"]
