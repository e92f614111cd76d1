"""What is told and planned about expiring points, and never twice (R-E1, R-E3, R-E4)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modupoint.clock import SEOUL, at_ms
from modupoint.issuers import ISSUERS
from query.cash_out import Wanted
from query.expiry import Known, Resolution, decide, expiring_points, unanswered
from query.inquiry import Status
from query.notices import NoticeKind, Subject, last_day_of, month_of, months_later
from tests.unit.query.expiry_samples import (
    ACCOUNT,
    CALENDAR,
    KB_MARCH,
    NOW,
    NOW_MS,
    REFRESHED,
    a_cash_out,
    answer,
    known,
    points,
    settings,
)
from tests.unit.query.lookup_samples import an_id


def decided(what: Known, now: datetime = NOW) -> list[Resolution]:
    return decide(what, now, CALENDAR)


def told(new: list[Resolution]) -> list[tuple[NoticeKind, str, str, int]]:
    return [
        (one.notice.kind, one.notice.subject.issuer, one.notice.subject.month, one.notice.amount)
        for one in new
    ]


def test_points_within_the_lead_are_told_and_no_others_r_e2() -> None:
    record = answer(points(m2027_03=300, m2027_05=40, m2027_06=9))
    assert told(decided(known(record, wanted=settings(lead=2)))) == [
        (NoticeKind.EXPIRING, "kb", "2027-03", 300),
        (NoticeKind.EXPIRING, "kb", "2027-05", 40),
    ]


def test_a_month_that_is_over_counts_nothing_whatever_an_old_answer_says_r_e1() -> None:
    assert decided(known(answer(points(m2027_02=300)))) == []


def test_all_kinds_of_points_of_an_issuer_are_one_notice_r_e4() -> None:
    record = answer(points(m2027_03=300), {**points(m2027_03=20), "code": "OTHER"})
    assert told(decided(known(record))) == [(NoticeKind.EXPIRING, "kb", "2027-03", 320)]


def test_what_was_told_is_not_told_again_r_e4() -> None:
    record = answer(points(m2027_03=300, m2027_04=7))
    before = frozenset({(NoticeKind.EXPIRING, KB_MARCH)})
    assert told(decided(known(record, told=before))) == [(NoticeKind.EXPIRING, "kb", "2027-04", 7)]


def test_a_member_without_alerts_is_told_nothing_of_expiry_r_e2() -> None:
    wanted = settings(lead=None, account=ACCOUNT.account_id)
    new = decided(known(answer(points(m2027_04=300)), wanted=wanted))
    assert {one.notice.kind for one in new} == {NoticeKind.CASHOUT_PLANNED}


def test_the_next_month_an_issuer_names_counts_where_it_lists_none_r_p5() -> None:
    balance = {**points(), "expiring": 12, "expiring_month": "2027-04", "transferable": 12}
    assert told(decided(known(answer(balance)))) == [(NoticeKind.EXPIRING, "kb", "2027-04", 12)]


def test_an_issuer_that_does_not_answer_is_told_by_what_is_known_and_says_so_r_p6() -> None:
    old = answer(points(m2027_03=300), lookup_id=an_id(NOW_MS - 10**9), balances_ms=NOW_MS - 10**9)
    [one] = decided(known(old))
    day = at_ms(NOW_MS - 10**9)
    assert f"{day.month}월 {day.day}일에 확인한 잔액" in one.notice.words["ko"]
    assert "the issuer does not answer" in one.notice.words["en"]
    [fresh] = decided(known(answer(points(m2027_03=300))))
    assert "does not answer" not in fresh.notice.words["en"]


def test_a_dormant_card_is_told_of_and_not_cashed_out_r_p4() -> None:
    balance = {**points(m2027_03=300), "transferable": 0}
    wanted = settings(account=ACCOUNT.account_id)
    record = answer(balance, status=Status.DORMANT)
    assert told(decided(known(record, wanted=wanted))) == [
        (NoticeKind.EXPIRING, "kb", "2027-03", 300)
    ]


def test_a_cash_out_is_planned_with_its_notice_three_days_ahead_r_e3() -> None:
    wanted = settings(lead=None, account=ACCOUNT.account_id)
    [one] = decided(known(answer(points(m2027_03=300)), wanted=wanted))
    assert one.cash_out is not None
    # 10 March 02:30 and three days is a Saturday.
    assert at_ms(one.cash_out.due_at_ms) == datetime(2027, 3, 15, 10, tzinfo=SEOUL)
    assert (one.notice.kind, one.notice.amount) == (NoticeKind.CASHOUT_PLANNED, 300)
    assert "2027년 3월 15일" in one.notice.words["ko"]
    assert "국민 ***-1234" in one.notice.words["en"]


def test_only_what_can_be_cash_and_is_worth_it_is_planned_r_e3() -> None:
    balance = {**points(m2027_03=300), "transferable": 90}
    for minimum, planned in ((90, [90]), (91, [])):
        wanted = settings(lead=None, account=ACCOUNT.account_id, minimum=minimum)
        new = decided(known(answer(balance), wanted=wanted))
        assert [one.notice.amount for one in new] == planned


def test_the_same_points_are_not_planned_for_two_months_r_e4() -> None:
    balance = {**points(m2027_03=300, m2027_04=300), "transferable": 400}
    wanted = settings(lead=2, account=ACCOUNT.account_id)
    new = decided(known(answer(balance), wanted=wanted))
    assert [one.cash_out.amount for one in new if one.cash_out] == [300, 100]


def test_two_cash_outs_of_an_issuer_are_planned_for_two_days_r_t2() -> None:
    wanted = settings(lead=2, account=ACCOUNT.account_id)
    record = answer(points(m2027_03=300, m2027_04=300))
    new = [one.cash_out for one in decided(known(record, wanted=wanted)) if one.cash_out]
    assert [at_ms(one.due_at_ms).day for one in new] == [15, 16]
    # One that waits from an earlier month's look holds its day, too.
    waiting = a_cash_out(subject=Subject("kb", "2027-05"), due_at_ms=new[0].due_at_ms)
    again = decided(known(record, wanted=wanted, cash_outs=(waiting,)))
    assert [at_ms(one.cash_out.due_at_ms).day for one in again if one.cash_out] == [16, 17]


def test_a_month_has_one_cash_out_whatever_became_of_it_r_e4() -> None:
    wanted = settings(lead=None, account=ACCOUNT.account_id)
    record = answer(points(m2027_03=300))
    assert decided(known(record, wanted=wanted, cash_outs=(a_cash_out(),))) == []


def test_without_three_days_left_the_member_is_told_to_do_it_by_hand_r_e3() -> None:
    wanted = settings(lead=None, account=ACCOUNT.account_id)
    record = answer(points(m2027_03=300))
    late = datetime(2027, 3, 29, 2, tzinfo=SEOUL)
    [one] = decided(known(record, wanted=wanted), late)
    assert (one.notice.kind, one.cash_out) == (NoticeKind.CASHOUT_TOO_LATE, None)
    before = frozenset({(NoticeKind.CASHOUT_TOO_LATE, KB_MARCH)})
    assert decided(known(record, wanted=wanted, told=before), late) == []


def test_without_the_account_nothing_is_planned_and_the_member_is_told_once_r_t1() -> None:
    wanted = settings(lead=None, account="acc_gone")
    record = answer(points(m2027_03=300))
    [one] = decided(known(record, wanted=wanted))
    assert (one.notice.kind, one.cash_out) == (NoticeKind.CASHOUT_NO_ACCOUNT, None)
    before = frozenset({(NoticeKind.CASHOUT_NO_ACCOUNT, KB_MARCH)})
    assert decided(known(record, wanted=wanted, told=before)) == []


def test_answers_older_than_the_refresh_and_failed_ones_are_awaited() -> None:
    records = {
        "kb": answer(points()),
        "hana": answer(points(), issuer="hana", lookup_id=an_id(NOW_MS - 10**8)),
        "bc": answer(issuer="bc", status=Status.UNAVAILABLE),
    }
    missing = unanswered(records, REFRESHED)
    assert "kb" not in missing
    assert set(missing) == set(ISSUERS) - {"kb"}


def test_expiring_points_say_what_of_them_can_be_cash() -> None:
    record = answer(points(m2027_03=300), {**points(m2027_03=20), "code": "M", "transferable": 0})
    [one] = expiring_points({"kb": record}, REFRESHED, "2027-03", "2027-03")
    assert (one.amount, one.cash, one.cashable) == (320, 300, (Wanted("POINTREE", 300),))


MONTHS = [months_later("2027-01", count) for count in range(14)]


@st.composite
def lots(draw: st.DrawFn) -> dict[str, Any]:
    rows = draw(st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 5_000), max_size=8))
    total = sum(rows.values())
    expirations = [{"month": month, "amount": amount} for month, amount in rows.items()]
    transferable = draw(st.integers(0, total))
    return {
        **points(),
        "remaining": total,
        "transferable": transferable,
        "expirations": expirations,
    }


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    wanted = settings(
        lead=draw(st.none() | st.integers(1, 6)),
        account=draw(st.sampled_from([None, ACCOUNT.account_id, "acc_gone"])),
        minimum=draw(st.sampled_from([0, 1, 1_000])),
    )
    codes = draw(st.lists(st.sampled_from(list(ISSUERS)), unique=True, max_size=4))
    records = [answer(*draw(st.lists(lots(), max_size=2)), issuer=code) for code in codes]
    return known(*records, wanted=wanted)


moments = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=SEOUL)
)


def afterwards(before: Known, new: list[Resolution]) -> Known:
    """Return what is known once all that is new was stored."""
    markers = {(one.notice.kind, one.notice.subject) for one in new if one.cash_out is None}
    cash_outs = [one.cash_out for one in new if one.cash_out is not None]
    return Known(
        before.settings,
        before.records,
        before.accounts,
        (*before.cash_outs, *cash_outs),
        before.told | markers,
    )


@given(knowns(), moments)
def test_deciding_again_gives_nothing_new_r_e4(before: Known, now: datetime) -> None:
    new = decided(before, now)
    assert decided(afterwards(before, new), now) == []


@given(knowns(), moments)
def test_of_what_is_new_only_a_part_stored_gives_the_rest_r_e4(
    before: Known, now: datetime
) -> None:
    new = decided(before, now)
    stored = new[: len(new) // 2]
    rest = decided(afterwards(before, stored), now)
    assert sorted(told(stored + rest)) == sorted(told(new))


@given(knowns(), moments)
def test_a_kind_is_told_once_an_issuer_and_month_within_the_lead_r_e4(
    before: Known, now: datetime
) -> None:
    new = decided(before, now)
    keys = [(one.notice.kind, one.notice.subject) for one in new]
    assert len(set(keys)) == len(keys)
    first = month_of(now.date())
    last = months_later(first, before.settings.lead_months)
    for one in new:
        assert first <= one.notice.subject.month <= last
        assert one.notice.amount > 0


@given(knowns(), moments)
def test_a_planned_cash_out_leaves_three_days_and_comes_before_the_expiry_r_e3(
    before: Known, now: datetime
) -> None:
    days: set[tuple[str, object]] = set()
    for one in decided(before, now):
        planned = one.cash_out
        if planned is None:
            continue
        begins = at_ms(planned.due_at_ms)
        assert begins - now >= timedelta(days=3)
        assert begins.date() <= last_day_of(planned.subject.month)
        assert (planned.subject.issuer, begins.date()) not in days
        days.add((planned.subject.issuer, begins.date()))
        assert planned.amount >= max(before.settings.cashout.minimum_amount or 0, 1)


@given(knowns(), moments)
def test_what_is_planned_of_an_issuer_is_no_more_than_can_be_transferred_r_p3(
    before: Known, now: datetime
) -> None:
    planned: dict[str, int] = {}
    for one in decided(before, now):
        if one.cash_out is not None:
            issuer = one.cash_out.subject.issuer
            planned[issuer] = planned.get(issuer, 0) + one.cash_out.amount
    for issuer, amount in planned.items():
        assert amount <= transferable(before, issuer)


def transferable(before: Known, issuer: str) -> int:
    balances = json.loads(before.records[issuer].balances or "[]")
    return sum(one["transferable"] for one in balances)
