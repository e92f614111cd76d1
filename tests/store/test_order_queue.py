"""The orders' queue: every message goes out once, ten at a time, and names its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autopay.order_queue import SqsOrderQueue, order_key_of_message
from autopay.orders import OrderKey
from modupoint import aws
from tests.store.aws_calls import counted

if TYPE_CHECKING:
    from tests.store.conftest import Store


@pytest.fixture
def url(imitated_store: Store) -> str:
    """Give a queue of this test's own."""
    name = f"{imitated_store.autopays_table}-queue"
    made: str = aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return made


def delivered(url: str) -> list[OrderKey]:
    """Return the orders of all messages, and leave none."""
    found: list[OrderKey] = []
    while (
        messages := aws.client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        found += [order_key_of_message(one["Body"]) for one in messages]
    return found


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 1), (10, 1), (11, 2), (25, 3)])
def test_messages_go_out_in_tens_none_lost_none_twice(url: str, count: int, calls: int) -> None:
    keys = [OrderKey(f"M#{place}", f"ord_{place}") for place in range(count)]
    with counted() as spent:
        assert SqsOrderQueue(url).send(keys) == count
    assert spent["SendMessageBatch"] == calls
    assert sorted(delivered(url), key=str) == sorted(keys, key=str)


def test_the_backlog_is_what_waits_and_what_is_being_worked_on(url: str) -> None:
    queue = SqsOrderQueue(url)
    assert queue.backlog() == 0
    queue.send([OrderKey("M#1", "ord_1"), OrderKey("M#2", "ord_2")])
    aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    assert queue.backlog() == 2
