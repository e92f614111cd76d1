"""An order's move is stored with all it entails, or not at all (decision 6; R-A6)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autopay.order_items import order_item, order_of
from autopay.orders import FINAL, Order, OrderKey, OrderKind, OrderState
from autopay.ports import Saved
from modupoint.effects import Progress
from modupoint.ids import new_id
from tests.store.lookup_steps import agreed
from tests.store.order_steps import holder, items_of, moved, saved, submitted
from tests.unit.autopay.order_samples import MEMBER, an_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

_S = OrderState


@pytest.fixture
def order(store: Store, new_member: Callable[[], str]) -> Order:
    """Give an order as it was just accepted."""
    return submitted(store, agreed(store.members(), new_member()))


def test_a_move_is_read_back_as_it_was_stored(store: Store, order: Order) -> None:
    after = replace(
        moved(order, _S.REJECTED),
        sealed_ci=None,
        withdrawal_wished=True,
        reason_code="B01",
        reason="납부자 불일치",
    )
    saved(store, order, after)
    assert store.orders().read(order.key) == after


def test_an_order_that_is_not_there_is_none(store: Store, order: Order) -> None:
    orders = store.orders()
    assert orders.read(replace(order.key, order_id="ord_none")) is None
    assert orders.read(replace(order.key, member="M#none")) is None


def test_who_read_the_order_before_another_moved_it_is_overtaken(
    store: Store, order: Order
) -> None:
    first = saved(store, order, moved(order))
    for state in (_S.PLACING, _S.REJECTED):
        assert store.orders().save(order, moved(order, state)) is Saved.OVERTAKEN
    assert store.orders().read(order.key) == first
    assert holder(store, order.key.member) == order.key.order_id


def test_the_same_state_at_another_version_is_another_order(store: Store, order: Order) -> None:
    waited = saved(store, order, moved(order, _S.ACCEPTED))
    assert store.orders().save(order, moved(order, _S.WITHDRAWN)) is Saved.OVERTAKEN
    saved(store, waited, moved(waited))


def test_the_same_version_in_another_state_is_another_order(store: Store, order: Order) -> None:
    stranger = replace(order, progress=replace(order.progress, state=_S.PLACED))
    for state in (_S.PLACED, _S.COMPLETED):
        assert store.orders().save(stranger, moved(stranger, state)) is Saved.OVERTAKEN
    assert store.orders().read(order.key) == order


def test_an_order_that_is_gone_is_not_made_again(store: Store, order: Order) -> None:
    gone = replace(order, key=replace(order.key, order_id="ord_none"))
    for state in (_S.PLACING, _S.WITHDRAWN):
        assert store.orders().save(gone, moved(gone, state)) is Saved.OVERTAKEN
    assert store.orders().read(gone.key) is None


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_end_frees_its_registration_in_the_same_breath_r_a6(
    store: Store, order: Order, state: OrderState
) -> None:
    saved(store, order, moved(order, state))
    assert holder(store, order.key.member) is None
    assert len(items_of(store, order.key.member)) == 2
    again = submitted(store, order.key.member)
    assert holder(store, order.key.member) == again.key.order_id


@pytest.mark.parametrize("state", sorted(set(OrderState) - FINAL))
def test_whatever_has_not_ended_keeps_its_registration_r_a6(
    store: Store, order: Order, state: OrderState
) -> None:
    saved(store, order, moved(order, state))
    assert holder(store, order.key.member) == order.key.order_id


def test_an_end_that_is_overtaken_frees_nothing_r_a6(store: Store, order: Order) -> None:
    saved(store, order, moved(order, _S.WITHDRAWN))
    again = submitted(store, order.key.member)
    # The worker that was slow ends the first order: the second keeps its place.
    assert store.orders().save(order, moved(order, _S.COMPLETED)) is Saved.OVERTAKEN
    assert holder(store, order.key.member) == again.key.order_id


def test_an_end_frees_no_other_registration_r_a6(store: Store, order: Order) -> None:
    other = submitted(store, order.key.member, "apy_2")
    saved(store, order, moved(order, _S.COMPLETED))
    assert holder(store, order.key.member, "apy_2") == other.key.order_id


def test_all_orders_come_newest_first_and_one_members_only(
    store: Store, order: Order, new_member: Callable[[], str]
) -> None:
    member = order.key.member
    second = submitted(store, member, "apy_2")
    third = submitted(store, member, "apy_3")
    submitted(store, agreed(store.members(), new_member()))
    done = saved(store, order, moved(order, _S.COMPLETED))
    assert store.orders().all(member) == [third, second, done]


def test_a_list_of_many_pages_is_whole(store: Store, order: Order) -> None:
    member = order.key.member
    # Beyond the megabyte that one page can have.
    for place in range(4):
        submitted(store, member, f"long_{place}", sealed_ci=b"x" * 380_000)
    found = store.orders().all(member)
    assert [one.key.order_id for one in found] == sorted(
        (one.key.order_id for one in found), reverse=True
    )
    assert len(found) == 5


optional_texts = st.none() | st.text(min_size=1, max_size=20)
progresses = st.builds(
    Progress,
    st.sampled_from(OrderState),
    st.integers(0, 10**6),
    st.integers(0, 100),
    st.none() | st.integers(0, 2**45),
    st.integers(0, 2**45),
)
orders = st.builds(
    lambda progress, **changes: replace(an_order(**changes), progress=progress),
    progresses,
    key=st.builds(OrderKey, st.just(MEMBER), st.uuids().map(lambda one: f"ord_{one}")),
    kind=st.sampled_from(OrderKind),
    to_card_ref=optional_texts,
    process_on=st.dates(),
    result_on=st.dates(),
    real_time=st.booleans(),
    withdrawal_wished=st.booleans(),
    warnings=st.lists(st.text(min_size=1, max_size=5), max_size=3).map(tuple),
    requested_at_ms=st.integers(0, 2**45),
    sealed_ci=st.none() | st.binary(min_size=1, max_size=50),
    reason_code=optional_texts,
    reason=optional_texts,
)


@given(order=orders)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_any_order_is_read_back_as_it_was_stored(imitated_store: Store, order: Order) -> None:
    assert order_of(order_item(order)) == order
    member = agreed(imitated_store.members(), order.key.member)
    before = submitted(imitated_store, member, new_id("apy"))
    after = replace(
        order,
        key=before.key,
        autopay_id=before.autopay_id,
        progress=replace(order.progress, version=1),
    )
    assert imitated_store.orders().save(before, after) is Saved.YES
    assert imitated_store.orders().read(before.key) == after
