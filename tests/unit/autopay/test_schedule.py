"""The days of an order and its warnings, around holidays and month ends (R-A3, R-A5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import assume, given
from hypothesis import strategies as st

from autopay.schedule import (
    BENEFITS_MAY_BE_LOST,
    KEEP_OLD_CARD,
    OLD_CARD_MAY_BE_CHARGED,
    WARNINGS,
    reckon,
    warnings_of,
)
from modupoint.business_calendar import FIRST_DAY, LAST_DAY, BusinessCalendar

CALENDAR = BusinessCalendar()
LIBRARY = country_holidays("KR", language="ko", categories=("public", "bank"))
ALWAYS = (BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD)
ONE_DAY = timedelta(days=1)

days = st.dates(FIRST_DAY, LAST_DAY - timedelta(days=60))
# Most of all the days on which something begins or ends.
edges = days.map(lambda day: day.replace(day=1) - ONE_DAY).filter(lambda day: day >= FIRST_DAY)
some_days = days | edges
closed_soon = st.sets(st.integers(0, 20), max_size=6)


def at_work(day: date, closed: set[date]) -> bool:
    """Say whether banks work on a day, by the library and nothing of ours."""
    return day.weekday() < 5 and day not in LIBRARY and day not in closed


def nth_business_day(day: date, count: int, closed: set[date]) -> date:
    """Return the count-th business day after a day, one day at a time."""
    while count:
        day += ONE_DAY
        count -= at_work(day, closed)
    return day


def closures(day: date, ahead: set[int]) -> set[date]:
    return {day + timedelta(days=one) for one in ahead}


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("ordered", "process", "result", "why"),
    [
        ("2026-11-17", "2026-11-18", "2026-11-20", "an ordinary Tuesday"),
        ("2026-11-20", "2026-11-23", "2026-11-25", "a Friday"),
        ("2026-11-21", "2026-11-23", "2026-11-25", "a Saturday"),
        ("2026-11-22", "2026-11-23", "2026-11-25", "a Sunday"),
        ("2026-09-23", "2026-09-28", "2026-09-30", "before Chuseok"),
        ("2026-09-25", "2026-09-28", "2026-09-30", "on Chuseok"),
        ("2026-12-24", "2026-12-28", "2026-12-30", "before Christmas"),
        ("2026-12-31", "2027-01-04", "2027-01-06", "at the end of a year"),
        ("2026-04-30", "2026-05-04", "2026-05-07", "Labour Day and Children's Day"),
        ("2026-02-27", "2026-03-03", "2026-03-05", "a month's end and a substitute holiday"),
    ],
)
def test_an_order_is_processed_on_the_next_business_day_and_known_after_three_r_a3(
    ordered: str, process: str, result: str, why: str
) -> None:
    days_of = reckon(d(ordered), CALENDAR, real_time=False)
    assert (days_of.process_on, days_of.result_on) == (d(process), d(result)), why


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-22", "2026-09-25", "2027-01-01"])
def test_what_is_real_time_is_done_on_its_day_holiday_or_not_r_a3(day: str) -> None:
    days_of = reckon(d(day), CALENDAR, real_time=True)
    assert (days_of.process_on, days_of.result_on) == (d(day), d(day))


@given(some_days, closed_soon)
def test_the_days_are_those_of_a_count_day_by_day_r_a3(day: date, ahead: set[int]) -> None:
    closed = closures(day, ahead)
    days_of = reckon(day, BusinessCalendar(closed), real_time=False)
    assert days_of.process_on == nth_business_day(day, 1, closed)
    assert days_of.result_on == nth_business_day(day, 3, closed)


@pytest.mark.parametrize(
    ("today", "next_charge", "warned"),
    [
        ("2026-11-20", "2026-11-20", True),
        ("2026-11-20", "2026-11-22", True),
        ("2026-11-20", "2026-11-24", True),
        ("2026-11-20", "2026-11-25", False),
        ("2026-11-20", "2026-11-19", False),
        # Over Christmas and the weekend: two business days are five days.
        ("2026-12-24", "2026-12-29", True),
        ("2026-12-24", "2026-12-30", False),
        # Over the ends of a month and of a year.
        ("2027-01-29", "2027-02-02", True),
        ("2027-01-29", "2027-02-03", False),
        ("2026-12-31", "2027-01-05", True),
        ("2026-12-31", "2027-01-06", False),
        # A day on which nothing is charged counts to the business day before it.
        ("2026-11-18", "2026-11-22", True),
        ("2026-11-18", "2026-11-23", False),
    ],
)
def test_who_is_charged_within_two_business_days_is_warned_of_the_old_card_r_a5(
    today: str, next_charge: str, *, warned: bool
) -> None:
    codes = warnings_of(d(today), d(next_charge), CALENDAR)
    assert codes == ((OLD_CARD_MAY_BE_CHARGED, *ALWAYS) if warned else ALWAYS)


@given(some_days, st.integers(-5, 20), closed_soon)
def test_the_warning_is_that_of_a_count_day_by_day_r_a5(
    today: date, ahead: int, shut: set[int]
) -> None:
    closed = closures(today, shut)
    next_charge_on = today + timedelta(days=ahead)
    assume(next_charge_on >= FIRST_DAY)
    between = (today + timedelta(days=one) for one in range(1, ahead + 1))
    soon = ahead >= 0 and sum(at_work(day, closed) for day in between) <= 2
    codes = warnings_of(today, next_charge_on, BusinessCalendar(closed))
    assert (OLD_CARD_MAY_BE_CHARGED in codes) == soon
    assert codes[-2:] == ALWAYS


@pytest.mark.parametrize("next_charge_on", [None, date.max, LAST_DAY + ONE_DAY])
def test_a_day_that_is_not_known_or_far_ahead_warns_of_nothing_more(
    next_charge_on: date | None,
) -> None:
    assert warnings_of(d("2026-11-20"), next_charge_on, CALENDAR) == ALWAYS


def test_every_warning_is_a_text_in_both_languages_r_a5() -> None:
    assert set(WARNINGS) == {OLD_CARD_MAY_BE_CHARGED, *ALWAYS}
    for words in WARNINGS.values():
        assert all(words[language] for language in ("ko", "en"))
