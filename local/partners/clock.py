"""The clock all partners date their own records by (partner contracts, section 5).

It can be set to any instant, from which it runs on at real speed, so that what
happens at 23:00 or at a month's end can be seen at noon. Token lifetimes and
request signatures never look at it: those are always real time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import AwareDatetime  # noqa: TC002 - read at run time, by pydantic

from local.partners.bodies import BadBodyError, Strict, json_answer, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.partners.documents import Documents

SEOUL = ZoneInfo("Asia/Seoul")

EARLIEST = datetime(2000, 1, 1, tzinfo=SEOUL)
LATEST = datetime(2100, 1, 1, tzinfo=SEOUL)

_KEY = "clock"


class Clock:
    """The partners' time: real time, moved by a kept offset.

    Parameters
    ----------
    documents
        Where the offset is kept over a restart.
    real
        Real time in epoch seconds.
    """

    def __init__(self, documents: Documents, real: Callable[[], float] = time.time) -> None:
        self._documents = documents
        self._real = real
        self._offset_s = float(documents.load().get(_KEY, "0"))

    def now(self) -> datetime:
        """Return the partners' present instant, in Asia/Seoul."""
        return datetime.fromtimestamp(self._real() + self._offset_s, SEOUL)

    def stamp(self) -> str:
        """Return the present as the contracts write times: ``YYYYMMDDhhmmss``."""
        return self.now().strftime("%Y%m%d%H%M%S")

    async def set(self, instant: datetime) -> None:
        """Make ``instant`` the present; time runs on from there."""
        self._offset_s = instant.timestamp() - self._real()
        await self._documents.put(_KEY, repr(self._offset_s))

    async def reset(self) -> None:
        """Go back to real time."""
        self._offset_s = 0.0
        await self._documents.delete(_KEY)


class _Setting(Strict):
    """The body of ``PUT /clock``."""

    now: AwareDatetime


class ClockEndpoints:
    """``GET``, ``PUT`` and ``DELETE /clock``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.get("/clock", self.read, allow_head=False),
            web.put("/clock", self.set),
            web.delete("/clock", self.reset),
        ]

    async def read(self, _: web.Request) -> web.Response:
        """Say what time it is for the partners."""
        return json_answer({"now": self._clock.now().isoformat(timespec="seconds")})

    async def set(self, request: web.Request) -> web.Response:
        """Set the clock; 400 if the body is not ``{"now": RFC 3339 with an offset}``."""
        setting = await read_body(request, _Setting)
        if not EARLIEST <= setting.now < LATEST:
            raise BadBodyError("now: must lie between the years 2000 and 2099")
        await self._clock.set(setting.now.astimezone(UTC))
        return await self.read(request)

    async def reset(self, request: web.Request) -> web.Response:
        """Go back to real time, and say what that is."""
        await self._clock.reset()
        return await self.read(request)
