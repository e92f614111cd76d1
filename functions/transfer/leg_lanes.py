"""The queues of the legs' workers, one an issuer: money never waits behind a lookup."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from modupoint.aws import client
from modupoint.row_messages import row_message, row_of_message
from modupoint.work_queue import WorkQueue
from transfer.legs import Leg, LegKey

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def leg_message(key: LegKey) -> str:
    """Return the message that moves a leg: its key, and nothing else."""
    return row_message(key.member, "transfer_id", key.transfer_id)


def leg_key_of_message(body: str, issuer: str) -> LegKey:
    """Return the leg a message of an issuer's lane is about.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    member, transfer_id = row_of_message(body, "transfer_id")
    return LegKey(member, transfer_id, issuer)


class TransferTopic:
    """The topic that reaches the lanes of all legs of a transfer with one publish."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn
        self._sns: SNSClient = client("sns")

    def send(self, legs: list[Leg]) -> None:
        """Tell the lanes of a transfer's legs.

        Raises
        ------
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
            If SNS did not take it.
        """
        issuers = [leg.key.issuer for leg in legs]
        self._sns.publish(
            TopicArn=self._topic_arn,
            Message=leg_message(legs[0].key),
            MessageAttributes={
                "issuers": {"DataType": "String.Array", "StringValue": json.dumps(issuers)}
            },
        )


class TransferQueues:
    """The lanes' queues themselves, for the sweep. ``prefix`` comes before the issuer's code."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._queues: dict[str, WorkQueue] = {}

    def backlog(self, issuer: str) -> int:
        """Return about how many messages wait or are being worked on."""
        return self._queue(issuer).backlog()

    def send(self, issuer: str, legs: Iterable[LegKey]) -> int:
        """Send a message per leg; returns how many the queue took."""
        return self._queue(issuer).send(map(leg_message, legs))

    def _queue(self, issuer: str) -> WorkQueue:
        if issuer not in self._queues:
            self._queues[issuer] = WorkQueue(f"{self._prefix}{issuer}")
        return self._queues[issuer]
