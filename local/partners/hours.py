"""When an issuer takes no redemptions: never, unless it is told to."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any

from aiohttp import web
from pydantic import Field

from local.partners.bodies import Strict, json_answer, read_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from local.partners.catalogue import Issuer
    from local.partners.documents import Documents

type ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Window(Strict):
    """From ``start`` until just before ``end``, ``HH:MM``, over midnight if need be."""

    start: ClockTime
    end: ClockTime

    def holds(self, now: datetime) -> bool:
        """Say whether an instant lies in it."""
        start, end, at = time.fromisoformat(self.start), time.fromisoformat(self.end), now.time()
        return start <= at < end if start < end else at >= start or at < end


class Closing(Strict):
    """The body of ``PUT /control/closed/{issuer}``."""

    closed: Annotated[tuple[Window, ...], Field(max_length=10)]


class ServiceHours:
    """When each issuer is closed, by the partners' clock."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._closings = {
            code: Closing.model_validate_json(body) for code, body in documents.load().items()
        }

    def closed(self, issuer: str, now: datetime) -> bool:
        """Say whether an issuer takes no redemptions at this instant."""
        return any(window.holds(now) for window in self.windows(issuer))

    def windows(self, issuer: str) -> tuple[Window, ...]:
        """Return when an issuer is closed."""
        closing = self._closings.get(issuer)
        return closing.closed if closing else ()

    async def set(self, issuer: str, closing: Closing) -> None:
        """Close an issuer at these times only."""
        self._closings[issuer] = closing
        await self._documents.put(issuer, closing.model_dump_json())

    async def clear(self) -> None:
        """Close no issuer at any time."""
        self._closings.clear()
        await self._documents.clear()


class HoursControl:
    """``/control/closed/{issuer}``."""

    def __init__(self, hours: ServiceHours, issuers: Mapping[str, Issuer]) -> None:
        self._hours = hours
        self._issuers = issuers

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        one = "/control/closed/{issuer}"
        return [
            web.get(one, self.read, allow_head=False),
            web.put(one, self.set),
            web.delete(one, self.lift),
            web.delete("/control/closed", self.lift_all),
        ]

    async def read(self, request: web.Request) -> web.Response:
        """Say when an issuer takes no redemptions."""
        windows = self._hours.windows(self._issuer(request))
        plain: list[dict[str, Any]] = [window.model_dump() for window in windows]
        return json_answer({"closed": plain})

    async def set(self, request: web.Request) -> web.Response:
        """Close an issuer at certain times of every day."""
        await self._hours.set(self._issuer(request), await read_body(request, Closing))
        return await self.read(request)

    async def lift(self, request: web.Request) -> web.Response:
        """Let an issuer take redemptions at all times."""
        await self._hours.set(self._issuer(request), Closing(closed=()))
        return web.Response(status=204)

    async def lift_all(self, _: web.Request) -> web.Response:
        """Let every issuer take redemptions at all times."""
        await self._hours.clear()
        return web.Response(status=204)

    def _issuer(self, request: web.Request) -> str:
        code = request.match_info["issuer"]
        if code not in self._issuers:
            raise web.HTTPNotFound(reason="no such issuer")
        return code
