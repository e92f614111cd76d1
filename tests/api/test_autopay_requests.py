"""Autopay through the API: cards, bills, orders; what is refused, to whom, and in which words."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.api.autopay_shapes import (
    check_card,
    check_order_reply,
    check_registration,
    warns_of_the_old_card,
)
from tests.api.shapes import check_gateway_answer, check_problem
from tests.stack.member import Member
from tests.stack.payer import BILLS, CARDS, Payer

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_OF_A_MINUTE = 60
NOBODYS_ORDER = "ord_01890000-0000-7000-8000-000000000000"

CATEGORY_OF = {
    "telecom": "TELECOM",
    "electricity": "ELECTRICITY",
    "school": "SCHOOL_BANKING",
    "insurance": "SOCIAL_INSURANCE",
    "apartment": "APARTMENT_FEE",
    "rent": "PUBLIC_RENT",
    "company": "TELECOM",
    "fixed": "SOCIAL_INSURANCE",
}

SILENCE: dict[str, dict[str, Any]] = {
    "cut": {"kind": "cut_before_effect"},
    "busy": {"kind": "too_many_requests"},
    "closed": {"kind": "unavailable"},
    "broken": {"kind": "internal"},
    "no token": {"kind": "error", "http_status": 401},
    "redirected": {"kind": "error", "http_status": 302},
    "empty": {"kind": "malformed", "body": "missing_fields"},
    "types": {"kind": "malformed", "body": "wrong_types"},
    "half": {"kind": "malformed", "body": "truncated_json"},
    "a page": {"kind": "malformed", "body": "html"},
    "null": {"kind": "error", "http_status": 200, "body": None},
    "null rows": {"kind": "error", "http_status": 200, "body": {"cards": [None], "autopays": [1]}},
}


def _signed_in(payer: Payer, **fields: object) -> Payer:
    member = payer.member
    token = payer.partners.token(member.sub, **fields)
    return Payer(Member(member.api, payer.partners, member.sub, token), payer.partners, payer.cloud)


def test_a_member_sees_their_cards_as_the_switch_has_them(payer: Payer) -> None:
    """R-A2: corporate, dormant and suspended cards are shown, and are none to move bills to."""
    reply = payer.member.send("GET", "/v1/cards")
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json.keys() == {"cards"}
    for card in reply.json["cards"]:
        check_card(card)
    assert reply.json["cards"] == [
        {
            "card_ref": payer.card(name),
            "issuer": shape["issuer_code"],
            "name": f"{name} card",
            "masked_number": "5399-00**-****-0000",
            "kind": shape.get("kind", "PERSONAL"),
            "type": shape.get("type", "CREDIT"),
            "status": shape.get("status", "ACTIVE"),
            "usable": name in {"old", "new"},
        }
        for name, shape in CARDS.items()
    ]


def test_a_member_sees_their_bills_as_the_switch_has_them(payer: Payer) -> None:
    """R-A1, R-A7."""
    reply = payer.member.send("GET", "/v1/autopays")
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.json.keys() == {"as_of", "autopays"}
    assert reply.json["as_of"] == "2026-11-24"
    shown = {one["autopay_id"]: one for one in reply.json["autopays"]}
    assert list(shown) == [payer.bill(name) for name in BILLS]
    known = payer.switch.listed(payer.member.sub)
    for name in BILLS:
        one, there = shown[payer.bill(name)], known[payer.bill(name)]
        check_registration(one)
        assert one["category"] == there["category"] == CATEGORY_OF[name]
        assert one["biller"] == {key: there[f"biller_{key}"] for key in ("code", "name", "phone")}
        assert one["customer_ref"] == f"{name}-1"
        assert one["card_ref"] == payer.card("corporate" if name == "company" else "old")
        assert one["next_charge_on"] == "2026-12-15"
        assert one["changeable"] is (name != "fixed")


def test_who_has_nothing_sees_nothing(payer: Payer) -> None:
    payer.switch.hold(payer.member.sub, [], [])
    assert payer.member.send("GET", "/v1/cards").json == {"cards": []}
    assert payer.member.send("GET", "/v1/autopays").json == {
        "as_of": "2026-11-24",
        "autopays": [],
    }
    assert payer.orders() == []


# Counted by hand. Chuseok is 24 to 26 September 2026, Labour Day closes banks on 1 May.
@pytest.mark.parametrize(
    ("now", "charge_day", "warned"),
    [
        ("2026-11-24 10:00", 24, True),
        ("2026-11-24 10:00", 25, True),
        ("2026-11-24 10:00", 26, True),
        ("2026-11-24 10:00", 27, False),
        ("2026-11-24 10:00", 23, False),
        ("2026-11-27 10:00", 1, True),
        ("2026-11-27 10:00", 2, False),
        ("2026-09-23 10:00", 29, True),
        ("2026-09-23 10:00", 30, False),
        ("2026-04-29 10:00", 4, True),
        ("2026-04-29 10:00", 6, False),
    ],
)
def test_a_charge_within_two_business_days_is_warned_of(
    payer: Payer, now: str, charge_day: int, *, warned: bool
) -> None:
    """R-A5: on the list, and again on the order, where it stays."""
    payer.partners.set_clock(datetime.fromisoformat(now).replace(tzinfo=SEOUL))
    payer.hold(bills={"telecom": {"charge_day": charge_day}})
    shown = payer.registrations()[payer.bill("telecom")]
    check_registration(shown)
    assert warns_of_the_old_card(shown) is warned
    order = check_order_reply(payer.ask_for(payer.change()), 202)
    assert order["warnings"] == shown["warnings"]
    payer.until_kept(order["order_id"], "PLACED")
    assert payer.order(order["order_id"])["warnings"] == order["warnings"]
    check_order_reply(payer.withdraw(order["order_id"]), 200)
    payer.audit()


def test_an_order_is_accepted_at_once_and_read_until_it_is_placed(payer: Payer) -> None:
    payer.switch.spoil(latency_ms=700)
    before = payer.partners.now().replace(microsecond=0)
    accepted = check_order_reply(payer.ask_for(payer.change()), 202)
    assert accepted == {
        **accepted,
        "kind": "CHANGE",
        "autopay_id": payer.bill("telecom"),
        "to_card_ref": payer.card("new"),
        "status": "ACCEPTED",
        "process_on": "2026-11-25",
        "result_on": "2026-11-27",
        "reason": None,
    }
    requested_at = datetime.fromisoformat(accepted["requested_at"])
    assert before <= requested_at <= payer.partners.now()
    payer.until_kept(accepted["order_id"], "PLACED")
    path = f"/v1/autopay-orders/{accepted['order_id']}"
    assert check_order_reply(payer.member.send("GET", path), 200) == accepted

    ended = check_order_reply(payer.ask_for(payer.cancel("electricity")), 202)
    assert (ended["kind"], ended["to_card_ref"]) == ("CANCEL", None)
    payer.until_kept(ended["order_id"], "PLACED")
    listed = payer.member.send("GET", "/v1/autopay-orders")
    assert (listed.status, listed.json) == (200, {"orders": [ended, accepted]})
    assert listed.headers["cache-control"] == "no-store"


def test_an_open_order_shows_on_its_bill_and_not_on_the_others(payer: Payer) -> None:
    """R-A6."""
    order_id = payer.place(payer.change())
    busy, free = (payer.registrations()[payer.bill(name)] for name in ("telecom", "electricity"))
    assert (busy["changeable"], busy["card_ref"]) == (False, payer.card("old"))
    assert free["changeable"] is True
    check_order_reply(payer.withdraw(order_id), 200)
    assert payer.registrations()[payer.bill("telecom")]["changeable"] is True


@pytest.mark.parametrize(
    ("bill", "to", "code"),
    [
        ("telecom", "corporate", "corporate_card"),
        ("company", "new", "corporate_card"),
        ("company", None, "corporate_card"),
        ("telecom", "dormant", "card_not_active"),
        ("telecom", "suspended", "card_not_active"),
        ("apartment", "dormant", "card_not_active"),
        ("fixed", "new", "not_changeable"),
        ("fixed", None, "not_changeable"),
    ],
)
def test_what_cannot_be_ordered_is_refused_as_documented(
    payer: Payer, bill: str, to: str | None, code: str
) -> None:
    """R-A2: with its code, before anything is stored or ordered."""
    body = payer.cancel(bill) if to is None else payer.change(bill, to)
    problem = check_problem(payer.ask_for(body), 422, code)
    assert problem["errors"] == []
    _check_nothing_was_ordered(payer)


@pytest.mark.parametrize("bill", ["apartment", "rent"])
def test_a_category_is_ordered_from_its_opening_day_on(payer: Payer, bill: str) -> None:
    """R-A1: 2022-12-30 is when these two opened."""
    payer.partners.set_clock(datetime(2022, 12, 29, 12, tzinfo=SEOUL))
    assert payer.registrations()[payer.bill(bill)]["changeable"] is False
    for body in (payer.change(bill), payer.cancel(bill)):
        check_problem(payer.ask_for(body), 422, "category_not_open")
    _check_nothing_was_ordered(payer)
    payer.partners.set_clock(datetime(2022, 12, 30, 0, 0, 1, tzinfo=SEOUL))
    assert payer.registrations()[payer.bill(bill)]["changeable"] is True
    order = check_order_reply(payer.ask_for(payer.change(bill)), 202)
    payer.until(order["order_id"], "COMPLETED")
    payer.audit()


def test_a_bill_stays_on_the_card_it_is_on(payer: Payer) -> None:
    problem = check_problem(payer.ask_for(payer.change(to="old")), 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == ["/to_card_ref"]
    _check_nothing_was_ordered(payer)


def test_a_card_of_an_issuer_that_takes_no_part_is_left_but_never_taken(payer: Payer) -> None:
    """R-A2: the switch does not list it."""
    payer.hold(bills={"telecom": {"card_ref": "card-elsewhere"}})
    stray = {**payer.change("electricity"), "to_card_ref": "card-elsewhere"}
    check_problem(payer.ask_for(stray), 404, "not_found")
    _check_nothing_was_ordered(payer)
    check_order_reply(payer.ask_for(payer.change()), 202)


def test_a_registration_that_is_not_there_is_not_found(payer: Payer) -> None:
    for body in (
        {**payer.change(), "autopay_id": "bill-nowhere"},
        {**payer.cancel(), "autopay_id": "bill-nowhere"},
        {**payer.change(), "to_card_ref": "card-nowhere"},
    ):
        check_problem(payer.ask_for(body), 404, "not_found")
    _check_nothing_was_ordered(payer)


def test_nobody_reaches_anothers_bill_card_or_order(
    payer: Payer, new_member: Callable[[], Member]
) -> None:
    thief = Payer(new_member(), payer.partners, payer.cloud).hold()
    order_id = payer.place(payer.change())
    for body in (
        payer.change("electricity"),
        payer.cancel("electricity"),
        {**thief.change(), "autopay_id": payer.bill("electricity")},
        {**thief.change(), "to_card_ref": payer.card("new")},
    ):
        check_problem(thief.ask_for(body), 404, "not_found")
    path = f"/v1/autopay-orders/{order_id}"
    check_problem(thief.member.send("GET", path), 404, "not_found")
    check_problem(thief.withdraw(order_id), 404, "not_found")
    _check_nothing_was_ordered(thief)
    assert payer.order(order_id)["status"] == "ACCEPTED"
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["withdrawal_attempts"]) == ("ACCEPTED", 0)


def test_what_is_not_there_cannot_be_read_or_withdrawn(payer: Payer) -> None:
    path = f"/v1/autopay-orders/{NOBODYS_ORDER}"
    check_problem(payer.member.send("GET", path), 404, "not_found")
    check_problem(payer.withdraw(NOBODYS_ORDER), 404, "not_found")


@pytest.mark.parametrize("scope", ["points:read points:transfer", "openid", "autopay:read"])
def test_other_scopes_open_none_of_it(payer: Payer, scope: str) -> None:
    order_id = payer.place(payer.change())
    since = payer.partners.last_call()
    other = _signed_in(payer, scope=scope)
    for reply in (
        other.member.send("GET", "/v1/cards"),
        other.member.send("GET", "/v1/autopays"),
        other.ask_for(payer.cancel("electricity")),
        other.member.send("GET", "/v1/autopay-orders"),
        other.member.send("GET", f"/v1/autopay-orders/{order_id}"),
        other.withdraw(order_id),
    ):
        check_gateway_answer(reply, 403)
    assert [one["order_id"] for one in payer.orders()] == [order_id]
    assert not payer.switch.calls(sub=payer.member.sub, since=since)


@pytest.mark.parametrize(
    ("age_s", "allowed"),
    [
        (9 * SECONDS_OF_A_MINUTE, True),
        (11 * SECONDS_OF_A_MINUTE, False),
        (10**9, False),
        (-5 * SECONDS_OF_A_MINUTE, False),
    ],
)
def test_an_order_needs_a_sign_in_of_the_last_ten_minutes(
    payer: Payer, age_s: int, *, allowed: bool
) -> None:
    """R-M4; by real time, whatever the business clock says. Looking needs none."""
    earlier = _signed_in(payer, auth_time=int(time.time()) - age_s)
    assert earlier.registrations() == payer.registrations()
    reply = earlier.ask_for(payer.change())
    if allowed:
        check_order_reply(reply, 202)
    else:
        check_problem(reply, 401, "reauthentication_required")
        _check_nothing_was_ordered(payer)


def test_nothing_is_asked_of_the_switch_without_an_agreement(payer: Payer) -> None:
    """R-M2."""
    stranger = Payer(Member(payer.member.api, payer.partners), payer.partners, payer.cloud).hold()
    since = payer.partners.last_call()
    for reply in (
        stranger.member.send("GET", "/v1/cards"),
        stranger.member.send("GET", "/v1/autopays"),
        stranger.ask_for(stranger.change()),
    ):
        check_problem(reply, 403, "consent_required")
    assert stranger.orders() == []
    assert not payer.switch.calls(sub=stranger.member.sub, since=since)


def test_withdrawing_the_agreement_erases_the_ci_and_lets_placed_orders_go_their_way(
    payer: Payer,
) -> None:
    """R-M2: only money in flight is waited for. The switch has the order; its result is still read."""
    moved, ended = payer.place(payer.change()), payer.place(payer.cancel("electricity"))
    assert payer.member.send("DELETE", "/v1/me/consent").status == 204
    assert "ci" not in payer.cloud.items_of(payer.member.key).get("MEMBER", {})
    items = payer.cloud.autopay_items(payer.member.key).values()
    assert not [item for item in items if "sealed_ci" in item]
    for reply in (
        payer.member.send("GET", "/v1/cards"),
        payer.member.send("GET", "/v1/autopays"),
        payer.ask_for(payer.change("school")),
    ):
        check_problem(reply, 403, "consent_required")
    # What they ordered stays theirs to see, and to take back.
    assert [one["order_id"] for one in payer.orders()] == [ended, moved]
    assert check_order_reply(payer.withdraw(ended), 200)["status"] == "WITHDRAWN"
    payer.at(datetime(2026, 11, 27, 9, 30, tzinfo=SEOUL))
    payer.until(moved, "COMPLETED")
    payer.audit()


@pytest.mark.parametrize("fault", SILENCE.values(), ids=SILENCE)
def test_a_switch_that_says_nothing_of_use_is_said_to_be_away(
    payer: Payer, fault: dict[str, Any]
) -> None:
    """No 5xx, whatever the switch does, and nothing is stored."""
    for operation in ("cards", "autopays"):
        payer.switch.spoil({**fault, "operation": operation})
        reply = payer.member.send("GET", f"/v1/{operation}")
        check_problem(reply, 429, "switch_unavailable")
        assert int(reply.headers["retry-after"]) >= 1
        for body in (payer.change(), payer.cancel()):
            check_problem(payer.ask_for(body), 429, "switch_unavailable")
    payer.switch.spoil()
    _check_nothing_was_ordered(payer)
    check_order_reply(payer.ask_for(payer.change()), 202)


def test_a_switch_that_never_answers_is_waited_for_within_the_gateways_patience(
    payer: Payer,
) -> None:
    payer.switch.spoil({"kind": "hang", "operation": "autopays"})
    check_problem(payer.member.send("GET", "/v1/autopays"), 429, "switch_unavailable")
    check_problem(payer.ask_for(payer.change()), 429, "switch_unavailable")
    _check_nothing_was_ordered(payer)


def _check_nothing_was_ordered(payer: Payer) -> None:
    assert payer.orders() == []
    assert payer.cloud.autopay_items(payer.member.key) == {}
    assert payer.switch.orders(payer.member.sub) == []
