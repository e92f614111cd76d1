"""What the sweep and the operator find: every leg with something left to do, in its order."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest

from modupoint import aws
from modupoint.due_index import DUE_INDEX
from tests.store.transfer_steps import a_stored_leg, items_of
from tests.unit.transfer.leg_samples import NOON_MS
from transfer.legs import FINAL, WITH_OPERATOR, Leg, LegState
from transfer.ports import Saved
from transfer.transfer_items import LANE_SHARDS, SWEEP_AFTER_MS, lanes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

_S = LegState
ALL_MS = NOON_MS + 10**9


def waiting(store: Store, leg: Leg, until_ms: int, state: LegState = _S.REDEEMED) -> Leg:
    """Store that a leg waits until a time."""
    progress = leg.progress.moved(state, tries=0, not_before_ms=until_ms, sent_at_ms=None)
    after = replace(leg, progress=progress)
    assert store.legs().save(leg, after) is Saved.YES
    return after


@pytest.fixture
def new_leg(store: Store, new_member: Callable[[], str]) -> Callable[..., Leg]:
    """Give legs of members of their own, just accepted."""
    return lambda issuer="kb": a_stored_leg(store, new_member(), issuer)


def shards_used(store: Store) -> set[str]:
    dynamodb = aws.client("dynamodb")
    return {
        lane
        for lane in lanes_of("kb")
        if dynamodb.query(
            TableName=store.transfers_table,
            IndexName=DUE_INDEX,
            KeyConditionExpression="lane = :lane",
            ExpressionAttributeValues={":lane": {"S": lane}},
        )["Items"]
    }


def test_due_legs_come_the_longest_overdue_first_whatever_shard_they_are_in(
    store: Store, new_leg: Callable[..., Leg]
) -> None:
    keys = [
        waiting(store, new_leg(), NOON_MS - minutes * 60_000).key for minutes in (3, 9, 1, 7, 5, 2)
    ]
    by_age = [keys[place] for place in (1, 3, 4, 0, 5, 2)]
    legs = store.legs()
    assert legs.due("kb", NOON_MS, 10) == by_age
    assert legs.due("kb", NOON_MS, 4) == by_age[:4]
    assert legs.due("kb", NOON_MS, 1) == by_age[:1]


def test_both_shards_are_used_and_looked_at(store: Store, new_leg: Callable[..., Leg]) -> None:
    made = {new_leg().key for _ in range(12)}
    assert len(shards_used(store)) == LANE_SHARDS
    assert set(store.legs().due("kb", ALL_MS, 50)) == made


def test_a_leg_is_due_from_its_moment_on(store: Store, new_leg: Callable[..., Leg]) -> None:
    leg = waiting(store, new_leg(), NOON_MS)
    assert store.legs().due("kb", NOON_MS - 1, 10) == []
    assert store.legs().due("kb", NOON_MS, 10) == [leg.key]


def test_only_a_leg_that_never_moved_has_a_message_on_its_way(
    store: Store, new_leg: Callable[..., Leg]
) -> None:
    fresh = new_leg()
    assert store.legs().due("kb", NOON_MS + SWEEP_AFTER_MS - 1, 10) == []
    moved = waiting(store, fresh, NOON_MS, _S.ACCEPTED)
    assert store.legs().due("kb", NOON_MS, 10) == [moved.key]


def test_an_issuer_sees_its_own_legs_only(store: Store, new_leg: Callable[..., Leg]) -> None:
    leg = new_leg("bc")
    assert store.legs().due("kb", ALL_MS, 10) == []
    assert store.legs().due("bc", ALL_MS, 10) == [leg.key]


@pytest.mark.parametrize("state", sorted(set(LegState) - FINAL - WITH_OPERATOR))
def test_every_leg_that_still_moves_is_due_once_its_time_has_come(
    store: Store, new_leg: Callable[..., Leg], state: LegState
) -> None:
    leg = waiting(store, new_leg(), NOON_MS, state)
    assert store.legs().due("kb", NOON_MS, 10) == [leg.key]
    assert list(store.legs().with_operator()) == []


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_leg_is_in_nobodys_way(
    store: Store, new_leg: Callable[..., Leg], state: LegState
) -> None:
    leg = waiting(store, new_leg(), NOON_MS, state)
    assert store.legs().due("kb", ALL_MS, 10) == []
    assert list(store.legs().with_operator()) == []
    [item] = [one for sk, one in items_of(store, leg.key.member).items() if "#LEG#" in sk]
    # What others read as "money in flight".
    assert "lane" not in item


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_what_waits_for_a_person_is_found_by_the_person_and_not_by_the_sweep(
    store: Store, new_leg: Callable[..., Leg], state: LegState
) -> None:
    leg = waiting(store, new_leg(), NOON_MS, state)
    assert store.legs().due("kb", ALL_MS, 10) == []
    assert list(store.legs().with_operator()) == [leg.key]


def test_the_person_finds_the_longest_waiting_first_of_all_issuers(
    store: Store, new_leg: Callable[..., Leg]
) -> None:
    keys = [
        waiting(store, new_leg(issuer), NOON_MS + wait_ms, _S.DEPOSIT_WITH_OPERATOR).key
        for issuer, wait_ms in (("kb", 2), ("bc", 0), ("hana", 1))
    ]
    assert list(store.legs().with_operator()) == [keys[1], keys[2], keys[0]]
