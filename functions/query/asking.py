"""Asking an issuer for a batch of members: the worker of the members' lanes.

Ten members wait together: their calls run side by side, so that the batch takes
one wait (architecture decision 9). What each message needs is in the message;
it costs one call to the issuer and one write. Deliveries end in one of four
ways: answered, dropped because their lookup's deadline has passed, put off
because the issuer asked for patience, or left for the dead-letter queue because
nobody can read them.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from modupoint.aws import AwsError, error_name
from modupoint.clock import real_ms
from modupoint.deliveries import Delivery
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
from query.inquiry import Reason, unavailable
from query.lane_board import REPORT_EVERY_MS, LaneBoard
from query.lane_queue import LaneQueue
from query.lanes import BatchReport, Gate, Lane
from query.lookup_message import LookupMessage

DELIVERIES_PER_MESSAGE = 3
"""``maxReceiveCount`` of the lanes in template.yaml."""


class Asking:
    """The worker of the lanes; one per environment, for whichever lane calls it."""

    def __init__(
        self,
        inquiring: Inquiring,
        board: LaneBoard,
        lane_concurrency: int,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._inquiring = inquiring
        self._board = board
        self._lane_concurrency = lane_concurrency
        self._pool = pool

    def batch(self, issuer_code: str, queue: LaneQueue, batch: list[Delivery]) -> list[str]:
        """Work off one batch of one lane.

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
        for message, one in self._ask(ISSUERS[issuer_code], lane, list(waiting.items())):
            if isinstance(one, Asked):
                asked.append(one)
            delay_s = put_off_s(one)
            if delay_s:
                delays_s |= dict.fromkeys(waiting[message], delay_s)
        oldest_ms = min((delivery.sent_at_ms for delivery in batch), default=started_ms)
        self._report(lane, queue, asked, started_ms, waited_ms=started_ms - oldest_ms)
        if delays_s or len(asked) < len(batch):
            # Of a batch that went as it should Lambda's own lines tell enough; another
            # line of each would cost as much as a tenth of its writes.
            logger.info(
                "batch",
                extra={
                    "issuer": issuer_code,
                    "received": len(batch),
                    "asked": len(asked),
                    "again": len(delays_s),
                    "took_ms": real_ms() - started_ms,
                },
            )
        put_off(queue, delays_s)
        return [delivery.message_id for delivery in delays_s]

    def _ask(
        self, issuer: Issuer, lane: Lane, waiting: list[tuple[LookupMessage, list[Delivery]]]
    ) -> Iterable[tuple[LookupMessage, Asked | Exception]]:
        """Ask for everybody who waits, as far as the breaker lets us."""
        gate = lane.gate(real_ms()) if waiting else Gate.CALL
        if gate is Gate.PROBE and self._board.take_probe(lane):
            (first, deliveries), *others = waiting
            probe = self._answered(issuer, first, deliveries, PROBE_TIMEOUT_S)
            yield first, probe
            healed = isinstance(probe, Asked) and probe.healthy is True
            lane = self._board.close(lane) if healed else self._board.open(lane)
            waiting, gate = others, Gate.CALL if healed else Gate.REST
        if gate is Gate.CALL:
            calls = self._pool.map(
                lambda one: self._answered(issuer, one[0], one[1], CALL_TIMEOUT_S), waiting
            )
            yield from zip((message for message, _ in waiting), calls, strict=True)
        else:
            resting = Asked(unavailable(Reason.RESTING), 0, None)
            for message, _ in waiting:
                yield message, self._inquiring.write(issuer, message, resting)

    def _answered(
        self, issuer: Issuer, message: LookupMessage, deliveries: list[Delivery], timeout_s: float
    ) -> Asked | Exception:
        last_delivery = max(one.received_times for one in deliveries) >= DELIVERIES_PER_MESSAGE
        asked = self._inquiring.ask(issuer, message, timeout_s, may_put_off=not last_delivery)
        return self._inquiring.write(issuer, message, asked) if isinstance(asked, Asked) else asked

    def _report(
        self, lane: Lane, queue: LaneQueue, asked: list[Asked], started_ms: int, *, waited_ms: int
    ) -> None:
        """Tell the others how the lane does, if it is news; a failed report is no failed batch."""
        calls = [one for one in asked if one.healthy is not None]
        if not calls:
            return
        now_ms = real_ms()
        seen = BatchReport(
            healthy=sum(one.healthy is True for one in calls),
            failed=sum(one.healthy is False for one in calls),
            answer_ms=sum(one.took_ms for one in calls) // len(calls),
            batch_ms=now_ms - started_ms,
            waited_ms=waited_ms,
        )
        if not seen.worth_telling(lane, now_ms, REPORT_EVERY_MS):
            return
        try:
            told = self._board.report(lane, seen, queue.backlog(), self._lane_concurrency)
            if told.should_open():
                self._board.open(told)
                logger.warning("lane rests", extra={"issuer": lane.issuer})
        except AwsError as error:
            logger.warning("no report", extra={"error": error_name(error)})
