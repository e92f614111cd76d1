"""Reading transfers: one's own, whole, newest first, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.ids import new_id
from tests.store.aws_calls import counted
from tests.store.transfer_steps import ELEVEN, submitted, with_account
from tests.unit.transfer.leg_samples import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.store.conftest import Store
    from transfer.legs import Leg
    from transfer.transfer_items import Transfer


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed and registered an account."""
    return with_account(store, new_member())


def days(count: int) -> list[date]:
    return [TODAY.replace(day=1 + place % 28, month=1 + place // 28) for place in range(count)]


def test_a_transfer_is_read_whole_and_by_its_own_member_only(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    transfer, legs = submitted(store, member, ELEVEN)
    transfers = store.transfers()
    assert transfers.read(member, transfer.transfer_id) == (transfer, legs)
    assert transfers.read(new_member(), transfer.transfer_id) is None


@pytest.mark.parametrize("cut", [1, 4, 20, 39])
def test_the_beginning_of_an_id_is_no_id(store: Store, member: str, cut: int) -> None:
    transfer, _ = submitted(store, member)
    assert store.transfers().read(member, transfer.transfer_id[:cut]) is None


@pytest.mark.parametrize("tail", ["#LEG#kb", "#", "0", "#LEG#", "x" * 1_100, "가" * 60])
def test_more_than_an_id_is_no_id(store: Store, member: str, tail: str) -> None:
    transfer, _ = submitted(store, member)
    assert store.transfers().read(member, transfer.transfer_id + tail) is None


def test_a_member_without_transfers_has_an_empty_page(store: Store, member: str) -> None:
    assert store.transfers().page(member, None, 10) == ([], False)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7, 50])
def test_pages_hold_every_transfer_once_newest_first(store: Store, member: str, limit: int) -> None:
    # One leg, eleven, one, eleven…: pages end in the middle of none of them.
    made = [
        submitted(store, member, ELEVEN if place % 2 else ("kb",), day=day)
        for place, day in enumerate(days(6))
    ]
    transfers = store.transfers()
    seen: list[tuple[Transfer, list[Leg]]] = []
    before: str | None = None
    while True:
        page, more = transfers.page(member, before, limit)
        assert len(page) <= limit
        assert more == (len(seen) + len(page) < len(made))
        seen += page
        if not more:
            break
        before = page[-1][0].transfer_id
    assert seen == made[::-1]


def test_a_cursor_that_names_no_transfer_is_a_place_in_time(store: Store, member: str) -> None:
    first = submitted(store, member, ("kb",), day=days(2)[0])
    between = new_id("trf")
    second = submitted(store, member, ("kb",), day=days(2)[1])
    transfers = store.transfers()
    assert transfers.page(member, between, 10) == ([first], False)
    assert transfers.page(member, new_id("trf"), 10) == ([second, first], False)
    assert transfers.page(member, first[0].transfer_id, 10) == ([], False)


def test_a_page_is_one_query_however_many_legs_its_transfers_have(
    store: Store, member: str
) -> None:
    for day in days(4):
        submitted(store, member, ELEVEN, day=day)
    transfers = store.transfers()
    with counted() as calls:
        page, more = transfers.page(member, None, 3)
    assert (len(page), more) == (3, True)
    assert calls == {"Query": 1}


def test_keys_days_and_journal_are_no_transfers(store: Store, member: str) -> None:
    made = submitted(store, member, ELEVEN)
    assert store.transfers().page(member, None, 50) == ([made], False)
    assert store.transfers().page(member, "trf_~", 50) == ([made], False)
