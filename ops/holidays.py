"""Closing days announced between releases, as an operator adds them (R-T4)."""

from datetime import date

from modupoint.business_calendar import OutsideCalendarError
from modupoint.temporary_holidays import TemporaryHolidays
from ops.output import Row, Shown
from ops.refusal import RefusedError


def listed(holidays: TemporaryHolidays) -> list[Row]:
    """Return the added days."""
    return [{"day": day.isoformat(), "name": name} for day, name in holidays.list().items()]


def added(holidays: TemporaryHolidays, day: date, name: str) -> Shown:
    """Close a day.

    Raises
    ------
    RefusedError
        If no calendar reaches that far.
    """
    try:
        holidays.add(day, name)
    except OutsideCalendarError as error:
        raise RefusedError(str(error)) from None
    return {"day": day.isoformat(), "outcome": "closed"}


def removed(holidays: TemporaryHolidays, day: date) -> Shown:
    """Open a day again.

    Raises
    ------
    RefusedError
        If it was not closed here.
    """
    if not holidays.remove(day):
        raise RefusedError("not an added day")
    return {"day": day.isoformat(), "outcome": "open"}
