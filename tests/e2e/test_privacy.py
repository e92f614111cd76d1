"""No CI, name, birth date, account or card number or token in any log line, message, item or URL.

A person with a recognisable name signs in, sends what is refused, agrees, looks
up their points, turns some into cash and moves their bills while everything that
can go wrong goes wrong. Then everything the system has written is searched.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.issuers import ISSUERS
from tests.stack.member import Member, cash
from tests.stack.partners import CUT, HANG
from tests.stack.payer import Payer
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.stack.bring_up import Stack
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

# A sample person whom no other test lets sign in.
SUB = "hohenberg-maximilian"

TROUBLE: dict[str, dict[str, Any]] = {
    "shinhan": {"kind": "malformed", "body": "wrong_types"},
    "kb": {"kind": "malformed", "body": "missing_fields"},
    "woori": {"kind": "malformed", "body": "negative_amounts"},
    "bc": CUT,
    "nonghyup": {"kind": "internal"},
    "hyundai": {"kind": "malformed", "body": "html"},
    "hana": {"kind": "too_many_requests"},
    "lotte": {"kind": "maintenance"},
    "samsung": HANG,
    "citi": {"kind": "malformed", "body": "truncated_json"},
}

# The switch, in place of each other: what it lists, takes and says goes wrong in all these ways.
SWITCH_TROUBLE: tuple[dict[str, Any], ...] = (
    *({"kind": "malformed", "body": body} for body in ("wrong_types", "missing_fields", "html")),
    {"kind": "malformed", "body": "truncated_json"},
    {"kind": "internal"},
    {"kind": "too_many_requests"},
    CUT,
)

MONEY_PATHS = ("/v1/accounts", "/v1/transfers")
BILL_PATHS = ("/v1/cards", "/v1/autopays", "/v1/autopay-orders")

CARD_NUMBER = "5473-82**-****-6194"
CUSTOMER_REF = "010-5473-6194"


@dataclass(frozen=True)
class Planted:
    """Values that belong to one person and may stand nowhere, and what was written meanwhile.

    ``bills`` are shown to the member and otherwise stand nowhere; ``refs`` are also
    what their orders are kept under.
    """

    values: dict[str, str]
    bills: dict[str, str]
    refs: dict[str, str]
    published: list[str]
    published_money: list[str]
    member: Member
    calls: list[dict[str, Any]]


@pytest.fixture(scope="module")
def planted(api: Http, cloud: Cloud, _partners: Partners) -> Iterator[Planted]:
    """Let a person go through everything, healthy and not."""
    member = Member(api, _partners, SUB)
    person = _partners.userinfo(member.token)
    since = _partners.last_call()
    account = _partners.account(SUB, "004")
    payer = Payer(member, _partners, cloud)
    with cloud.listening() as queue, cloud.listening("TransferTopic") as money:
        try:
            _refused_requests(member, person)
            member.agree()
            member.look_up(max_age_seconds=0)
            for issuer, fault in TROUBLE.items():
                _partners.fault(issuer, fault)
            member.look_up(max_age_seconds=0)
            _dead_letter(cloud, member)
            _partners.heal()
            _cash(cloud, member, account)
            _bills(payer, person)
            published = cloud.peek(queue)
            published_money = cloud.peek(money)
        finally:
            _partners.heal()
            _partners.unsay(SUB)
            payer.switch.unhold(SUB)
            cloud.forget_lanes()
    ci = person["ci"]
    values = {
        "ci": ci,
        "ci without padding": ci.rstrip("="),
        "ci, URL-safe": ci.replace("+", "-").replace("/", "_").rstrip("="),
        "ci in hex": base64.b64decode(ci).hex(),
        "ci, encoded again": base64.b64encode(ci.encode()).decode().rstrip("="),
        "name": person["name"],
        "name, escaped": json.dumps(person["name"])[1:-1],
        "account number": account["account_num"],
        "account number without its ends": account["account_num"][3:-2],
        "birth date": person["birthdate"],
        "token": member.token,
        "token's signature": member.token.rpartition(".")[2],
    }
    bills = {"card number": CARD_NUMBER, "customer's number": CUSTOMER_REF}
    refs = {
        **{f"card {name}": payer.card(name) for name in ("old", "new", "corporate")},
        **{f"bill {name}": payer.bill(name) for name in ("telecom", "apartment")},
    }
    yield Planted(
        *(values, bills, refs, published, published_money, member),
        _partners.calls(since=since),
    )
    assert member.send("DELETE", "/v1/me/consent").status == 204


def _refused_requests(member: Member, person: dict[str, str]) -> None:
    """Put personal data where it does not belong: it must not be logged from there either."""
    for body in (
        {"name": person["name"], "ci": person["ci"]},
        {"issuers": [person["ci"], person["name"]]},
        [person["ci"]],
        f"{{{person['ci']}".encode(),
    ):
        assert member.send("POST", "/v1/lookups", body).status == 422
        assert member.send("PUT", "/v1/me/consent", body).status == 422


def _dead_letter(cloud: Cloud, member: Member) -> None:
    """Let a real message of this person end in a dead-letter queue."""
    body = json.dumps({"member": member.key, "sealed_ci": "?"})
    cloud.sqs.send_message(QueueUrl=cloud.lane("epost"), MessageBody=body)
    eventually(lambda: body in cloud.dead_letters("epost"), "a dead letter")


def _cash(cloud: Cloud, member: Member, account: dict[str, Any]) -> None:
    """Turn points into cash past a bank that breaks off, and past an issuer that refuses."""
    partners = member.partners
    partners.say(SUB, {"shinhan": {"points": [{"point_code": "MYSHINHAN", "remain": 7000}]}})
    # Another day for each run over a stack that stays up: once a day is the rule.
    partners.forward(days=uuid.uuid4().int % 300)
    cloud.sweep_clean()
    body = {
        "bank_code": account["bank_code_std"],
        "account_number": account["account_num"],
        "holder_name": account["account_holder_name"],
    }
    for wrong in (
        {**body, "holder_name": "남다른"},
        {**body, "bank_code": "088"},
        {**body, "x": 1},
    ):
        assert member.send("POST", "/v1/accounts", wrong).status == 422
    partners.spoil("bank", {"kind": "malformed", "operation": "real_name", "body": "html"})
    assert member.send("POST", "/v1/accounts", body).status == 503
    partners.spoil("bank", {"kind": "cut_after_effect", "operation": "deposit", "count": 1})
    kept = member.register(account["bank_code_std"])
    transfer = member.submit(cash(kept, shinhan=70, kb=10))
    member.until_legs(transfer["transfer_id"], {"shinhan": "CHECKING", "kb": "FAILED"})
    partners.forward(hours=1)
    cloud.sweep()
    member.until_legs(transfer["transfer_id"], {"shinhan": "DEPOSITED", "kb": "FAILED"})


def _bills(payer: Payer, person: dict[str, str]) -> None:
    """Move bills past a switch that breaks off, one that refuses, and a biller that rejects."""
    switch, cloud = payer.switch, payer.cloud
    number = {"masked_number": CARD_NUMBER}
    refs = {"biller_customer_ref": CUSTOMER_REF}
    payer.hold(
        cards=dict.fromkeys(("old", "new", "corporate"), number),
        bills={
            **dict.fromkeys(("telecom", "electricity"), refs),
            "apartment": {"biller_customer_ref": f"{CUSTOMER_REF}-9001"},
        },
    )
    # The morning after: withdrawing is possible all day. Never back, or what waits would sleep.
    tomorrow = payer.partners.now() + timedelta(days=1)
    payer.partners.set_clock(tomorrow.replace(hour=10))
    cloud.sweep_orders_clean()
    for body in (
        {"kind": person["ci"], "autopay_id": person["name"]},
        {**payer.change(), "to_card_ref": f"{person['ci']}{person['name']}"},
        {**payer.change(), person["ci"]: person["name"], "card_number": CARD_NUMBER},
        payer.change(to="corporate"),
        f"{{{person['ci']}".encode(),
    ):
        assert payer.ask_for(body).status in {404, 422}
    for fault in SWITCH_TROUBLE:
        switch.spoil(fault)
        for path in BILL_PATHS[:2]:
            assert payer.member.send("GET", path).status == 429
        assert payer.ask_for(payer.change()).status == 429
    switch.spoil(
        {"kind": "cut_after_effect", "operation": "order", "count": 1},
        {"kind": "malformed", "body": "wrong_types", "operation": "order_status", "count": 1},
        {"kind": "internal", "operation": "withdrawal", "count": 1},
    )
    moved = payer.submit(payer.change())
    payer.until(moved, "CHECKING")
    payer.later(minutes=2)
    payer.later(minutes=12)
    payer.until_kept(moved, "PLACED")
    assert payer.withdraw(moved).json["status"] == "CHECKING"
    payer.later(minutes=12)
    payer.until(moved, "WITHDRAWN")
    payer.until(payer.submit(payer.change("apartment")), "REJECTED")
    switch.spoil({"kind": "unavailable", "operation": "order"})
    refused = payer.submit(payer.change("electricity"))
    payer.until_kept(refused, "ACCEPTED", tries=1)
    switch.spoil()
    payer.hold(cards={name: {**number, "status": "DORMANT"} for name in ("old", "new")})
    payer.later(minutes=12)
    payer.until(refused, "REJECTED")
    # Another one for each run over a stack that stays up: its order stays open.
    latest = uuid.uuid4().hex[:8]
    payer.hold(cards={"old": number, "new": number}, bills={latest: {"biller_code": "KT", **refs}})
    payer.place(payer.change(latest))


def _found(planted: Planted, texts: list[str], more: Mapping[str, str] | None = None) -> list[str]:
    values = {**planted.values, **(more or {})}
    return [
        f"{what} in {text[:200]}"
        for what, value in values.items()
        for text in texts
        if value in text
    ]


def test_no_log_line_tells_who_a_member_is(planted: Planted, cloud: Cloud) -> None:
    lines = cloud.log_lines()
    assert any("no answer from issuer" in line for line in lines), "the trouble was logged"
    assert any("order moved" in line for line in lines)
    assert _found(planted, lines, planted.bills | planted.refs) == []


def test_no_process_prints_who_a_member_is(planted: Planted, stack: Stack) -> None:
    if stack.state_dir is None:
        pytest.skip("the stack's logs are not known: it was not started from here")
    logs = {file.name: file.read_text() for file in (stack.state_dir / "logs").glob("*.log")}
    assert "contract broken" in logs["aws.log"]
    assert _found(planted, list(logs.values()), planted.bills | planted.refs) == []


def test_no_message_tells_who_a_member_is(planted: Planted, cloud: Cloud) -> None:
    dead = [body for issuer in ISSUERS for body in cloud.dead_letters(issuer)]
    assert any(planted.member.key in body for body in dead)
    assert len(planted.published) >= 2
    assert any(planted.member.key in body for body in planted.published_money)
    texts = [*planted.published, *planted.published_money, *dead]
    assert _found(planted, texts, planted.bills | planted.refs) == []


def test_no_item_holds_ci_account_or_card_number_in_clear(planted: Planted, cloud: Cloud) -> None:
    tables = ("MembersTable", "TransfersTable", "AutopaysTable", "OperationsTable")
    items = [item for table in tables for item in cloud.items(table)]
    kept = {item["sk"]["S"].partition("#")[0] for item in _of(planted.member, items)}
    assert {"MEMBER", "ACCOUNT", "TRANSFER", "LEDGER", "KEY", "DAY", "ORDER", "REG"} <= kept
    assert _found(planted, [_plain(item) for item in items], planted.bills) == []


def test_no_url_tells_who_a_member_is(planted: Planted) -> None:
    assert planted.calls
    calls = [json.dumps(call, ensure_ascii=False) for call in planted.calls]
    assert _found(planted, calls, planted.bills | planted.refs) == []


def test_no_answer_of_the_api_tells_who_a_member_is(planted: Planted) -> None:
    lookup = planted.member.look_up()
    answers = [
        planted.member.send("GET", path).body.decode()
        for path in ("/v1/me", f"/v1/lookups/{lookup['lookup_id']}", *MONEY_PATHS, *BILL_PATHS)
    ]
    assert any("KB국민은행" in answer for answer in answers)
    assert any('"REJECTED"' in answer for answer in answers)
    assert _found(planted, answers) == []


def _of(member: Member, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in items if item["pk"]["S"] == member.key]


def _plain(value: Any) -> str:
    """Return an item as text, bytes in every way somebody could read them."""
    if isinstance(value, dict):
        return " ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " ".join(map(_plain, value))
    if isinstance(value, bytes):
        text = value.decode("latin-1")
        return f"{text} {value.hex()} {base64.b64encode(value).decode()}"
    return str(value)
