"""A worker and its lane's breaker: rests, probes, opens, reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.partner import Outcome
from query.inquiring import PROBE_TIMEOUT_S
from query.inquiry import Reason, Status, unavailable
from query.lanes import LANE_BATCH_SIZE, SLOW_CALL_MS, TROUBLE_TO_OPEN, Lane
from tests.unit.query.asking_fakes import (
    FakeBoard,
    FakeIssuer,
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


def test_a_resting_lane_calls_nobody_and_says_so_at_once_r_p6() -> None:
    worker = Worker(board=FakeBoard(RESTING))
    assert worker.batch(*worker.ten()) == []
    assert worker.issuer.asked == []
    shown = {finding.reason for _, finding, _ in worker.members.answers.values()}
    assert shown == {Reason.RESTING}


def test_a_healthy_probe_lets_the_others_through() -> None:
    worker = Worker(board=FakeBoard(RESTED))
    worker.batch(*worker.ten())
    assert worker.board.moves == ["close"]
    assert len(worker.issuer.asked) == LANE_BATCH_SIZE
    assert worker.issuer.timeouts_s[0] == PROBE_TIMEOUT_S
    assert {one[1].status for one in worker.members.answers.values()} == {Status.NOT_MEMBER}


@pytest.mark.parametrize(
    "answer",
    [
        ended(Outcome.TIMED_OUT),
        answered({"rsp_code": "50001"}),
        answered(took_ms=SLOW_CALL_MS + 1),
        try_later(503),
    ],
)
def test_a_failed_probe_lets_the_lane_rest_again_and_asks_for_nobody_else(
    answer: PartnerAnswer,
) -> None:
    worker = Worker(FakeIssuer(lambda _: answer), board=FakeBoard(RESTED))
    worker.batch(*worker.ten())
    assert worker.board.moves == ["open"]
    assert worker.issuer.asked == ["CI of M#0"]
    assert worker.shown("M#9") == unavailable(Reason.RESTING)


def test_while_another_worker_probes_nobody_is_called() -> None:
    worker = Worker(board=FakeBoard(RESTED, probe_is_free=False))
    worker.batch(*worker.ten())
    assert worker.issuer.asked == []
    assert worker.board.moves == []
    assert worker.shown("M#0") == unavailable(Reason.RESTING)


def test_a_batch_with_nobody_to_ask_takes_no_probe() -> None:
    worker = Worker(board=FakeBoard(RESTED))
    worker.batch(delivered("{", "poison"), delivered(worker.message(left_ms=0), "late"))
    assert (worker.board.moves, worker.issuer.asked) == ([], [])


@pytest.mark.parametrize(
    "answer", [ended(Outcome.TIMED_OUT), answered(took_ms=SLOW_CALL_MS + 1), try_later(503)]
)
def test_repeated_failure_or_slowness_opens_the_breaker(answer: PartnerAnswer) -> None:
    worker = Worker(FakeIssuer(lambda _: answer))
    worker.batch(*worker.ten()[:TROUBLE_TO_OPEN])
    assert worker.board.moves == ["open"]


def test_an_issuer_that_paces_us_is_not_one_that_fails() -> None:
    worker = Worker(FakeIssuer(lambda _: try_later(429)))
    worker.batch(*worker.ten())
    assert (worker.board.moves, worker.board.reports) == ([], [])


def test_what_goes_wrong_on_our_side_is_not_the_issuers_fault() -> None:
    worker = Worker()
    worker.members.fails_for = {f"M#{place}" for place in range(LANE_BATCH_SIZE)}
    assert len(worker.batch(*worker.ten())) == LANE_BATCH_SIZE
    assert worker.board.moves == []


def test_trouble_is_told_with_what_waits_and_for_how_long() -> None:
    worker = Worker(FakeIssuer(lambda _: ended(Outcome.TIMED_OUT, took_ms=8_000)))
    worker.batch(delivered(worker.message(), waited_ms=90_000))
    [(seen, backlog)] = worker.board.reports
    assert (seen.healthy, seen.failed, seen.answer_ms, backlog) == (0, 1, 8_000, 7)
    assert seen.waited_ms >= 90_000


def test_a_report_that_fails_is_no_failed_batch() -> None:
    worker = Worker(FakeIssuer(lambda _: ended(Outcome.TIMED_OUT)))
    worker.board.report_fails = True
    assert worker.batch(*worker.ten()) == []
    assert len(worker.members.answers) == LANE_BATCH_SIZE
