"""On which day points become cash: after three days' notice, before they are gone (R-E3, R-T4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL, at_ms
from query.cash_out_days import first_day_for, next_day_for, starts_ms, too_late_ms
from query.notices import last_day_of, month_of, month_over_ms
from tests.unit.query.expiry_samples import CALENDAR


def at(day: int, hour: int = 2, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("told_at", "day"),
    [
        (at(1), 4),
        # Three whole days, to the minute.
        (at(1, 10), 4),
        (at(1, 10, 1), 5),
        # A weekend is passed over while the month goes on.
        (at(3), 8),
        # 31 March is a Wednesday: the last that three days lead to.
        (at(28), 31),
        (at(28, 10, 1), None),
        (at(30), None),
    ],
)
def test_the_first_business_day_after_three_whole_days_r_e3(
    told_at: datetime, day: int | None
) -> None:
    expected = None if day is None else date(2027, 3, day)
    assert first_day_for(told_at, "2027-03", CALENDAR) == expected


def test_a_holiday_before_the_months_end_does_not_let_points_expire_r_t4() -> None:
    # 29 to 31 January 2028 are a weekend and a day the government closes.
    closed = BusinessCalendar([date(2028, 1, 31)])
    told_at = datetime(2028, 1, 26, 2, tzinfo=SEOUL)
    assert first_day_for(told_at, "2028-01", closed) == date(2028, 1, 29)
    # Told a day earlier there is a business day before them.
    assert first_day_for(told_at - timedelta(days=1), "2028-01", closed) == date(2028, 1, 28)


def test_a_day_that_holds_another_cash_out_is_passed_over_r_t2() -> None:
    taken = {date(2027, 3, 4), date(2027, 3, 5)}
    assert first_day_for(at(1), "2027-03", CALENDAR, taken) == date(2027, 3, 8)
    rest = {date(2027, 3, day) for day in (30, 31)}
    assert first_day_for(at(27), "2027-03", CALENDAR, rest) is None


def test_another_try_is_made_on_a_later_day_of_the_month_r_t2() -> None:
    assert next_day_for(at(5, 10), "2027-03", CALENDAR) == date(2027, 3, 8)
    assert next_day_for(at(31, 10), "2027-03", CALENDAR) is None


def test_a_cash_out_begins_at_ten_and_not_at_the_last_moment() -> None:
    assert at_ms(starts_ms(date(2027, 3, 4))) == at(4, 10)
    assert at_ms(too_late_ms("2027-03")) == at(31, 23, 30)


@given(
    st.datetimes(datetime(2026, 12, 1), datetime(2028, 6, 30)),  # noqa: DTZ001
    st.sets(st.dates(date(2026, 12, 1), date(2028, 6, 30)), max_size=12),
)
def test_there_is_a_day_whenever_three_days_leave_a_free_one_r_e3(
    moment: datetime, taken: set[date]
) -> None:
    told_at = moment.replace(tzinfo=SEOUL)
    month = month_of(told_at.date())
    day = first_day_for(told_at, month, CALENDAR, taken)
    ahead = [told_at.date() + timedelta(days=count) for count in range(3, 40)]
    possible = [
        one
        for one in ahead
        if one <= last_day_of(month)
        and one not in taken
        and at_ms(starts_ms(one)) - told_at >= timedelta(days=3)
    ]
    if day is None:
        assert possible == []
        return
    business = [one for one in possible if CALENDAR.is_business_day(one)]
    assert day == (business or possible)[0]
    assert starts_ms(day) < too_late_ms(month) < month_over_ms(month)
