"""Withdrawing the agreement waits for money, and nothing slips in between (R-M2)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.money_in_flight import MoneyInFlightError
from query.members import Members
from tests.store.lookup_steps import agreed, at_once
from tests.store.transfer_steps import an_account, an_application, submitted, with_account
from tests.unit.transfer.leg_samples import NOON_MS, TODAY
from transfer.account_store import DynamoAccounts
from transfer.legs import FINAL, Leg, LegState
from transfer.ports import Saved
from transfer.submission_ports import AccountGoneError, ConsentMissingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from modupoint.accounts import Account
    from tests.store.conftest import Store

WITHDRAWN_AT = "2026-11-22T12:00:00.000+09:00"


@pytest.fixture
def member(store: Store, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed and registered an account."""
    return with_account(store, new_member())


def withdraw(store: Store, member: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Withdraw; ``meanwhile`` happens once, after each look for money and before the erasing."""

    def looked() -> dict[str, Any]:
        check = store.money().none_since(member)
        meanwhile()
        return check

    store.members().withdraw_consent(member, WITHDRAWN_AT, lambda: new_id("lkp"), ISSUERS, looked)


def has_agreed(store: Store, member: str) -> bool:
    return store.members().read_member(member)[1] is not None


def end(store: Store, leg: Leg, state: LegState) -> None:
    progress = leg.progress.moved(state, tries=0, not_before_ms=NOON_MS, sent_at_ms=None)
    assert store.legs().save(leg, replace(leg, progress=progress)) is Saved.YES


def accounts_of(store: Store, member: str) -> list[str]:
    return [one.account_id for one in DynamoAccounts(store.members_table).list(member)]


def test_without_transfers_the_agreement_and_the_accounts_go(store: Store, member: str) -> None:
    withdraw(store, member)
    assert not has_agreed(store, member)
    assert accounts_of(store, member) == []


@pytest.mark.parametrize("state", sorted(set(LegState) - FINAL))
def test_while_a_leg_is_open_the_agreement_stays_with_all_that_is_kept(
    store: Store, member: str, state: LegState
) -> None:
    _, [leg, other] = submitted(store, member, ("kb", "bc"))
    end(store, other, LegState.DEPOSITED)
    end(store, leg, state)
    with pytest.raises(MoneyInFlightError):
        withdraw(store, member)
    assert has_agreed(store, member)
    assert accounts_of(store, member) == ["acc_1"]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_once_every_leg_is_final_the_agreement_goes_and_the_ledger_stays(
    store: Store, member: str, state: LegState
) -> None:
    transfer, legs = submitted(store, member, ("kb", "bc"))
    for leg in legs:
        end(store, leg, state)
    withdraw(store, member)
    assert not has_agreed(store, member)
    assert store.transfers().read(member, transfer.transfer_id) is not None


def test_another_members_money_is_no_obstacle(
    store: Store, member: str, new_member: Callable[[], str]
) -> None:
    submitted(store, with_account(store, new_member()))
    withdraw(store, member)
    assert not has_agreed(store, member)


def test_a_transfer_submitted_at_that_very_moment_is_waited_for(store: Store, member: str) -> None:
    late = [lambda: submitted(store, member)]
    with pytest.raises(MoneyInFlightError):
        withdraw(store, member, lambda: late.pop()() if late else None)
    assert has_agreed(store, member)


def test_the_first_transfer_of_all_and_a_later_one_are_seen_alike(
    store: Store, member: str
) -> None:
    _, [first] = submitted(store, member)
    end(store, first, LegState.DEPOSITED)
    late = [lambda: submitted(store, member, ("bc",))]
    with pytest.raises(MoneyInFlightError):
        withdraw(store, member, lambda: late.pop()() if late else None)


def test_a_transfer_that_came_and_ended_in_that_moment_is_no_obstacle(
    store: Store, member: str
) -> None:
    def come_and_go() -> None:
        _, [leg] = submitted(store, member)
        end(store, leg, LegState.FAILED)

    late = [come_and_go]
    withdraw(store, member, lambda: late.pop()() if late else None)
    assert not has_agreed(store, member)


def test_an_account_registered_at_that_very_moment_goes_too(store: Store, member: str) -> None:
    late = [lambda: DynamoAccounts(store.members_table).add(member, an_account("acc_late"))]
    withdraw(store, member, lambda: late.pop()() if late else None)
    assert accounts_of(store, member) == []


def test_an_account_registered_once_they_were_listed_goes_too(
    store: Store, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Members.accounts
    late = [lambda: DynamoAccounts(store.members_table).add(member, an_account("acc_late"))]

    def list_and_be_late(members: Members, of: str) -> list[Account]:
        found = listed(members, of)
        if late:
            assert late.pop()()
        return found

    monkeypatch.setattr(Members, "accounts", list_and_be_late)
    withdraw(store, member)
    assert late == []
    assert accounts_of(store, member) == []


def test_after_the_withdrawal_nothing_is_submitted_or_registered(store: Store, member: str) -> None:
    transfer, legs = an_application(member)
    withdraw(store, member)
    with pytest.raises(ConsentMissingError):
        store.transfers().submit(transfer, legs, TODAY)
    assert not DynamoAccounts(store.members_table).add(member, an_account())
    # Agreeing again brings no account back.
    agreed(store.members(), member)
    with pytest.raises(AccountGoneError):
        store.transfers().submit(transfer, legs, TODAY)


def test_withdrawing_registering_and_submitting_at_once_leave_all_of_it_or_nothing_r_m2(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    store = racing_store
    for place in range(12):
        member = with_account(store, new_member())
        transfer, legs = an_application(member)

        def act(role: int, member: str = member, legs: list[Leg] = legs, it: Any = transfer) -> str:
            try:
                if role == 0:
                    withdraw(store, member)
                elif role == 1:
                    store.transfers().submit(it, legs, TODAY)
                else:
                    DynamoAccounts(store.members_table).add(member, an_account(f"acc_{role}"))
            except (MoneyInFlightError, ConsentMissingError, AccountGoneError) as refused:
                return type(refused).__name__
            except ClientError:
                return "busy"
            return "yes"

        withdrawn, accepted, *_ = at_once(4, act)
        stored = store.transfers().read(member, transfer.transfer_id)
        assert (accepted == "yes") == (stored is not None), place
        assert has_agreed(store, member) == (withdrawn != "yes"), place
        if withdrawn == "yes":
            assert accepted != "yes", place
            assert accounts_of(store, member) == [], place
