"""The expiry scan's rows: one contract, kept by the table and by the simulation's memory of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import replace
from typing import TYPE_CHECKING

import pytest

from modupoint.accounts import account_item
from modupoint.aws import client
from modupoint.member_table import ACCOUNT_PREFIX, item_key
from modupoint.text import text
from query.cash_out import CASHOUT_LANES, CashOut, CashOutState, cash_out_sk
from query.expiry import Resolution
from query.expiry_queue import DueRow
from query.expiry_settings import EXPIRY, SCAN_LANES, Alerts, ExpirySettings, Step, settings_item
from query.expiry_store import RESOLUTIONS_PER_TRANSACTION, DynamoExpiry
from query.inquiry import Finding, Status
from query.members import Consent
from query.notices import (
    EVENT_LANES,
    NOTICE_PREFIX,
    Notice,
    NoticeKind,
    Subject,
    months_later,
)
from tests.expiry_year.memory_expiry import MemoryExpiry
from tests.unit.query.expiry_samples import ACCOUNT, MARCH, NOW_MS
from tests.unit.query.lookup_samples import a_record, an_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.expiry_ports import ExpiryStore
    from tests.store.conftest import Store

SUBJECT = Subject("kb", MARCH)


class OnTable:
    """A store over the real table, and the members it needs."""

    def __init__(self, store: Store) -> None:
        self.tested = DynamoExpiry(store.members_table)
        self._store = store

    def agree(self, member: str) -> None:
        self._store.members().give_consent(member, Consent("1", "2026-11-01", None), b"sealed")

    def register(self, member: str) -> None:
        key = item_key(member, f"{ACCOUNT_PREFIX}{ACCOUNT.account_id}")
        self.put({**key, **account_item(ACCOUNT)})

    def answer(self, member: str, lookup_id: str) -> None:
        self._store.members().write_answer(
            member, "kb", lookup_id, Finding(Status.OK, []), "[]", NOW_MS
        )

    def put(self, item: dict[str, object]) -> None:
        client("dynamodb").put_item(TableName=self._store.members_table, Item=item)

    def due(self, lane: str, until_ms: int) -> list[DueRow]:
        return self.tested.due(lane, until_ms, 100)


class InMemory:
    """The simulation's memory of the table."""

    def __init__(self) -> None:
        self.tested = MemoryExpiry()

    def agree(self, member: str) -> None:
        self.tested.ci[member] = b"sealed"

    def register(self, member: str) -> None:
        self.tested.register(member, ACCOUNT)

    def answer(self, member: str, lookup_id: str) -> None:
        self.tested.answered(
            member, a_record(lookup_id, Status.OK, answered_ms=NOW_MS, balances_ms=NOW_MS)
        )

    def put(self, item: dict[str, object]) -> None:
        self.tested._put(item)

    def due(self, lane: str, until_ms: int) -> list[DueRow]:
        return self.tested.due(lane, until_ms, 100)


type Kept = OnTable | InMemory


