"""What expires when, what is done about it, and what the member was told (R-E1 to R-E4)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.shapes import check_expirations, check_notices, check_problem
from tests.stack.member import Member

if TYPE_CHECKING:
    from tests.stack.calls import Http, Reply
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

ALERTS = "/v1/me/expiry-alerts"
CASHOUT = "/v1/me/auto-cashout"
OFF = {
    "expiry_alerts": {"enabled": False, "lead_months": None},
    "auto_cashout": {"enabled": False, "account_id": None, "minimum_amount": None},
}


@pytest.fixture
def stranger(api: Http, partners: Partners) -> Member:
    """Give somebody who has signed in and agreed to nothing."""
    return Member(api, partners)


def kept(member: Member) -> dict[str, Any]:
    me = member.send("GET", "/v1/me").json
    return {name: me[name] for name in OFF}


def taken(reply: Reply) -> Any:
    assert (reply.status, reply.content_type) == (200, "application/json"), reply.body
    assert reply.headers["cache-control"] == "no-store"
    return reply.json


def cash_to(account: dict[str, Any], minimum: int = 1000) -> dict[str, Any]:
    return {"enabled": True, "account_id": account["account_id"], "minimum_amount": minimum}


def test_choices_are_answered_and_shown_as_they_were_made_r_e2(member: Member) -> None:
    assert kept(member) == OFF
    alerts, cashout = {"enabled": True, "lead_months": 3}, cash_to(member.register())
    assert taken(member.send("PUT", ALERTS, alerts)) == alerts
    assert taken(member.send("PUT", CASHOUT, cashout)) == cashout
    assert kept(member) == {"expiry_alerts": alerts, "auto_cashout": cashout}
    assert taken(member.send("PUT", ALERTS, {"enabled": False})) == OFF["expiry_alerts"]
    assert taken(member.send("PUT", CASHOUT, {"enabled": False})) == OFF["auto_cashout"]
    assert kept(member) == OFF


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (ALERTS, {}, "/enabled"),
        (ALERTS, {"enabled": True}, "/lead_months"),
        (ALERTS, {"enabled": True, "lead_months": 0}, "/lead_months"),
        (ALERTS, {"enabled": True, "lead_months": 7}, "/lead_months"),
        (ALERTS, {"enabled": True, "lead_months": "3"}, "/lead_months"),
        (ALERTS, {"enabled": "yes", "lead_months": 3}, "/enabled"),
        (CASHOUT, {"enabled": True, "minimum_amount": 0}, "/account_id"),
        (CASHOUT, {"enabled": True, "account_id": "acc"}, "/minimum_amount"),
        (CASHOUT, {"enabled": True, "account_id": "acc", "minimum_amount": -1}, "/minimum_amount"),
        (CASHOUT, {"enabled": True, "account_id": "", "minimum_amount": 0}, "/account_id"),
    ],
    ids=str,
)
def test_a_choice_that_is_not_whole_changes_nothing(
    member: Member, path: str, body: dict[str, Any], pointer: str
) -> None:
    problem = check_problem(member.send("PUT", path, body), 422, "invalid_request")
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert kept(member) == OFF


def test_nothing_is_set_without_an_agreement_r_m2(stranger: Member) -> None:
    reply = stranger.send("PUT", ALERTS, {"enabled": True, "lead_months": 1})
    check_problem(reply, 403, "consent_required")
    reply = stranger.send("PUT", CASHOUT, {"enabled": False})
    check_problem(reply, 403, "consent_required")


def test_cash_goes_to_an_account_of_ones_own_only_r_e3(
    member: Member, api: Http, partners: Partners
) -> None:
    other = Member(api, partners).agree()
    reply = member.send("PUT", CASHOUT, cash_to(other.register()))
    check_problem(reply, 404, "not_found")
    assert kept(member) == OFF


def test_a_standing_order_for_money_needs_a_recent_sign_in_and_ending_it_does_not_r_m4(
    member: Member, api: Http, partners: Partners
) -> None:
    cashout = cash_to(member.register())
    token = partners.token(member.sub, auth_time=int(time.time()) - 661)
    old = Member(api, partners, member.sub, token)
    check_problem(old.send("PUT", CASHOUT, cashout), 401, "reauthentication_required")
    taken(member.send("PUT", CASHOUT, cashout))
    taken(old.send("PUT", CASHOUT, {"enabled": False}))
    assert kept(member) == OFF


def test_the_calendar_adds_up_what_was_last_known_r_p5(member: Member) -> None:
    assert taken(member.send("GET", "/v1/expirations")) == {"months": []}
    lookup = member.look_up()
    calendar = taken(member.send("GET", "/v1/expirations"))
    check_expirations(calendar)
    month = lookup["requested_at"][:7]
    listed = [
        (row["month"], code, point["code"], row["amount"])
        for code, result in lookup["results"].items()
        for point in result["points"]
        for row in point["expirations"]
        if row["month"] >= month and row["amount"]
    ]
    shown = [
        (one["month"], item["issuer"], item["point_code"], item["amount"])
        for one in calendar["months"]
        for item in one["items"]
    ]
    assert set(listed) <= set(shown)
    assert shown


def test_who_was_told_nothing_has_an_empty_inbox(member: Member) -> None:
    page = taken(member.send("GET", "/v1/notices"))
    check_notices(page)
    assert page == {"notices": [], "next_cursor": None}


@pytest.mark.parametrize("cursor", ["x", "ntc_", "trf_00000000-0000-7000-8000-000000000000"])
def test_a_cursor_that_was_never_given_is_refused(member: Member, cursor: str) -> None:
    reply = member.send("GET", f"/v1/notices?cursor={cursor}")
    check_problem(reply, 422, "invalid_request")


def test_a_withdrawal_forgets_what_was_chosen_r_m2(member: Member, cloud: Cloud) -> None:
    taken(member.send("PUT", ALERTS, {"enabled": True, "lead_months": 6}))
    assert "EXPIRY" in cloud.items_of(member.key)
    assert member.send("DELETE", "/v1/me/consent").status == 204
    assert "EXPIRY" not in cloud.items_of(member.key)
    member.agree()
    assert kept(member) == OFF
