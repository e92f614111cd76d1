"""A member of the service, as their device would speak for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modupoint.http import member_key
from modupoint.issuers import ISSUERS
from tests.stack.polling import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.stack.calls import Http, Reply
    from tests.stack.partners import Partners

TERMS_VERSION = "2026-11-01"
AGREED = ["service", "third_party_provision", "delegation"]

type Lookup = dict[str, Any]
type Transfer = dict[str, Any]


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
        self,
        method: str,
        path: str,
        body: object = None,
        language: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request with the member's token."""
        named = {"authorization": f"Bearer {self.token}", **(headers or {})}
        if language:
            named["accept-language"] = language
        return self.api.send(method, path, body, named)

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

    def register(self, bank: str = "088") -> dict[str, Any]:
        """Register the member's own account at a bank and return it."""
        there = self.partners.account(self.sub, bank)
        wanted = {
            "bank_code": bank,
            "account_number": there["account_num"],
            "holder_name": there["account_holder_name"],
        }
        reply = self.send("POST", "/v1/accounts", wanted)
        assert reply.status == 201, reply.body
        account: dict[str, Any] = reply.json
        return account

    def quote(self, body: object) -> dict[str, Any]:
        """Return what a transfer would bring when."""
        reply = self.send("POST", "/v1/transfers/quote", body)
        assert reply.status == 200, reply.body
        quote: dict[str, Any] = reply.json
        return quote

    def ask_for(self, body: object, key: str | None = None) -> Reply:
        """Submit a transfer, under a key of its own unless one is given."""
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        return self.send("POST", "/v1/transfers", body, headers=headers)

    def submit(self, body: object, key: str | None = None) -> Transfer:
        """Submit a transfer and return it as accepted."""
        reply = self.ask_for(body, key)
        assert reply.status == 202, reply.body
        transfer: Transfer = reply.json
        return transfer

    def transfer(self, transfer_id: str) -> Transfer:
        """Return a transfer as it is now."""
        reply = self.send("GET", f"/v1/transfers/{transfer_id}")
        assert reply.status == 200, reply.body
        transfer: Transfer = reply.json
        return transfer

    def transfers(self) -> list[Transfer]:
        """Return all transfers, newest first."""
        transfers: list[Transfer] = []
        path = "/v1/transfers?limit=50"
        while True:
            reply = self.send("GET", path)
            assert reply.status == 200, reply.body
            transfers += reply.json["transfers"]
            if reply.json["next_cursor"] is None:
                return transfers
            path = f"/v1/transfers?limit=50&cursor={reply.json['next_cursor']}"

    def until_legs(
        self, transfer_id: str, expected: Mapping[str, str], patience_s: float = PATIENCE_S
    ) -> Transfer:
        """Poll a transfer until its legs have the statuses expected, and return it."""
        seen: dict[str, str] = {}

        def look() -> Transfer | None:
            transfer = self.transfer(transfer_id)
            seen.update(leg_statuses(transfer))
            return transfer if seen == dict(expected) else None

        try:
            return eventually(look, f"{dict(expected)}", patience_s)
        except AssertionError as error:
            raise AssertionError(f"{error}, but {seen}") from None


def cash(account: Mapping[str, Any], **amounts: int) -> dict[str, Any]:
    """Return the body that asks for cash: points of some issuers, each their first cashable kind."""
    items = [
        {
            "issuer": issuer,
            "point_code": next(one.code for one in ISSUERS[issuer].points if one.cashable),
            "amount": amount,
        }
        for issuer, amount in amounts.items()
    ]
    return {"account_id": account["account_id"], "items": items}


def leg_statuses(transfer: Transfer) -> dict[str, str]:
    """Return the status of every leg by issuer."""
    return {leg["issuer"]: leg["status"] for leg in transfer["legs"]}


def statuses(lookup: Lookup) -> dict[str, str]:
    """Return the status of every result."""
    return {code: one["status"] for code, one in lookup["results"].items()}
