"""The queues of the legs' workers, one an issuer: money never waits behind a lookup."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from transfer.legs import Leg, LegKey

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_MESSAGES_PER_CALL = 10


class PoisonMessageError(Exception):
    """A message that names no leg."""


def leg_message(key: LegKey) -> str:
    """Return the message that moves a leg: its key, and nothing else."""
    return json.dumps({"member": key.member, "transfer_id": key.transfer_id})


def leg_key_of_message(body: str, issuer: str) -> LegKey:
    """Return the leg a message of an issuer's lane is about.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    try:
        message = json.loads(body)
        member, transfer_id = message["member"], message["transfer_id"]
    except (ValueError, KeyError, TypeError):
        raise PoisonMessageError from None
    if not isinstance(member, str) or not isinstance(transfer_id, str):
        raise PoisonMessageError
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
        self._sqs: SQSClient = client("sqs")
        self._urls: dict[str, str] = {}

    def backlog(self, issuer: str) -> int:
        """Return about how many messages wait or are being worked on."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url(issuer), AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    def send(self, issuer: str, legs: Iterable[LegKey]) -> int:
        """Send a message per leg; returns how many the queue took."""
        taken = 0
        for batch in _batches(legs):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._url(issuer),
                Entries=[
                    {"Id": str(place), "MessageBody": leg_message(key)}
                    for place, key in enumerate(batch)
                ],
            )
            taken += len(answer.get("Successful", []))
        return taken

    def _url(self, issuer: str) -> str:
        if issuer not in self._urls:
            name = f"{self._prefix}{issuer}"
            self._urls[issuer] = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[issuer]


def _batches(legs: Iterable[LegKey]) -> Iterator[list[LegKey]]:
    batch: list[LegKey] = []
    for key in legs:
        batch.append(key)
        if len(batch) == _MESSAGES_PER_CALL:
            yield batch
            batch = []
    if batch:
        yield batch
