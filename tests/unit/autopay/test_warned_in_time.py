"""Who is warned that the old card may still be charged, counted by hand (R-A3, R-A5).

``test_schedule`` counts with the library that our table of holidays is written from. Here
the days banks were closed stand as the government announced them, and what is held to them
is what a member reads: the list of bills, and the order.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autopay.schedule import OLD_CARD_MAY_BE_CHARGED, WARNINGS, reckon, warnings_of
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL
from tests.unit.autopay.order_samples import MEMBER, a_listed_bill
from tests.unit.autopay.ordering_fakes import Desk, a_change

ONE_DAY = timedelta(days=1)
CALENDAR = BusinessCalendar()
WARNING = WARNINGS[OLD_CARD_MAY_BE_CHARGED]

# Of each year what falls on Monday to Friday: public, substitute and temporary holidays,
# elections, Labour Day.
ANNOUNCED = {
    2023: "0123 0124 0301 0501 0505 0529 0606 0815 0928 0929 1002 1003 1009 1225",
    2024: "0101 0209 0212 0301 0410 0501 0506 0515 0606 0815 0916 0917 0918 1001 1003 1009 1225",
    2025: "0101 0127 0128 0129 0130 0303 0501 0505 0506 0603 0606 0815 1003 1006 1007 1008 1009 1225",
    2026: "0101 0216 0217 0218 0302 0501 0505 0525 0603 0717 0817 0924 0925 1005 1009 1225",
}  # fmt: skip
CLOSED = frozenset(
    date(year, int(day[:2]), int(day[2:]))
    for year, days in ANNOUNCED.items()
    for day in days.split()
)
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
ALL_DAYS = [FIRST + ONE_DAY * ahead for ahead in range((LAST - FIRST).days + 1)]
FURTHEST_AHEAD = 14
# So far ahead of its last day the hand's list still knows every day that is counted.
COUNTED = [day for day in ALL_DAYS if day <= LAST - ONE_DAY * FURTHEST_AHEAD]


def works(day: date, closed: frozenset[date] = CLOSED) -> bool:
    return day.isoweekday() <= 5 and day not in closed


def within_two(today: date, charged_on: date, closed: frozenset[date] = CLOSED) -> bool:
    """Walk from today to the charge and count the business days met, its own among them."""
    met, day = 0, today
    while day < charged_on:
        day += ONE_DAY
        met += works(day, closed)
    return charged_on >= today and met <= 2


def next_charge(today: date, day_of_month: int) -> date:
    """Walk to the next day on which a monthly bill is charged; a short month's is its last."""
    day = today
    while not (day.day == day_of_month or (is_months_last(day) and day.day < day_of_month)):
        day += ONE_DAY
    return day


def is_months_last(day: date) -> bool:
    return (day + ONE_DAY).day == 1


def warned(today: date, charged_on: date, calendar: BusinessCalendar = CALENDAR) -> bool:
    return OLD_CARD_MAY_BE_CHARGED in warnings_of(today, charged_on, calendar)


def test_on_every_day_of_four_years_it_is_the_count_by_hand_r_a5() -> None:
    seen: Counter[bool] = Counter()
    for today in COUNTED:
        for ahead in range(FURTHEST_AHEAD + 1):
            charged_on = today + ONE_DAY * ahead
            expected = within_two(today, charged_on)
            assert warned(today, charged_on) == expected, f"{charged_on} seen on {today}"
            seen[expected] += 1
    assert min(seen.values()) > len(COUNTED)


@pytest.mark.parametrize("day_of_month", [1, 28, 29, 30, 31])
def test_bills_of_a_months_end_are_warned_of_on_the_right_days_r_a5(day_of_month: int) -> None:
    charged_on = next_charge(FIRST, day_of_month)
    starts = []
    for today in COUNTED:
        if today > charged_on:
            charged_on = next_charge(today, day_of_month)
        expected = within_two(today, charged_on)
        assert warned(today, charged_on) == expected, f"{charged_on} seen on {today}"
        if expected and not within_two(today - ONE_DAY, charged_on):
            starts.append((charged_on - today).days)
    assert len(starts) in {47, 48}, "once a month"
    # From two days ahead on an ordinary Wednesday to over a week before long holidays.
    assert (min(starts), max(starts) >= 5) == (2, True)


def test_the_days_of_an_order_are_the_count_by_hand_r_a3() -> None:
    for today in COUNTED:
        ahead = [day for day in (today + ONE_DAY * one for one in range(1, 15)) if works(day)]
        days = reckon(today, CALENDAR, real_time=False)
        assert (days.process_on, days.result_on) == (ahead[0], ahead[2]), today


@pytest.mark.parametrize(
    ("announced", "today", "charged_on"),
    [
        ("2026-11-24", "2026-11-23", "2026-11-26"),
        ("2026-11-30", "2026-11-27", "2026-12-02"),
        ("2026-12-31", "2026-12-30", "2027-01-05"),
    ],
)
def test_a_holiday_announced_late_widens_the_warning_r_a5(
    announced: str, today: str, charged_on: str
) -> None:
    closed = BusinessCalendar([date.fromisoformat(announced)])
    days = date.fromisoformat(today), date.fromisoformat(charged_on)
    assert (warned(*days), warned(*days, closed)) == (False, True)


moments = st.builds(
    datetime.combine,
    st.sampled_from(COUNTED),
    st.sampled_from([time(0), time(9), time(21, 59, 59), time(23, 59, 59, 999999)]),
    st.just(SEOUL),
)
# Around which the days differ most: what is closed, and where months meet.
near_closed = st.builds(
    lambda day, back, at: datetime.combine(max(FIRST, day - ONE_DAY * back), at, SEOUL),
    st.sampled_from(sorted(day for day in CLOSED if day in COUNTED)),
    st.integers(0, 6),
    st.sampled_from([time(0), time(23, 59, 59, 999999)]),
)
near_ends = st.builds(
    lambda day, back: datetime.combine(max(FIRST, day - ONE_DAY * back), time(12), SEOUL),
    st.sampled_from([day for day in COUNTED if is_months_last(day)]),
    st.integers(-2, 5),
)


@given(
    moments | near_closed | near_ends,
    st.sampled_from([1, 2, 15, 25, 28, 29, 30, 31]),
    st.sets(st.integers(0, 8), max_size=4),
)
def test_what_a_member_reads_is_the_count_by_hand_with_late_holidays_r_a5(
    now: datetime, day_of_month: int, shut: set[int]
) -> None:
    today = now.date()
    added = frozenset(today + ONE_DAY * ahead for ahead in shut)
    charged_on = next_charge(today, day_of_month)
    expected = within_two(today, charged_on, CLOSED | added)

    desk = Desk(added=added)
    desk.now = now
    desk.switch.bills = [a_listed_bill(next_charge_on=f"{charged_on:%Y%m%d}")]
    [bill] = desk.service.registrations(MEMBER)["autopays"]
    order, _ = desk.service.submit(MEMBER, "key", a_change())
    assert (WARNING in bill["warnings"]) == expected
    assert order["warnings"] == bill["warnings"]
    assert days_of(order) == first_and_third(today, CLOSED | added)


def days_of(order: dict[str, Any]) -> tuple[str, str]:
    return order["process_on"], order["result_on"]


def first_and_third(today: date, closed: frozenset[date]) -> tuple[str, str]:
    """Return the first and the third business day after a day."""
    found: list[str] = []
    day = today
    while len(found) < 3:
        day += ONE_DAY
        found += [day.isoformat()] if works(day, closed) else []
    return found[0], found[2]
