"""Starting lookups: agreement, coalescing and the limit of six a minute in one write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query.lookups import LOOKUPS_PER_MINUTE, REPAIRS_PER_LOOKUP, minute_is_full
from query.members import LookupRefusedError
from tests.store.lookup_steps import CONSENT, NOW_MS, a_lookup, agreed, at_once, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store


def test_without_an_agreement_nothing_starts_and_nothing_is_written_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member = store.members(), new_member()

    with pytest.raises(LookupRefusedError) as refused:
        members.start_lookup(member, a_lookup(), now_ms=NOW_MS, join_newer_than_ms=None)

    assert refused.value.member.sealed_ci is None
    assert members.read(member, consistent=True).member.recent == ()


def test_a_started_lookup_comes_back_with_the_sealed_ci(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member, lookup = agreed(members, new_member()), a_lookup(only=("kb", "bc"))

    record = members.start_lookup(member, lookup, now_ms=NOW_MS, join_newer_than_ms=None)

    assert record.sealed_ci == b"sealed"
    assert record.current == lookup
    page = members.read(member, consistent=True)
    assert (page.member, page.consent) == (record, CONSENT)


def test_another_members_key_finds_nothing(store: Store, new_member: Callable[[], str]) -> None:
    members = store.members()
    start(members, agreed(members, new_member()), a_lookup())

    stranger = members.read(new_member(), consistent=True)
    assert (stranger.member.recent, stranger.consent, stranger.records) == ((), None, {})


@pytest.mark.parametrize(
    ("running", "wanted", "joins"),
    [
        (None, None, True),
        (None, ("kb",), True),
        (("kb", "bc"), ("kb",), True),
        (("kb", "bc"), ("bc", "kb"), True),
        (("kb",), ("kb", "bc"), False),
        (("kb",), None, False),
    ],
)
def test_a_young_lookup_is_joined_if_it_asks_as_much(
    store: Store,
    new_member: Callable[[], str],
    running: tuple[str, ...] | None,
    wanted: tuple[str, ...] | None,
    *,
    joins: bool,
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    first = a_lookup(NOW_MS - 59_999, running)
    start(members, member, first)
    # The rule of the refusal and the store's condition must agree, or a member gets 429.
    assert first.covers(wanted) is joins

    started = start(members, member, a_lookup(NOW_MS, wanted), join_newer_than_ms=NOW_MS - 60_000)

    assert started is not joins


@pytest.mark.parametrize(("age_ms", "joins"), [(0, True), (59_999, True), (60_000, False)])
def test_an_old_lookup_is_not_joined(
    store: Store, new_member: Callable[[], str], age_ms: int, *, joins: bool
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    start(members, member, a_lookup(NOW_MS - age_ms))
    assert start(members, member, a_lookup(), join_newer_than_ms=NOW_MS - 60_000) is not joins


def test_a_lookup_from_a_clock_that_was_moved_back_since_is_not_joined(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    start(members, member, a_lookup(NOW_MS + 1))
    assert start(members, member, a_lookup(), join_newer_than_ms=NOW_MS - 60_000)


def test_the_seventh_in_a_minute_is_refused_and_the_refusal_says_how_long(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    for second in range(LOOKUPS_PER_MINUTE):
        assert start(members, member, a_lookup(NOW_MS + second * 1_000))

    late_ms = NOW_MS + 30_000
    with pytest.raises(LookupRefusedError) as refused:
        members.start_lookup(member, a_lookup(late_ms), now_ms=late_ms, join_newer_than_ms=None)

    assert minute_is_full(refused.value.member.recent, late_ms) == 30
    assert not start(members, member, a_lookup(NOW_MS + 59_999))
    assert start(members, member, a_lookup(NOW_MS + 60_000))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.integers(-30_000, 70_000),
            st.none() | st.integers(1, 90_000),
            st.sampled_from([None, ("kb",), ("kb", "bc")]),
        ),
        max_size=16,
    )
)
def test_the_store_refuses_exactly_what_the_rules_refuse_even_if_the_clock_moves_back(
    imitated_store: Store,
    new_member: Callable[[], str],
    steps: list[tuple[int, int | None, tuple[str, ...] | None]],
) -> None:
    members = imitated_store.members()
    member, now_ms = agreed(members, new_member()), NOW_MS
    for moved_ms, max_age_ms, only in steps:
        now_ms += moved_ms
        record = members.read(member, consistent=True).member
        young = (
            max_age_ms is not None
            and record.current is not None
            and now_ms - max_age_ms < record.current.requested_at_ms <= now_ms
            and record.current.covers(only)
        )
        full = minute_is_full(record.recent, now_ms) is not None
        join = None if max_age_ms is None else now_ms - max_age_ms

        started = start(members, member, a_lookup(now_ms, only), join_newer_than_ms=join)

        assert started is not (young or full)


def test_two_devices_at_once_share_one_lookup(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    members = racing_store.members()
    member = agreed(members, new_member())

    started = at_once(
        16, lambda _: start(members, member, a_lookup(), join_newer_than_ms=NOW_MS - 60_000)
    )

    assert started.count(True) == 1
    assert len(members.read(member, consistent=True).member.recent) == 1


def test_sixteen_who_insist_on_a_fresh_one_get_exactly_six(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    members = racing_store.members()
    member = agreed(members, new_member())

    lookups = [a_lookup() for _ in range(16)]
    started = at_once(16, lambda place: start(members, member, lookups[place]))

    assert started.count(True) == LOOKUPS_PER_MINUTE
    kept = {one.lookup_id for one in members.read(member, consistent=True).member.recent}
    won = zip(lookups, started, strict=True)
    assert kept == {lookup.lookup_id for lookup, is_started in won if is_started}


def test_one_of_sixteen_polls_repairs(racing_store: Store, new_member: Callable[[], str]) -> None:
    members = racing_store.members()
    member, lookup = agreed(members, new_member()), a_lookup()
    start(members, member, lookup)

    for repairs in range(REPAIRS_PER_LOOKUP):
        claims = at_once(
            16,
            lambda _, so_far=repairs: members.claim_repair(member, lookup, so_far),  # type: ignore[misc]
        )
        won = [claim for claim in claims if claim is not None]
        assert [(claim.repaired_lookup, claim.repairs) for claim in won] == [
            (lookup.lookup_id, repairs + 1)
        ]


def test_a_lookup_that_is_not_the_last_is_not_repaired(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member, old, new = agreed(members, new_member()), a_lookup(), a_lookup()
    start(members, member, old)
    start(members, member, new)

    assert members.claim_repair(member, old, 0) is None
    assert members.claim_repair(member, new, 0) is not None
    assert members.claim_repair(member, new, 0) is None
    assert members.claim_repair(member, new, 2) is None
    assert members.claim_repair(member, new, 1) is not None


def test_a_new_lookup_has_its_own_repairs(store: Store, new_member: Callable[[], str]) -> None:
    members = store.members()
    member, old, new = agreed(members, new_member()), a_lookup(), a_lookup()
    start(members, member, old)
    members.claim_repair(member, old, 0)
    start(members, member, new)

    claim = members.claim_repair(member, new, 0)
    assert claim is not None
    assert (claim.repaired_lookup, claim.repairs, claim.sealed_ci) == (new.lookup_id, 1, b"sealed")
