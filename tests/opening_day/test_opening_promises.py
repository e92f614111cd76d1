"""What simulated people are told is what the deployed rules say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.opening_day.board import EPOCH_MS, Board, as_ms
from bench.opening_day.promises import Promises
from query.lane_board import KEPT_MS
from query.lanes import TROUBLE_TO_OPEN, BatchReport, Gate, Lane
from query.lookups import POLL_SPREAD, join_within_ms, patience_ms, poll_aim_ms, repair_after_ms

NOW_S = 300.0

lanes = st.builds(
    Lane,
    issuer=st.just("kb"),
    backlog=st.integers(0, 5_000),
    drain_per_s=st.floats(5, 5_000),
    answer_ms=st.integers(1, 8_000),
    seen_at_ms=st.integers(as_ms(NOW_S) - 70_000, as_ms(NOW_S)),
    waited_ms=st.integers(0, 600_000),
)


@given(lanes, st.floats(0, 900))
def test_a_wait_is_the_rules_own_answer(lane: Lane, waited_s: float) -> None:
    promises = Promises(("kb",))
    promises.renew({"kb": lane}, NOW_S)
    [[told]] = promises.etas(np.array([waited_s], np.float32)).tolist()
    assert told == lane.eta_s(as_ms(NOW_S), waited_ms=int(waited_s) * 1_000)
    assert promises.longest_eta_s == lane.eta_s(as_ms(NOW_S))


@given(lanes)
def test_patience_repairs_and_joining_are_the_rules_own(lane: Lane) -> None:
    promises, now_ms = Promises(("kb",)), as_ms(NOW_S)
    promises.renew({"kb": lane}, NOW_S)
    known = {"kb": lane}
    assert round(promises.patience_s * 1000) == patience_ms(known, ["kb"], now_ms)
    assert round(promises.joins_within_s * 1000) == join_within_ms(known, ["kb"], 60, now_ms)
    for repairs in range(3):
        for nothing in (False, True):
            expected = repair_after_ms(lane, repairs, now_ms, nothing_came=nothing) / 1000
            assert promises.repair_after_s[0, repairs, int(nothing)] == np.float32(expected)


@given(st.integers(1, 3_000), st.floats(0, 3_000))
def test_a_page_asks_again_when_the_rules_say(soonest_s: int, waited_s: float) -> None:
    pause_s = Promises(("kb",)).next_poll_s(
        np.array([soonest_s]), np.array([waited_s], np.float32), np.random.default_rng(1)
    )
    aim_s = poll_aim_ms(soonest_s, int(waited_s) * 1000) / 1000
    assert aim_s * POLL_SPREAD[0] * 0.999 <= pause_s[0] <= aim_s * POLL_SPREAD[1] * 1.001


def report(board: Board, *, failed: int, now_ms: int) -> None:
    seen = BatchReport(10 - failed, failed, answer_ms=300, batch_ms=600, waited_ms=0)
    board.report(seen, "kb", 0, 20, now_ms)


def test_trouble_opens_the_breaker_and_a_healthy_probe_closes_it() -> None:
    board = Board(("kb",))
    report(board, failed=10, now_ms=EPOCH_MS)
    rests = board.known_lane("kb")
    assert rests.gate(EPOCH_MS + 1) is Gate.REST
    later_ms = rests.open_until_ms
    assert rests.gate(later_ms) is Gate.PROBE
    assert board.take_probe("kb", later_ms)
    assert not board.take_probe("kb", later_ms)
    board.close("kb")
    assert board.known_lane("kb").gate(later_ms) is Gate.CALL


def test_fewer_failures_do_not_open_it_and_are_known_late() -> None:
    board = Board(("kb",))
    board.refresh(EPOCH_MS)
    seen = BatchReport(0, TROUBLE_TO_OPEN - 1, answer_ms=300, batch_ms=600, waited_ms=0)
    board.report(seen, "kb", 0, 20, EPOCH_MS)
    assert board.opened == 0
    assert board.known_lane("kb").trouble == 0
    assert not board.refresh(EPOCH_MS + KEPT_MS - 1)
    assert board.refresh(EPOCH_MS + KEPT_MS)
    assert board.known_lane("kb").trouble == TROUBLE_TO_OPEN - 1
