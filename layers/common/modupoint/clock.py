"""The time by which business rules are read, always in Asia/Seoul.

Two times exist. *Business* time is what members and partners date things by;
a local stack can move it, so that a 20:00 cut-off can be tried at noon
(partner contract, section 5). *Real* time orders ids, ends waits and signs
requests; nobody can move it.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import urllib3

# Korea has had no summer time since 1988. zoneinfo would read the machine's own
# data and configuration for this at every cold start.
SEOUL = timezone(timedelta(hours=9), "KST")

type Clock = Callable[[], datetime]

_CLOCK_TIMEOUT_S = 2.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seoul_now() -> datetime:
    """Return the real time in Seoul."""
    return datetime.now(SEOUL)


def real_ms() -> int:
    """Return real time in milliseconds of the Unix epoch."""
    return time.time_ns() // 1_000_000


def epoch_ms(moment: datetime) -> int:
    """Return an aware time in milliseconds of the Unix epoch."""
    # Whole numbers: a float of seconds loses a millisecond now and then.
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def at_ms(milliseconds: int) -> datetime:
    """Return the time in Seoul for milliseconds of the Unix epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, SEOUL)


def rfc3339(moment: datetime) -> str:
    """Return a time as the public API writes it: milliseconds, ``+09:00``."""
    return moment.astimezone(SEOUL).isoformat(timespec="milliseconds")


def url_clock(url: str) -> Clock:
    """Return a clock that asks ``url`` for the time, each time it is read.

    Never cached: a moved clock must hold for the very next request. A clock that
    does not answer, or not with a time, leaves us with the real one: it serves
    tests, and no lookup is to fail for it.
    """
    pool = urllib3.PoolManager(timeout=_CLOCK_TIMEOUT_S, retries=False)

    def now() -> datetime:
        try:
            body = json.loads(pool.request("GET", url).data)
            return datetime.fromisoformat(body["now"]).astimezone(SEOUL)
        except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError):
            return seoul_now()

    return now


def business_clock() -> Clock:
    """Return the clock this deployment goes by (``CLOCK_URL``, local stage only)."""
    url = os.environ.get("CLOCK_URL")
    return url_clock(url) if url else seoul_now