@pytest.fixture(params=["memory", "moto", "dynamodb-local"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """Give each keeper of the contract in turn."""
    if request.param == "memory":
        return InMemory()
    request.getfixturevalue("_moto" if request.param == "moto" else "_engine")
    from tests.store.conftest import _new_store  # noqa: PLC0415

    return OnTable(_new_store())


@pytest.fixture
def member(kept: Kept, new_member: Callable[[], str]) -> str:
    """Give a member who has agreed and wants alerts."""
    name = new_member()
    kept.agree(name)
    kept.put(settings_item(wanted(name)))
    return name


def wanted(member: str, version: int = 1) -> ExpirySettings:
    return ExpirySettings(
        member, Alerts(enabled=True, lead_months=2), due_at_ms=NOW_MS, version=version
    )


def a_notice(member: str, subject: Subject = SUBJECT) -> Notice:
    words = text("글", "words")
    return Notice.new(member, NoticeKind.EXPIRING, subject, 5, words, NOW_MS)


def a_plan(member: str) -> Resolution:
    notice = replace(a_notice(member), kind=NoticeKind.CASHOUT_PLANNED)
    return Resolution(notice, CashOut(member, SUBJECT, "csh_1", 5, NOW_MS))


def planned(kept: Kept, member: str) -> CashOut:
    assert kept.tested.resolve(moved(kept, member), [a_plan(member)])
    found = kept.tested.cash_out(member, SUBJECT)
    assert found is not None
    return found


def moved(kept: Kept, member: str) -> ExpirySettings:
    """Return the member's row as the next write would have it."""
    settings = kept.tested.settings(member)
    assert settings is not None
    return settings.moved(Step.REFRESH, NOW_MS + 1)


def everything_due(kept: Kept, until_ms: int = NOW_MS * 2) -> set[DueRow]:
    lanes = (*SCAN_LANES, *CASHOUT_LANES, *EVENT_LANES)
    return {row for lane in lanes for row in kept.due(lane, until_ms)}


def inbox(kept: Kept, member: str, *notices: Notice) -> list[bool]:
    """Say of each notice whether it is there and its event still to be sent."""
    return [kept.tested.untold(member, one.notice_id) == one for one in notices]


def test_all_that_decisions_rest_on_is_known_together(kept: Kept, member: str) -> None:
    kept.register(member)
    kept.answer(member, an_id())
    cash_out = planned(kept, member)
    told = Resolution(a_notice(member))
    old = Resolution(a_notice(member, Subject("kb", "2027-02")))
    assert kept.tested.resolve(moved(kept, member), [told, old])
    known = kept.tested.known(member, MARCH)
    assert known is not None
    assert known.settings == kept.tested.settings(member)
    assert known.accounts == {ACCOUNT.account_id: ACCOUNT}
    assert known.cash_outs == (cash_out,)
    # What is past is not read again.
    assert known.told == {(NoticeKind.EXPIRING, SUBJECT)}
    assert [(one.lookup_id, one.balances) for one in known.records.values()] == [(an_id(), "[]")]


def test_nothing_is_known_of_who_has_left_or_never_chose(
    kept: Kept, new_member: Callable[[], str]
) -> None:
    stranger = new_member()
    assert kept.tested.known(stranger, MARCH) is None
    assert kept.tested.settings(stranger) is None
    assert kept.tested.sealed_ci(stranger) is None
    kept.put(settings_item(wanted(stranger)))
    assert kept.tested.known(stranger, MARCH) is None
    kept.agree(stranger)
    assert kept.tested.sealed_ci(stranger) == b"sealed"


def test_a_row_is_stored_only_as_it_was_read(kept: Kept, member: str) -> None:
    after = moved(kept, member)
    assert kept.tested.save(after)
    assert not kept.tested.save(after)
    assert kept.tested.settings(member) == after


def test_a_row_that_is_gone_is_not_put_back_r_m2(kept: Kept, member: str) -> None:
    after = moved(kept, member)
    kept.tested.forget(replace(after, version=after.version))
    assert kept.tested.settings(member) is not None
    kept.tested.forget(wanted(member))
    assert kept.tested.settings(member) is None
    assert not kept.tested.save(after)
    assert not kept.tested.resolve(after, [Resolution(a_notice(member))])
    assert everything_due(kept) == set()


def test_what_is_new_is_stored_with_the_row_or_not_at_all_r_e4(kept: Kept, member: str) -> None:
    after = moved(kept, member)
    first, late = a_notice(member), a_notice(member, Subject("bc", MARCH))
    assert kept.tested.resolve(after, [Resolution(first)])
    assert not kept.tested.resolve(after, [Resolution(late)])
    assert inbox(kept, member, first, late) == [True, False]


def test_a_notice_of_a_kind_issuer_and_month_is_stored_once_r_e4(kept: Kept, member: str) -> None:
    assert kept.tested.resolve(moved(kept, member), [Resolution(a_notice(member))])
    again = a_notice(member)
    before = kept.tested.settings(member)
    assert not kept.tested.resolve(moved(kept, member), [Resolution(again)])
    assert inbox(kept, member, again) == [False]
    assert kept.tested.settings(member) == before


def test_a_cash_out_of_an_issuer_and_month_is_planned_once_r_e4(kept: Kept, member: str) -> None:
    cash_out = planned(kept, member)
    assert not kept.tested.resolve(moved(kept, member), [a_plan(member)])
    assert kept.tested.cash_out(member, SUBJECT) == cash_out


def test_more_than_a_transaction_holds_is_stored_all_the_same(kept: Kept, member: str) -> None:
    count = 2 * RESOLUTIONS_PER_TRANSACTION + 3
    subjects = [Subject("kb", months_later(MARCH, place)) for place in range(count)]
    notices = [a_notice(member, subject) for subject in subjects]
    assert kept.tested.resolve(moved(kept, member), map(Resolution, notices))
    assert all(inbox(kept, member, *notices))
    known = kept.tested.known(member, MARCH)
    assert known is not None
    assert len(known.told) == count


def test_a_row_with_nothing_new_moves_on(kept: Kept, member: str) -> None:
    after = moved(kept, member)
    assert kept.tested.resolve(after, [])
    assert kept.tested.settings(member) == after


def test_a_cash_out_moves_only_from_where_it_was_read(kept: Kept, member: str) -> None:
    cash_out = planned(kept, member)
    after = cash_out.moved(CashOutState.REFRESHING, NOW_MS + 5)
    assert kept.tested.move(after)
    assert not kept.tested.move(after)
    assert kept.tested.cash_out(member, SUBJECT) == after


def test_the_end_of_a_cash_out_and_its_notice_are_one_write_r_e3(kept: Kept, member: str) -> None:
    cash_out = planned(kept, member)
    ended, notice = cash_out.moved(CashOutState.STOPPED), a_notice(member)
    assert kept.tested.move(ended, notice)
    assert inbox(kept, member, notice) == [True]
    late = a_notice(member)
    assert not kept.tested.move(ended, late)
    assert inbox(kept, member, late) == [False]


def test_who_has_left_is_told_nothing_any_more_r_m2(
    kept: Kept, new_member: Callable[[], str]
) -> None:
    stranger = new_member()
    kept.put(settings_item(wanted(stranger)))
    cash_out = planned(kept, stranger)
    assert not kept.tested.move(cash_out.moved(CashOutState.STOPPED), a_notice(stranger))
    assert kept.tested.cash_out(stranger, SUBJECT) == cash_out


def test_a_hand_over_holds_only_on_the_settings_it_rests_on_r_e3(kept: Kept, member: str) -> None:
    cash_out = planned(kept, member)
    rests_on = kept.tested.settings(member)
    assert rests_on is not None
    asked = cash_out.moved(CashOutState.REFRESHING)
    assert kept.tested.move(asked, wanted=rests_on)
    assert kept.tested.save(moved(kept, member))
    fixed = asked.moved(CashOutState.HANDING_OVER)
    assert not kept.tested.move(fixed, wanted=rests_on)
    assert kept.tested.cash_out(member, SUBJECT) == asked


def test_what_is_due_is_found_by_its_lane_until_it_is_done(kept: Kept, member: str) -> None:
    plan = a_plan(member)
    assert kept.tested.resolve(moved(kept, member), [plan])
    own = DueRow(member, EXPIRY)
    cash_out = DueRow(member, cash_out_sk(SUBJECT))
    notice = DueRow(member, f"{NOTICE_PREFIX}{plan.notice.notice_id}")
    assert everything_due(kept) == {own, cash_out, notice}
    assert everything_due(kept, NOW_MS) == {cash_out}
    kept.tested.told(plan.notice)
    assert kept.tested.untold(member, plan.notice.notice_id) is None
    assert plan.cash_out is not None
    kept.tested.move(plan.cash_out.moved(CashOutState.STOPPED))
    assert everything_due(kept) == {own}


def test_an_erased_notice_does_not_come_back_when_its_event_was_sent_r_m2(
    kept: Kept, member: str
) -> None:
    erased = a_notice(member)
    kept.tested.told(erased)
    assert kept.tested.untold(member, erased.notice_id) is None
    assert DueRow(member, f"{NOTICE_PREFIX}{erased.notice_id}") not in everything_due(kept)


@pytest.mark.parametrize("_", range(3))
def test_of_two_workers_at_once_one_decides_r_e4(
    racing_store: Store, new_member: Callable[[], str], _: int
) -> None:
    kept, member = OnTable(racing_store), new_member()
    kept.agree(member)
    kept.put(settings_item(wanted(member)))
    after = moved(kept, member)
    notices = [a_notice(member) for _ in range(8)]

    def decide(notice: Notice) -> bool:
        racing: ExpiryStore = DynamoExpiry(racing_store.members_table)
        return racing.resolve(after, [Resolution(notice)])

    with ThreadPoolExecutor(len(notices)) as pool:
        won = list(pool.map(decide, notices))
    assert sum(won) == 1
    assert inbox(kept, member, *notices) == won
