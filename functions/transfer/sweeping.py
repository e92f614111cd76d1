"""The sweep: every leg whose time has come gets a message (architecture decision 8).

Legs held for a later day, unknown outcomes to ask about, messages lost between
the write and the send: all are legs that are due. A message too many is harmless,
since the leg says itself what is to be done.
"""

from dataclasses import dataclass
from typing import Protocol

from modupoint.aws import AwsError, error_name
from modupoint.clock import Clock, epoch_ms
from modupoint.telemetry import logger
from transfer.legs import LegKey

LANE_HOLDS = 2_000
"""A lane is filled up to here: while it works that off, more messages would be repeats."""


class DueLegs(Protocol):
    """Where due legs are found."""

    def due(self, issuer: str, until_ms: int, limit: int) -> list[LegKey]:
        """Return due legs of an issuer, the longest overdue first."""


class LaneQueues(Protocol):
    """The lanes' queues."""

    def backlog(self, issuer: str) -> int:
        """Return about how many messages a lane has."""

    def send(self, issuer: str, legs: list[LegKey]) -> int:
        """Send a message per leg; returns how many were taken."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What the every-minute schedule does."""

    legs: DueLegs
    queues: LaneQueues
    clock: Clock

    def run(self, issuers: list[str]) -> dict[str, int]:
        """Send what is due; returns how many messages each lane got.

        A lane that cannot be swept does not keep the others from it.
        """
        return {issuer: self._lane(issuer) for issuer in issuers}

    def _lane(self, issuer: str) -> int:
        try:
            due = self.legs.due(issuer, epoch_ms(self.clock()), LANE_HOLDS)
            if not due:
                return 0
            room = max(LANE_HOLDS - self.queues.backlog(issuer), 0)
            sent = self.queues.send(issuer, due[:room])
        except AwsError as error:
            logger.error("lane not swept", extra={"issuer": issuer, "error": error_name(error)})
            return 0
        logger.info("lane swept", extra={"issuer": issuer, "due": len(due), "sent": sent})
        return sent
