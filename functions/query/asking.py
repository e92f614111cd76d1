"""Asking an issuer for a batch of members: the lane's worker.

Ten members wait together: their calls run side by side, so that the batch takes
one wait (architecture decision 9). What each message needs is in the message;
it costs one call to the issuer and one write. Deliveries end in one of four
ways: answered, dropped because their lookup's deadline has passed, put off
because the issuer asked for patience, or left for the dead-letter queue because
nobody can read them.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from modupoint.aws import AwsError, error_name
from modupoint.clock import Clock, epoch_ms, real_ms
from modupoint.deliveries import Delivery
from modupoint.envelope import DataKeys, SealBrokenError, ci_owner, unseal
from modupoint.issuer_api import IssuerApi
from modupoint.issuers import ISSUERS, Issuer
from modupoint.partner import Outcome, PartnerAnswer
from modupoint.telemetry import logger
from query.inquiry import ContractBrokenError, Finding, Reason, read_inquiry, unavailable
from query.lane_board import REPORT_EVERY_MS, LaneBoard
from query.lane_queue import LaneQueue
from query.lanes import LANE_BATCH_SIZE, SLOW_CALL_MS, BatchReport, Gate, Lane
from query.lookup_message import LookupMessage, PoisonMessageError
from query.members import Members

CALL_TIMEOUT_S = 8.0
PROBE_TIMEOUT_S = 3.0
"""A probe decides for everybody who waits with it, so it waits less."""
DELIVERIES_PER_MESSAGE = 3
"""``maxReceiveCount`` of the lanes in template.yaml."""

_INQUIRY_PATH = "/v1/points/inquiry"
_USUAL_PUT_OFF_S = 2
_LONGEST_PUT_OFF_S = 60
_POISON_PUT_OFF_S = 1
_LEFT_FOR_AN_ANSWER_MS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """How asking for one member went.

    ``finding`` is None if the issuer asked to come back in ``put_off_s`` seconds.
    ``healthy`` is None for a call that says nothing about the issuer's health.
    """

    finding: Finding | None
    took_ms: int
    healthy: bool | None
    put_off_s: int = 0


type _Waiting = dict[LookupMessage, list[Delivery]]


@dataclass(frozen=True, slots=True)
class Asking:
    """The worker of the lanes; one per environment, for whichever lane calls it."""

    api: IssuerApi
    keys: DataKeys
    members: Members
    board: LaneBoard
    clock: Clock
    lane_concurrency: int
    pool: ThreadPoolExecutor

    def batch(self, issuer_code: str, queue: LaneQueue, batch: list[Delivery]) -> list[str]:
        """Work off one batch of one lane.

        Returns
        -------
        list[str]
            The ids of the messages that are to be delivered again.
        """
        started_ms = real_ms()
        put_off: dict[Delivery, int] = {}
        waiting = self._readable(batch, started_ms, put_off)
        lane = self.board.lane(issuer_code)
        asked: list[Asked] = []
        for message, one in self._ask(ISSUERS[issuer_code], lane, list(waiting.items())):
            if isinstance(one, Asked):
                asked.append(one)
            for delivery in waiting[message]:
                delay_s = _put_off_s(one)
                if delay_s:
                    put_off[delivery] = delay_s
        oldest_ms = min((delivery.sent_at_ms for delivery in batch), default=started_ms)
        self._report(lane, queue, asked, started_ms, waited_ms=started_ms - oldest_ms)
        if put_off or len(asked) < len(batch):
            # Of a batch that went as it should Lambda's own lines tell enough; another
            # line of each would cost as much as a tenth of its writes.
            logger.info(
                "batch",
                extra={
                    "issuer": issuer_code,
                    "received": len(batch),
                    "asked": len(asked),
                    "again": len(put_off),
                    "took_ms": real_ms() - started_ms,
                },
            )
        _put_off(queue, put_off)
        return [delivery.message_id for delivery in put_off]

    def _readable(
        self, batch: list[Delivery], now_ms: int, put_off: dict[Delivery, int]
    ) -> _Waiting:
        """Return what is worth asking, doubled messages once; poison is put off."""
        waiting: _Waiting = defaultdict(list)
        for delivery in batch:
            try:
                message = LookupMessage.from_json(delivery.body)
            except PoisonMessageError:
                # The content may be anything, personal data included: not logged.
                logger.error("unreadable message", extra={"message_id": delivery.message_id})
                put_off[delivery] = _POISON_PUT_OFF_S
            else:
                if message.due_ms > now_ms:
                    waiting[message].append(delivery)
        return waiting

    def _ask(
        self, issuer: Issuer, lane: Lane, waiting: list[tuple[LookupMessage, list[Delivery]]]
    ) -> Iterable[tuple[LookupMessage, Asked | Exception]]:
        """Ask for everybody who waits, as far as the breaker lets us."""
        gate = lane.gate(real_ms()) if waiting else Gate.CALL
        if gate is Gate.PROBE and self.board.take_probe(lane):
            (first, deliveries), *others = waiting
            probe = self._guarded(issuer, first, deliveries, PROBE_TIMEOUT_S)
            yield first, probe
            healed = isinstance(probe, Asked) and probe.healthy is True
            lane = self.board.close(lane) if healed else self.board.open(lane)
            waiting, gate = others, Gate.CALL if healed else Gate.REST
        if gate is Gate.CALL:
            calls = self.pool.map(
                lambda one: self._guarded(issuer, one[0], one[1], CALL_TIMEOUT_S), waiting
            )
            yield from zip((message for message, _ in waiting), calls, strict=True)
        else:
            resting = Asked(unavailable(Reason.RESTING), 0, None)
            for message, _ in waiting:
                yield message, self._written(issuer, message, resting)

    def _guarded(
        self, issuer: Issuer, message: LookupMessage, deliveries: list[Delivery], timeout_s: float
    ) -> Asked | Exception:
        """Ask for one member; what goes wrong here must not take the batch with it."""
        try:
            last_delivery = max(one.received_times for one in deliveries) >= DELIVERIES_PER_MESSAGE
            asked = self._inquire(issuer, message, timeout_s, may_put_off=not last_delivery)
        except SealBrokenError as error:
            logger.error("sealed data does not open", extra={"lookup_id": message.lookup_id})
            return error
        except Exception as error:  # noqa: BLE001 - ten members share this batch
            return _failed(message, error)
        return self._written(issuer, message, asked)

    def _inquire(
        self, issuer: Issuer, message: LookupMessage, timeout_s: float, *, may_put_off: bool
    ) -> Asked:
        left_ms = message.due_ms - real_ms()
        content = {
            "ci": unseal(self.keys, message.sealed_ci, ci_owner(message.member)),
            "search_timestamp": self.clock().strftime("%Y%m%d%H%M%S"),
        }
        answer = self._call(issuer.code, content, min(timeout_s, max(left_ms, 1) / 1000))
        if answer.outcome is Outcome.TRY_LATER:
            return _put_off_or_busy(answer, message.due_ms - real_ms(), may_put_off=may_put_off)
        finding = _finding(issuer, answer)
        healthy = finding.reason is None and answer.took_ms <= SLOW_CALL_MS
        if finding.reason is not None:
            logger.warning(
                "no answer from issuer",
                extra={
                    "issuer": issuer.code,
                    "lookup_id": message.lookup_id,
                    "outcome": answer.outcome.name,
                    "cause": answer.cause,
                    "took_ms": answer.took_ms,
                },
            )
        return Asked(finding, answer.took_ms, healthy)

    def _call(self, issuer: str, content: dict[str, str], timeout_s: float) -> PartnerAnswer:
        started = time.monotonic()
        answer = self.api.post(issuer, _INQUIRY_PATH, content, timeout_s=timeout_s)
        if answer.outcome is not Outcome.CUT:
            return answer
        # A kept connection that the issuer has closed meanwhile looks like this.
        # An inquiry changes nothing, so it may be sent once more.
        left_s = timeout_s - (time.monotonic() - started)
        return self.api.post(issuer, _INQUIRY_PATH, content, timeout_s=max(left_s, 0.001))

    def _written(self, issuer: Issuer, message: LookupMessage, asked: Asked) -> Asked | Exception:
        finding = asked.finding
        if finding is None:
            return asked
        balances = None
        if finding.balances is not None:
            balances = json.dumps(finding.balances, ensure_ascii=False, separators=(",", ":"))
        try:
            self.members.write_answer(
                message.member,
                issuer.code,
                message.lookup_id,
                finding,
                balances,
                epoch_ms(self.clock()),
            )
        except AwsError as error:
            return _failed(message, error)
        return asked

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
            told = self.board.report(lane, seen, queue.backlog(), self.lane_concurrency)
            if told.should_open():
                self.board.open(told)
                logger.warning("lane rests", extra={"issuer": lane.issuer})
        except AwsError as error:
            logger.warning("no report", extra={"error": error_name(error)})


def worker_pool() -> ThreadPoolExecutor:
    """Return the threads in which a batch waits together."""
    return ThreadPoolExecutor(LANE_BATCH_SIZE, thread_name_prefix="ask")


_REASONS: dict[Outcome, Reason] = {
    Outcome.NOT_SENT: Reason.NOT_REACHED,
    Outcome.TIMED_OUT: Reason.NO_ANSWER,
    Outcome.CUT: Reason.NO_ANSWER,
    Outcome.BROKEN: Reason.ISSUER_ERROR,
}


def _finding(issuer: Issuer, answer: PartnerAnswer) -> Finding:
    if answer.outcome is not Outcome.ANSWERED:
        return unavailable(_REASONS[answer.outcome])
    if answer.status is None or answer.status >= 400:  # noqa: PLR2004 - HTTP's own boundary
        return unavailable(Reason.ISSUER_ERROR)
    try:
        return read_inquiry(issuer, answer.body)
    except ContractBrokenError as error:
        logger.warning("contract broken", extra={"issuer": issuer.code, "place": str(error)})
        return unavailable(Reason.ISSUER_ERROR)


def _put_off_or_busy(answer: PartnerAnswer, left_ms: int, *, may_put_off: bool) -> Asked:
    """Come back when the issuer says, unless the lookup would be over by then."""
    delay_s = _USUAL_PUT_OFF_S if answer.retry_after_s is None else max(answer.retry_after_s, 1)
    in_time = delay_s * 1000 + _LEFT_FOR_AN_ANSWER_MS < left_ms
    # 429 is an issuer that paces us, not one that fails.
    healthy = None if answer.status == 429 else False  # noqa: PLR2004
    if may_put_off and in_time and delay_s <= _LONGEST_PUT_OFF_S:
        return Asked(None, answer.took_ms, healthy, put_off_s=delay_s)
    return Asked(unavailable(Reason.BUSY), answer.took_ms, healthy)


def _failed(message: LookupMessage, error: Exception) -> Exception:
    logger.error(
        "asking failed",
        extra={"lookup_id": message.lookup_id, "error": error_name(error)},
    )
    return error


def _put_off_s(outcome: Asked | Exception) -> int:
    """Return after how many seconds a message comes again, 0 for never."""
    if isinstance(outcome, Asked):
        return outcome.put_off_s
    return _POISON_PUT_OFF_S if isinstance(outcome, SealBrokenError) else _USUAL_PUT_OFF_S


def _put_off(queue: LaneQueue, delays_s: dict[Delivery, int]) -> None:
    if not delays_s:
        return
    try:
        queue.put_off(delays_s)
    except AwsError as error:
        logger.warning("not put off", extra={"error": error_name(error)})
