"""What is no transfer is refused by its place, with nothing moved and nobody called."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.shapes import check_problem
from tests.stack.member import Member
from tests.stack.saver import Saver

if TYPE_CHECKING:
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

ITEM: dict[str, Any] = {"issuer": "kb", "point_code": "POINTREE", "amount": 1}


@pytest.fixture(scope="module")
def bystander(api: Http, _partners: Partners, cloud: Cloud) -> Saver:
    """Give one member for all of this: none of it may ever be a transfer of theirs."""
    member = Member(api, _partners).agree()
    return Saver(member, _partners, cloud, member.register(), _partners.account(member.sub))


@pytest.mark.parametrize(
    "amount",
    [0, -1, -(2**63), 1.5, 0.1, 1e-300, 1e300, 2**63, 1_000_000_001, "100", "", True, None, [1]],
    ids=str,
)
def test_an_amount_that_is_none_moves_nothing(bystander: Saver, amount: object) -> None:
    """R-P2: whole points, from one."""
    items = [{**ITEM, "issuer": "bc", "point_code": "TOP"}, {**ITEM, "amount": amount}]
    _check_refused(bystander, {"items": items}, "/items/1/amount")


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"01", b"0x10", b"+1", b"1_000"]
)
def test_what_is_no_number_moves_nothing(bystander: Saver, number: bytes) -> None:
    body = (
        b'{"account_id": "%s", "items": [{"issuer": "kb", "point_code": "POINTREE", "amount": %s}]}'
    )
    filled = body % (bystander.account["account_id"].encode(), number)
    for path in ("/v1/transfers/quote", "/v1/transfers"):
        reply = bystander.member.send("POST", path, filled, headers={"idempotency-key": "a"})
        check_problem(reply, 422, "invalid_request")
    assert bystander.member.transfers() == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"issuer": "nobody"}, "/items/0/issuer"),
        ({"issuer": "KB"}, "/items/0/issuer"),
        ({"issuer": None}, "/items/0/issuer"),
        ({"issuer": ["kb"]}, "/items/0/issuer"),
        ({"point_code": "MYSHINHAN"}, "/items/0/point_code"),
        ({"point_code": ""}, "/items/0/point_code"),
        ({"point_code": 1}, "/items/0/point_code"),
        ({"issuer": "hyundai", "point_code": "MPOINT"}, "/items/0/point_code"),
        ({"issuer": "shinhan", "point_code": "PARTNER"}, "/items/0/point_code"),
        ({"to": "somebody else"}, "/items/0/to"),
    ],
    ids=str,
)
def test_points_that_cannot_become_cash_move_nothing(
    bystander: Saver, change: dict[str, Any], pointer: str
) -> None:
    """R-P3."""
    _check_refused(bystander, {"items": [{**ITEM, **change}]}, pointer)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/items"),
        ({"items": []}, "/items"),
        ({"items": {}}, "/items"),
        ({"items": ITEM}, "/items"),
        ({"items": "all"}, "/items"),
        ({"items": [ITEM] * 51}, "/items"),
        ({"items": [ITEM], "all": True}, "/items"),
        ({"all": False}, "/all"),
        ({"all": "true"}, "/all"),
        ({"all": 1}, "/all"),
        ({"items": [ITEM], "account_id": None}, "/account_id"),
        ({"items": [ITEM], "account_id": ""}, "/account_id"),
        ({"items": [ITEM], "account_id": 7}, "/account_id"),
        ({"items": [ITEM], "account_id": "a" * 65}, "/account_id"),
        ({"items": [ITEM, ITEM]}, "/items/1/point_code"),
        ({"items": [None]}, "/items/0"),
        ({"items": [ITEM], "card_password": "1234"}, "/card_password"),
    ],
    ids=str,
)
def test_a_body_that_makes_no_sense_moves_nothing(
    bystander: Saver, body: dict[str, Any], pointer: str
) -> None:
    _check_refused(bystander, body, pointer)


def _check_refused(saver: Saver, body: dict[str, Any], pointer: str) -> None:
    since = saver.partners.last_call()
    whole = {"account_id": saver.account["account_id"], **body}
    for path in ("/v1/transfers/quote", "/v1/transfers"):
        headers = {"idempotency-key": str(uuid.uuid4())}
        reply = saver.member.send("POST", path, whole, headers=headers)
        problem = check_problem(reply, 422, "invalid_request")
        assert pointer in [error["pointer"] for error in problem["errors"]]
    assert saver.member.transfers() == []
    assert not saver.partners.calls(sub=saver.member.sub, since=since)


@pytest.mark.parametrize("account_id", ["acc_", "MEMBER", "a#b", "💸", "acc_" + "0" * 60])
def test_an_account_that_is_nobodys_is_not_found(bystander: Saver, account_id: str) -> None:
    body = {"account_id": account_id, "items": [ITEM]}
    check_problem(bystander.member.ask_for(body), 404, "not_found")


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 5000])
def test_what_is_no_json_object_is_refused(bystander: Saver, raw: bytes) -> None:
    for path in ("/v1/transfers/quote", "/v1/transfers"):
        reply = bystander.member.send("POST", path, raw, headers={"idempotency-key": "a"})
        check_problem(reply, 422, "invalid_request")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=51", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=1.5", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=9999999999999999999999", "/limit"),
        ("cursor=trf_", "/cursor"),
        ("cursor=TRANSFER%23", "/cursor"),
        ("cursor=%00", "/cursor"),
    ],
)
def test_a_page_that_cannot_be_is_refused(bystander: Saver, query: str, pointer: str) -> None:
    reply = bystander.member.send("GET", f"/v1/transfers?{query}")
    problem = check_problem(reply, 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize(
    "transfer_id",
    ["trf_", "TRANSFER", "trf_01890000-0000-7000-8000-000000000000", "%23", "%F0%9F%92%B8"],
)
def test_an_odd_transfer_id_is_not_found(bystander: Saver, transfer_id: str) -> None:
    check_problem(bystander.member.send("GET", f"/v1/transfers/{transfer_id}"), 404, "not_found")


def test_all_of_nothing_is_refused_in_words(bystander: Saver) -> None:
    body = {"account_id": bystander.account["account_id"], "all": True}
    check_problem(bystander.member.ask_for(body), 422, "nothing_to_transfer")
