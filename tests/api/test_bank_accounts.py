"""Bank accounts: one's own, checked with bank and identity provider, and nobody else's (R-T1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.shapes import check_problem
from tests.api.transfer_shapes import check_account
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

MOST_ACCOUNTS = 10
BANKS = ("004", "088", "020", "081", "003", "011", "023", "027", "089", "090", "092")


def _own(member: Member, bank: str = "088", **changes: object) -> dict[str, Any]:
    there = member.partners.account(member.sub, bank)
    return {
        "bank_code": bank,
        "account_number": there["account_num"],
        "holder_name": there["account_holder_name"],
        **changes,
    }


def test_ones_own_account_is_kept_and_shown_masked(member: Member, cloud: Cloud) -> None:
    body = _own(member)
    reply = member.send("POST", "/v1/accounts", body)
    assert (reply.status, reply.content_type) == (201, "application/json"), reply.body
    assert reply.headers["cache-control"] == "no-store"
    check_account(reply.json)
    assert reply.json["bank_name"] == "신한은행"
    number, name = body["account_number"], body["holder_name"]
    assert reply.json["masked_number"] == f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"
    assert reply.json["holder_name_masked"] == f"{name[0]}*{name[2]}"

    other = member.register("004")
    listed = member.send("GET", "/v1/accounts")
    assert (listed.status, listed.json) == (200, {"accounts": [reply.json, other]})
    assert member.send("GET", "/v1/me").json["accounts"] == [reply.json, other]
    assert number not in str(cloud.items_of(member.key))


def test_an_account_given_twice_is_one_account(member: Member) -> None:
    account = member.register()
    number = _own(member)["account_number"]
    spaced = f" {number[:3]}-{number[3:8]} {number[8:]}".strip()
    again = member.send("POST", "/v1/accounts", _own(member, account_number=spaced))
    assert (again.status, again.json) == (201, account)
    assert member.send("GET", "/v1/accounts").json["accounts"] == [account]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("99999999990412", "account_not_found"),
        ("90000000000000", "account_not_found"),
        ("99999999990415", "account_closed"),
        ("99999999990416", "account_restricted"),
        ("99999999990815", "holder_name_mismatch"),
    ],
)
def test_the_banks_refusal_is_told(member: Member, number: str, code: str) -> None:
    reply = member.send("POST", "/v1/accounts", _own(member, account_number=number))
    check_problem(reply, 422, code)
    assert member.send("GET", "/v1/accounts").json == {"accounts": []}


def test_an_account_of_somebody_else_is_refused_whatever_name_is_given(
    new_member: Callable[[], Member],
) -> None:
    member, other = new_member(), new_member()
    theirs = _own(other)
    for body in (
        theirs,
        {**theirs, "holder_name": _own(member)["holder_name"]},
        _own(member, holder_name="남다른"),
    ):
        reply = member.send("POST", "/v1/accounts", body)
        check_problem(reply, 422, "holder_name_mismatch")
    assert member.send("GET", "/v1/accounts").json == {"accounts": []}


@pytest.mark.parametrize(
    ("sub", "spellings"),
    [
        ("nguyen-anh", ["NGUYEN THI MINH ANH", "Nguyen Thi Minh Anh", "NGUYENTHIMINHANH"]),
        (
            "hohenberg-maximilian",
            [
                "MAXIMILIAN ALEXANDER VON HOHENBERG ROSENTHAL",
                "Maximilian Alexander von Hohenberg-Rosenthal",
            ],
        ),
    ],
)
def test_a_foreign_name_may_be_spelled_as_people_spell_it(
    api: Http, partners: Partners, sub: str, spellings: list[str]
) -> None:
    member = Member(api, partners, sub).agree()
    shown = []
    for spelling in spellings:
        reply = member.send("POST", "/v1/accounts", _own(member, holder_name=spelling))
        assert reply.status == 201, (spelling, reply.body)
        shown.append(reply.json)
    assert all(one == shown[0] for one in shown), "one account"
    check_account(shown[0])
    assert sub.partition("-")[0].upper() not in shown[0]["holder_name_masked"]
    other = member.send("POST", "/v1/accounts", _own(member, holder_name="NGUYEN THI MINH"))
    check_problem(other, 422, "holder_name_mismatch")


GOOD: dict[str, Any] = {
    "bank_code": "088",
    "account_number": "99999999990412",
    "holder_name": "남다른",
}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"bank_code": "999"}, "/bank_code"),
        ({"bank_code": "88"}, "/bank_code"),
        ({"bank_code": 88}, "/bank_code"),
        ({"bank_code": None}, "/bank_code"),
        ({"account_number": ""}, "/account_number"),
        ({"account_number": "123456"}, "/account_number"),
        ({"account_number": "1 2 3 4 5 6"}, "/account_number"),
        ({"account_number": "1" * 17}, "/account_number"),
        ({"account_number": "1" * 40}, "/account_number"),
        ({"account_number": "12345a7890"}, "/account_number"),
        ({"account_number": "１２３４５６７８９０"}, "/account_number"),
        ({"account_number": "-1234567"}, "/account_number"),
        ({"account_number": "1234567\n"}, "/account_number"),
        ({"account_number": "1234567890; --"}, "/account_number"),
        ({"account_number": 1234567890}, "/account_number"),
        ({"account_number": None}, "/account_number"),
        ({"holder_name": ""}, "/holder_name"),
        ({"holder_name": "  "}, "/holder_name"),
        ({"holder_name": "가" * 101}, "/holder_name"),
        ({"holder_name": ["남다른"]}, "/holder_name"),
        ({"password": "1234"}, "/password"),
    ],
    ids=str,
)
def test_what_is_no_account_is_refused_by_its_place(
    member: Member, partners: Partners, change: dict[str, Any], pointer: str
) -> None:
    since = partners.last_call()
    reply = member.send("POST", "/v1/accounts", {**GOOD, **change})
    problem = check_problem(reply, 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not partners.calls(partner="bank", operation="real_name", since=since)


@pytest.mark.parametrize("missing", GOOD)
def test_nothing_may_be_left_out(member: Member, missing: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != missing}
    check_problem(member.send("POST", "/v1/accounts", body), 422, "invalid_request")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut_after_effect", "operation": "real_name"},
        {"kind": "internal", "operation": "real_name"},
        {"kind": "maintenance", "operation": "real_name"},
        {"kind": "malformed", "operation": "real_name", "body": "missing_fields"},
        {"kind": "unavailable", "operation": "real_name", "retry_after_seconds": 7},
        {"kind": "unavailable", "operation": "real_name", "retry_after_seconds": 3600},
        {"kind": "error", "operation": "real_name", "http_status": 200, "bank_rsp_code": "400"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_bank_that_does_not_answer_is_503_with_retry_after(
    member: Member, partners: Partners, fault: dict[str, Any]
) -> None:
    partners.spoil("bank", fault)
    reply = member.send("POST", "/v1/accounts", _own(member))
    check_problem(reply, 503, "bank_unavailable")
    wait_s = int(reply.headers["retry-after"])
    assert 1 <= wait_s <= 600
    assert fault.get("retry_after_seconds") != 7 or wait_s == 7
    assert member.send("GET", "/v1/accounts").json == {"accounts": []}
    partners.spoil("bank")
    member.register()


def test_a_bank_token_that_is_over_is_renewed(member: Member, partners: Partners) -> None:
    member.register("088")
    partners.http.send("DELETE", "/control/bank/tokens")
    member.register("004")


def test_an_identity_provider_that_does_not_answer_keeps_nothing(
    member: Member, partners: Partners
) -> None:
    partners.spoil("identity", {"kind": "internal", "operation": "userinfo"})
    reply = member.send("POST", "/v1/accounts", _own(member))
    check_problem(reply, 429, "identity_unavailable")
    assert member.send("GET", "/v1/accounts").json == {"accounts": []}


def test_the_eleventh_account_is_one_too_many(member: Member) -> None:
    accounts = [member.register(bank) for bank in BANKS[:MOST_ACCOUNTS]]
    last = _own(member, BANKS[MOST_ACCOUNTS])
    check_problem(member.send("POST", "/v1/accounts", last), 422, "too_many_accounts")
    assert member.register(BANKS[3]) == accounts[3], "a known one is not one more"
    assert member.send("DELETE", f"/v1/accounts/{accounts[0]['account_id']}").status == 204
    assert member.send("POST", "/v1/accounts", last).status == 201


def test_an_account_is_deleted_once_and_by_its_member(new_member: Callable[[], Member]) -> None:
    member, other = new_member(), new_member()
    account = member.register()
    path = f"/v1/accounts/{account['account_id']}"
    check_problem(other.send("DELETE", path), 404, "not_found")
    reply = member.send("DELETE", path)
    assert (reply.status, reply.body) == (204, b"")
    check_problem(member.send("DELETE", path), 404, "not_found")
    assert member.send("GET", "/v1/accounts").json == {"accounts": []}
    again = member.register()
    assert again["account_id"] != account["account_id"]


@pytest.mark.parametrize(
    "account_id",
    ["acc_", "MEMBER", "ACCOUNT%23acc", "acc_01890000-0000-7000-8000-000000000000", "%F0%9F%92%B8"],
)
def test_an_odd_account_id_is_not_found(member: Member, account_id: str) -> None:
    check_problem(member.send("DELETE", f"/v1/accounts/{account_id}"), 404, "not_found")


def test_without_an_agreement_no_account_is_kept(api: Http, partners: Partners) -> None:
    stranger = Member(api, partners)
    check_problem(stranger.send("POST", "/v1/accounts", _own(stranger)), 403, "consent_required")
    assert stranger.send("GET", "/v1/accounts").json == {"accounts": []}
