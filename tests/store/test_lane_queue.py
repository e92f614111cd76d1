"""A lane's queue as its worker sees it, over an imitated SQS; and the issuers' secret."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from modupoint import aws, partner_secrets
from modupoint.deliveries import Delivery, deliveries, issuer_of, queue_of
from modupoint.partner_secrets import Secret
from query import lane_queue
from query.lane_queue import LaneQueue, members_lane
from tests.store.aws_calls import counted
from tests.store.lookup_steps import at_once

ARN = "arn:aws:sqs:ap-northeast-2:123456789012:modupoint-lookup-kb"


@pytest.fixture
def url(_moto: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(lane_queue, "_URLS", {})
    made: str = aws.client("sqs").create_queue(QueueName="modupoint-lookup-kb")["QueueUrl"]
    return made


def received(url: str, count: int) -> dict[str, Any]:
    """Send and receive some messages and return them as the event a worker gets."""
    sqs = aws.client("sqs")
    for place in range(count):
        sqs.send_message(QueueUrl=url, MessageBody=f"body {place}")
    got = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=count, MessageSystemAttributeNames=["All"]
    )["Messages"]
    return {
        "Records": [
            {
                "messageId": one["MessageId"],
                "receiptHandle": one["ReceiptHandle"],
                "body": one["Body"],
                "attributes": one["Attributes"],
                "eventSourceARN": ARN,
            }
            for one in got
        ]
    }


def test_a_delivery_says_how_often_it_came_and_since_when_it_waits() -> None:
    record = {
        "messageId": "m",
        "receiptHandle": "r",
        "body": "b",
        "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1795000000000"},
        "eventSourceARN": ARN,
    }
    event = {"Records": [record]}
    assert deliveries(event) == [Delivery("m", "r", "b", 2, 1_795_000_000_000)]
    assert issuer_of(event) == "kb"


def test_what_is_put_off_for_no_time_comes_at_once_and_the_rest_later(url: str) -> None:
    event = received(url, 3)
    sooner, *later = deliveries(event)

    LaneQueue(queue_of(event)).put_off({sooner: 0, **dict.fromkeys(later, 600)})

    again = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [one["MessageId"] for one in again] == [sooner.message_id]


def test_the_backlog_is_what_waits_and_not_what_is_worked_on(url: str) -> None:
    event = received(url, 2)
    for _ in range(3):
        aws.client("sqs").send_message(QueueUrl=url, MessageBody="waits")
    assert LaneQueue(queue_of(event)).backlog() == 3


def test_a_queues_address_is_looked_up_once(url: str) -> None:
    event = received(url, 1)
    with counted() as calls:
        LaneQueue(queue_of(event)).backlog()
        LaneQueue(queue_of(event)).backlog()
    assert calls == {"GetQueueUrl": 1, "GetQueueAttributes": 2}


@pytest.mark.usefixtures("_moto")
def test_a_secret_is_fetched_once_by_ten_at_once_and_again_when_it_has_aged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = [1_000.0]
    monkeypatch.setattr(partner_secrets, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    manager = aws.client("secretsmanager")
    manager.create_secret(Name="issuers", SecretString=json.dumps({"*": 1}))
    secret = Secret("issuers")

    with counted() as calls:
        assert at_once(10, lambda _: secret.read()) == [{"*": 1}] * 10
        manager.put_secret_value(SecretId="issuers", SecretString=json.dumps({"*": 2}))
        now_s[0] += 300
        assert secret.read() == {"*": 1}
        now_s[0] += 1
        assert secret.read() == {"*": 2}
    assert calls["GetSecretValue"] == 2


def test_the_scan_finds_the_lane_to_which_it_yields_by_its_own_name() -> None:
    arn = "arn:aws:sqs:ap-northeast-2:123456789012:a-scan-of-mine-scan-kb"
    expected = "arn:aws:sqs:ap-northeast-2:123456789012:a-scan-of-mine-lookup-kb"
    assert members_lane(arn) == expected
