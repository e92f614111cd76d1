"""A switch that hangs, refuses, fails and recovers: every bill has one card and one order (R-A6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.stack.payer import PATIENCE_S, switch_id
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.stack.payer import Payer

THE_RESULT = datetime(2026, 11, 27, 9, 30, tzinfo=SEOUL)
TRIES = 10
BACK_OFF_MINUTES = 11
"""Longer than the longest wait between two tries."""
PAST_THE_HORIZON_MINUTES = 12
"""Of a call: its lease, and ten minutes in which its effect may still land."""


def _once(kind: str, operation: str, **settings: object) -> dict[str, Any]:
    return {"kind": kind, "operation": operation, "count": 1, **settings}


PLACED_IN_SILENCE = {
    "timeout": _once("timeout_after_effect", "order"),
    "cut": _once("cut_after_effect", "order"),
    "half an answer": _once("malformed", "order", body="truncated_json"),
    "other types": _once("malformed", "order", body="wrong_types"),
    "no status": _once("malformed", "order", body="missing_fields"),
    "a page": _once("malformed", "order", body="html"),
    "500": _once("error", "order", http_status=500, effect="done"),
    "someone else's": _once(
        "error",
        "order",
        http_status=202,
        effect="done",
        body={"order_id": "1", "status": "ACCEPTED"},
    ),
}
NEVER_PLACED = {
    "hang": _once("hang", "order"),
    "cut": _once("cut_before_effect", "order"),
    "500": _once("internal", "order"),
    "502": _once("error", "order", http_status=502),
}
PLACED_LATER = {"late": _once("late", "order", ms=300_000)}
TURNED_AWAY = {
    "429": _once("too_many_requests", "order", retry_after_seconds=1),
    "503": _once("unavailable", "order", retry_after_seconds=1),
    "401": _once("error", "order", http_status=401),
}


def test_whatever_the_switch_does_to_an_order_it_is_placed_once(payer: Payer) -> None:
    """Unknown is asked about under its id; what never came is sent again, past the horizon."""
    unknown = [*PLACED_IN_SILENCE.values(), *NEVER_PLACED.values(), *PLACED_LATER.values()]
    faults = [*TURNED_AWAY.values(), *unknown]
    bills = [f"line-{number}" for number in range(len(faults))]
    payer.hold(bills={bill: {"biller_code": "KT"} for bill in bills})
    payer.cloud.sweep_orders_clean()
    payer.switch.spoil(*faults)
    since = payer.partners.last_call()
    orders = [payer.submit(payer.change(bill)) for bill in bills]

    def tried() -> bool:
        return all(int(payer.kept(order_id)["version"]["N"]) >= 2 for order_id in orders)

    eventually(tried, "a first try of every order", PATIENCE_S)
    assert {payer.order(order_id)["status"] for order_id in orders} <= {"ACCEPTED", "CHECKING"}
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    for order_id in orders:
        payer.until_kept(order_id, "PLACED")
    lines = payer.switch.orders(payer.member.sub)
    assert sorted(line["order_id"] for line in lines) == sorted(map(switch_id, orders))
    assert {(line["attempts"], line["conflicts"]) for line in lines} == {(1, 0)}, (
        "nobody was asked for what it had"
    )
    sent = payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    assert len(sent) == len(orders) + len(NEVER_PLACED) + len(TURNED_AWAY)
    payer.at(THE_RESULT)
    for order_id in orders:
        payer.until(order_id, "COMPLETED")
    payer.audit()


@pytest.mark.parametrize("fault", PLACED_IN_SILENCE.values(), ids=PLACED_IN_SILENCE)
def test_an_order_placed_in_silence_is_asked_about_and_never_sent_again(
    payer: Payer, fault: dict[str, Any]
) -> None:
    """A bill whose change is not known keeps its card, and takes no other order."""
    payer.switch.spoil(fault)
    since = payer.partners.last_call()
    order_id = payer.submit(payer.change())
    payer.until(order_id, "CHECKING")
    refused = payer.ask_for(payer.cancel())
    assert (refused.status, refused.json["code"]) == (409, "order_open")
    assert payer.registrations()[payer.bill("telecom")]["card_ref"] == payer.card("old")
    payer.later(minutes=BACK_OFF_MINUTES)
    payer.until_kept(order_id, "PLACED")
    assert payer.order(order_id)["status"] == "ACCEPTED"
    assert len(payer.switch.calls(operation="order", sub=payer.member.sub, since=since)) == 1
    payer.at(THE_RESULT)
    payer.until(order_id, "COMPLETED")
    payer.audit()


def test_a_change_in_real_time_of_which_nothing_is_heard_is_found_done(payer: Payer) -> None:
    """R-A3: asked about under its id a minute later, and never carried out twice."""
    payer.switch.spoil(_once("cut_after_effect", "order"))
    order_id = payer.submit(payer.change("apartment"))
    payer.until(order_id, "CHECKING")
    payer.later(seconds=61)
    payer.until(order_id, "COMPLETED")
    assert payer.registrations()[payer.bill("apartment")]["card_ref"] == payer.card("new")
    payer.audit()
    (line,) = payer.switch.orders(payer.member.sub)
    assert line["attempts"] == 1


def test_a_switch_that_is_away_all_day_is_given_up_and_nothing_was_ordered(payer: Payer) -> None:
    """After ten tries that were turned away: no person is needed, and the bill is free."""
    payer.switch.spoil({"kind": "unavailable", "operation": "order"})
    order_id = payer.submit(payer.change())
    _try_until(payer, order_id, "REJECTED")
    order = payer.until(order_id, "REJECTED")
    assert "could not be reached" in order["reason"]["en"]
    assert payer.switch.orders(payer.member.sub) == []
    payer.switch.spoil()
    again = payer.place(payer.change())
    payer.at(datetime(2026, 11, 30, 12, tzinfo=SEOUL))
    payer.until(again, "COMPLETED")
    payer.audit()


def test_an_order_nobody_can_tell_of_goes_to_a_person_and_stays_there(payer: Payer) -> None:
    """Ten tries, then an operator; nothing is sent again, and no second order is taken (R-A6)."""
    payer.switch.spoil(
        {"kind": "cut_after_effect", "operation": "order"},
        {"kind": "malformed", "body": "wrong_types", "operation": "order_status"},
    )
    order_id = payer.submit(payer.change())
    _try_until(payer, order_id, "PLACING_WITH_OPERATOR")
    payer.switch.spoil()
    since = payer.partners.last_call()
    payer.later(days=1)
    assert payer.order(order_id)["status"] == "CHECKING"
    assert payer.ask_for(payer.cancel()).json["code"] == "order_open"
    assert not payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    (line,) = payer.switch.orders(payer.member.sub)
    assert line["attempts"] == 1


@pytest.mark.parametrize("fault", ["cut", "late", "malformed", "silent", "500"])
def test_a_result_that_does_not_come_is_asked_for_again_an_hour_later(
    payer: Payer, fault: str
) -> None:
    """R-A3: nothing but the switch's own word ends an order."""
    order_id = payer.place(payer.change())
    faults: dict[str, dict[str, Any]] = {
        "cut": {"kind": "cut_after_effect"},
        "late": {"kind": "late", "ms": 15_000},
        "malformed": {"kind": "malformed", "body": "missing_fields"},
        "silent": {"kind": "hang"},
        "500": {"kind": "internal"},
    }
    payer.switch.spoil({**faults[fault], "operation": "order_status"})
    payer.at(THE_RESULT)
    payer.until_kept(order_id, "PLACED", tries=1)
    assert payer.order(order_id)["status"] == "PROCESSING"
    assert payer.registrations()[payer.bill("telecom")]["changeable"] is False
    payer.switch.spoil()
    payer.later(minutes=61)
    payer.until(order_id, "COMPLETED")
    payer.audit()


