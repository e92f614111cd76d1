"""The messages of the orders' queue: an order's key, and nothing that anybody could want to read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autopay.order_queue import order_key_of_message, order_message
from modupoint.row_messages import PoisonMessageError
from tests.unit.autopay.order_samples import KEY, MEMBER, ORDER_ID
from tests.unit.transfer.any_json import any_json


def test_a_message_is_its_orders_key() -> None:
    message = order_message(KEY)
    assert json.loads(message) == {"member": MEMBER, "order_id": ORDER_ID}
    assert order_key_of_message(message) == KEY


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        "1",
        '"text"',
        "{}",
        '{"member": "M#1"}',
        '{"order_id": "ord"}',
        '{"member": 1, "order_id": "ord"}',
        '{"member": "M#1", "order_id": ["ord"]}',
    ],
)
def test_what_names_no_order_is_poison(body: str) -> None:
    with pytest.raises(PoisonMessageError):
        order_key_of_message(body)


@given(any_json.map(json.dumps) | st.text())
def test_any_body_is_an_order_or_poison(body: str) -> None:
    try:
        key = order_key_of_message(body)
    except PoisonMessageError:
        return
    assert isinstance(key.member, str)
    assert isinstance(key.order_id, str)
