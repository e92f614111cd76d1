"""Submitting stores all of an order, or nothing of it and says why (public API, R-A6, R-M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from autopay.order_items import SWEEP_AFTER_MS
from autopay.orders import OrderKind
from autopay.ports import ConsentMissingError, KeyUsedError, OrderOpenError, UsedKey
from modupoint import aws
from modupoint.member_table import MEMBER, item_key
from tests.store.lookup_steps import agreed
from tests.store.order_steps import BODY, a_new_order, holder, items_of, submitted
from tests.unit.autopay.order_samples import MORNING_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

FIVE_YEARS_S = 5 * 365 * 24 * 3600


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed."""
    return agreed(store.members(), new_member())


def disagree(store: Store, member: str) -> None:
    aws.client("dynamodb").update_item(
        TableName=store.members_table,
        Key=item_key(member, MEMBER),
        UpdateExpression="REMOVE ci",
    )


def refusal(store: Store, member: str, autopay_id: str = "apy_1", key: str = "new") -> Exception:
    """Submit what must be refused; nothing may be stored by it."""
    before = items_of(store, member)
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which one is what tests look at
        store.orders().submit(a_new_order(member, autopay_id), key, BODY)
    assert items_of(store, member) == before
    return refused.value


def test_all_of_it_is_stored_in_one_breath(store: Store, member: str) -> None:
    order = submitted(store, member, key="key")
    assert store.orders().read(order.key) == order
    assert store.orders().used_key(member, "key") == UsedKey(order.key.order_id, BODY)
    assert holder(store, member) == order.key.order_id
    assert len(items_of(store, member)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": OrderKind.CANCEL, "to_card_ref": None},
        {"warnings": ()},
        {"category": "PUBLIC_RENT", "real_time": True},
    ],
)
def test_every_kind_of_order_is_read_back_as_it_was_stored(
    store: Store, member: str, changes: dict[str, Any]
) -> None:
    order = submitted(store, member, **changes)
    assert store.orders().read(order.key) == order


def test_an_order_is_kept_five_years_and_its_registration_until_it_has_ended_r_m2(
    store: Store, member: str
) -> None:
    submitted(store, member)
    for sk, item in items_of(store, member).items():
        if sk.startswith("REG#"):
            assert "expires_at" not in item
        else:
            assert int(item["expires_at"]["N"]) >= MORNING_MS // 1000 + FIVE_YEARS_S, sk


@pytest.mark.parametrize("real_time", [False, True])
def test_a_new_order_is_due_once_its_own_message_has_had_time_decision_8(
    store: Store, member: str, *, real_time: bool
) -> None:
    order = submitted(store, member, real_time=real_time)
    orders = store.orders()
    assert orders.due(MORNING_MS + SWEEP_AFTER_MS - 1, 10) == []
    assert orders.due(MORNING_MS + SWEEP_AFTER_MS, 10) == [order.key]


def test_a_used_key_refuses_whatever_else_is_wrong(store: Store, member: str) -> None:
    submitted(store, member, key="key")
    assert isinstance(refusal(store, member, "apy_2", key="key"), KeyUsedError)
    disagree(store, member)
    assert isinstance(refusal(store, member, "apy_1", key="key"), KeyUsedError)


def test_a_key_is_its_members_own(store: Store, member: str, new_member: Callable[[], str]) -> None:
    submitted(store, member, key="key")
    other = agreed(store.members(), new_member())
    assert store.orders().used_key(other, "key") is None
    submitted(store, other, key="key")


@pytest.mark.parametrize("key", ["k", "가" * 64, "a/b#c \n", "\U0001f511" * 64, "KEY#x"])
def test_any_key_of_64_characters_can_be_kept(store: Store, member: str, key: str) -> None:
    orders = store.orders()
    assert orders.used_key(member, key) is None
    order = submitted(store, member, key=key)
    assert orders.used_key(member, key) == UsedKey(order.key.order_id, BODY)
    assert orders.used_key(member, key + "x") is None


def test_without_an_agreement_nothing_is_stored_r_m2(store: Store, member: str) -> None:
    disagree(store, member)
    assert isinstance(refusal(store, member), ConsentMissingError)


def test_a_stranger_stores_nothing(store: Store, new_member: Callable[[], str]) -> None:
    assert isinstance(refusal(store, new_member()), ConsentMissingError)


def test_a_registration_has_one_open_order_r_a6(store: Store, member: str) -> None:
    order = submitted(store, member)
    assert isinstance(refusal(store, member), OrderOpenError)
    assert holder(store, member) == order.key.order_id
    disagree(store, member)
    assert isinstance(refusal(store, member), ConsentMissingError)


def test_other_registrations_are_free_and_each_is_its_members_own_r_a6(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    submitted(store, member)
    submitted(store, member, "apy_2")
    submitted(store, agreed(store.members(), new_member()))
    assert len(store.orders().all(member)) == 2
