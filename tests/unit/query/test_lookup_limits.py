"""When a fresh lookup may start, and which running one is given again instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuers import ISSUERS
from query.lanes import Lane
from query.lookups import (
    LONGEST_PATIENCE_MS,
    LOOKUPS_PER_MINUTE,
    PATIENCE_MS,
    Lookup,
    is_fresh,
    join_within_ms,
    minute_before,
    minute_is_full,
    patience_ms,
)
from tests.unit.query.lookup_samples import START_MS, a_lookup

MINUTE_MS = 60_000
some_issuers = st.none() | st.sets(st.sampled_from(list(ISSUERS)), min_size=1).map(tuple)


class ShiftRegister:
    """The member's last six, as the table keeps them."""

    def __init__(self) -> None:
        self.recent: tuple[Lookup, ...] = ()

    def try_at(self, now_ms: int) -> bool:
        """Start a lookup if the minute is not full."""
        if minute_is_full(self.recent, now_ms) is not None:
            return False
        started = (*self.recent, a_lookup(requested_ms=now_ms))
        self.recent = started[-LOOKUPS_PER_MINUTE:]
        return True


@given(st.lists(st.integers(0, 40_000), max_size=60))
def test_six_a_minute_are_exactly_what_a_count_of_the_last_minute_allows(gaps: list[int]) -> None:
    register, accepted, now_ms = ShiftRegister(), list[int](), START_MS
    for gap_ms in gaps:
        now_ms += gap_ms
        in_the_last_minute = sum(now_ms - MINUTE_MS < at_ms <= now_ms for at_ms in accepted)

        started = register.try_at(now_ms)

        assert started is (in_the_last_minute < LOOKUPS_PER_MINUTE)
        if started:
            accepted.append(now_ms)


@given(st.lists(st.integers(-300_000, 90_000), max_size=60))
def test_a_clock_moved_back_neither_locks_out_nor_lets_through_more_than_six(
    moves: list[int],
) -> None:
    register, now_ms = ShiftRegister(), START_MS
    since_moved_back: list[int] = []
    for move_ms in moves:
        now_ms += move_ms
        if move_ms < 0:
            since_moved_back = []
        if register.try_at(now_ms):
            since_moved_back.append(now_ms)
        in_the_last_minute = [at_ms for at_ms in since_moved_back if now_ms - MINUTE_MS < at_ms]
        assert len(in_the_last_minute) <= LOOKUPS_PER_MINUTE
        wait_s = minute_is_full(register.recent, now_ms)
        assert wait_s is None or 1 <= wait_s <= 60


@given(st.lists(st.integers(-300_000, 90_000), max_size=60))
def test_who_waits_as_long_as_told_is_let_through(moves: list[int]) -> None:
    register, now_ms = ShiftRegister(), START_MS
    for move_ms in moves:
        now_ms += move_ms
        if not register.try_at(now_ms):
            now_ms += 1000 * (minute_is_full(register.recent, now_ms) or 0)
            assert register.try_at(now_ms)


def test_the_wait_is_told_in_whole_seconds_rounded_up() -> None:
    recent = tuple(a_lookup(requested_ms=START_MS + place) for place in range(6))
    assert minute_is_full(recent, START_MS + 59_999) == 1
    assert minute_is_full(recent, START_MS + 58_999) == 2
    assert minute_is_full(recent, START_MS + 60_000) is None
    assert minute_before(START_MS) == START_MS - MINUTE_MS


@pytest.mark.parametrize(
    ("age_ms", "fresh"), [(0, True), (59_999, True), (60_000, False), (-1, False)]
)
def test_a_lookup_is_given_again_while_it_is_young_and_not_from_the_future(
    age_ms: int, *, fresh: bool
) -> None:
    assert is_fresh(a_lookup(requested_ms=START_MS - age_ms), START_MS, MINUTE_MS) is fresh


@given(some_issuers, some_issuers)
def test_a_lookup_covers_a_wish_if_it_asks_every_wanted_issuer(
    asked: tuple[str, ...] | None, wanted: tuple[str, ...] | None
) -> None:
    everybody = set(ISSUERS)
    expected = (everybody if wanted is None else set(wanted)) <= (
        everybody if asked is None else set(asked)
    )
    # Asking all by name is not the same as asking all: there may be more tomorrow.
    if wanted is None and asked is not None:
        expected = False
    assert a_lookup(only=asked).covers(wanted) is expected


def test_a_lookup_asks_its_issuers_in_the_order_members_see_them() -> None:
    assert a_lookup(only=("epost", "kb", "gone")).issuers == ("kb", "epost")
    assert a_lookup().issuers == tuple(ISSUERS)
    assert a_lookup(only=()).issuers == ()


def test_a_lookup_waits_for_its_slowest_lane_and_not_for_others() -> None:
    lanes = {
        "kb": Lane("kb", backlog=100, drain_per_s=10.0, answer_ms=500, seen_at_ms=START_MS),
        "bc": Lane("bc", backlog=90_000, drain_per_s=10.0, answer_ms=500, seen_at_ms=START_MS),
    }
    assert patience_ms({}, ISSUERS, START_MS) == PATIENCE_MS + 2 * 500
    assert patience_ms(lanes, ["kb", "hana"], START_MS) == PATIENCE_MS + 2 * 10_500
    assert patience_ms(lanes, ISSUERS, START_MS) == LONGEST_PATIENCE_MS


def test_a_lookup_that_still_waits_in_a_lane_is_given_again_however_old() -> None:
    busy = Lane("bc", backlog=900, drain_per_s=10.0, seen_at_ms=START_MS, waited_ms=80_000)
    assert join_within_ms({"bc": busy}, ISSUERS, 60, START_MS) == 80_000
    assert join_within_ms({"bc": busy}, ["kb"], 60, START_MS) == 60_000
    assert join_within_ms({}, ISSUERS, 60, START_MS) == 60_000
    assert join_within_ms({"bc": busy}, ISSUERS, 0, START_MS) == 0
