"""A member of the service, as their device would speak for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modupoint.http import member_key
from tests.stack.polling import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.calls import Http, Reply
    from tests.stack.partners import Partners

TERMS_VERSION = "2026-11-01"
AGREED = ["service", "third_party_provision", "delegation"]

type Lookup = dict[str, Any]


def fresh_sub() -> str:
    """Return a ``sub`` nobody else has: a made-up person with points at every issuer."""
    return f"t-{uuid.uuid4()}"


@dataclass
class Member:
    """One signed-in person."""

    api: Http
    partners: Partners
    sub: str = field(default_factory=fresh_sub)
    token: str = ""

    def __post_init__(self) -> None:
        """Sign in."""
        self.token = self.token or self.partners.token(self.sub)

    @property
    def key(self) -> str:
        """The pseudonymous key under which everything of the member is stored."""
        return member_key(self.sub)

    def send(
        self, method: str, path: str, body: object = None, language: str | None = None
    ) -> Reply:
        """Send a request with the member's token."""
        headers = {"authorization": f"Bearer {self.token}"}
        if language:
            headers["accept-language"] = language
        return self.api.send(method, path, body, headers)

    def agree(self) -> Member:
        """Give the agreement."""
        body = {"terms_version": TERMS_VERSION, "agreed": AGREED}
        reply = self.send("PUT", "/v1/me/consent", body)
        assert reply.status == 200, reply.body
        return self

    def request(self, **wanted: object) -> Lookup:
        """Start a lookup (``issuers``, ``max_age_seconds``) and return it as accepted."""
        reply = self.send("POST", "/v1/lookups", wanted)
        assert reply.status == 202, reply.body
        lookup: Lookup = reply.json
        return lookup

    def read(self, lookup_id: str) -> Lookup:
        """Return a lookup as it is now."""
        reply = self.send("GET", f"/v1/lookups/{lookup_id}")
        assert reply.status == 200, reply.body
        lookup: Lookup = reply.json
        return lookup

    def until(
        self,
        lookup_id: str,
        there: Callable[[Lookup], bool],
        what: str,
        patience_s: float = PATIENCE_S,
    ) -> Lookup:
        """Poll a lookup until something is there, and return it as it then is."""

        def look() -> Lookup | None:
            lookup = self.read(lookup_id)
            return lookup if there(lookup) else None

        return eventually(look, what, patience_s)

    def done(self, lookup_id: str, patience_s: float = PATIENCE_S) -> Lookup:
        """Poll a lookup until it is DONE."""
        return self.until(
            lookup_id, lambda one: one["status"] == "DONE", f"{lookup_id} DONE", patience_s
        )

    def look_up(self, **wanted: object) -> Lookup:
        """Start a lookup and return it when it is DONE."""
        return self.done(self.request(**wanted)["lookup_id"])


def statuses(lookup: Lookup) -> dict[str, str]:
    """Return the status of every result."""
    return {code: one["status"] for code, one in lookup["results"].items()}
