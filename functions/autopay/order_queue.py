"""The queue of the orders' worker."""

from autopay.orders import OrderKey
from modupoint.row_messages import row_message, row_of_message
from modupoint.work_queue import WorkQueue

WORKER_BEGINS_WITHIN_S = 25.0
"""Later than this the worker begins no call for a message; the schedule sends another."""


def order_message(key: OrderKey) -> str:
    """Return the message that moves an order: its key, and nothing else."""
    return row_message(key.member, "order_id", key.order_id)


def order_key_of_message(body: str) -> OrderKey:
    """Return the order a message is about.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    member, order_id = row_of_message(body, "order_id")
    return OrderKey(member, order_id)


class SqsOrderQueue:
    """The one queue by its URL; whatever the lane, it is this one."""

    def __init__(self, url: str) -> None:
        self._queue = WorkQueue(url=url)

    def backlog(self, _lane: str) -> int:
        """Return about how many messages wait or are being worked on."""
        return self._queue.backlog()

    def send(self, _lane: str, keys: list[OrderKey]) -> int:
        """Send a message per order; returns how many the queue took."""
        return self._queue.send(map(order_message, keys))
