"""A queue of work, as those who fill it see it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from modupoint.aws import client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MESSAGES_PER_CALL = 10


class WorkQueue:
    """An SQS queue by its name; its URL is looked up when first needed, unless it is known."""

    def __init__(self, name: str = "", *, url: str = "") -> None:
        self._name = name
        self._sqs: SQSClient = client("sqs")
        self._url = url

    def backlog(self) -> int:
        """Return about how many messages wait or are being worked on."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._found(), AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    def send(self, bodies: Iterable[str]) -> int:
        """Send messages, ten a call; returns how many the queue took."""
        taken = 0
        for batch in in_batches(bodies):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._found(),
                Entries=[
                    {"Id": str(place), "MessageBody": body} for place, body in enumerate(batch)
                ],
            )
            taken += len(answer.get("Successful", []))
        return taken

    def _found(self) -> str:
        if not self._url:
            self._url = self._sqs.get_queue_url(QueueName=self._name)["QueueUrl"]
        return self._url


def in_batches[One](many: Iterable[One]) -> Iterator[list[One]]:
    """Give what there is in batches as large as a call may take."""
    batch: list[One] = []
    for one in many:
        batch.append(one)
        if len(batch) == _MESSAGES_PER_CALL:
            yield batch
            batch = []
    if batch:
        yield batch
