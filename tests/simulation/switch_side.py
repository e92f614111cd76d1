"""The autopay switch at its end of the wire.

Its lists stumble on their own: they are asked for while a member waits, its orders are
placed behind their backs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation import switch_books
from tests.simulation.network import Request
from tests.simulation.switch_books import BILLS, CARDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.network import Reply
    from tests.simulation.switch_books import SwitchBooks

SWITCH, LISTS = "switch", "switch lists"
SWITCH_URL = "sim://partners/autopay"


def read_switch_request(method: str, url: str, body: bytes | None) -> Request:
    """Return what of the switch a request is for, and what it asks."""
    path = url.removeprefix(SWITCH_URL)
    partner = LISTS if path in {CARDS, BILLS} else SWITCH
    has_effect = partner == SWITCH and method == "POST"
    return Request(partner, method, path, json.loads(body) if body else {}, has_effect)


@dataclass(frozen=True, slots=True)
class SwitchSide:
    """The switch."""

    books: SwitchBooks
    horizon_ms: int = switch_books.HORIZON_MS

    def arrived(self, request: Request) -> None:
        """Note what is asked for."""
        if request.has_effect:
            self.books.arrived(request.path, request.content)

    def do(self, request: Request) -> Reply:
        """Place, withdraw or tell."""
        return self.books.answer(request.method, request.path, request.content)

    def do_at(self, request: Request, at_ms: int) -> Callable[[], object]:
        """Return what places or withdraws when its time has come."""
        del at_ms
        return lambda: self.do(request)

    def key_refused(self) -> Reply:
        """Answer that the token is not good."""
        return 401, {"code": "40101"}

    def maintenance(self) -> Reply:
        """Answer that the switch is in maintenance."""
        return 503, {}

    def indefinite(self, request: Request) -> Reply:
        """Answer with a code that does not say what became of it."""
        del request
        return 409, {"rsp_code": "40901"}