# fmt: off
TOLD_OTHERWISE: dict[str, tuple[dict[str, Any], str]] = {
    "card closed":       ({"cards": {"new": {"status": "SUSPENDED"}}},  "not active"),
    "card now a firm's": ({"cards": {"new": {"kind": "CORPORATE"}}},    "corporate cards"),
    "bill gone":         ({"bills": {"telecom": {"changeable": False}}}, "was not found"),
}
# fmt: on


@pytest.mark.parametrize("case", TOLD_OTHERWISE.values(), ids=TOLD_OTHERWISE)
def test_what_the_switch_refuses_after_all_is_rejected_in_words(
    payer: Payer, case: tuple[dict[str, Any], str]
) -> None:
    """What was true when it was ordered may be so no more when it is placed."""
    changes, reason = case
    order_id = _turned_away_once(payer)
    payer.hold(**changes)
    _check_refused_after_all(payer, order_id, reason)


def test_a_category_that_the_switch_has_closed_rejects_in_words(payer: Payer) -> None:
    """R-A1."""
    order_id = _turned_away_once(payer)
    with payer.switch.closed("TELECOM"):
        _check_refused_after_all(payer, order_id, "not open yet")


def test_an_order_given_elsewhere_goes_first(payer: Payer) -> None:
    """R-A6: the switch has one open order of a registration, whoever gave it."""
    order_id = _turned_away_once(payer)
    elsewhere = payer.switch.place(
        {
            **payer.change(),
            "order_id": switch_id(order_id)[::-1],
            "ci": payer.partners.userinfo(payer.member.token)["ci"],
        }
    )
    assert elsewhere.status == 202, elsewhere.body
    _check_refused_after_all(payer, order_id, "Another order")


