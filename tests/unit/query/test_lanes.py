"""What a lane makes people wait, and what its workers' reports do to it."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.lanes import (
    LANE_BATCH_SIZE,
    LONGEST_REST_MS,
    MAPPING_GROWS_PER_S,
    MAPPING_STARTS_WITH,
    BatchReport,
    Gate,
    Lane,
    LaneState,
)

NOW_MS = 1_795_000_000_000

moments = st.integers(NOW_MS, NOW_MS + 3_600_000)
busy_lanes = st.builds(
    Lane,
    issuer=st.just("kb"),
    backlog=st.integers(0, 100_000),
    drain_per_s=st.floats(0.01, 10_000),
    answer_ms=st.integers(1, 8_000),
    seen_at_ms=st.just(NOW_MS),
    waited_ms=st.integers(0, 900_000),
    workers=st.integers(0, 1_000),
    queued_since_ms=st.integers(NOW_MS - 900_000, NOW_MS) | st.just(0),
)
reports = st.builds(
    BatchReport,
    healthy=st.integers(0, 10),
    failed=st.integers(0, 10),
    answer_ms=st.integers(0, 8_000),
    batch_ms=st.integers(0, 30_000),
    waited_ms=st.integers(0, 900_000),
)


def test_a_lane_nobody_wrote_of_is_open_for_calls_and_quick() -> None:
    lane = Lane("kb")
    assert lane.gate(NOW_MS) is Gate.CALL
    assert lane.state(NOW_MS) is LaneState.OK
    assert lane.eta_s(NOW_MS) == 1


def test_the_wait_is_the_backlog_over_the_drain_and_one_answer() -> None:
    lane = Lane("kb", backlog=120, drain_per_s=10.0, answer_ms=800, seen_at_ms=NOW_MS)
    assert lane.wait_ms(NOW_MS) == 12_800
    assert lane.wait_ms(NOW_MS + 5_000) == 7_800
    assert lane.eta_s(NOW_MS) == 13


def test_what_is_left_is_the_part_of_the_backlog_that_was_sent_before() -> None:
    lane = Lane(
        "kb", backlog=120, drain_per_s=10.0, answer_ms=800, seen_at_ms=NOW_MS, waited_ms=8_000
    )
    assert lane.left_ms(NOW_MS, waited_ms=0) == 12_800
    assert lane.left_ms(NOW_MS, waited_ms=2_000) == 9_800
    assert lane.left_ms(NOW_MS, waited_ms=8_000) == 800
    # Who came right after the report has waited four seconds, and the lane worked for four.
    assert lane.left_ms(NOW_MS + 4_000, waited_ms=4_000) == 8_800
    # Who was in front is being asked for.
    assert lane.left_ms(NOW_MS, waited_ms=8_300) == 500
    assert lane.left_ms(NOW_MS, waited_ms=60_000) == 0


def test_a_rush_that_ebbs_does_not_shorten_the_wait_of_those_before_it() -> None:
    lane = Lane(
        "kb", backlog=100, drain_per_s=10.0, answer_ms=500, seen_at_ms=NOW_MS, waited_ms=40_000
    )
    assert lane.wait_ms(NOW_MS) == 10_500
    assert lane.left_ms(NOW_MS, waited_ms=20_000) == 5_500


def test_an_idle_lane_has_nobody_in_front() -> None:
    lane = Lane(
        "kb", backlog=10, drain_per_s=10.0, answer_ms=500, seen_at_ms=NOW_MS, waited_ms=9_000
    )
    assert lane.in_front_ms(NOW_MS) == 9_000
    assert lane.in_front_ms(NOW_MS + 1_000) == 0
    assert Lane("kb").in_front_ms(NOW_MS) == 0


def test_a_report_nobody_renewed_for_a_minute_has_lost_its_meaning() -> None:
    lane = Lane("kb", backlog=10_000, drain_per_s=10.0, answer_ms=800, seen_at_ms=NOW_MS)
    assert lane.wait_ms(NOW_MS + 60_000) == 940_800
    assert lane.wait_ms(NOW_MS + 60_001) == 800


@given(busy_lanes, moments, st.integers(0, 1_000))
def test_a_longer_backlog_never_shortens_the_wait(lane: Lane, now_ms: int, more: int) -> None:
    longer = copy.replace(lane, backlog=lane.backlog + more)
    assert longer.wait_ms(now_ms) >= lane.wait_ms(now_ms)


@given(busy_lanes, moments, st.integers(0, 900_000), st.integers(0, 60_000))
def test_what_is_left_of_a_wait_never_grows_while_time_passes(
    lane: Lane, now_ms: int, waited_ms: int, later_ms: int
) -> None:
    later = lane.left_ms(now_ms + later_ms, waited_ms + later_ms)
    assert later <= lane.left_ms(now_ms, waited_ms)


RUSH = Lane(
    "kb",
    backlog=12_000,
    drain_per_s=4_000.0,
    seen_at_ms=NOW_MS,
    waited_ms=8_000,
    workers=200,
    queued_since_ms=NOW_MS - 8_000,
)


@pytest.mark.parametrize(("after_ms", "came"), [(0, 0), (2_000, 3_000), (2_500, 3_750)])
def test_in_a_young_rush_people_go_on_coming_after_the_report(after_ms: int, came: int) -> None:
    for later_ms in (after_ms, 5_000):
        ahead = copy.replace(RUSH, backlog=12_000 + came, waited_ms=0)
        sent_before_ms = later_ms - after_ms
        assert RUSH.left_ms(NOW_MS + later_ms, sent_before_ms) == ahead.left_ms(
            NOW_MS + later_ms, sent_before_ms
        )


def test_more_than_for_a_moment_is_not_reckoned_with() -> None:
    ahead = copy.replace(RUSH, backlog=15_750, waited_ms=0)
    assert RUSH.wait_ms(NOW_MS + 5_000) == ahead.wait_ms(NOW_MS + 5_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"waited_ms": 2_499},  # too short to say how many come
        {"queued_since_ms": NOW_MS - 39_001},  # the mapping has all its workers
        {"queued_since_ms": 0},
    ],
)
def test_otherwise_nobody_is_reckoned_with_who_was_not_there(changes: dict[str, Any]) -> None:
    lane = copy.replace(RUSH, **changes)
    assert lane.wait_ms(NOW_MS + 1_000) == lane.left_ms(NOW_MS + 1_000, waited_ms=1_000)


@pytest.mark.parametrize(
    ("backlog", "queued_for_ms", "queued_ms"),
    [
        # Each of 200 workers answers 20 a second: 5 of them at once, 5 more each second.
        (6_000, 0, 10_000),
        (16_000, 10_000, 10_000),
        (79_950, 0, 39_000),
        (79_950 + 4_000 * 11, 0, 50_000),
        (8_000, 39_000, 2_000),
        (8_000, 600_000, 2_000),
    ],
)
def test_a_backlog_is_worked_off_by_the_workers_the_mapping_has_added(
    backlog: int, queued_for_ms: int, queued_ms: int
) -> None:
    lane = Lane("kb", backlog, 4_000.0, 500, NOW_MS, workers=200)
    lane = copy.replace(lane, queued_since_ms=NOW_MS - queued_for_ms)
    assert lane.wait_ms(NOW_MS) == queued_ms + 500
    assert lane.wait_ms(NOW_MS + 1_500) == queued_ms - 1_500 + 500


@pytest.mark.parametrize("workers", [2, 5])
def test_a_lane_of_few_workers_has_them_at_once(workers: int) -> None:
    lane = Lane("kb", 120, 10.0, 800, NOW_MS, workers=workers, queued_since_ms=NOW_MS)
    assert lane.wait_ms(NOW_MS) == 12_800


@given(busy_lanes, moments)
def test_a_mapping_that_grows_makes_a_wait_longer_by_what_it_lacks_at_most(
    lane: Lane, now_ms: int
) -> None:
    grown = copy.replace(lane, queued_since_ms=0)
    lacks = max(lane.workers - MAPPING_STARTS_WITH, 0)
    longest_ms = 1_000 * lacks**2 / (2 * MAPPING_GROWS_PER_S * max(lane.workers, 1))
    longer_ms = lane.wait_ms(now_ms) - grown.wait_ms(now_ms)
    assert -1 <= longer_ms <= longest_ms + 1


@pytest.mark.parametrize(
    ("known_since_ms", "row_age_ms", "waited_ms", "since_ms"),
    [
        (0, 60_000, 1_000, 0),  # nobody queues
        (0, 60_000, 1_001, NOW_MS - 1_601),  # with the batch that took 600 ms
        (NOW_MS - 90_000, 60_000, 4_000, NOW_MS - 90_000),
        (NOW_MS - 90_000, 60_000, 0, NOW_MS - 90_000),
        (NOW_MS - 90_000, 60_001, 4_000, NOW_MS - 4_600),  # another rush
        (NOW_MS - 90_000, 60_001, 0, 0),
    ],
)
def test_a_backlog_began_when_its_first_message_was_sent(
    known_since_ms: int, row_age_ms: int, waited_ms: int, since_ms: int
) -> None:
    lane = Lane("kb", seen_at_ms=NOW_MS - row_age_ms, queued_since_ms=known_since_ms)
    seen = BatchReport(10, 0, 500, batch_ms=600, waited_ms=waited_ms)
    assert seen.queued_since_ms(lane, NOW_MS) == since_ms


@given(busy_lanes, moments, st.integers(0, 900_000), st.integers(0, 900_000))
def test_who_has_waited_longer_is_never_told_to_wait_longer_and_always_a_second(
    lane: Lane, now_ms: int, waited_ms: int, more_ms: int
) -> None:
    earlier, later = lane.eta_s(now_ms, waited_ms), lane.eta_s(now_ms, waited_ms + more_ms)
    assert earlier >= later >= 1


@pytest.mark.parametrize(
    ("lane", "state"),
    [
        (Lane("kb", answer_ms=3_000), LaneState.OK),
        (Lane("kb", answer_ms=3_001), LaneState.SLOW),
        (Lane("kb", 95, 10.0, 500, NOW_MS), LaneState.OK),
        (Lane("kb", 96, 10.0, 500, NOW_MS), LaneState.SLOW),
        (Lane("kb", open_until_ms=NOW_MS + 1), LaneState.DOWN),
        (Lane("kb", open_until_ms=NOW_MS - 1), LaneState.DOWN),
    ],
)
def test_what_people_are_told_of_a_lane(lane: Lane, state: LaneState) -> None:
    assert lane.state(NOW_MS) is state


def test_a_resting_lane_says_when_it_tries_again() -> None:
    lane = Lane("kb", answer_ms=500, open_until_ms=NOW_MS + 9_600)
    assert lane.seconds_to_recovery(NOW_MS) == 11
    assert lane.seconds_to_recovery(NOW_MS + 60_000) == 1


def test_a_resting_lane_answers_at_once_because_nobody_is_asked() -> None:
    lane = Lane("kb", answer_ms=8_000, open_until_ms=NOW_MS + 9_600)
    assert lane.wait_ms(NOW_MS) == 0


@given(st.integers(0, 5_000), reports)
def test_a_report_never_leaves_the_bucket_below_empty(trouble: int, seen: BatchReport) -> None:
    lane = Lane("kb", trouble=trouble - 2_500)
    left = lane.trouble + seen.trouble(lane)
    assert left == max(0, max(lane.trouble, 0) + seen.failed - seen.healthy)


@given(st.lists(st.booleans(), max_size=60))
def test_the_breaker_opens_exactly_when_five_failures_are_not_made_good(
    outcomes: list[bool],
) -> None:
    lane, net = Lane("kb"), 0
    for healthy in outcomes:
        seen = BatchReport(int(healthy), int(not healthy), 300, 300, 0)
        lane = copy.replace(lane, trouble=lane.trouble + seen.trouble(lane))
        net = max(0, net + (-1 if healthy else 1))
        assert lane.should_open() is (net >= 5)


def test_a_lane_that_rests_does_not_open_once_more() -> None:
    assert not Lane("kb", trouble=50, open_until_ms=NOW_MS).should_open()


def test_each_rest_in_a_row_is_twice_as_long_up_to_a_minute() -> None:
    rests = [Lane("kb", rests=count).next_rest_ms() for count in range(6)]
    assert rests == [10_000, 20_000, 40_000, 60_000, 60_000, 60_000]


@given(st.integers(0, 1_000_000))
def test_an_issuer_that_is_down_for_days_keeps_its_longest_rest(rests: int) -> None:
    assert 10_000 <= Lane("kb", rests=rests).next_rest_ms() <= LONGEST_REST_MS


def test_the_answer_time_moves_a_third_of_the_way() -> None:
    assert (
        BatchReport(10, 0, 2_000, 2_000, 0).smoothed_answer_ms(Lane("kb", answer_ms=500)) == 1_000
    )


@given(reports, st.integers(1, 1_000))
def test_the_drain_is_full_batches_of_all_workers(seen: BatchReport, workers: int) -> None:
    drain = seen.drain_per_s(workers)
    assert drain * max(seen.batch_ms, 1) == pytest.approx(workers * LANE_BATCH_SIZE * 1000)


@pytest.mark.parametrize(
    ("seen", "age_ms", "told"),
    [
        (BatchReport(10, 0, 500, 600, 0), 60_000, False),  # a quiet night
        (BatchReport(9, 1, 500, 600, 0), 0, False),  # one failure, made good in the same batch
        (BatchReport(1, 2, 500, 600, 0), 0, True),  # trouble is told at once
        (BatchReport(10, 0, 751, 800, 0), 5_000, True),  # half as slow again
        (BatchReport(10, 0, 750, 800, 0), 5_000, False),
        (BatchReport(10, 0, 751, 800, 0), 4_999, False),  # but not all the time
        (BatchReport(10, 0, 500, 600, 1_001), 5_000, True),  # people queue
    ],
)
def test_a_lane_is_written_of_only_when_there_is_news(
    seen: BatchReport, age_ms: int, *, told: bool
) -> None:
    lane = Lane("kb", answer_ms=500, seen_at_ms=NOW_MS - age_ms)
    assert seen.worth_telling(lane, NOW_MS, 5_000) is told


@given(busy_lanes, moments)
def test_who_sends_now_is_told_the_wait_of_the_lane(lane: Lane, now_ms: int) -> None:
    assert lane.left_ms(now_ms, waited_ms=0) == lane.wait_ms(now_ms)
