"""Asking an issuer for one member: the call, and what came of it.

The same for a member who waits and for the scan; what becomes of an answer, and
who may ask when, is the lanes' affair (``asking``, ``refreshing``).
"""

import json
import time
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from modupoint.aws import AwsError, error_name
from modupoint.clock import Clock, epoch_ms, real_ms
from modupoint.deliveries import Delivery
from modupoint.envelope import DataKeys, SealBrokenError, ci_owner, unseal
from modupoint.issuer_api import IssuerApi
from modupoint.issuers import Issuer
from modupoint.partner import Outcome, PartnerAnswer
from modupoint.row_messages import PoisonMessageError
from modupoint.telemetry import logger
from query.inquiry import ContractBrokenError, Finding, Reason, read_inquiry, unavailable
from query.lane_queue import LaneQueue
from query.lanes import LANE_BATCH_SIZE, SLOW_CALL_MS
from query.lookup_message import LookupMessage
from query.members import Members

CALL_TIMEOUT_S = 8.0
PROBE_TIMEOUT_S = 3.0
"""A probe decides for everybody who waits with it, so it waits less."""

_INQUIRY_PATH = "/v1/points/inquiry"
_USUAL_PUT_OFF_S = 2
_LONGEST_PUT_OFF_S = 60
_POISON_PUT_OFF_S = 1
_LEFT_FOR_AN_ANSWER_MS = 1_000


class Asked(NamedTuple):
    """How asking for one member went.

    ``finding`` is None if the issuer asked to come back in ``put_off_s`` seconds.
    ``healthy`` is None for a call that says nothing about the issuer's health.
    """

    finding: Finding | None
    took_ms: int
    healthy: bool | None
    put_off_s: int = 0


type Waiting = dict[LookupMessage, list[Delivery]]


class Inquiring:
    """What one member costs: one call to the issuer and one write."""

    def __init__(self, api: IssuerApi, keys: DataKeys, members: Members, clock: Clock) -> None:
        self._api = api
        self._keys = keys
        self._members = members
        self._clock = clock

    def ask(
        self, issuer: Issuer, message: LookupMessage, timeout_s: float, *, may_put_off: bool
    ) -> Asked | Exception:
        """Ask for one member; what goes wrong here must not take the batch with it.

        Parameters
        ----------
        may_put_off
            Whether an issuer that asks for patience may have it; else it is busy.
        """
        try:
            return self._inquire(issuer, message, timeout_s, may_put_off=may_put_off)
        except SealBrokenError as error:
            logger.error("sealed data does not open", extra={"lookup_id": message.lookup_id})
            return error
        except Exception as error:  # noqa: BLE001 - ten members share this batch
            return _failed(message, error)

    def write(self, issuer: Issuer, message: LookupMessage, asked: Asked) -> Asked | Exception:
        """Store what was found, if anything was; returns what was asked or what went wrong."""
        finding = asked.finding
        if finding is None:
            return asked
        balances = None
        if finding.balances is not None:
            balances = json.dumps(finding.balances, ensure_ascii=False, separators=(",", ":"))
        try:
            self._members.write_answer(
                message.member,
                issuer.code,
                message.lookup_id,
                finding,
                balances,
                epoch_ms(self._clock()),
            )
        except AwsError as error:
            return _failed(message, error)
        return asked

    def _inquire(
        self, issuer: Issuer, message: LookupMessage, timeout_s: float, *, may_put_off: bool
    ) -> Asked:
        left_ms = message.due_ms - real_ms()
        content = {
            "ci": unseal(self._keys, message.sealed_ci, ci_owner(message.member)),
            "search_timestamp": self._clock().strftime("%Y%m%d%H%M%S"),
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
        answer = self._api.post(issuer, _INQUIRY_PATH, content, timeout_s=timeout_s)
        if answer.outcome is not Outcome.CUT:
            return answer
        # A kept connection that the issuer has closed meanwhile looks like this.
        # An inquiry changes nothing, so it may be sent once more.
        left_s = timeout_s - (time.monotonic() - started)
        return self._api.post(issuer, _INQUIRY_PATH, content, timeout_s=max(left_s, 0.001))


def worker_pool() -> ThreadPoolExecutor:
    """Return the threads in which a batch waits together."""
    return ThreadPoolExecutor(LANE_BATCH_SIZE, thread_name_prefix="ask")


def readable(batch: list[Delivery], now_ms: int, delays_s: dict[Delivery, int]) -> Waiting:
    """Return what is worth asking, doubled messages once; poison is put off."""
    waiting: Waiting = defaultdict(list)
    for delivery in batch:
        try:
            message = LookupMessage.from_json(delivery.body)
        except PoisonMessageError:
            # The content may be anything, personal data included: not logged.
            logger.error("unreadable message", extra={"message_id": delivery.message_id})
            delays_s[delivery] = _POISON_PUT_OFF_S
        else:
            if message.due_ms > now_ms:
                waiting[message].append(delivery)
    return waiting


def put_off_s(outcome: Asked | Exception) -> int:
    """Return after how many seconds a message comes again, 0 for never."""
    if isinstance(outcome, Asked):
        return outcome.put_off_s
    return _POISON_PUT_OFF_S if isinstance(outcome, SealBrokenError) else _USUAL_PUT_OFF_S


def put_off(queue: LaneQueue, delays_s: Mapping[Delivery, int]) -> None:
    """Let messages come again in their time; by the queue's own time-out if it cannot be told."""
    if not delays_s:
        return
    try:
        queue.put_off(delays_s)
    except AwsError as error:
        logger.warning("not put off", extra={"error": error_name(error)})


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
