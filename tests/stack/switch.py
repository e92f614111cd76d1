"""The autopay switch as a test uses it: what people hold, what it and billers decide, its books."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stack.calls import Reply
    from tests.stack.partners import Partners

TARGET = "autopay"
TOKEN = "local-autopay-token"


@dataclass(frozen=True)
class Switch:
    """The switch's control interface, and its door for others than us."""

    partners: Partners

    def hold(self, sub: str, cards: list[dict[str, Any]], bills: list[dict[str, Any]]) -> None:
        """Let somebody have these cards and bills, in place of any others."""
        self._done("PUT", f"/control/autopay/people/{sub}", {"cards": cards, "bills": bills})

    def unhold(self, sub: str) -> None:
        """Let somebody have what they had before."""
        self._done("DELETE", f"/control/autopay/people/{sub}")

    def listed(self, sub: str) -> dict[str, dict[str, Any]]:
        """Return somebody's registrations as the switch now has them, by their ids."""
        found = self._done("GET", f"/control/autopay/people/{sub}").json["autopays"]
        return {one["autopay_id"]: one for one in found}

    def spoil(self, *faults: dict[str, Any], latency_ms: int | None = None) -> None:
        """Make the switch misbehave, in place of anything before; well again without faults."""
        self.partners.spoil(TARGET, *faults, latency_ms=latency_ms)

    def orders(self, sub: str) -> list[dict[str, Any]]:
        """Return every order the switch was asked for of somebody, refusals included."""
        path = f"/control/books/orders?{urlencode({'sub': sub})}"
        orders: list[dict[str, Any]] = self._done("GET", path).json["orders"]
        return orders

    def charges(self, sub: str, autopay_id: str, since: str) -> list[tuple[str, str]]:
        """Return the days, ``YYYYMMDD``, a bill was charged on from one on, each with the card."""
        path = f"/control/books/charges?{urlencode({'sub': sub, 'since': since})}"
        return [
            (one["charged_at"][:8], one["card_ref"])
            for one in self._done("GET", path).json["charges"]
            if one["autopay_id"] == autopay_id
        ]

    def calls(self, **narrowed: object) -> list[dict[str, Any]]:
        """Return the calls the switch received (``operation``, ``since``), newest last."""
        return self.partners.calls(partner=TARGET, **narrowed)

    def place(self, order: dict[str, Any]) -> Reply:
        """Order something elsewhere than with us: at an issuer's own counter."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        return self.partners.http.send("POST", "/autopay/v1/autopay-orders", order, headers)

    @contextmanager
    def closed(self, category: str) -> Iterator[None]:
        """Let a category be open to nobody for a while."""
        usual = next(
            one["opens_on"]
            for one in self._done("GET", "/control/autopay").json["categories"]
            if one["code"] == category
        )
        path = f"/control/autopay/categories/{category}"
        self._done("PUT", path, {"opens_on": None})
        try:
            yield
        finally:
            self._done("PUT", path, {"opens_on": usual})

    def _done(self, method: str, path: str, body: object = None) -> Reply:
        reply = self.partners.http.send(method, path, body)
        assert reply.status in {200, 204}, reply.body
        return reply
