"""Topic and queues of the transfer lanes: one publish a transfer, ten messages a call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from modupoint import aws
from tests.store.aws_calls import counted
from tests.store.transfer_steps import ELEVEN, an_application
from transfer.leg_lanes import TransferQueues, TransferTopic, leg_key_of_message
from transfer.legs import LegKey

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("_moto")


@pytest.fixture
def prefix(new_member: Callable[[], str]) -> str:
    """Give the beginning of queue names of one's own, with queues for two issuers."""
    beginning = f"t-{new_member()[2:]}-transfer-"
    for issuer in ("kb", "bc"):
        aws.client("sqs").create_queue(QueueName=f"{beginning}{issuer}")
    return beginning


def waiting(prefix: str, issuer: str) -> list[str]:
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{prefix}{issuer}")["QueueUrl"]
    bodies: list[str] = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [one["Body"] for one in got]
    return bodies


def keys(count: int, issuer: str = "kb") -> list[LegKey]:
    return [LegKey("M#1", f"trf_{place}", issuer) for place in range(count)]


def subscribed(prefix: str, *issuers: str) -> str:
    """Return a topic that the queues listen to as the template has it."""
    sns, sqs = aws.client("sns"), aws.client("sqs")
    arn: str = sns.create_topic(Name=prefix.strip("-"))["TopicArn"]
    for issuer in issuers:
        url = sqs.get_queue_url(QueueName=f"{prefix}{issuer}")["QueueUrl"]
        attributes: Any = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=attributes["Attributes"]["QueueArn"],
            Attributes={
                "RawMessageDelivery": "true",
                "FilterPolicy": json.dumps({"issuers": [issuer]}),
            },
        )
    return arn


def test_one_publish_reaches_the_lanes_of_a_transfers_legs_and_no_others(prefix: str) -> None:
    topic = TransferTopic(subscribed(prefix, "kb", "bc"))
    transfer, legs = an_application("M#1", ("kb", "hana"))
    with counted() as calls:
        topic.send(legs)
    assert calls == {"Publish": 1}
    [message] = waiting(prefix, "kb")
    assert leg_key_of_message(message, "kb") == LegKey("M#1", transfer.transfer_id, "kb")
    assert waiting(prefix, "bc") == []


def test_eleven_legs_are_one_publish(prefix: str) -> None:
    topic = TransferTopic(subscribed(prefix, "kb", "bc"))
    _, legs = an_application("M#1", ELEVEN)
    with counted() as calls:
        topic.send(legs)
    assert calls == {"Publish": 1}
    assert [len(waiting(prefix, issuer)) for issuer in ("kb", "bc")] == [1, 1]


def test_a_topic_that_is_not_there_says_so(prefix: str) -> None:
    arn = subscribed(prefix)
    _, legs = an_application("M#1")
    with pytest.raises(ClientError):
        TransferTopic(arn + "-none").send(legs)


@pytest.mark.parametrize(("count", "batches"), [(1, 1), (10, 1), (11, 2), (25, 3)])
def test_every_leg_gets_a_message_ten_a_call(prefix: str, count: int, batches: int) -> None:
    queues = TransferQueues(prefix)
    queues.backlog("kb")
    with counted() as calls:
        assert queues.send("kb", keys(count)) == count
    assert calls == {"SendMessageBatch": batches}
    got = [leg_key_of_message(body, "kb") for body in waiting(prefix, "kb")]
    assert sorted(got, key=str) == sorted(keys(count), key=str)
    assert waiting(prefix, "bc") == []


def test_the_backlog_counts_what_waits_and_what_is_worked_on(prefix: str) -> None:
    queues = TransferQueues(prefix)
    queues.send("kb", keys(3))
    url = aws.client("sqs").get_queue_url(QueueName=f"{prefix}kb")["QueueUrl"]
    aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    assert (queues.backlog("kb"), queues.backlog("bc")) == (3, 0)


def test_a_queues_address_is_looked_up_once(prefix: str) -> None:
    queues = TransferQueues(prefix)
    with counted() as calls:
        queues.backlog("kb")
        queues.send("kb", keys(1))
        queues.backlog("kb")
    assert calls == {"GetQueueUrl": 1, "GetQueueAttributes": 2, "SendMessageBatch": 1}


def test_a_lane_that_is_not_there_says_so(prefix: str) -> None:
    with pytest.raises(ClientError):
        TransferQueues(prefix).backlog("hana")
