"""Refreshing balances for the scan: the worker of the lanes that yield (R-E2).

The same issuers and the same breakers as members have, asked only while no member
waits: a lane with a backlog, or a breaker that lets nobody through, puts the scan off
for minutes. Nobody waits for these answers, so a failure is tried again later and
writes nothing: it must not cover what a member was answered.
"""

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import replace

from modupoint.aws import AwsError, error_name
from modupoint.clock import real_ms
from modupoint.deliveries import Delivery
from modupoint.envelope import SealBrokenError
from modupoint.issuers import ISSUERS, Issuer
from modupoint.telemetry import logger
from query.inquiring import (
    CALL_TIMEOUT_S,
    PROBE_TIMEOUT_S,
    Asked,
    Inquiring,
    put_off,
    put_off_s,
    readable,
)
from query.lane_board import LaneBoard
from query.lane_queue import LaneQueue
from query.lanes import BatchReport, Gate, Lane
from query.lookup_message import LookupMessage

DELIVERIES_PER_MESSAGE = 400
"""``maxReceiveCount`` of the scan's lanes in template.yaml: a scan that yields every
minute for its six hours is no poison."""
LONGEST_LIFE_S = 6 * 3600
"""After this long nobody wants the answer any more: the scan has decided without it."""

_YIELDS_FOR_S = (60, 180)
_TRIES_AGAIN_AFTER_S = (300, 900)


class Refreshing:
    """The worker of the scan's lanes; one per environment, for whichever lane calls it."""

    def __init__(self, inquiring: Inquiring, board: LaneBoard, pool: ThreadPoolExecutor) -> None:
        self._inquiring = inquiring
        self._board = board
        self._pool = pool

    def batch(
        self, issuer_code: str, queue: LaneQueue, members_queue: LaneQueue, batch: list[Delivery]
    ) -> list[str]:
        """Work off one batch of one lane, or put it off.

        Parameters
        ----------
        members_queue
            The issuer's lane of members, to which this one yields.

        Returns
        -------
        list[str]
            The ids of the messages that are to be delivered again.
        """
        started_ms = real_ms()
        delays_s: dict[Delivery, int] = {}
        waiting = readable(batch, started_ms, delays_s)
        lane = self._board.lane(issuer_code)
        asked: list[Asked] = []
        for message, one in self._ask(ISSUERS[issuer_code], lane, list(waiting), members_queue):
            if isinstance(one, Asked):
                asked.append(one)
            delay_s = _delay_s(one)
            if delay_s:
                delays_s |= dict.fromkeys(waiting[message], delay_s)
        self._report(lane, asked, started_ms)
        logger.info(
            "refreshed",
            extra={
                "issuer": issuer_code,
                "received": len(batch),
                "answered": sum(one.finding is not None for one in asked),
                "again": len(delays_s),
                "took_ms": real_ms() - started_ms,
            },
        )
        put_off(queue, delays_s)
        return [delivery.message_id for delivery in delays_s]

    def _ask(
        self, issuer: Issuer, lane: Lane, waiting: list[LookupMessage], members_queue: LaneQueue
    ) -> Iterable[tuple[LookupMessage, Asked | Exception]]:
        """Ask for everybody, as far as members and the breaker let us."""
        gate = Gate.REST if waiting and _members_wait(members_queue) else lane.gate(real_ms())
        # At night a scan may be all the traffic there is: nobody else would find out
        # that an issuer is back.
        if waiting and gate is Gate.PROBE and self._board.take_probe(lane):
            first, *waiting = waiting
            probe = self._refreshed(issuer, first, PROBE_TIMEOUT_S)
            yield first, probe
            healed = isinstance(probe, Asked) and probe.healthy is True
            lane = self._board.close(lane) if healed else self._board.open(lane)
            gate = Gate.CALL if healed else Gate.REST
        if gate is Gate.CALL:
            calls = self._pool.map(
                lambda message: self._refreshed(issuer, message, CALL_TIMEOUT_S), waiting
            )
            yield from zip(waiting, calls, strict=True)
        else:
            for message in waiting:
                yield message, Asked(None, 0, None, put_off_s=_some_seconds(_YIELDS_FOR_S))

    def _refreshed(
        self, issuer: Issuer, message: LookupMessage, timeout_s: float
    ) -> Asked | Exception:
        asked = self._inquiring.ask(issuer, message, timeout_s, may_put_off=True)
        if not isinstance(asked, Asked):
            return asked
        if asked.finding is not None and asked.finding.reason is not None:
            return replace(asked, finding=None, put_off_s=_some_seconds(_TRIES_AGAIN_AFTER_S))
        return self._inquiring.write(issuer, message, asked)

    def _report(self, lane: Lane, asked: list[Asked], started_ms: int) -> None:
        """Let the breaker know of failures; a failed report is no failed batch."""
        calls = [one for one in asked if one.healthy is not None]
        if not calls:
            return
        seen = BatchReport(
            healthy=sum(one.healthy is True for one in calls),
            failed=sum(one.healthy is False for one in calls),
            answer_ms=sum(one.took_ms for one in calls) // len(calls),
            batch_ms=real_ms() - started_ms,
            waited_ms=0,
        )
        if seen.trouble(lane) == 0:
            return
        try:
            told = self._board.report_trouble(lane, seen)
            if told.should_open():
                self._board.open(told)
                logger.warning("lane rests", extra={"issuer": lane.issuer})
        except AwsError as error:
            logger.warning("no report", extra={"error": error_name(error)})


def _members_wait(members_queue: LaneQueue) -> bool:
    try:
        return members_queue.backlog() > 0
    except AwsError as error:
        logger.warning("backlog not known", extra={"error": error_name(error)})
        return True


def _delay_s(outcome: Asked | Exception) -> int:
    """Return after how many seconds a message comes again, 0 for never."""
    if isinstance(outcome, Asked | SealBrokenError):
        return put_off_s(outcome)
    return _some_seconds(_TRIES_AGAIN_AFTER_S)


def _some_seconds(bounds: tuple[int, int]) -> int:
    # Spread, so that who was put off together does not come together.
    return random.randint(*bounds)  # noqa: S311 - jitter, not a secret
