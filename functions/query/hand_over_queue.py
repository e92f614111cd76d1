"""The queue through which standing cash-outs reach the transfer context."""

from modupoint.hand_overs import HandOver
from modupoint.work_queue import WorkQueue


class NotHandedOverError(Exception):
    """The queue did not take a hand-over; it is sent again when it is due."""


class HandOverQueue:
    """The queue by its name."""

    def __init__(self, name: str) -> None:
        self._queue = WorkQueue(name)

    def send(self, hand_over: HandOver) -> None:
        """Send a hand-over.

        Raises
        ------
        NotHandedOverError
            If the queue did not take it.
        """
        if not self._queue.send([hand_over.message()]):
            raise NotHandedOverError