def _turned_away_once(payer: Payer) -> str:
    """Submit an order that the switch turns away for now; returns its id."""
    payer.switch.spoil({"kind": "unavailable", "operation": "order"})
    order_id = payer.submit(payer.change())
    payer.until_kept(order_id, "ACCEPTED", tries=1)
    payer.switch.spoil()
    return order_id


def _check_refused_after_all(payer: Payer, order_id: str, reason: str) -> None:
    payer.later(minutes=BACK_OFF_MINUTES)
    order = payer.until(order_id, "REJECTED")
    assert reason in order["reason"]["en"], order
    payer.audit()
    payer.hold()
    free = payer.registrations()[payer.bill("telecom")]
    assert (free["card_ref"], free["changeable"]) == (payer.card("old"), True)


# fmt: off
WITHDRAWALS: dict[str, tuple[dict[str, Any], int]] = {
    # name: what the switch does, and how often it is then asked to withdraw
    "done, cut":         (_once("cut_after_effect", "withdrawal"),                       1),
    "done, half":        (_once("malformed", "withdrawal", body="truncated_json"),       1),
    "done, types":       (_once("malformed", "withdrawal", body="wrong_types"),          1),
    "done, 500":         (_once("error", "withdrawal", http_status=500, effect="done"),  1),
    "not done, cut":     (_once("cut_before_effect", "withdrawal"),                      2),
    "not done, 500":     (_once("internal", "withdrawal"),                               2),
    "turned away, 503":  (_once("unavailable", "withdrawal", retry_after_seconds=1),     2),
    "turned away, 429":  (_once("too_many_requests", "withdrawal"),                      2),
}
# fmt: on


@pytest.mark.parametrize("case", WITHDRAWALS.values(), ids=WITHDRAWALS)
def test_whatever_the_switch_does_to_a_withdrawal_it_is_withdrawn(
    payer: Payer, case: tuple[dict[str, Any], int]
) -> None:
    """R-A4: the wish is kept; until it is known what became of it, it is being checked."""
    fault, calls = case
    order_id = payer.place(payer.change())
    since = payer.partners.last_call()
    payer.switch.spoil(fault)
    reply = payer.withdraw(order_id)
    assert (reply.status, reply.json["status"]) == (200, "CHECKING"), reply.body
    again = payer.withdraw(order_id)
    assert (again.status, again.json["status"]) == (200, "CHECKING"), again.body
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    payer.until(order_id, "WITHDRAWN")
    asked = payer.switch.calls(operation="withdrawal", since=since)
    own = [call for call in asked if call["api_tran_id"] == switch_id(order_id)]
    assert len(own) == calls
    payer.at(THE_RESULT)
    assert payer.order(order_id)["status"] == "WITHDRAWN"
    assert payer.registrations()[payer.bill("telecom")]["card_ref"] == payer.card("old")
    payer.audit()


