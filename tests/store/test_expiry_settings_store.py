"""A member's expiry settings over the store: under an agreement, and never two at once (R-E2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import at_ms
from modupoint.problems import Problem
from query.expiry_choices import ExpiryChoices
from query.expiry_settings import AutoCashout, ExpirySettings, Step
from query.settings_store import DynamoSettings, Kept
from tests.store.expiry_steps import ALERTS, NOW_MS, told
from tests.store.lookup_steps import agreed, at_once
from tests.store.transfer_steps import with_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Store

CASHOUT = AutoCashout(enabled=True, account_id="acc_1", minimum_amount=1_000)


def settings_of(store: Store) -> DynamoSettings:
    return DynamoSettings(store.members_table)


def choices(store: Store, settings: Any = None) -> ExpiryChoices:
    return ExpiryChoices(settings or settings_of(store), lambda: at_ms(NOW_MS))


def test_who_never_chose_has_nothing_on(store: Store, new_member: Callable[[], str]) -> None:
    member = new_member()
    assert settings_of(store).read(member) == ExpirySettings(member)
    assert settings_of(store).read_with_accounts(member) == (ExpirySettings(member), [])


def test_a_choice_is_kept_and_due_at_once_r_e2(store: Store, new_member: Callable[[], str]) -> None:
    member = agreed(store.members(), new_member())
    choices(store).alerts(member, ALERTS)
    kept = settings_of(store).read(member)
    assert (kept.alerts, kept.cashout) == (ALERTS, AutoCashout())
    assert (kept.step, kept.due_at_ms, kept.version) == (Step.REFRESH, NOW_MS, 1)


def test_both_choices_live_side_by_side_r_e3(store: Store, new_member: Callable[[], str]) -> None:
    member = with_account(store, new_member())
    choices(store).alerts(member, ALERTS)
    choices(store).cashout(member, CASHOUT)
    told(store, member, 1)
    kept, accounts = settings_of(store).read_with_accounts(member)
    assert (kept.alerts, kept.cashout, kept.version) == (ALERTS, CASHOUT, 2)
    assert [one.account_id for one in accounts] == ["acc_1"]
    assert settings_of(store).read(member) == kept


def test_without_an_agreement_nothing_is_kept_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = new_member()
    with pytest.raises(Problem) as refused:
        choices(store).alerts(member, ALERTS)
    assert refused.value.code == "consent_required"
    with pytest.raises(Problem) as refused:
        choices(store).cashout(member, CASHOUT)
    assert refused.value.code == "consent_required"
    assert settings_of(store).read(member).version == 0


def test_cash_goes_to_an_account_of_the_members_own_r_e3(
    store: Store, new_member: Callable[[], str]
) -> None:
    with_account(store, new_member())
    stranger = agreed(store.members(), new_member())
    with pytest.raises(Problem) as refused:
        choices(store).cashout(stranger, CASHOUT)
    assert refused.value.code == "not_found"
    assert settings_of(store).read(stranger).version == 0


def test_switching_off_needs_no_account_that_is_still_there_r_e3(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = agreed(store.members(), new_member())
    gone = AutoCashout(enabled=False, account_id="acc_gone", minimum_amount=0)
    choices(store).cashout(member, gone)
    assert settings_of(store).read(member).cashout == gone


class Overtaken:
    """A store in which the scan moves the row between reading and writing, some times."""

    def __init__(self, inner: DynamoSettings, times: int) -> None:
        self._inner = inner
        self._times = times

    def read(self, member: str) -> ExpirySettings:
        return self._inner.read(member)

    def keep(self, settings: ExpirySettings, account_id: str | None) -> Kept:
        if self._times:
            self._times -= 1
            row = self._inner.read(settings.member)
            assert self._inner.keep(row.moved(Step.DECIDE, NOW_MS + 1), None) is Kept.YES
        return self._inner.keep(settings, account_id)


def test_a_step_of_the_scan_meanwhile_is_built_upon_and_not_lost(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = agreed(store.members(), new_member())
    choices(store).alerts(member, ALERTS)
    choices(store, Overtaken(settings_of(store), 2)).alerts(member, ALERTS)
    kept = settings_of(store).read(member)
    assert (kept.step, kept.due_at_ms, kept.version) == (Step.DECIDE, NOW_MS + 1, 4)


def test_a_row_that_always_moves_is_an_error_and_no_endless_loop(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = agreed(store.members(), new_member())
    with pytest.raises(RuntimeError):
        choices(store, Overtaken(settings_of(store), 99)).alerts(member, ALERTS)


def test_two_devices_at_once_both_get_what_they_chose(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    for _ in range(5):
        member = with_account(racing_store, new_member())

        def act(place: int, member: str = member) -> None:
            if place:
                choices(racing_store).cashout(member, CASHOUT)
            else:
                choices(racing_store).alerts(member, ALERTS)

        at_once(2, act)
        kept = settings_of(racing_store).read(member)
        assert (kept.alerts, kept.cashout, kept.version) == (ALERTS, CASHOUT, 2)
