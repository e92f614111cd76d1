"""Issuers and bank at their end of the wire: which request is whose, and how each refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.simulation import bank_books, issuer_books
from tests.simulation.network import Request

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.bank_books import BankBooks
    from tests.simulation.issuer_books import IssuerBooks
    from tests.simulation.network import Reply

BANK = "bank"
ISSUERS_URL = "sim://partners/issuers/{code}"
BANK_URL = "sim://partners/openbanking"

_ISSUERS_PREFIX = "sim://partners/issuers/"
_SAYS_NOTHING = ("400", "803", "804", "819", "822")
_SAYS_NOTHING_AT_ALL = ("A0001", "A0007")


def read_request(method: str, url: str, body: bytes | None) -> Request:
    """Return whose a request is and what it asks."""
    if url.startswith(_ISSUERS_PREFIX):
        code, _, path = url.removeprefix(_ISSUERS_PREFIX).partition("/")
        return Request(code, method, f"/{path}", _json(body), has_effect=method == "POST")
    path = url.removeprefix(BANK_URL)
    content = {} if path == bank_books.TOKEN else _json(body)
    return Request(BANK, method, path, content, has_effect=path == bank_books.DEPOSIT)


@dataclass(frozen=True, slots=True)
class IssuerSide:
    """An issuer."""

    books: IssuerBooks
    horizon_ms: int = issuer_books.HORIZON_MS

    def arrived(self, request: Request) -> None:
        """Note under which id a redemption is asked for."""
        self.books.arrived(request.path, request.content)

    def do(self, request: Request) -> Reply:
        """Redeem, reverse or tell."""
        return self.books.answer(request.method, request.path, request.content)

    def do_at(self, request: Request, at_ms: int) -> Callable[[], object]:
        """Return what redeems or reverses when its time has come."""
        del at_ms
        return lambda: self.do(request)

    def key_refused(self) -> Reply:
        """Answer that the signature does not fit."""
        return 401, {"rsp_code": "40101"}

    def maintenance(self) -> Reply:
        """Answer that the issuer is in maintenance."""
        return 200, {"rsp_code": "50001"}

    def indefinite(self, request: Request) -> Reply:
        """Answer that something failed inside."""
        del request
        return 200, {"rsp_code": "50002"}


@dataclass(frozen=True, slots=True)
class BankSide:
    """The bank."""

    books: BankBooks
    rng: random.Random
    horizon_ms: int = bank_books.HORIZON_MS

    def arrived(self, request: Request) -> None:
        """Note when deposits are asked for: the bank has its hours."""
        self.books.arrived(request.path, request.content)

    def do(self, request: Request) -> Reply:
        """Deposit, or tell."""
        return self.books.answer(request.path, request.content)

    def do_at(self, request: Request, at_ms: int) -> Callable[[], object]:
        """Take a deposit in; returns what pays it when its time has come."""
        return self.books.take_in(request.content, at_ms)

    def key_refused(self) -> Reply:
        """Answer that the token has ended."""
        return 401, {"rsp_code": "O0003"}

    def maintenance(self) -> Reply:
        """Answer that the bank is in maintenance."""
        return 503, {}

    def indefinite(self, request: Request) -> Reply:
        """Answer with one of the codes that are neither (R-T6)."""
        entries = request.content.get("req_list")
        if entries is None or self.rng.random() < 0.3:
            return 200, {"rsp_code": self.rng.choice(_SAYS_NOTHING_AT_ALL)}
        entry = {
            "bank_tran_id": entries[0].get("bank_tran_id") or entries[0]["org_bank_tran_id"],
            "tran_amt": entries[0].get("tran_amt") or entries[0]["org_tran_amt"],
            "bank_rsp_code": self.rng.choice(_SAYS_NOTHING),
        }
        return 200, {"rsp_code": "A0000", "res_list": [entry]}


def _json(body: bytes | None) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(body) if body else {}
    return content
