"""Ten-line stand-ins for what a lane's worker talks to, and samples of what it gets."""

from __future__ import annotations

import os
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from modupoint.clock import SEOUL
from modupoint.deliveries import Delivery
from modupoint.envelope import SealBrokenError, ci_owner, seal
from modupoint.partner import Outcome, PartnerAnswer
from query.asking import Asking
from query.inquiring import Inquiring, worker_pool
from query.lanes import LANE_BATCH_SIZE, BatchReport, Lane
from query.lookup_message import LookupMessage
from query.refreshing import Refreshing
from tests.unit.query.lookup_samples import an_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from query.inquiry import Finding

NOON = datetime(2026, 11, 15, 12, tzinfo=SEOUL)
type Answering = Callable[[str], PartnerAnswer]

NOT_MEMBER_BODY = {"rsp_code": "00000", "member_status": "NOT_MEMBER"}


def answered(
    body: dict[str, Any] | None = None, *, status: int = 200, took_ms: int = 300
) -> PartnerAnswer:
    content = NOT_MEMBER_BODY if body is None else body
    return PartnerAnswer(Outcome.ANSWERED, status, content, None, f"http {status}", took_ms)


def ended(outcome: Outcome, *, took_ms: int = 300) -> PartnerAnswer:
    return PartnerAnswer(outcome, None, {}, None, outcome.name, took_ms)


def try_later(status: int, retry_after_s: int | None = None) -> PartnerAnswer:
    return PartnerAnswer(Outcome.TRY_LATER, status, {}, retry_after_s, f"http {status}", 20)


def throttled() -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "no"}}, "UpdateItem")


class FakeKeys:
    """One key; whatever else is asked for is unknown."""

    def __init__(self) -> None:
        self._key = os.urandom(32)

    def current(self) -> tuple[str, bytes]:
        return "2026-11", self._key

    def by_id(self, key_id: str) -> bytes:
        if key_id != "2026-11":
            raise SealBrokenError("unknown data key")
        return self._key


class FakeIssuer:
    """An issuer's API that notes whom it was asked for and answers by a member's CI."""

    def __init__(self, answer: Answering = lambda _: answered()) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.timeouts_s: list[float] = []

    def post(
        self, issuer: str, path: str, content: dict[str, Any], *, timeout_s: float
    ) -> PartnerAnswer:
        assert (issuer, path) == ("kb", "/v1/points/inquiry")
        assert content["search_timestamp"] == "20261115120000"
        self.asked.append(content["ci"])
        self.timeouts_s.append(timeout_s)
        return self.answer(content["ci"])


class FakeMembers:
    """Answers by member, by the store's own rule: only a newer lookup's answer counts."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, Finding, str | None]] = {}
        self.writes = 0
        self.fails_for: set[str] = set()

    def write_answer(
        self,
        member: str,
        issuer: str,
        lookup_id: str,
        finding: Finding,
        balances: str | None,
        at_ms: int,
    ) -> bool:
        assert issuer == "kb"
        assert at_ms == int(NOON.timestamp() * 1000)
        if member in self.fails_for:
            raise throttled()
        self.writes += 1
        if member in self.answers and self.answers[member][0] >= lookup_id:
            return False
        self.answers[member] = (lookup_id, finding, balances)
        return True


class FakeBoard:
    """One lane's row."""

    def __init__(self, lane: Lane | None = None, *, probe_is_free: bool = True) -> None:
        self.row = lane or Lane("kb")
        self.probe_is_free = probe_is_free
        self.moves: list[str] = []
        self.reports: list[tuple[BatchReport, int]] = []
        self.report_fails = False

    def lane(self, issuer: str) -> Lane:
        assert issuer == self.row.issuer
        return self.row

    def report(self, lane: Lane, seen: BatchReport, backlog: int, concurrency: int) -> Lane:
        assert concurrency == 20
        if self.report_fails:
            raise throttled()
        self.reports.append((seen, backlog))
        return Lane("kb", trouble=lane.trouble + seen.trouble(lane))

    def report_trouble(self, lane: Lane, seen: BatchReport) -> Lane:
        if self.report_fails:
            raise throttled()
        self.reports.append((seen, 0))
        return Lane("kb", trouble=lane.trouble + seen.trouble(lane))

    def open(self, lane: Lane) -> Lane:
        self.moves.append("open")
        return lane

    def close(self, lane: Lane) -> Lane:
        self.moves.append("close")
        return lane

    def take_probe(self, lane: Lane) -> bool:
        assert lane is self.row
        return self.probe_is_free


