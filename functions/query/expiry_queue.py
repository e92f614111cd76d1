"""The queue of what is due about expiring points: rows of members, by their keys."""

from typing import NamedTuple

from modupoint.row_messages import row_message, row_of_message
from modupoint.work_queue import WorkQueue


class DueRow(NamedTuple):
    """A row of the Members table that has something left to do."""

    member: str
    sk: str

    def message(self) -> str:
        """Return the message that has it done: its key, and nothing else."""
        return row_message(self.member, "sk", self.sk)


def due_row_of(body: str) -> DueRow:
    """Return the row a message names.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    member, sk = row_of_message(body, "sk")
    return DueRow(member, sk)


class ExpiryQueue:
    """The one queue that all lanes of the index fill, each as far as there is room."""

    def __init__(self, name: str) -> None:
        self._queue = WorkQueue(name)

    def backlog(self, _lane: str) -> int:
        """Return about how many messages wait or are being worked on."""
        return self._queue.backlog()

    def send(self, _lane: str, rows: list[DueRow]) -> int:
        """Send a message per row; returns how many the queue took."""
        return self._queue.send(row.message() for row in rows)
