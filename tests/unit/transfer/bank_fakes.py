"""A bank on the other side of a fake transport: gives tokens, answers what it is told to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.unit.transfer.leg_samples import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from modupoint.partner import PartnerAnswer

SECRET = {
    "base_url": "http://bank.example/openbanking/",
    "client_id": "modupoint",
    "client_secret": "local-bank-secret",
    "organisation": "M202600001",
    "account": "00112233445566",
}
TOKEN_URL = "http://bank.example/openbanking/oauth/2.0/token"
EXPIRED = answered({"rsp_code": "O0003"}, 401)


class FixedSecret:
    """A secret whose value is known."""

    def read(self) -> dict[str, Any]:
        return SECRET


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it went out."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    timeout_s: float

    @property
    def content(self) -> Any:
        """The JSON body."""
        return json.loads(self.body or b"null")

    @property
    def form(self) -> dict[str, list[str]]:
        """The form body."""
        return parse_qs((self.body or b"").decode())


class FakeTransport:
    """Gives a token a call to the token's URL, and ``answers`` in turn to all else.

    ``tokens`` are the answers to requests for tokens, in turn, then new ones for ever.
    """

    def __init__(self) -> None:
        self.tokens: list[PartnerAnswer] = []
        self.answers: list[PartnerAnswer] = []
        self.always: Callable[[Call], PartnerAnswer] = lambda _: answered({"rsp_code": "A0000"})
        self.calls: list[Call] = []
        self.fetched = 0

    @property
    def bank_calls(self) -> list[Call]:
        """All calls but those for tokens."""
        return [call for call in self.calls if call.url != TOKEN_URL]

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        timeout_s: float,
    ) -> PartnerAnswer:
        call = Call(method, url, headers, body, timeout_s)
        self.calls.append(call)
        if url == TOKEN_URL:
            self.fetched += 1
            usual = answered({"access_token": f"token-{self.fetched}", "expires_in": 3600})
            return self.tokens.pop(0) if self.tokens else usual
        return self.answers.pop(0) if self.answers else self.always(call)
