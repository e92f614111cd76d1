"""A member's bank accounts, and what a transfer reads of a member in one query."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from modupoint import aws
from modupoint.ids import new_id
from modupoint.member_table import MEMBER, item_key
from query.inquiry import Finding, Status
from tests.store.aws_calls import counted
from tests.store.lookup_steps import NOW_MS, agreed
from tests.store.transfer_steps import an_account
from tests.unit.query.lookup_samples import a_balance
from transfer.account_store import DynamoAccounts
from transfer.funds import MembersFunds
from transfer.submission_ports import Funds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed."""
    return agreed(store.members(), new_member())


def test_accounts_are_kept_the_oldest_first_and_forgotten_one_by_one(
    store: Store, member: str
) -> None:
    accounts = DynamoAccounts(store.members_table)
    kept = [an_account() for _ in range(3)]
    for account in (kept[1], kept[0], kept[2]):
        assert accounts.add(member, account)
    assert accounts.list(member) == kept == store.members().accounts(member)
    assert accounts.delete(member, kept[1].account_id)
    assert not accounts.delete(member, kept[1].account_id)
    assert accounts.list(member) == [kept[0], kept[2]]


def test_an_account_is_its_members_own_r_t1(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    accounts = DynamoAccounts(store.members_table)
    account = an_account()
    accounts.add(member, account)
    other = agreed(store.members(), new_member())
    assert accounts.list(other) == []
    assert not accounts.delete(other, account.account_id)
    assert accounts.list(member) == [account]


@pytest.mark.parametrize("account_id", ["", "acc", "acc_" + "x" * 1_100, "가" * 64])
def test_what_is_no_id_is_no_account(store: Store, member: str, account_id: str) -> None:
    accounts = DynamoAccounts(store.members_table)
    accounts.add(member, an_account())
    assert not accounts.delete(member, account_id)
    assert len(accounts.list(member)) == 1


def test_without_an_agreement_no_account_is_kept_r_m2(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    accounts = DynamoAccounts(store.members_table)
    stranger = new_member()
    assert not accounts.add(stranger, an_account())
    assert accounts.list(stranger) == []
    aws.client("dynamodb").update_item(
        TableName=store.members_table,
        Key=item_key(member, MEMBER),
        UpdateExpression="REMOVE ci",
    )
    assert not accounts.add(member, an_account())
    assert accounts.list(member) == []


def test_what_fails_is_not_taken_for_an_account_that_is_not_there(
    store: Store, member: str
) -> None:
    accounts = DynamoAccounts(store.members_table)
    aws.client("dynamodb").delete_table(TableName=store.members_table)
    with pytest.raises(ClientError):
        accounts.delete(member, "acc_1")
    with pytest.raises(ClientError):
        accounts.add(member, an_account())


def answer(store: Store, member: str, issuer: str, *balances: dict[str, object]) -> None:
    stored = json.dumps(balances) if balances else None
    assert store.members().write_answer(
        member, issuer, new_id("lkp"), Finding(Status.OK, None), stored, NOW_MS
    )


def test_funds_are_agreement_accounts_and_last_known_cashable_points_in_one_query(
    store: Store, member: str
) -> None:
    accounts = [an_account(), an_account()]
    for account in accounts:
        DynamoAccounts(store.members_table).add(member, account)
    pair = [a_balance(code="WIBEE", transferable=300), a_balance(code="MOA", transferable=45)]
    answer(store, member, "woori", *pair)
    shown_only = a_balance(code="MPOINT", cashable=False, transferable=0)
    answer(store, member, "hyundai", shown_only, a_balance(code="HCOIN", transferable=7))
    answer(store, member, "kb")
    funds = MembersFunds(store.members_table)
    with counted() as calls:
        read = funds.read(member)
    assert calls == {"Query": 1}
    assert read == Funds(
        sealed_ci=b"sealed",
        accounts={account.account_id: account for account in accounts},
        cashable={"woori": [("WIBEE", 300), ("MOA", 45)], "hyundai": [("HCOIN", 7)]},
    )


def test_a_stranger_has_nothing(store: Store, new_member: Callable[[], str]) -> None:
    assert MembersFunds(store.members_table).read(new_member()) == Funds(None, {}, {})


def test_a_withdrawn_member_has_nothing_r_m2(store: Store, member: str) -> None:
    DynamoAccounts(store.members_table).add(member, an_account())
    answer(store, member, "woori", a_balance(code="MOA", transferable=45))
    store.members().withdraw_consent(
        member,
        "2026-11-22T12:00:00.000+09:00",
        lambda: new_id("lkp"),
        ["woori"],
        lambda: store.money().none_since(member),
    )
    assert MembersFunds(store.members_table).read(member) == Funds(None, {}, {})
