"""What is no order is refused by its place, with nothing stored and nobody called."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.shapes import check_problem
from tests.stack.member import Member
from tests.stack.payer import Payer

if TYPE_CHECKING:
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

CHANGE: dict[str, Any] = {"kind": "CHANGE", "autopay_id": "bill-1", "to_card_ref": "card-1"}
CANCEL: dict[str, Any] = {"kind": "CANCEL", "autopay_id": "bill-1"}


@pytest.fixture(scope="module")
def bystander(api: Http, _partners: Partners, cloud: Cloud) -> Payer:
    """Give one member for all of this: none of it may ever be an order of theirs."""
    return Payer(Member(api, _partners).agree(), _partners, cloud)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ({}, "/autopay_id"),
        ({**CANCEL, "kind": "cancel"}, "/kind"),
        ({**CANCEL, "kind": "WITHDRAW"}, "/kind"),
        ({**CANCEL, "kind": ""}, "/kind"),
        ({**CANCEL, "kind": None}, "/kind"),
        ({**CANCEL, "kind": ["CANCEL"]}, "/kind"),
        ({**CANCEL, "autopay_id": ""}, "/autopay_id"),
        ({**CANCEL, "autopay_id": None}, "/autopay_id"),
        ({**CANCEL, "autopay_id": 7}, "/autopay_id"),
        ({**CANCEL, "autopay_id": {"autopay_id": "bill-1"}}, "/autopay_id"),
        ({**CANCEL, "autopay_id": "b" * 101}, "/autopay_id"),
        ({**CHANGE, "to_card_ref": ""}, "/to_card_ref"),
        ({**CHANGE, "to_card_ref": 5399}, "/to_card_ref"),
        ({**CHANGE, "to_card_ref": ["card-1"]}, "/to_card_ref"),
        ({**CHANGE, "to_card_ref": "c" * 101}, "/to_card_ref"),
        ({**CHANGE, "to_card_ref": None}, "/to_card_ref"),
        ({"kind": "CHANGE", "autopay_id": "bill-1"}, "/to_card_ref"),
        ({**CANCEL, "to_card_ref": "card-1"}, "/to_card_ref"),
        ({**CHANGE, "process_on": "2026-11-25"}, "/process_on"),
        ({**CHANGE, "card_password": "1234"}, "/card_password"),
        ({**CHANGE, "order_id": "ord_1"}, "/order_id"),
        ({**CHANGE, "a~b/c": 1}, "/a~0b~1c"),
    ],
    ids=str,
)
def test_a_body_that_makes_no_sense_orders_nothing(
    bystander: Payer, body: dict[str, Any], pointer: str
) -> None:
    """A CHANGE names a card, a CANCEL none; nothing else is ever asked for (R-M3)."""
    since = bystander.partners.last_call()
    problem = check_problem(bystander.ask_for(body), 422, "invalid_request")
    assert pointer in [error["pointer"] for error in problem["errors"]]
    _check_untouched(bystander, since)


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 5000, b'{"kind": NaN}'],
    ids=lambda raw: repr(raw[:10]),
)
def test_what_is_no_json_object_orders_nothing(bystander: Payer, raw: bytes) -> None:
    since = bystander.partners.last_call()
    reply = bystander.member.send(
        "POST", "/v1/autopay-orders", raw, headers={"idempotency-key": str(uuid.uuid4())}
    )
    check_problem(reply, 422, "invalid_request")
    _check_untouched(bystander, since)


@pytest.mark.parametrize("name", ["autopay_id", "to_card_ref"])
@pytest.mark.parametrize("value", ["REG#", "a#b", "💸", "\u0000", "\ud800", "../x", "0" * 100])
def test_an_odd_name_of_a_bill_or_card_is_not_found(payer: Payer, name: str, value: str) -> None:
    check_problem(payer.ask_for({**payer.change(), name: value}), 404, "not_found")
    assert payer.cloud.autopay_items(payer.member.key) == {}
    assert payer.switch.orders(payer.member.sub) == []


@pytest.mark.parametrize(
    "order_id",
    ["ord_", "ORDER", "ord_01890000-0000-7000-8000-000000000000", "%23", "%F0%9F%92%B8", "a" * 900],
)
def test_an_odd_order_id_is_not_found(bystander: Payer, order_id: str) -> None:
    for method, path in (
        ("GET", f"/v1/autopay-orders/{order_id}"),
        ("POST", f"/v1/autopay-orders/{order_id}/withdrawal"),
    ):
        check_problem(bystander.member.send(method, path), 404, "not_found")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", {"reason": "I changed my mind"}, None])
def test_a_withdrawal_takes_whatever_body_for_none(payer: Payer, body: object) -> None:
    order_id = payer.place(payer.change())
    reply = payer.member.send("POST", f"/v1/autopay-orders/{order_id}/withdrawal", body)
    assert (reply.status, reply.json["status"]) == (200, "WITHDRAWN")
    payer.audit()


def _check_untouched(payer: Payer, since: int) -> None:
    assert payer.orders() == []
    assert payer.cloud.autopay_items(payer.member.key) == {}
    assert not payer.switch.calls(sub=payer.member.sub, since=since)
