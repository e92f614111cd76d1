"""What expiry settings, calendar and inbox cost in calls to AWS (architecture, decision 5)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL, real_ms
from modupoint.http import member_key
from query.inquiry import Finding, Status
from query.response_models import (
    AutoCashoutModel,
    ExpirationsModel,
    ExpiryAlertsModel,
    MeModel,
    NoticesModel,
)
from tests.store.aws_calls import counted
from tests.store.call_budgets import BUDGETS
from tests.store.deployed_functions import Deployment, request
from tests.store.expiry_steps import told
from tests.store.lookup_steps import a_lookup, agreed
from tests.store.transfer_steps import with_account
from tests.unit.query.lookup_samples import a_balance

if TYPE_CHECKING:
    from tests.store.conftest import Store

MEMBER = member_key("person")
ON = {"enabled": True, "lead_months": 3}
CASHOUT = {"enabled": True, "account_id": "acc_1", "minimum_amount": 1000}


@pytest.fixture
def deployment(imitated_store: Store, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    with_account(imitated_store, MEMBER)
    return Deployment(imitated_store, monkeypatch, "http://127.0.0.1:9")


def signed_in(body: dict[str, Any] | None = None, *, seconds_ago: int = 0) -> dict[str, Any]:
    event = request("person", body)
    signed_in_at = real_ms() // 1000 - seconds_ago
    event["requestContext"]["authorizer"]["jwt"]["claims"]["auth_time"] = str(signed_in_at)
    return event


def answered(reply: dict[str, Any], status: int) -> dict[str, Any]:
    assert reply["statusCode"] == status, reply
    body: dict[str, Any] = json.loads(reply["body"])
    return body


def refused(reply: dict[str, Any], status: int, code: str) -> list[str]:
    """Hold a reply to a refusal; returns the pointers of what is wrong."""
    problem = answered(reply, status)
    assert problem["code"] == code
    return [error["pointer"] for error in problem["errors"]]


def test_a_choice_is_a_read_and_a_write_and_is_shown_as_it_was_made(deployment: Deployment) -> None:
    alerts, cashout = map(deployment.function, ("put_expiry_alerts", "put_auto_cashout"))
    with counted() as calls:
        assert ExpiryAlertsModel(**answered(alerts(signed_in(ON)), 200)).model_dump() == ON
    assert calls == BUDGETS["PUT expiry settings"]
    with counted() as calls:
        shown = answered(cashout(signed_in(CASHOUT)), 200)
    assert AutoCashoutModel(**shown).model_dump() == CASHOUT
    assert calls == BUDGETS["PUT expiry settings"]

    me = deployment.function("read_me")
    with counted() as calls:
        shown = answered(me(signed_in()), 200)
    assert calls == BUDGETS["GET me"]
    MeModel.model_validate(shown)
    assert (shown["expiry_alerts"], shown["auto_cashout"]) == (ON, CASHOUT)
    assert [one["account_id"] for one in shown["accounts"]] == ["acc_1"]


def test_switching_off_needs_nothing_but_saying_so(deployment: Deployment) -> None:
    alerts, cashout = map(deployment.function, ("put_expiry_alerts", "put_auto_cashout"))
    off = {"enabled": False}
    assert answered(alerts(signed_in(off)), 200) == {**off, "lead_months": None}
    old = signed_in(off, seconds_ago=86_400)
    nothing = {**off, "account_id": None, "minimum_amount": None}
    assert answered(cashout(old), 200) == nothing


def test_a_standing_order_for_money_needs_a_recent_sign_in_r_m4(deployment: Deployment) -> None:
    cashout = deployment.function("put_auto_cashout")
    with counted() as calls:
        refused(cashout(signed_in(CASHOUT, seconds_ago=661)), 401, "reauthentication_required")
    assert calls == BUDGETS["PUT auto-cashout, old sign-in"]


@pytest.mark.parametrize(
    ("module", "body", "pointers"),
    [
        ("put_expiry_alerts", {}, ["/enabled"]),
        ("put_expiry_alerts", {"enabled": True}, ["/lead_months"]),
        ("put_expiry_alerts", {"enabled": True, "lead_months": None}, ["/lead_months"]),
        ("put_expiry_alerts", {"enabled": "true", "lead_months": 1}, ["/enabled"]),
        ("put_expiry_alerts", {"enabled": 1, "lead_months": 1}, ["/enabled"]),
        ("put_expiry_alerts", {**ON, "lead_months": 0}, ["/lead_months"]),
        ("put_expiry_alerts", {**ON, "lead_months": 7}, ["/lead_months"]),
        ("put_expiry_alerts", {**ON, "lead_months": 1.5}, ["/lead_months"]),
        ("put_expiry_alerts", {**ON, "lead_months": "3"}, ["/lead_months"]),
        ("put_expiry_alerts", {"enabled": False, "lead_months": 7}, ["/lead_months"]),
        ("put_expiry_alerts", {**ON, "months": 3}, ["/months"]),
        ("put_auto_cashout", {"enabled": True}, ["/account_id", "/minimum_amount"]),
        ("put_auto_cashout", {**CASHOUT, "account_id": None}, ["/account_id"]),
        ("put_auto_cashout", {**CASHOUT, "account_id": ""}, ["/account_id"]),
        ("put_auto_cashout", {**CASHOUT, "account_id": "x" * 65}, ["/account_id"]),
        ("put_auto_cashout", {**CASHOUT, "account_id": 1}, ["/account_id"]),
        ("put_auto_cashout", {**CASHOUT, "minimum_amount": -1}, ["/minimum_amount"]),
        ("put_auto_cashout", {**CASHOUT, "minimum_amount": 0.5}, ["/minimum_amount"]),
        ("put_auto_cashout", {**CASHOUT, "minimum_amount": True}, ["/minimum_amount"]),
    ],
    ids=str,
)
def test_a_choice_that_is_not_whole_is_refused_at_its_place_and_costs_nothing(
    deployment: Deployment, module: str, body: dict[str, Any], pointers: list[str]
) -> None:
    put = deployment.function(module)
    with counted() as calls:
        found = refused(put(signed_in(body)), 422, "invalid_request")
    assert found[:1] == pointers[:1]
    assert set(found) <= set(pointers)
    assert calls == BUDGETS["PUT expiry settings, bad body"]


@pytest.mark.parametrize("minimum", [0, 1000.0, 1_000_000_000])
def test_a_minimum_is_any_whole_number_of_won(deployment: Deployment, minimum: float) -> None:
    shown = answered(
        deployment.function("put_auto_cashout")(signed_in({**CASHOUT, "minimum_amount": minimum})),
        200,
    )
    assert shown["minimum_amount"] == minimum
    assert isinstance(shown["minimum_amount"], int)


def test_nobody_sets_anything_without_an_agreement_r_m2(deployment: Deployment) -> None:
    for module, body in (("put_expiry_alerts", ON), ("put_auto_cashout", CASHOUT)):
        event = signed_in(body)
        event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "stranger"
        refused(deployment.function(module)(event), 403, "consent_required")


def test_anothers_account_is_none_r_e3(deployment: Deployment, imitated_store: Store) -> None:
    agreed(imitated_store.members(), member_key("stranger"))
    event = signed_in(CASHOUT)
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "stranger"
    refused(deployment.function("put_auto_cashout")(event), 404, "not_found")


def test_the_calendar_is_one_query(deployment: Deployment, imitated_store: Store) -> None:
    month = f"{datetime.now(SEOUL):%Y-%m}"
    listed = [{"month": month, "amount": 300}, {"month": "2021-01", "amount": 5}]
    answer_with(imitated_store, a_balance(remaining=400, expirations=listed))
    calendar = deployment.function("read_expirations")
    with counted() as calls:
        shown = answered(calendar(signed_in()), 200)
    assert calls == BUDGETS["GET expirations"]
    ExpirationsModel.model_validate(shown)
    item = {"issuer": "kb", "point_code": "POINTREE", "amount": 300, "cashable": True}
    assert shown == {"months": [{"month": month, "total": 300, "items": [item]}]}


def test_the_calendar_of_who_never_looked_is_empty(deployment: Deployment) -> None:
    calendar = deployment.function("read_expirations")
    assert answered(calendar(request("stranger")), 200) == {"months": []}


def test_a_page_of_the_inbox_is_one_query(deployment: Deployment, imitated_store: Store) -> None:
    ids = told(imitated_store, MEMBER, 21)
    notices = deployment.function("list_notices")
    with counted() as calls:
        shown = answered(notices(signed_in()), 200)
    assert calls == BUDGETS["GET notices"]
    NoticesModel.model_validate(shown)
    assert [one["notice_id"] for one in shown["notices"]] == ids[:20]
    older = signed_in()
    older["queryStringParameters"] = {"cursor": shown["next_cursor"]}
    assert [one["notice_id"] for one in answered(notices(older), 200)["notices"]] == ids[20:]


@pytest.mark.parametrize("cursor", ["", "x", "ntc_", "trf_" + "0" * 36, "ntc_" + "~" * 36])
def test_a_cursor_that_was_never_given_is_refused(deployment: Deployment, cursor: str) -> None:
    event = signed_in()
    event["queryStringParameters"] = {"cursor": cursor}
    notices = deployment.function("list_notices")
    assert refused(notices(event), 422, "invalid_request") == ["/cursor"]


def test_withdrawing_erases_settings_and_notices_in_one_more_call_r_m2(
    deployment: Deployment, imitated_store: Store
) -> None:
    answered(deployment.function("put_expiry_alerts")(signed_in(ON)), 200)
    told(imitated_store, MEMBER, 20)
    with counted() as calls:
        assert deployment.function("withdraw_consent")(signed_in())["statusCode"] == 204
    assert calls == BUDGETS["DELETE consent, of a member with settings and notices"]
    assert answered(deployment.function("list_notices")(signed_in()), 200)["notices"] == []
    shown = answered(deployment.function("read_me")(signed_in()), 200)
    assert shown["expiry_alerts"] == {"enabled": False, "lead_months": None}


def answer_with(store: Store, *balances: dict[str, Any]) -> None:
    finding = Finding(Status.OK, [])
    store.members().write_answer(
        MEMBER, "kb", a_lookup().lookup_id, finding, json.dumps(balances), 1
    )
