"""Messages that could not be worked off, and their way back into their queues."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from modupoint.issuers import ISSUERS
from ops.deployment import Deployment
from ops.output import Row
from ops.refusal import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

UNDELIVERED = "lookups-undelivered"
"""What SNS could not hand to a queue: no way back, since nothing says which queue it was."""

_LANES = ("transfer", "lookup")
_ORDERS = "autopay"
_BATCH = 10
# Longer than a batch takes; what could not be sent shows again after it.
_HIDDEN_S = 60
_WAITING: Any = ["ApproximateNumberOfMessages"]


class DeadLetters:
    """The dead-letter queues of both kinds of lanes, named ``<lane>-<issuer>``, and of orders."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._sqs: SQSClient = client("sqs")

    def counts(self) -> list[Row]:
        """Return about how many messages each dead-letter queue holds, and its queue."""
        rows: list[Row] = [
            {
                "queue": queue,
                "dead_letters": self._waiting(self._url(_dead(queue))),
                "waiting": self._waiting(self._url(queue)),
            }
            for queue in _queues()
        ]
        undelivered = self._waiting(self._url(UNDELIVERED))
        return [*rows, {"queue": UNDELIVERED, "dead_letters": undelivered, "waiting": None}]

    def redrive(self, wanted: str) -> list[Row]:
        """Move messages back to their queue, at most as many as there are now.

        Sent, then deleted: a message can come twice, which changes nothing, and is
        never lost.

        Parameters
        ----------
        wanted
            A queue or ``all``.

        Raises
        ------
        RefusedError
            If there is no such queue.
        """
        queues = [one for one in _queues() if wanted in {one, "all"}]
        if not queues:
            raise RefusedError(f"no such queue: {', '.join(_queues())} or all")
        return [self._redrive(queue) for queue in queues]

    def _redrive(self, queue: str) -> Row:
        dead, alive = self._url(_dead(queue)), self._url(queue)
        there = self._waiting(dead)
        moved = 0
        while moved < there:
            messages = self._sqs.receive_message(
                QueueUrl=dead,
                MaxNumberOfMessages=min(_BATCH, there - moved),
                VisibilityTimeout=_HIDDEN_S,
                WaitTimeSeconds=1,
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            taken = self._move(dead, alive, messages)
            moved += taken
            if not messages or taken < len(messages):
                break
        return {"queue": queue, "moved": moved, "left": self._left(dead)}

    def _move(self, dead: str, alive: str, messages: list[Any]) -> int:
        """Send a batch on and delete what the queue took; returns how many that were."""
        if not messages:
            return 0
        entries: list[Any] = [
            {
                "Id": str(place),
                "MessageBody": message["Body"],
                "MessageAttributes": message.get("MessageAttributes", {}),
            }
            for place, message in enumerate(messages)
        ]
        sent = self._sqs.send_message_batch(QueueUrl=alive, Entries=entries).get("Successful", [])
        handles: list[Any] = [
            {"Id": one["Id"], "ReceiptHandle": messages[int(one["Id"])]["ReceiptHandle"]}
            for one in sent
        ]
        if handles:
            self._sqs.delete_message_batch(QueueUrl=dead, Entries=handles)
        return len(handles)

    def _url(self, queue: str) -> str:
        return self._deployment.queue_url(queue)

    def _waiting(self, url: str) -> int:
        return self._sum(url, _WAITING)

    def _left(self, url: str) -> int:
        return self._sum(url, [*_WAITING, "ApproximateNumberOfMessagesNotVisible"])

    def _sum(self, url: str, names: Any) -> int:  # noqa: ANN401 - a stub's own type
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)


def _queues() -> Iterator[str]:
    yield from (f"{lane}-{issuer}" for lane in _LANES for issuer in ISSUERS)
    yield _ORDERS


def _dead(queue: str) -> str:
    kind, dash, issuer = queue.partition("-")
    return f"{kind}-dead{dash}{issuer}"
