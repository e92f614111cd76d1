"""The queue of the orders' worker."""

import json
from itertools import batched
from typing import TYPE_CHECKING

from autopay.orders import OrderKey
from modupoint.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WORKER_BEGINS_WITHIN_S = 25.0
"""Later than this the worker begins no call for a message; the schedule sends another."""

_MESSAGES_PER_CALL = 10


class PoisonMessageError(Exception):
    """A message that names no order."""


def order_message(key: OrderKey) -> str:
    """Return the message that moves an order: its key, and nothing else."""
    return json.dumps({"member": key.member, "order_id": key.order_id})


def order_key_of_message(body: str) -> OrderKey:
    """Return the order a message is about.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    try:
        message = json.loads(body)
        member, order_id = message["member"], message["order_id"]
    except (ValueError, KeyError, TypeError):
        raise PoisonMessageError from None
    if not isinstance(member, str) or not isinstance(order_id, str):
        raise PoisonMessageError
    return OrderKey(member, order_id)


class SqsOrderQueue:
    """The queue by its URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sqs: SQSClient = client("sqs")

    def backlog(self) -> int:
        """Return about how many messages wait or are being worked on."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return sum(int(number) for number in answer["Attributes"].values())

    def send(self, keys: list[OrderKey]) -> int:
        """Send a message per order; returns how many the queue took."""
        taken = 0
        for batch in batched(keys, _MESSAGES_PER_CALL, strict=False):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(place), "MessageBody": order_message(key)}
                    for place, key in enumerate(batch)
                ],
            )
            taken += len(answer.get("Successful", []))
        return taken
