"""The lanes' shared rows: reports add up, one worker opens, one probes (the breaker's state)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest

from query import lane_board
from query.lane_board import KEPT_MS
from query.lanes import FIRST_REST_MS, PROBE_LEASE_MS, BatchReport, Gate, Lane
from tests.store.lookup_steps import at_once

if TYPE_CHECKING:
    from query.lane_board import LaneBoard
    from tests.store.conftest import Store

FAILING = BatchReport(healthy=0, failed=5, answer_ms=8_000, batch_ms=8_100, waited_ms=40)
HEALTHY = BatchReport(healthy=10, failed=0, answer_ms=500, batch_ms=600, waited_ms=40)


class HandClock:
    """Real time as the board reads it, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = 1_795_000_000_000

    def __call__(self) -> int:
        """Return milliseconds of the Unix epoch."""
        return self.now_ms


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    hand = HandClock()
    monkeypatch.setattr(lane_board, "real_ms", hand)
    return hand


def opened(board: LaneBoard) -> Lane:
    return board.open(board.report(board.lane("kb"), FAILING, 0, 20))


def test_nothing_is_known_of_a_lane_nobody_wrote_of(store: Store) -> None:
    assert store.board().lane("kb") == Lane("kb")
    assert store.board().lanes() == {}


def test_a_report_is_what_everybody_reads(store: Store, clock: HandClock) -> None:
    told = store.board().report(Lane("kb"), FAILING, 250, 20)

    assert told == Lane(
        "kb",
        backlog=250,
        drain_per_s=24.691,
        answer_ms=3_000,
        seen_at_ms=clock.now_ms,
        trouble=5,
        waited_ms=40,
        workers=20,
    )
    assert store.board().lanes() == {"kb": told}
    assert store.board().lane("kb") == told


def test_everybody_reads_since_when_a_lane_has_a_backlog(store: Store, clock: HandClock) -> None:
    queueing = replace(HEALTHY, waited_ms=2_000)
    since_ms = clock.now_ms - 2_600
    first = store.board().report(Lane("kb"), queueing, 250, 20)
    clock.now_ms += 30_000
    second = store.board().report(first, replace(queueing, waited_ms=9_000), 900, 20)
    assert first.queued_since_ms == second.queued_since_ms == since_ms
    assert store.board().lanes() == {"kb": second}


def test_what_is_known_is_kept_for_five_seconds_and_then_read_again(
    store: Store, clock: HandClock
) -> None:
    board, other = store.board(), store.board()
    board.lanes()
    board.lane("kb")
    told = other.report(Lane("kb"), HEALTHY, 1, 20)

    clock.now_ms += KEPT_MS
    assert board.lanes() == {}
    assert board.lane("kb") == Lane("kb")
    clock.now_ms += 1
    assert board.lanes() == {"kb": told}
    assert board.lane("kb") == told


def test_a_worker_knows_at_once_what_its_own_report_made_of_the_lane(
    store: Store, clock: HandClock
) -> None:
    board = store.board()
    assert board.lane("kb").trouble == 0
    told = board.report(board.lane("kb"), FAILING, 0, 20)
    assert told.seen_at_ms == clock.now_ms
    assert board.lane("kb") == told


def test_reports_of_workers_that_knew_nothing_of_each_other_add_up(store: Store) -> None:
    one, other = store.board(), store.board()
    seen_by_both = one.lane("kb")
    one.report(seen_by_both, BatchReport(0, 3, 9, 9, 0), 0, 20)
    told = other.report(seen_by_both, BatchReport(0, 2, 9, 9, 0), 0, 20)
    assert told.trouble == 5
    assert told.should_open()


def test_the_scans_trouble_counts_and_says_nothing_of_members_waits(store: Store) -> None:
    members = store.board().report(Lane("kb"), HEALTHY, 250, 20)
    told = store.board().report_trouble(members, FAILING)
    assert told == replace(members, trouble=members.trouble + 5)
    assert store.board().lane("kb") == told
    assert store.board().report_trouble(told, HEALTHY).trouble == 0


def test_trouble_of_a_lane_nobody_wrote_of_is_trouble(store: Store) -> None:
    assert store.board().report_trouble(Lane("kb"), FAILING) == Lane("kb", trouble=5)
    assert store.board().lane("kb").should_open()


def test_sixteen_reports_at_once_are_all_counted(racing_store: Store) -> None:
    boards = [racing_store.board() for _ in range(16)]
    at_once(16, lambda place: boards[place].report(Lane("kb"), BatchReport(0, 1, 9, 9, 0), 0, 20))
    assert racing_store.board().lane("kb").trouble == 16


