"""The Korean business calendar: Monday to Friday without the days banks are closed (R-T4).

Holidays known in advance are the table ``holidays.json``, written by
``make generate``. What the government announces later comes from the operator
and is given to the calendar when it is made.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

_TABLE = json.loads(Path(__file__).with_name("holidays.json").read_bytes())
_HOLIDAYS = frozenset(map(date.fromisoformat, _TABLE["holidays"]))
FIRST_DAY = date(_TABLE["first_year"], 1, 1)
"""The first day the table speaks of."""
LAST_DAY = date(_TABLE["last_year"], 12, 31)
"""The last day the table speaks of."""

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class OutsideCalendarError(Exception):
    """Nobody knows yet, or any more, whether a day is a business day."""


class BusinessCalendar:
    """The business days of Korea.

    Parameters
    ----------
    temporary
        Days banks are closed beyond those of the table.
    """

    def __init__(self, temporary: Iterable[date] = ()) -> None:
        self._closed = _HOLIDAYS.union(temporary)

    def is_business_day(self, day: date) -> bool:
        """Tell whether banks are open on a day (R-T4).

        Raises
        ------
        OutsideCalendarError
            If the table does not speak of the day, as in every other method.
        TypeError
            If the day is a moment.
        """
        # A moment is a date to Python and equal to none: every holiday would be open.
        if isinstance(day, datetime):
            raise TypeError("a day, not a moment")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise OutsideCalendarError(f"{day} is not between {FIRST_DAY} and {LAST_DAY}")
        return day.weekday() < _SATURDAY and day not in self._closed

    def business_day_from(self, day: date) -> date:
        """Return the day itself if it is a business day, else the next one."""
        while not self.is_business_day(day):
            day += _ONE_DAY
        return day

    def next_business_day(self, day: date) -> date:
        """Return the first business day after a day."""
        return self.business_day_from(day + _ONE_DAY)

    def add_business_days(self, day: date, count: int) -> date:
        """Return the ``count``-th business day after a day; for 0 the day itself.

        Raises
        ------
        ValueError
            If ``count`` is negative.
        """
        if count < 0:
            raise ValueError("business days are counted forwards")
        for _ in range(count):
            day = self.next_business_day(day)
        return day

    def business_days_between(self, first: date, last: date) -> int:
        """Return how many business days come after ``first``, up to ``last`` and with it.

        0 if ``last`` is not after ``first``. So a business day that is
        ``add_business_days(first, n)`` is ``n`` business days away.
        """
        days = (first + _ONE_DAY * ahead for ahead in range(1, (last - first).days + 1))
        return sum(map(self.is_business_day, days))


class Calendars(Protocol):
    """Where the business calendar is, with the holidays that operators added."""

    def calendar(self) -> BusinessCalendar:
        """Return today's calendar."""
