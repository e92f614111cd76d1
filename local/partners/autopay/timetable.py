"""When an order is processed and its result there, and when bills are charged.

Business days are counted with the ``holidays`` library rather than the
product's calendar, so that the two could disagree.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from holidays import BANK, PUBLIC, country_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.partners.autopay.terms import Category, Terms

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
# Longer than any month, so that a charge day lies on both sides of any day.
_ABOUT_A_MONTH = timedelta(days=32)

_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True)
class Course:
    """An order's way, all times ``YYYYMMDDhhmmss``."""

    requested_at: str
    process_at: str
    result_at: str
    withdrawable_until: str


class Timetable:
    """The switch's days and hours (R-A3, R-A4)."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        # Labour Day is no public holiday before 2026, but banks were closed.
        self._holidays = country_holidays("KR", categories=(PUBLIC, BANK))

    def course(self, now: datetime, category: Category) -> Course:
        """Say what way an order of this moment will go; one in real time goes none."""
        stamp = now.strftime(_STAMP)
        if category.real_time:
            return Course(stamp, process_at=stamp, result_at=stamp, withdrawable_until=stamp)
        today = now.date()
        process_on = self._business_days_after(today, self._terms.process_business_days)
        result_on = self._business_days_after(today, self._terms.result_business_days)
        return Course(
            requested_at=stamp,
            process_at=_stamp(process_on, "00:00"),
            result_at=_stamp(result_on, self._terms.results_at),
            withdrawable_until=_stamp(today, self._terms.withdrawable_until),
        )

    def charges(self, charge_day: int, first: date, now: datetime) -> list[str]:
        """List when a bill was charged from a day on: ``YYYYMMDDhhmmss``, oldest first."""
        at = self._terms.charged_at
        stamps = [_stamp(day, at) for day in _monthly(charge_day, first, now.date())]
        return [stamp for stamp in stamps if stamp <= now.strftime(_STAMP)]

    def around(self, charge_day: int, now: datetime) -> tuple[str, str]:
        """Return the days a bill was last charged and will next be: ``YYYYMMDD``."""
        today = now.date()
        days = list(_monthly(charge_day, today - _ABOUT_A_MONTH, today + _ABOUT_A_MONTH))
        stamps = [_stamp(day, self._terms.charged_at) for day in days]
        present = now.strftime(_STAMP)
        last = max(stamp for stamp in stamps if stamp <= present)
        following = min(stamp for stamp in stamps if stamp > present)
        return last[:8], following[:8]

    def _business_days_after(self, day: date, count: int) -> date:
        for _ in range(count):
            day += _ONE_DAY
            while day.weekday() >= _SATURDAY or day in self._holidays:
                day += _ONE_DAY
        return day


def _monthly(charge_day: int, first: date, last: date) -> Iterator[date]:
    """Give a day of every month, the last one where a month is too short for it."""
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        day = date(year, month, min(charge_day, monthrange(year, month)[1]))
        if first <= day <= last:
            yield day
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December


def _stamp(day: date, at: str) -> str:
    return datetime.combine(day, time.fromisoformat(at)).strftime(_STAMP)
