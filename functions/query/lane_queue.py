"""A lane's queue, as its worker sees it: deliveries, the backlog, and putting off."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.aws import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as SQS delivered it. ``sent_at_ms`` is real time."""

    message_id: str
    receipt_handle: str
    body: str
    received_times: int
    sent_at_ms: int


def deliveries(event: "Mapping[str, Any]") -> list[Delivery]:
    """Return the messages of an SQS event."""
    return [
        Delivery(
            record["messageId"],
            record["receiptHandle"],
            record["body"],
            int(record["attributes"]["ApproximateReceiveCount"]),
            int(record["attributes"]["SentTimestamp"]),
        )
        for record in event["Records"]
    ]


def issuer_of(event: "Mapping[str, Any]") -> str:
    """Return the issuer whose lane an event comes from: its queue's name ends in the code."""
    arn: str = event["Records"][0]["eventSourceARN"]
    return arn.rsplit("-", 1)[-1]


class LaneQueue:
    """The queue that an event came from; its URL is looked up when first needed."""

    def __init__(self, event: "Mapping[str, Any]") -> None:
        self._arn: str = event["Records"][0]["eventSourceARN"]
        self._sqs: SQSClient = client("sqs")

    def backlog(self) -> int:
        """Return about how many messages wait."""
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=self._url(), AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"])

    def put_off(self, delays_s: "Mapping[Delivery, int]") -> None:
        """Make messages visible again after whole seconds instead of the queue's own time-out.

        Only a wish: a message it fails for comes back by the time-out.
        """
        self._sqs.change_message_visibility_batch(
            QueueUrl=self._url(),
            Entries=[
                {
                    "Id": str(place),
                    "ReceiptHandle": delivery.receipt_handle,
                    "VisibilityTimeout": delay_s,
                }
                for place, (delivery, delay_s) in enumerate(delays_s.items())
            ],
        )

    def _url(self) -> str:
        if self._arn not in _URLS:
            account, name = self._arn.split(":")[-2:]
            _URLS[self._arn] = self._sqs.get_queue_url(
                QueueName=name, QueueOwnerAWSAccountId=account
            )["QueueUrl"]
        return _URLS[self._arn]


_URLS: dict[str, str] = {}
