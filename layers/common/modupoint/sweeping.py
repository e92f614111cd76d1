"""The sweep: everything whose time has come gets a message (architecture decision 8).

What waits for a later day, unknown outcomes to ask about, messages lost between the
write and the send: all are rows that are due. A message too many is harmless, since
the row says itself what is to be done.
"""

from collections.abc import Iterable
from typing import Protocol

from modupoint.aws import AwsError, error_name
from modupoint.clock import Clock, epoch_ms
from modupoint.telemetry import logger

LANE_HOLDS = 2_000
"""A lane is filled up to here: while it works that off, more messages would be repeats."""


class DueRows[Row](Protocol):
    """Where due rows are found."""

    def due(self, lane: str, until_ms: int, limit: int) -> list[Row]:
        """Return due rows of a lane, the longest overdue first."""


class LaneQueues[Row](Protocol):
    """The lanes' queues."""

    def backlog(self, lane: str) -> int:
        """Return about how many messages a lane has."""

    def send(self, lane: str, rows: list[Row]) -> int:
        """Send a message per row; returns how many were taken."""


class Sweep[Row]:
    """What an every-minute schedule does."""

    def __init__(self, rows: DueRows[Row], queues: LaneQueues[Row], clock: Clock) -> None:
        self._rows = rows
        self._queues = queues
        self._clock = clock

    def run(self, lanes: Iterable[str]) -> dict[str, int]:
        """Send what is due; returns how many messages each lane got.

        A lane that cannot be swept does not keep the others from it.
        """
        return {lane: self._lane(lane) for lane in lanes}

    def _lane(self, lane: str) -> int:
        try:
            due = self._rows.due(lane, epoch_ms(self._clock()), LANE_HOLDS)
            if not due:
                return 0
            room = max(LANE_HOLDS - self._queues.backlog(lane), 0)
            sent = self._queues.send(lane, due[:room])
        except AwsError as error:
            logger.error("lane not swept", extra={"lane": lane, "error": error_name(error)})
            return 0
        logger.info("lane swept", extra={"lane": lane, "due": len(due), "sent": sent})
        return sent
