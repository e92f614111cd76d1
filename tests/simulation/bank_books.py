"""The bank in memory: its book of deposits, the requests it saw, its answers on the wire.

Speaks section 2 of the partner contract. What is in ``deposits`` has happened,
whatever anybody was told about it; the checkers read that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.clock import at_ms

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.faults import Faults

DEPOSITED = "000"
HORIZON_MS = 600_000
"""How long after a request its effect may still land."""

TOKEN = "/oauth/2.0/token"
DEPOSIT = "/v2.0/transfer/deposit/acnt_num"
_RESULT = "/v2.0/transfer/result"
_REPEATED, _NOT_FOUND = "822", "701"
_IN_PROGRESS = ("400", "804")
_REFUSALS = ("412", "415", "416", "815", "411")
_LASTS_S, _LASTS_HARDLY_S = 3600, 30

type Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for a deposit, as it arrived; ``day`` is ``YYYYMMDD``."""

    at_ms: int
    bank_tran_id: str
    day: str
    account: tuple[str, str]
    amount: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """A line of the book: decided for good. ``account`` is bank code and number."""

    bank_tran_id: str
    day: str
    account: tuple[str, str]
    holder: str
    amount: int
    code: str
    decided_ms: int


class BankBooks:
    """The bank: each id once a day."""

    def __init__(self, now_ms: Callable[[], int], faults: Faults, rng: random.Random) -> None:
        self.arrivals: list[Arrival] = []
        self.deposits: dict[tuple[str, str], Deposit] = {}
        self._now_ms = now_ms
        self._faults = faults
        self._rng = rng
        self._taken_in: dict[tuple[str, str], int] = {}
        self._tokens = 0

    def arrived(self, path: str, content: dict[str, Any]) -> None:
        """Note that a request has arrived, before anything is decided about it."""
        if path != DEPOSIT:
            return
        asked, now_ms = content["req_list"][0], self._now_ms()
        self.arrivals.append(
            Arrival(
                now_ms, asked["bank_tran_id"], _day(now_ms), _account(asked), int(asked["tran_amt"])
            )
        )

    def take_in(self, content: dict[str, Any], until_ms: int) -> Callable[[], Reply]:
        """Take a deposit in that is decided later; returns what decides it then."""
        asked, day = content["req_list"][0], _day(self._now_ms())
        self._taken_in[asked["bank_tran_id"], day] = until_ms
        return lambda: self._deposit(content, day)

    def answer(self, path: str, content: dict[str, Any]) -> Reply:
        """Do what a request asks and say so: HTTP status and body."""
        if path == TOKEN:
            return self._token()
        if path == DEPOSIT:
            return self._deposit(content, _day(self._now_ms()))
        return self._result(content["req_list"][0])

    def _token(self) -> Reply:
        self._tokens += 1
        lasts_s = _LASTS_HARDLY_S if self._faults.short_token else _LASTS_S
        return 200, {
            "access_token": f"token-{self._tokens}",
            "token_type": "Bearer",
            "expires_in": lasts_s,
            "scope": "oob",
        }

    def _deposit(self, content: dict[str, Any], day: str) -> Reply:
        asked = content["req_list"][0]
        named = asked["bank_tran_id"], day
        if named in self.deposits:
            return 200, _about(asked, day, _REPEATED)
        refused = self._rng.random() < self._faults.bank_refused
        code = self._rng.choice(_REFUSALS) if refused else DEPOSITED
        self.deposits[named] = Deposit(
            bank_tran_id=asked["bank_tran_id"],
            day=day,
            account=_account(asked),
            holder=asked["account_holder_name"],
            amount=int(asked["tran_amt"]),
            code=code,
            decided_ms=self._now_ms(),
        )
        return 200, _about(asked, day, code)

    def _result(self, asked: dict[str, Any]) -> Reply:
        named = asked["org_bank_tran_id"], asked["org_bank_tran_date"]
        found = self.deposits.get(named)
        as_asked = {"bank_tran_id": named[0], "tran_amt": asked["org_tran_amt"]}
        if found is not None and str(found.amount) == asked["org_tran_amt"]:
            return 200, _about(as_asked, named[1], found.code)
        waits = self._taken_in.get(named, 0) > self._now_ms()
        if waits and self._rng.random() < self._faults.in_progress:
            return 200, _about(as_asked, named[1], self._rng.choice(_IN_PROGRESS))
        return 200, _about(as_asked, named[1], _NOT_FOUND)


def _about(asked: dict[str, Any], day: str, code: str) -> dict[str, Any]:
    return {
        "api_tran_id": "simulated",
        "rsp_code": "A0000",
        "rsp_message": "",
        "res_cnt": "1",
        "res_list": [
            {
                "tran_no": "1",
                "bank_tran_id": asked["bank_tran_id"],
                "bank_tran_date": day,
                "bank_code_tran": "097",
                "bank_rsp_code": code,
                "bank_rsp_message": "",
                "tran_amt": asked["tran_amt"],
            }
        ],
    }


def _account(asked: dict[str, Any]) -> tuple[str, str]:
    return asked["bank_code_std"], asked["account_num"]


def _day(moment_ms: int) -> str:
    return f"{at_ms(moment_ms):%Y%m%d}"
