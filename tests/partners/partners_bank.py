"""How a caller talks to the bank, written out from partner contracts, section 2."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.partners.partners_driver import PATIENCE_S

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

CREDENTIAL = {
    "client_id": "modupoint",
    "client_secret": "local-bank-secret",
    "scope": "oob",
    "grant_type": "client_credentials",
}


def new_id() -> str:
    """Make an id no deposit has had."""
    return f"M202600001U{secrets.token_hex(5)[:9].upper()}"


@dataclass(frozen=True)
class Target:
    """An account as a payer knows it; ``birthdate`` is ``YYMMDD``."""

    bank: str
    number: str
    name: str
    birthdate: str


@dataclass
class Bank:
    """A caller of the bank with a token."""

    partners: Partners
    token: str = ""

    def __post_init__(self) -> None:
        self.token = self.partners.form("/openbanking/oauth/2.0/token", CREDENTIAL).json[
            "access_token"
        ]

    def ask(
        self, method: str, path: str, body: object = None, timeout_s: float = PATIENCE_S
    ) -> Reply:
        """Send a request; ``path`` begins after ``/openbanking``."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.partners.send(method, f"/openbanking{path}", body, headers, timeout_s)

    def account(self, sub: str, bank: str = "088") -> Target:
        """Look up a person's own account."""
        person = self.partners.send("GET", f"/control/bank/accounts?sub={sub}").json
        [own] = [one for one in person["accounts"] if one["bank_code_std"] == bank]
        return Target(bank, own["account_num"], own["account_holder_name"], own["birthdate"][2:])

    def real_name(self, target: Target, bank_tran_id: str = "", **changes: object) -> Reply:
        """Ask whose an account is."""
        body = {
            "bank_tran_id": bank_tran_id or new_id(),
            "bank_code_std": target.bank,
            "account_num": target.number,
            "account_holder_info_type": " ",
            "account_holder_info": target.birthdate,
            "tran_dtime": "20261122110000",
            **changes,
        }
        return self.ask("POST", "/v2.0/inquiry/real_name", body)

    def deposit(
        self,
        target: Target,
        bank_tran_id: str,
        amount: object = "1000",
        timeout_s: float = PATIENCE_S,
        **changes: object,
    ) -> Reply:
        """Ask for a deposit; ``changes`` are made to its line."""
        line = {
            "tran_no": "1",
            "bank_tran_id": bank_tran_id,
            "bank_code_std": target.bank,
            "account_num": target.number,
            "account_holder_name": target.name,
            "print_content": "모두포인트",
            "tran_amt": amount,
            "req_client_name": target.name,
            "req_client_num": "M0001",
            "transfer_purpose": "TR",
            **changes,
        }
        body = {
            "cntr_account_type": "N",
            "cntr_account_num": "1101230000678",
            "wd_pass_phrase": "NONE",
            "wd_print_content": "모두포인트",
            "name_check_option": "on",
            "tran_dtime": "20261122110000",
            "req_cnt": "1",
            "req_list": [line],
        }
        return self.ask("POST", "/v2.0/transfer/deposit/acnt_num", body, timeout_s)

    def deposited(self, target: Target, bank_tran_id: str, **changes: Any) -> Any:
        """Ask for a deposit and return its line of the answer."""
        reply = self.deposit(target, bank_tran_id, **changes)
        assert (reply.status, reply.json["rsp_code"]) == (200, "A0000"), reply.text
        [line] = reply.json["res_list"]
        return line

    def result(self, bank_tran_id: str, day: str, amount: str = "1000") -> Reply:
        """Ask what became of a deposit."""
        line = {
            "tran_no": "1",
            "org_bank_tran_id": bank_tran_id,
            "org_bank_tran_date": day,
            "org_tran_amt": amount,
        }
        body = {
            "check_type": "2",
            "tran_dtime": "20261122110000",
            "req_cnt": "1",
            "req_list": [line],
        }
        return self.ask("POST", "/v2.0/transfer/result", body)

    def code(self, bank_tran_id: str, day: str, amount: str = "1000") -> str:
        """Return the code of what became of a deposit."""
        [line] = self.result(bank_tran_id, day, amount).json["res_list"]
        return str(line["bank_rsp_code"])

    def settlement(self, day: str, cursor: str = "") -> Any:
        """Read a page of a day's list."""
        path = f"/v2.0/settlement/deposits?bank_tran_date={day}&cursor={cursor}"
        return self.ask("GET", path).json

    def book(self, sub: str) -> list[dict[str, Any]]:
        """Read what the bank has on its book of a person."""
        return list(
            self.partners.send("GET", f"/control/books/deposits?sub={sub}").json["deposits"]
        )