def test_an_open_lane_rests_and_has_an_empty_bucket(store: Store, clock: HandClock) -> None:
    lane = opened(store.board())

    assert lane.open_until_ms == clock.now_ms + FIRST_REST_MS
    assert (lane.rests, lane.trouble, lane.probe_until_ms) == (1, 0, 0)
    assert lane.gate(clock.now_ms) is Gate.REST
    assert store.board().lane("kb") == lane


def test_a_lane_nobody_wrote_of_can_be_opened(store: Store, clock: HandClock) -> None:
    lane = store.board().open(Lane("kb"))
    assert lane.open_until_ms == clock.now_ms + FIRST_REST_MS


def test_whoever_opens_first_decides_for_how_long(store: Store, clock: HandClock) -> None:
    one, other = store.board(), store.board()
    seen_by_both = one.report(one.lane("kb"), FAILING, 0, 20)
    first = one.open(seen_by_both)
    clock.now_ms += 3_000

    second = other.open(seen_by_both)

    assert (second.open_until_ms, second.rests) == (first.open_until_ms, 1)


def test_sixteen_workers_that_open_at_once_open_it_once(racing_store: Store) -> None:
    seen_by_all = racing_store.board().report(Lane("kb"), FAILING, 0, 20)
    boards = [racing_store.board() for _ in range(16)]

    lanes = at_once(16, lambda place: boards[place].open(seen_by_all))

    assert {(lane.open_until_ms, lane.rests) for lane in lanes} == {(lanes[0].open_until_ms, 1)}


def test_after_the_rest_one_worker_gets_the_probe(store: Store, clock: HandClock) -> None:
    board, other = store.board(), store.board()
    lane = opened(board)
    clock.now_ms = lane.open_until_ms
    assert lane.gate(clock.now_ms) is Gate.PROBE

    assert board.take_probe(lane)
    assert not other.take_probe(lane)

    assert board.lane("kb").gate(clock.now_ms) is Gate.REST
    assert other.lane("kb").probe_until_ms == clock.now_ms + PROBE_LEASE_MS


def test_a_probe_whose_worker_died_is_given_to_another(store: Store, clock: HandClock) -> None:
    board = store.board()
    lane = opened(board)
    clock.now_ms = lane.open_until_ms
    assert board.take_probe(lane)

    clock.now_ms += PROBE_LEASE_MS - 1
    assert not store.board().take_probe(lane)
    clock.now_ms += 1
    assert store.board().take_probe(lane)


def test_sixteen_workers_in_the_same_millisecond_send_one_probe(
    racing_store: Store, clock: HandClock
) -> None:
    for issuer in ("kb", "bc", "hana"):
        lane = racing_store.board().open(Lane(issuer))
        clock.now_ms = lane.open_until_ms
        boards = [racing_store.board() for _ in range(16)]

        taken = at_once(16, lambda place, lane=lane, boards=boards: boards[place].take_probe(lane))  # type: ignore[misc]

        assert taken.count(True) == 1


def test_a_healthy_probe_closes_the_lane_for_everybody(store: Store, clock: HandClock) -> None:
    board = store.board()
    lane = opened(board)
    clock.now_ms = lane.open_until_ms
    board.take_probe(lane)

    closed = board.close(lane)

    assert (closed.open_until_ms, closed.rests, closed.trouble, closed.probe_until_ms) == (0,) * 4
    assert store.board().lane("kb").gate(clock.now_ms) is Gate.CALL


def test_a_failed_probe_lets_it_rest_twice_as_long(store: Store, clock: HandClock) -> None:
    board = store.board()
    lane = opened(board)
    clock.now_ms = lane.open_until_ms
    board.take_probe(lane)

    again = board.open(board.lane("kb"))

    assert again.open_until_ms == clock.now_ms + 2 * FIRST_REST_MS
    assert (again.rests, again.probe_until_ms) == (2, 0)


def test_a_probe_that_ends_late_does_not_close_a_lane_that_was_opened_since(
    store: Store, clock: HandClock
) -> None:
    slow, quick = store.board(), store.board()
    lane = opened(slow)
    clock.now_ms = lane.open_until_ms
    slow.take_probe(lane)
    clock.now_ms += PROBE_LEASE_MS
    quick.take_probe(lane)
    rests_again = quick.open(quick.lane("kb"))

    assert slow.close(lane) == rests_again
    assert store.board().lane("kb").gate(clock.now_ms) is Gate.REST


def test_lanes_rest_each_for_itself_r_p6(store: Store, clock: HandClock) -> None:
    board = store.board()
    opened(board)
    board.report(board.lane("bc"), HEALTHY, 0, 20)

    known = store.board().lanes()
    assert known["kb"].gate(clock.now_ms) is Gate.REST
    assert known["bc"].gate(clock.now_ms) is Gate.CALL
