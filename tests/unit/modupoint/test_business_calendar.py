"""Korea's business days (R-T4): what the table says, and how days are counted over it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from local.generate import holidays_text
from modupoint import business_calendar
from modupoint.business_calendar import FIRST_DAY, LAST_DAY, BusinessCalendar, OutsideCalendarError
from modupoint.clock import SEOUL

ROOT = Path(__file__).parents[3]
TABLE = Path(business_calendar.__file__).with_name("holidays.json")
CALENDAR = BusinessCalendar()
LIBRARY = country_holidays("KR", language="ko", categories=("public", "bank"))

known_days = st.dates(FIRST_DAY, LAST_DAY)
days = st.dates(FIRST_DAY, LAST_DAY - timedelta(days=400))
counts = st.integers(0, 100)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[date, BusinessCalendar]:
    """Draw a day, and a calendar with a few temporary holidays soon after it."""
    day = draw(days)
    ahead = draw(st.sets(st.integers(0, 30), max_size=8))
    return day, BusinessCalendar(day + timedelta(days=one) for one in ahead)


# Each from the government's own announcements, not from the library.
@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2021-08-16", "Liberation Day's substitute, by the act of that summer"),
        ("2022-03-09", "presidential election"),
        ("2022-06-01", "local elections"),
        ("2022-09-12", "Chuseok's substitute"),
        ("2023-05-01", "Labour Day, banks only"),
        ("2023-05-29", "Buddha's Birthday's substitute"),
        ("2023-10-02", "temporary"),
        ("2024-02-12", "Seollal's substitute"),
        ("2024-04-10", "National Assembly election"),
        ("2024-10-01", "Armed Forces Day, temporary"),
        ("2025-01-27", "temporary"),
        ("2025-03-03", "Independence Movement Day's substitute"),
        ("2025-05-01", "Labour Day, banks only"),
        ("2025-05-06", "Children's Day and Buddha's Birthday on one day"),
        ("2025-06-03", "presidential election at short notice"),
        ("2025-10-08", "Chuseok's substitute"),
        ("2026-02-16", "Seollal's eve"),
        ("2026-02-17", "Seollal"),
        ("2026-02-18", "the day after Seollal"),
        ("2026-05-01", "Labour Day, now public"),
        ("2026-06-03", "local elections"),
        ("2026-07-17", "Constitution Day, public again"),
        ("2026-09-24", "Chuseok's eve"),
        ("2026-09-25", "Chuseok"),
        ("2026-12-25", "Christmas"),
        ("2027-01-01", "New Year"),
        ("2026-11-21", "a Saturday"),
        ("2026-11-22", "a Sunday"),
    ],
)
def test_banks_are_closed_r_t4(day: str, why: str) -> None:
    assert not CALENDAR.is_business_day(date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2021-01-04", "the first business day of the table"),
        ("2022-10-04", "the day after a substitute"),
        ("2024-06-07", "a Friday after Memorial Day"),
        ("2025-07-17", "Constitution Day before it was public again"),
        ("2026-06-08", "Memorial Day on a Saturday has no substitute"),
        ("2026-09-28", "Chuseok on a Saturday has no substitute"),
        ("2026-11-20", "a Friday"),
        ("2026-12-31", "the year's last day is an ordinary Thursday"),
    ],
)
def test_banks_are_open_r_t4(day: str, why: str) -> None:
    assert CALENDAR.is_business_day(date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-11-20", "2026-11-23"),  # over a weekend
        ("2026-11-21", "2026-11-23"),
        ("2026-09-23", "2026-09-28"),  # Chuseok runs into a weekend
        ("2026-02-13", "2026-02-19"),  # Seollal follows one
        ("2026-04-30", "2026-05-04"),  # Labour Day
        ("2025-10-02", "2025-10-10"),  # seven closed days
        ("2026-12-31", "2027-01-04"),  # over the year's end
    ],
)
def test_the_next_business_day_leaves_out_what_is_closed_r_t4(day: str, following: str) -> None:
    assert CALENDAR.next_business_day(date.fromisoformat(day)) == date.fromisoformat(following)


def test_a_business_day_is_its_own_and_not_its_next() -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert CALENDAR.business_day_from(friday) == friday
    assert CALENDAR.business_day_from(friday + timedelta(days=1)) == monday
    assert CALENDAR.next_business_day(friday) == monday


def test_a_temporary_holiday_closes_its_day_only_r_t4() -> None:
    monday = date(2026, 11, 23)
    calendar = BusinessCalendar([monday])
    assert not calendar.is_business_day(monday)
    assert calendar.next_business_day(date(2026, 11, 20)) == date(2026, 11, 24)
    assert CALENDAR.is_business_day(monday)


def test_three_business_days_from_a_thursday_r_a3() -> None:
    thursday = date(2026, 11, 19)
    assert CALENDAR.add_business_days(thursday, 3) == date(2026, 11, 24)
    assert CALENDAR.business_days_between(thursday, date(2026, 11, 24)) == 3


def test_days_are_counted_forwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.add_business_days(date(2026, 11, 19), -1)
    assert CALENDAR.business_days_between(date(2026, 11, 24), date(2026, 11, 19)) == 0


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_outside_the_table_nothing_is_guessed(day: date) -> None:
    with pytest.raises(OutsideCalendarError, match=str(day)):
        CALENDAR.is_business_day(day)


def test_the_table_holds_its_first_and_its_last_day() -> None:
    assert (date(2021, 1, 1), date(2045, 12, 31)) == (FIRST_DAY, LAST_DAY)
    assert not CALENDAR.is_business_day(FIRST_DAY)
    assert CALENDAR.business_day_from(LAST_DAY - timedelta(days=2)) == date(2045, 12, 29)
    assert not CALENDAR.is_business_day(LAST_DAY)


def test_the_search_for_a_business_day_does_not_leave_the_table() -> None:
    with pytest.raises(OutsideCalendarError):
        CALENDAR.next_business_day(LAST_DAY)
    with pytest.raises(OutsideCalendarError):
        CALENDAR.add_business_days(LAST_DAY - timedelta(days=7), 9)
    with pytest.raises(OutsideCalendarError):
        CALENDAR.business_days_between(LAST_DAY, LAST_DAY + timedelta(days=1))


def test_a_moment_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="moment"):
        CALENDAR.is_business_day(datetime(2026, 2, 17, tzinfo=SEOUL))


def test_the_table_is_what_the_library_writes() -> None:
    assert TABLE.read_text(encoding="utf-8") == holidays_text(FIRST_DAY.year, LAST_DAY.year)


def test_the_table_has_one_day_on_a_line_in_their_order() -> None:
    lines = re.findall(r'^  "([\d-]{10})": "\S[^"]*",?$', TABLE.read_text("utf-8"), re.MULTILINE)
    assert lines == sorted(set(lines))
    assert len(lines) == len(TABLE.read_text("utf-8").splitlines()) - 6


def test_the_table_reaches_two_years_past_the_newest_decision() -> None:
    first_lines = (file.read_text("utf-8") for file in (ROOT / "docs" / "adr").glob("0*.md"))
    newest = max(re.findall(r"^(\d{4})-\d\d-\d\d · ", "\n".join(first_lines), re.MULTILINE))
    assert int(newest) + 2 < LAST_DAY.year


@given(known_days)
def test_a_day_is_a_business_day_when_the_library_says_so_r_t4(day: date) -> None:
    assert CALENDAR.is_business_day(day) == (day.isoweekday() <= 5 and day not in LIBRARY)


def test_banks_never_open_on_labour_day_r_t4() -> None:
    labour_days = [date(year, 5, 1) for year in range(FIRST_DAY.year, LAST_DAY.year + 1)]
    assert not any(map(CALENDAR.is_business_day, labour_days))


@given(calendars(), st.integers(0, 40))
def test_counting_day_by_day_gives_the_same(known: tuple[date, BusinessCalendar], n: int) -> None:
    first, calendar = known
    last = first + timedelta(days=n)
    by_hand = 0
    day = first
    while day < last:
        day = day + timedelta(days=1)
        by_hand += calendar.is_business_day(day)
    assert calendar.business_days_between(first, last) == by_hand


@given(calendars(), counts)
def test_the_nth_business_day_is_n_business_days_away(
    known: tuple[date, BusinessCalendar], count: int
) -> None:
    day, calendar = known
    reached = calendar.add_business_days(day, count)
    assert calendar.business_days_between(day, reached) == count
    assert count == 0 or calendar.is_business_day(reached)


@given(calendars(), counts, counts)
def test_counting_on_is_counting_once(
    known: tuple[date, BusinessCalendar], some: int, more: int
) -> None:
    day, calendar = known
    once = calendar.add_business_days(day, some + more)
    assert calendar.add_business_days(calendar.add_business_days(day, some), more) == once


@given(calendars())
def test_between_a_day_and_the_next_business_day_all_are_closed(
    known: tuple[date, BusinessCalendar],
) -> None:
    day, calendar = known
    following = calendar.next_business_day(day)
    skipped = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert calendar.is_business_day(following)
    assert not any(map(calendar.is_business_day, skipped))
    assert calendar.business_day_from(day) == (day if calendar.is_business_day(day) else following)
