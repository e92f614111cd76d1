"""What partners have on their books, for whoever audits the product's.

``GET /control/books/redemptions`` and ``GET /control/books/deposits`` leave
nothing out: refusals, failures and how often each was asked for are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from local.partners.bodies import BadBodyError, json_answer
from local.partners.people import ci_of, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.redemptions import Redemptions

USUAL = 1000
LIMIT = 50_000


class RedemptionBooks:
    """``/control/books/redemptions``."""

    def __init__(self, redemptions: Redemptions) -> None:
        self._redemptions = redemptions

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [web.get("/control/books/redemptions", self.read, allow_head=False)]

    async def read(self, request: web.Request) -> web.Response:
        """List redemptions, oldest first; ``issuer``, ``sub``, ``after`` (seq), ``limit``."""
        check(request.query, {"issuer", "sub", "after", "limit"})
        sub = request.query.get("sub")
        after, limit = span(request.query)
        found = await self._redemptions.book(
            request.query.get("issuer"), None if sub is None else key_of(ci_of(sub)), after, limit
        )
        return json_answer({"redemptions": [line.public() for line in found]})


def check(query: Mapping[str, str], known: set[str]) -> None:
    """Refuse what would otherwise be taken for "everything"."""
    if unknown := query.keys() - known:
        raise BadBodyError(f"no such parameter: {', '.join(sorted(unknown))}")


def span(query: Mapping[str, str]) -> tuple[int, int]:
    """Read ``after`` and ``limit``."""
    after, limit = query.get("after", "0"), query.get("limit", str(USUAL))
    if not after.isdecimal() or not limit.isdecimal() or int(limit) > LIMIT:
        raise BadBodyError(f"after, limit: must be numbers, limit up to {LIMIT}")
    return int(after), int(limit)
