"""The topic of lookups: one publish reaches the lanes of its priority, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from query.lookup_message import LookupMessage
from query.lookup_topic import LookupTopic, Priority
from tests.store.aws_calls import counted

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("_moto")

MESSAGE = LookupMessage("M#1", "lkp_1", 1_795_000_000_000, b"sealed")
LANES = [(priority, issuer) for priority in Priority for issuer in ("kb", "bc")]


class Lanes:
    """A topic with lanes of both priorities, as the template has them."""

    def __init__(self, name: str) -> None:
        sns, sqs = aws.client("sns"), aws.client("sqs")
        self.topic_arn: str = sns.create_topic(Name=name)["TopicArn"]
        self._urls: dict[tuple[Priority, str], str] = {}
        for priority, issuer in LANES:
            url = sqs.create_queue(QueueName=f"{name}-{priority}-{issuer}")["QueueUrl"]
            attributes: Any = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            policy = {"issuers": [issuer], "priority": [priority.value]}
            sns.subscribe(
                TopicArn=self.topic_arn,
                Protocol="sqs",
                Endpoint=attributes["Attributes"]["QueueArn"],
                Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)},
            )
            self._urls[priority, issuer] = url

    def reached(self) -> dict[tuple[Priority, str], str]:
        """Return what lies in the lanes that were reached."""
        sqs = aws.client("sqs")
        got = {lane: sqs.receive_message(QueueUrl=url) for lane, url in self._urls.items()}
        return {
            lane: answer["Messages"][0]["Body"]
            for lane, answer in got.items()
            if "Messages" in answer
        }


@pytest.fixture
def lanes(new_member: Callable[[], str]) -> Lanes:
    return Lanes(f"t-{new_member()[2:]}")


@pytest.mark.parametrize("priority", list(Priority))
def test_one_publish_reaches_the_lanes_of_its_issuers_and_priority_and_no_others_r_e2(
    lanes: Lanes, priority: Priority
) -> None:
    topic = LookupTopic(lanes.topic_arn, priority)
    with counted() as calls:
        topic.publish(MESSAGE, ("kb", "hana"))
    assert calls == {"Publish": 1}
    [(lane, body)] = lanes.reached().items()
    assert lane == (priority, "kb")
    assert LookupMessage.from_json(body) == MESSAGE
