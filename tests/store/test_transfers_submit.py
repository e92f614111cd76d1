"""Submitting stores all of a transfer, or nothing of it and says why (public API, R-T2, R-M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from modupoint.member_table import MEMBER, item_key
from tests.store.lookup_steps import agreed
from tests.store.transfer_steps import (
    ELEVEN,
    TOMORROW,
    an_application,
    holders,
    items_of,
    submitted,
    with_account,
)
from tests.unit.transfer.leg_samples import NOON_MS, TODAY
from transfer.account_store import DynamoAccounts
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
    UsedKey,
)
from transfer.transfer_items import SWEEP_AFTER_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

FIVE_YEARS_S = 5 * 365 * 24 * 3600


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed and registered an account."""
    return with_account(store, new_member())


def refusal(store: Store, member: str, *issuers: str, **changes: Any) -> Exception:
    """Submit what must be refused; nothing may be stored by it."""
    before = items_of(store, member)
    transfer, legs = an_application(member, issuers or ("kb",), **changes)
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which one is what tests look at
        store.transfers().submit(transfer, legs, TODAY)
    assert items_of(store, member) == before
    return refused.value


def test_all_of_it_is_stored_in_one_breath(store: Store, member: str) -> None:
    transfer, legs = submitted(store, member, ELEVEN, key="key")
    assert store.transfers().read(member, transfer.transfer_id) == (transfer, legs)
    assert holders(store, member) == {leg.key.issuer: leg.leg_id for leg in legs}
    assert store.transfers().used_key(member, "key") == UsedKey(transfer.transfer_id, "0" * 64)
    assert items_of(store, member)["MEMBER"]["submissions"] == {"N": "1"}


def test_what_is_money_is_kept_five_years_and_what_guards_a_day_is_forgotten_r_m2(
    store: Store, member: str
) -> None:
    submitted(store, member)
    for sk, item in items_of(store, member).items():
        if sk == "MEMBER":
            assert "expires_at" not in item
        elif sk.startswith("DAY#"):
            assert "expires_at" in item
        else:
            assert int(item["expires_at"]["N"]) >= NOON_MS // 1000 + FIVE_YEARS_S, sk


def test_a_new_leg_is_due_once_its_own_message_has_had_time(store: Store, member: str) -> None:
    submitted(store, member)
    legs = store.legs()
    assert legs.due("kb", NOON_MS + SWEEP_AFTER_MS - 1, 10) == []
    assert len(legs.due("kb", NOON_MS + SWEEP_AFTER_MS, 10)) == 1


def test_a_used_key_refuses_whatever_else_is_wrong(store: Store, member: str) -> None:
    submitted(store, member, ("bc",), key="key")
    assert isinstance(refusal(store, member, "kb", key="key"), KeyUsedError)
    everything_wrong = refusal(store, member, "bc", key="key", account_id="acc_none")
    assert isinstance(everything_wrong, KeyUsedError)


def test_a_key_is_its_members_own(store: Store, member: str, new_member: Callable[[], str]) -> None:
    submitted(store, member, key="key")
    other = with_account(store, new_member())
    assert store.transfers().used_key(other, "key") is None
    submitted(store, other, key="key")


@pytest.mark.parametrize("key", ["k", "가" * 64, "a/b#c \n", "\U0001f511" * 64, "KEY#x"])
def test_any_key_of_64_characters_can_be_kept(store: Store, member: str, key: str) -> None:
    transfers = store.transfers()
    assert transfers.used_key(member, key) is None
    transfer, _ = submitted(store, member, key=key)
    assert transfers.used_key(member, key) == UsedKey(transfer.transfer_id, "0" * 64)
    assert transfers.used_key(member, key + "x") is None


def test_without_an_agreement_nothing_is_stored_r_m2(store: Store, member: str) -> None:
    aws.client("dynamodb").update_item(
        TableName=store.members_table,
        Key=item_key(member, MEMBER),
        UpdateExpression="REMOVE ci",
    )
    assert isinstance(refusal(store, member), ConsentMissingError)


def test_a_stranger_stores_nothing(store: Store, new_member: Callable[[], str]) -> None:
    assert isinstance(refusal(store, new_member()), ConsentMissingError)


def test_an_account_that_is_gone_stores_nothing(store: Store, member: str) -> None:
    assert DynamoAccounts(store.members_table).delete(member, "acc_1")
    assert isinstance(refusal(store, member), AccountGoneError)


def test_another_members_account_stores_nothing_r_t1(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    other = agreed(store.members(), new_member())
    assert isinstance(refusal(store, other, account_id="acc_1"), AccountGoneError)
    assert items_of(store, other) == {}
    submitted(store, member)


def test_a_second_transfer_of_the_day_names_the_issuers_that_had_theirs_r_t2(
    store: Store, member: str
) -> None:
    submitted(store, member, ("kb", "woori", "bc"))
    refused = refusal(store, member, "bc", "hana", "kb")
    assert isinstance(refused, AlreadyTransferredError)
    assert refused.issuers == ["bc", "kb"]
    assert "hana" not in holders(store, member)


def test_other_issuers_of_the_same_day_and_the_same_ones_tomorrow_are_free_r_t2(
    store: Store, member: str
) -> None:
    _, [kb] = submitted(store, member, ("kb",))
    _, [bc] = submitted(store, member, ("bc",))
    _, [again] = submitted(store, member, ("kb",), day=TOMORROW)
    assert holders(store, member) == {"kb": kb.leg_id, "bc": bc.leg_id}
    assert holders(store, member, TOMORROW) == {"kb": again.leg_id}


def test_a_day_is_its_members_own_r_t2(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    submitted(store, member, ELEVEN)
    submitted(store, with_account(store, new_member()), ELEVEN)


@pytest.mark.parametrize(
    ("agreed_still", "account_id", "issuer", "error"),
    [
        (False, "acc_none", "bc", ConsentMissingError),
        (False, "acc_1", "kb", ConsentMissingError),
        (True, "acc_none", "bc", AccountGoneError),
        (True, "acc_1", "bc", AlreadyTransferredError),
    ],
)
def test_of_several_reasons_the_one_that_matters_most_is_given(
    store: Store,
    member: str,
    *,
    agreed_still: bool,
    account_id: str,
    issuer: str,
    error: type[Exception],
) -> None:
    submitted(store, member, ("bc",))
    if not agreed_still:
        aws.client("dynamodb").update_item(
            TableName=store.members_table,
            Key=item_key(member, MEMBER),
            UpdateExpression="REMOVE ci",
        )
    assert isinstance(refusal(store, member, issuer, account_id=account_id), error)
