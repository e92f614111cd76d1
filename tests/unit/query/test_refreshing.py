"""The scan's worker: refreshes what it can, and yields to members (R-E2, R-P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.partner import Outcome
from query.inquiring import PROBE_TIMEOUT_S
from query.inquiry import Status
from query.lanes import LANE_BATCH_SIZE, SLOW_CALL_MS, TROUBLE_TO_OPEN, Lane
from tests.unit.query.asking_fakes import (
    FakeBoard,
    FakeIssuer,
    FakeQueue,
    Worker,
    answered,
    delivered,
    ended,
    try_later,
)

if TYPE_CHECKING:
    from modupoint.partner import PartnerAnswer

FAR_MS = 9_000_000_000_000
RESTING = Lane("kb", open_until_ms=FAR_MS)
RESTED = Lane("kb", open_until_ms=1, rests=1)
TEN = [f"m{place}" for place in range(LANE_BATCH_SIZE)]


def put_off_for_minutes(worker: Worker, ids: list[str]) -> bool:
    return sorted(worker.queue.delays_s) == sorted(ids) and all(
        60 <= delay <= 900 for delay in worker.queue.delays_s.values()
    )


def test_a_quiet_lane_is_asked_and_real_answers_are_written() -> None:
    worker = Worker()
    assert worker.scan_batch(*worker.ten()) == []
    assert len(worker.issuer.asked) == LANE_BATCH_SIZE
    assert {one[1].status for one in worker.members.answers.values()} == {Status.NOT_MEMBER}
    assert worker.board.reports == []


def test_members_who_wait_come_first() -> None:
    worker = Worker(members_queue=FakeQueue(waiting=1))
    assert worker.scan_batch(*worker.ten()) == TEN
    assert (worker.issuer.asked, worker.members.writes) == ([], 0)
    assert put_off_for_minutes(worker, TEN)


def test_a_backlog_that_cannot_be_read_may_be_one() -> None:
    worker = Worker()
    worker.members_queue.fails = True
    assert worker.scan_batch(*worker.ten()) == TEN
    assert worker.issuer.asked == []


def test_the_scans_own_backlog_is_nobody_to_yield_to() -> None:
    worker = Worker(queue=FakeQueue(waiting=10_000))
    assert worker.scan_batch(*worker.ten()) == []


def test_a_resting_issuer_is_left_alone_and_members_answers_stay_r_p6() -> None:
    worker = Worker(board=FakeBoard(RESTING))
    assert worker.scan_batch(*worker.ten()) == TEN
    assert (worker.issuer.asked, worker.members.writes) == ([], 0)
    assert put_off_for_minutes(worker, TEN)


@pytest.mark.parametrize(
    "answer",
    [ended(Outcome.TIMED_OUT), ended(Outcome.NOT_SENT), answered({"rsp_code": "50001"}), answered({}), try_later(503, 9_999)],
)  # fmt: skip
def test_a_failure_writes_nothing_and_is_tried_again_later_r_p6(answer: PartnerAnswer) -> None:
    worker = Worker(FakeIssuer(lambda _: answer))
    assert worker.scan_batch(delivered(worker.message(left_ms=6 * 3_600_000))) == ["m"]
    assert worker.members.writes == 0
    assert put_off_for_minutes(worker, ["m"])


def test_an_issuer_that_asks_for_patience_gets_it_however_often() -> None:
    worker = Worker(FakeIssuer(lambda _: try_later(429, 7)))
    assert worker.scan_batch(delivered(worker.message(), times=300)) == ["m"]
    assert worker.queue.delays_s == {"m": 7}


def test_a_newer_answer_of_the_members_own_stays() -> None:
    worker = Worker()
    worker.batch(delivered(worker.message(order=2)))
    [kept] = worker.members.answers.values()
    assert worker.scan_batch(delivered(worker.message(order=1))) == []
    assert list(worker.members.answers.values()) == [kept]


def test_what_nobody_wants_any_more_is_dropped_even_while_members_wait() -> None:
    worker = Worker(members_queue=FakeQueue(waiting=1))
    assert worker.scan_batch(delivered(worker.message(left_ms=0))) == []
    assert worker.issuer.asked == []


def test_poison_goes_to_its_dead_letter_queue_alone() -> None:
    worker = Worker()
    assert worker.scan_batch(delivered("{", "poison"), delivered(worker.message(), "m")) == [
        "poison"
    ]
    assert worker.queue.delays_s == {"poison": 1}
    assert worker.members.writes == 1


def test_a_write_that_fails_is_tried_again_in_minutes() -> None:
    worker = Worker()
    worker.members.fails_for = {"M#1"}
    assert worker.scan_batch(delivered(worker.message())) == ["m"]
    assert put_off_for_minutes(worker, ["m"])


@pytest.mark.parametrize(
    "answer", [ended(Outcome.TIMED_OUT), answered(took_ms=SLOW_CALL_MS + 1), try_later(503)]
)
def test_trouble_the_scan_sees_opens_the_members_breaker_too(answer: PartnerAnswer) -> None:
    worker = Worker(FakeIssuer(lambda _: answer))
    worker.scan_batch(*worker.ten()[:TROUBLE_TO_OPEN])
    [(seen, _)] = worker.board.reports
    assert seen.failed == TROUBLE_TO_OPEN
    assert worker.board.moves == ["open"]


def test_a_report_that_fails_is_no_failed_batch() -> None:
    worker = Worker(FakeIssuer(lambda _: answered(took_ms=SLOW_CALL_MS + 1)))
    worker.board.report_fails = True
    assert worker.scan_batch(*worker.ten()) == []


def test_an_issuer_that_is_back_is_found_out_by_one_probe_at_night() -> None:
    worker = Worker(board=FakeBoard(RESTED))
    assert worker.scan_batch(*worker.ten()) == []
    assert worker.board.moves == ["close"]
    assert worker.issuer.timeouts_s[0] == PROBE_TIMEOUT_S
    assert len(worker.issuer.asked) == LANE_BATCH_SIZE


def test_an_issuer_that_is_not_back_is_asked_once() -> None:
    worker = Worker(FakeIssuer(lambda _: ended(Outcome.TIMED_OUT)), board=FakeBoard(RESTED))
    assert worker.scan_batch(*worker.ten()) == TEN
    assert worker.board.moves == ["open"]
    assert worker.issuer.asked == ["CI of M#0"]
    assert worker.members.writes == 0


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_probe_is_left_to_members_who_wait_and_to_who_has_taken_it(waiting: int) -> None:
    worker = Worker(
        board=FakeBoard(RESTED, probe_is_free=waiting == 1),
        members_queue=FakeQueue(waiting=waiting),
    )
    assert worker.scan_batch(*worker.ten()) == TEN
    assert (worker.board.moves, worker.issuer.asked) == ([], [])


def test_a_batch_with_nobody_to_ask_takes_no_probe() -> None:
    worker = Worker(board=FakeBoard(RESTED))
    worker.scan_batch(delivered("{", "poison"), delivered(worker.message(left_ms=0), "late"))
    assert (worker.board.moves, worker.issuer.asked) == ([], [])