class FakeQueue:
    """The lane's queue: a backlog, and what was put off for how long."""

    def __init__(self, waiting: int = 7) -> None:
        self.waiting = waiting
        self.delays_s: dict[str, int] = {}
        self.fails = False

    def backlog(self) -> int:
        if self.fails:
            raise throttled()
        return self.waiting

    def put_off(self, delays_s: dict[Delivery, int]) -> None:
        if self.fails:
            raise throttled()
        self.delays_s.update({one.message_id: delay for one, delay in delays_s.items()})


class OneAtATime:
    """Runs what a pool of threads would, in order: for tests that are not about threads."""

    def map[Given, Found](
        self, act: Callable[[Given], Found], many: Iterable[Given]
    ) -> list[Found]:
        done = []
        for one in many:
            future: Future[Found] = Future()
            future.set_result(act(one))
            done.append(future.result())
        return done


@dataclass
class Worker:
    """A worker with its stand-ins."""

    issuer: FakeIssuer = field(default_factory=FakeIssuer)
    members: FakeMembers = field(default_factory=FakeMembers)
    board: FakeBoard = field(default_factory=FakeBoard)
    queue: FakeQueue = field(default_factory=FakeQueue)
    members_queue: FakeQueue = field(default_factory=lambda: FakeQueue(waiting=0))
    keys: FakeKeys = field(default_factory=FakeKeys)
    threads: bool = False

    def ten(self) -> list[Delivery]:
        """Return a full batch, of ten members."""
        members = [f"M#{place}" for place in range(LANE_BATCH_SIZE)]
        return [delivered(self.message(one), one.replace("M#", "m")) for one in members]

    def batch(self, *deliveries: Delivery) -> list[str]:
        """Work off a batch; returns the ids that come again."""
        pool: Any = worker_pool() if self.threads else OneAtATime()
        board: Any = self.board
        queue: Any = self.queue
        asking = Asking(self._inquiring(), board, 20, pool)
        try:
            return asking.batch("kb", queue, list(deliveries))
        finally:
            if self.threads:
                pool.shutdown()

    def scan_batch(self, *deliveries: Delivery) -> list[str]:
        """Work off a batch of the scan's lane; returns the ids that come again."""
        pool: Any = OneAtATime()
        board: Any = self.board
        queue: Any = self.queue
        members_queue: Any = self.members_queue
        refreshing = Refreshing(self._inquiring(), board, pool)
        return refreshing.batch("kb", queue, members_queue, list(deliveries))

    def _inquiring(self) -> Inquiring:
        api: Any = self.issuer
        keys: Any = self.keys
        members: Any = self.members
        return Inquiring(api, keys, members, lambda: NOON)

    def message(self, member: str = "M#1", *, order: int = 0, left_ms: int = 600_000) -> LookupMessage:  # fmt: skip
        """Return a member's message; a larger order is a newer lookup."""
        sealed = seal(self.keys, f"CI of {member}", ci_owner(member))  # type: ignore[arg-type]
        due_ms = time.time_ns() // 1_000_000 + left_ms
        return LookupMessage(member, an_id(order=order), due_ms, sealed)

    def shown(self, member: str = "M#1") -> Finding | None:
        """Return what the member's answer is now."""
        return self.members.answers[member][1] if member in self.members.answers else None


def delivered(
    message: LookupMessage | str, message_id: str = "m", *, times: int = 1, waited_ms: int = 0
) -> Delivery:
    body = message if isinstance(message, str) else message.to_json()
    sent_at_ms = time.time_ns() // 1_000_000 - waited_ms
    return Delivery(message_id, f"receipt of {message_id}", body, times, sent_at_ms)
