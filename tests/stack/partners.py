"""The partner simulators as a test uses them: tokens, people, clock, faults, calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.stack.calls import Http

SCOPES = "points:read points:transfer autopay"

HANG: dict[str, Any] = {"kind": "hang"}
CUT: dict[str, Any] = {"kind": "cut_before_effect"}


@dataclass(frozen=True)
class Partners:
    """The simulators' control interface."""

    http: Http

    @classmethod
    def at(cls, url: str) -> Partners:
        """Return the simulators at an address."""
        return cls(Http(url))

    @property
    def url(self) -> str:
        """The base URL of all partners."""
        return self.http.base_url

    def token(self, sub: str, **fields: object) -> str:
        """Return an access token for anybody (``scope``, ``expires_in``, ``auth_time``)."""
        token: str = self._ask("POST", "/identity/test-token", {"sub": sub, **fields})[
            "access_token"
        ]
        return token

    def userinfo(self, token: str) -> dict[str, str]:
        """Return whom a token speaks for, the CI included."""
        headers = {"authorization": f"Bearer {token}"}
        reply = self.http.send("GET", "/identity/userinfo", headers=headers)
        assert reply.status == 200, reply.body
        person: dict[str, str] = reply.json
        return person

    def person(self, sub: str) -> dict[str, Any]:
        """Return somebody, and what each issuer now says of them."""
        person: dict[str, Any] = self._ask("GET", f"/control/people/{sub}")
        return person

    def say(
        self, sub: str, issuers: dict[str, Any] | None = None, elsewhere: str | None = None
    ) -> None:
        """Tell the issuers what to say of somebody."""
        told = {"issuers": issuers or {}, "elsewhere": elsewhere}
        self._ask("PUT", f"/control/people/{sub}", told)

    def unsay(self, sub: str) -> None:
        """Let the issuers say of somebody what they said before."""
        self.http.send("DELETE", f"/control/people/{sub}")

    def fault(self, issuer: str, *faults: dict[str, Any], latency_ms: int | None = None) -> None:
        """Make an issuer misbehave, in place of anything before."""
        self.spoil(f"issuers/{issuer}", *faults, latency_ms=latency_ms)

    def spoil(self, target: str, *faults: dict[str, Any], latency_ms: int | None = None) -> None:
        """Make a partner misbehave, in place of anything before."""
        spec: dict[str, Any] = {"faults": faults}
        if latency_ms is not None:
            spec["latency"] = {"kind": "fixed", "ms": latency_ms}
        self._ask("PUT", f"/control/faults/{target}", spec)

    def heal(self) -> None:
        """Make everybody well again, and the time real."""
        for path in ("/control/faults", "/clock"):
            self.http.send("DELETE", path)

    def now(self) -> datetime:
        """Return business time."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    def set_clock(self, moment: datetime) -> None:
        """Move business time; it runs on from there."""
        self._ask("PUT", "/clock", {"now": moment.isoformat()})

    def forward(self, **by: float) -> datetime:
        """Move business time on (``minutes=5``), and return it."""
        self.set_clock(self.now() + timedelta(**by))
        return self.now()

    def account(self, sub: str, bank: str = "088") -> dict[str, Any]:
        """Return somebody's own account at a bank, as the bank has it."""
        accounts = self._ask("GET", f"/control/bank/accounts?{urlencode({'sub': sub})}")["accounts"]
        account: dict[str, Any] = next(one for one in accounts if one["bank_code_std"] == bank)
        return account

    def change_account(self, account: dict[str, Any], **changes: str) -> None:
        """Change an account at its bank (``state``, ``holder_name``)."""
        path = f"/control/bank/accounts/{account['bank_code_std']}/{account['account_num']}"
        self._ask("PUT", path, changes)

    def redemptions(self, sub: str) -> list[dict[str, Any]]:
        """Return every redemption that issuers were asked for of somebody, refusals included."""
        path = f"/control/books/redemptions?{urlencode({'sub': sub})}"
        redemptions: list[dict[str, Any]] = self._ask("GET", path)["redemptions"]
        return redemptions

    def deposits(self, sub: str) -> list[dict[str, Any]]:
        """Return every deposit tried into somebody's accounts, failures included."""
        path = f"/control/books/deposits?{urlencode({'sub': sub})}"
        deposits: list[dict[str, Any]] = self._ask("GET", path)["deposits"]
        return deposits

    def calls(self, **narrowed: object) -> list[dict[str, Any]]:
        """Return the calls received (``partner``, ``sub``, ``operation``, ``since``), newest last."""
        calls: list[dict[str, Any]] = self._ask("GET", f"/control/calls?{urlencode(narrowed)}")[
            "calls"
        ]
        return calls

    def last_call(self) -> int:
        """Return the number of the newest call, to ask for what comes after it."""
        newest = self.calls(limit=1)
        return int(newest[-1]["seq"]) if newest else 0

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        reply = self.http.send(method, path, body)
        assert reply.status == 200, reply.body
        return reply.json