@pytest.mark.parametrize("landed", [True, False])
def test_a_wish_of_the_last_minute_ends_as_the_switch_has_it(payer: Payer, *, landed: bool) -> None:
    """R-A4: asked again after 22:00 it says how far it is; too late at the switch, it goes its way."""
    order_id = payer.place(payer.change())
    payer.at(datetime(2026, 11, 24, 21, 50, tzinfo=SEOUL))
    kind = "cut_after_effect" if landed else "cut_before_effect"
    payer.switch.spoil(
        {"kind": kind, "operation": "withdrawal"},
        {"kind": "internal", "operation": "order_status"},
    )
    assert payer.withdraw(order_id).json["status"] == "CHECKING"
    payer.at(datetime(2026, 11, 24, 22, 0, tzinfo=SEOUL))
    late = payer.withdraw(order_id)
    assert (late.status, late.json["status"]) == (200, "CHECKING"), late.body
    payer.switch.spoil()
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    if landed:
        payer.until(order_id, "WITHDRAWN")
    else:
        payer.until_kept(order_id, "PLACED")
        # Known now: the switch was never told in time.
        refused = payer.withdraw(order_id)
        assert (refused.status, refused.json["code"]) == (409, "too_late")
        payer.at(THE_RESULT)
        payer.until(order_id, "COMPLETED")
    payer.audit()


def test_what_is_withdrawn_while_nobody_knows_whether_it_is_placed(payer: Payer) -> None:
    """One had arrived and is withdrawn there; one had not, and is never sent again."""
    orders = []
    for kind, bill in (("cut_after_effect", "telecom"), ("cut_before_effect", "electricity")):
        payer.switch.spoil(_once(kind, "order"))
        orders.append(payer.submit(payer.change(bill)))
        payer.until(orders[-1], "CHECKING")
    since = payer.partners.last_call()
    for order_id in orders:
        assert payer.withdraw(order_id).json["status"] == "CHECKING"
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    for order_id in orders:
        payer.until(order_id, "WITHDRAWN")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["order_id"], line["status"]) == (switch_id(orders[0]), "WITHDRAWN")
    assert not payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    payer.audit()


def test_what_is_turned_away_is_withdrawn_without_the_switch(payer: Payer) -> None:
    order_id = _turned_away_once(payer)
    since = payer.partners.last_call()
    reply = payer.withdraw(order_id)
    assert (reply.status, reply.json["status"]) == (200, "WITHDRAWN"), reply.body
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    assert payer.order(order_id)["status"] == "WITHDRAWN"
    assert not payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    assert payer.switch.orders(payer.member.sub) == []
    payer.audit()


def test_what_is_withdrawn_while_it_is_being_sent_is_withdrawn_at_the_switch(payer: Payer) -> None:
    """R-A4: the wish overtakes the worker, which then leaves the order to be asked about."""
    payer.cloud.sweep_orders_clean()
    payer.switch.spoil({"kind": "late", "ms": 4_000, "effect": "at_once", "operation": "order"})
    since = payer.partners.last_call()
    order_id = payer.submit(payer.change())
    eventually(
        lambda: payer.switch.calls(operation="order", sub=payer.member.sub, since=since),
        "the order on its way",
        PATIENCE_S,
    )
    reply = payer.withdraw(order_id)
    # On a machine that was slow to ask, it had arrived by then.
    assert (reply.status, reply.json["status"] in {"CHECKING", "WITHDRAWN"}) == (200, True)
    payer.switch.spoil()
    payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    payer.until(order_id, "WITHDRAWN")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["attempts"]) == ("WITHDRAWN", 1)
    payer.audit()


def test_an_order_under_way_when_the_agreement_is_withdrawn_leaves_no_ci_behind(
    payer: Payer,
) -> None:
    """R-M2: it was given under the agreement; its own copy of the CI goes as soon as it can."""
    order_id = _turned_away_once(payer)
    assert payer.member.send("DELETE", "/v1/me/consent").status == 204
    payer.later(minutes=BACK_OFF_MINUTES)
    eventually(lambda: "sealed_ci" not in payer.kept(order_id), "an order without a CI", PATIENCE_S)
    assert payer.order(order_id)["status"] in {"ACCEPTED", "WITHDRAWN"}
    refused = payer.ask_for(payer.change("electricity"))
    assert (refused.status, refused.json["code"]) == (403, "consent_required")


def _try_until(payer: Payer, order_id: str, state: str) -> None:
    """Let an order be tried ten times, as fast as its back-off allows."""
    before = 0

    def tried() -> bool:
        item = payer.kept(order_id)
        return item["state"]["S"] == state or int(item["tries"]["N"]) > before

    for _ in range(TRIES):
        eventually(tried, f"a try after {before}", PATIENCE_S)
        item = payer.kept(order_id)
        if item["state"]["S"] == state:
            break
        before = int(item["tries"]["N"])
        payer.later(minutes=BACK_OFF_MINUTES)
    payer.until_kept(order_id, state)
