"""What SQS delivers to the worker of a lane."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Delivery(NamedTuple):
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


def queue_of(event: "Mapping[str, Any]") -> str:
    """Return the ARN of the queue an event comes from."""
    arn: str = event["Records"][0]["eventSourceARN"]
    return arn


def issuer_of(event: "Mapping[str, Any]") -> str:
    """Return the issuer whose lane an event comes from: its queue's name ends in the code."""
    return queue_of(event).rsplit("-", 1)[-1]
