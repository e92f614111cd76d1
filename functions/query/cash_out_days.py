"""On which day expiring points are turned into cash, so that the member knows first (R-E3).

Pure. The member is told at least three days before. A business day is better, since
the cash then arrives sooner and somebody answers the telephone; but points go on any
day, so a holiday before the month's end does not let them expire.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL, epoch_ms
from query.notices import last_day_of, month_over_ms

TOLD_BEFORE = timedelta(days=3)
"""How long before a standing cash-out the member is told, at least."""
AT = time(10)
"""When in the day it begins: banks are open, every cut-off is ahead."""
_ONE_DAY = timedelta(days=1)
_TIME_TO_FINISH_MS = 30 * 60_000


def first_day_for(
    told_at: datetime, month: str, calendar: BusinessCalendar, taken: Collection[date] = ()
) -> date | None:
    """Return the day for a cash-out that the member is told of now.

    Parameters
    ----------
    told_at
        Business time in Seoul.
    month
        At whose end the points expire, ``YYYY-MM``.
    taken
        Days that hold another cash-out of this issuer: one redemption a day (R-T2).

    Returns
    -------
    date or None
        None if that leaves no day before the points are gone.
    """
    earliest = told_at + TOLD_BEFORE
    first = earliest.date() if earliest.time() <= AT else earliest.date() + _ONE_DAY
    return _first_free(first, month, calendar, taken)


def next_day_for(now: datetime, month: str, calendar: BusinessCalendar) -> date | None:
    """Return the day for another try, None if the points will be gone."""
    return _first_free(now.date() + _ONE_DAY, month, calendar, ())


def starts_ms(day: date) -> int:
    """Return when a cash-out of a day begins, business time."""
    return epoch_ms(datetime.combine(day, AT, SEOUL))


def too_late_ms(month: str) -> int:
    """Return from when on a cash-out is no longer begun: it might not end in its month."""
    return month_over_ms(month) - _TIME_TO_FINISH_MS


def _first_free(
    first: date, month: str, calendar: BusinessCalendar, taken: Collection[date]
) -> date | None:
    ahead = (last_day_of(month) - first).days
    free = [day for day in (first + _ONE_DAY * n for n in range(ahead + 1)) if day not in taken]
    return next(filter(calendar.is_business_day, free), free[0] if free else None)
