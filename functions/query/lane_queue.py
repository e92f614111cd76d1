"""A lane's queue, as its worker sees it: the backlog, and putting off."""

from typing import TYPE_CHECKING, Any

from modupoint.aws import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient

    from modupoint.deliveries import Delivery


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
