"""The night of the month in which a member's points are looked at (R-E2).

Pure. Day and minute follow from the member's key, so the load spreads by itself:
each night about one in twenty-eight members, each minute about as many.
"""

from datetime import datetime, time, timedelta
from zlib import crc32

from modupoint.clock import SEOUL, epoch_ms
from query.notices import month_of, months_later

NIGHTS = 28
"""Every month has as many."""
FROM = time(1)
MINUTES = 240


def next_night_ms(member: str, now: datetime) -> int:
    """Return when a member is looked at in the month after this one, business time in ms.

    Not the next such night, which may be tomorrow: whoever was looked at late, or out
    of turn, has had this month's look.
    """
    place = crc32(f"night of {member}".encode()) % (NIGHTS * MINUTES)
    day, minute = divmod(place, MINUTES)
    year, number = map(int, months_later(month_of(now.date()), 1).split("-"))
    night = datetime.combine(now.date().replace(year, number, day + 1), FROM, SEOUL)
    return epoch_ms(night + timedelta(minutes=minute))
