"""A lane's queue, as its worker sees it: the backlog, and putting off."""

from typing import TYPE_CHECKING

from modupoint.aws import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_sqs import SQSClient

    from modupoint.deliveries import Delivery


_SCAN = "-scan-"
_MEMBERS = "-lookup-"


def members_lane(scan_lane: str) -> str:
    """Return the ARN of the lane to which an issuer's lane of the scan yields."""
    stack, _, issuer = scan_lane.rpartition(_SCAN)
    return f"{stack}{_MEMBERS}{issuer}"


class LaneQueue:
    """A lane's queue by its ARN; its URL is looked up when first needed."""

    def __init__(self, arn: str) -> None:
        self._arn = arn
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
