"""The bank's requests as they arrive, and what a broken connection means for a deposit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.effects import Verdict
from modupoint.partner import Outcome, PartnerTransport
from tests.transport.scripted_server import Exchange, Script, answer, serving
from tests.unit.transfer.leg_samples import NOON, TRAN
from transfer import bank_api
from transfer.bank_api import BankAccount, BankApi
from transfer.deposit_answers import read_deposit

if TYPE_CHECKING:
    from modupoint.partner import PartnerAnswer

TOKEN = b'{"access_token": "t1", "token_type": "Bearer", "expires_in": 3600, "scope": "oob"}'
LINE = {"tran_no": "1", "bank_tran_id": TRAN.id, "bank_rsp_code": "000", "tran_amt": "500"}
DEPOSITED = json.dumps({"rsp_code": "A0000", "res_cnt": "1", "res_list": [LINE]}).encode()
HOLDER = BankAccount("088", "11022233344455", "홍길동")


class Secret:
    def __init__(self, url: str) -> None:
        self._url = url

    def read(self) -> dict[str, Any]:
        return {
            "base_url": self._url + "/openbanking",
            "client_id": "modu point",
            "client_secret": "local&secret",
            "organisation": "M202600001",
            "account": "00112233445566",
        }


class Requests:
    """One connection after another, each answered by a script and noted."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def replying(self, *parts: bytes) -> Script:
        def play(exchange: Exchange) -> None:
            # A kept connection goes on asking: everything is answered the same way.
            while request := exchange.take_request():
                self.seen.append(request)
                exchange.send(*parts)
                if b"connection: close" in parts[0].lower():
                    return

        return play

    def noting(self, then: Script) -> Script:
        def play(exchange: Exchange) -> None:
            self.seen.append(exchange.take_request())
            then(exchange)

        return play


def once(status: str, body: bytes) -> bytes:
    return answer(status, body, "connection: close")


def deposit(url: str) -> PartnerAnswer:
    secret: Any = Secret(url)
    bank = BankApi(PartnerTransport(connections=1), secret)
    return bank.deposit(TRAN, HOLDER, 500, "0123456789abcdef0123", NOON)


def head_and_body(request: bytes) -> tuple[list[str], str]:
    head, _, body = request.partition(b"\r\n\r\n")
    return head.decode().lower().split("\r\n"), body.decode()


def test_token_and_deposit_go_over_the_wire_as_the_contract_has_them() -> None:
    bank = Requests()
    with serving(
        bank.replying(once("200 OK", TOKEN)), bank.replying(once("200 OK", DEPOSITED))
    ) as server:
        got = deposit(server.url)
    assert read_deposit(got, TRAN.id, 500).verdict is Verdict.DONE
    [token, sent] = [head_and_body(one) for one in bank.seen]
    assert token[0][0] == "post /openbanking/oauth/2.0/token http/1.1"
    assert "content-type: application/x-www-form-urlencoded" in token[0]
    assert token[1] == (
        "client_id=modu+point&client_secret=local%26secret&scope=oob&grant_type=client_credentials"
    )
    assert sent[0][0] == "post /openbanking/v2.0/transfer/deposit/acnt_num http/1.1"
    assert "authorization: bearer t1" in sent[0]
    assert "content-type: application/json; charset=utf-8" in sent[0]
    assert sent[1] == (
        '{"cntr_account_type":"N","cntr_account_num":"00112233445566","wd_pass_phrase":"NONE",'
        '"wd_print_content":"모두포인트","name_check_option":"on","tran_dtime":"20261122120000",'
        '"req_cnt":"1","req_list":[{"tran_no":"1","bank_tran_id":"M202600001U000000001",'
        '"bank_code_std":"088","account_num":"11022233344455","account_holder_name":"홍길동",'
        '"print_content":"모두포인트","tran_amt":"500","req_client_name":"홍길동",'
        '"req_client_num":"0123456789abcdef0123","transfer_purpose":"TR"}]}'
    )


def test_a_refused_token_is_renewed_and_the_deposit_sent_once_more() -> None:
    bank = Requests()
    with serving(
        bank.replying(once("200 OK", TOKEN)),
        bank.replying(once("401 No", b'{"rsp_code": "O0003"}')),
        bank.replying(once("200 OK", TOKEN.replace(b"t1", b"t2"))),
        bank.replying(once("200 OK", DEPOSITED)),
    ) as server:
        got = deposit(server.url)
    assert read_deposit(got, TRAN.id, 500).verdict is Verdict.DONE
    [_, refused, _, again] = [head_and_body(one) for one in bank.seen]
    assert refused[1] == again[1]
    assert "authorization: bearer t2" in again[0]


def hanging(exchange: Exchange) -> None:
    exchange.hang()


def cutting(exchange: Exchange) -> None:
    exchange.reset()


@pytest.mark.parametrize(
    ("then", "outcome"), [(hanging, Outcome.TIMED_OUT), (cutting, Outcome.CUT)]
)
def test_a_deposit_that_got_no_answer_is_unknown_and_sent_no_second_time(
    then: Script, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_api, "CALL_TIMEOUT_S", 0.3)
    bank = Requests()
    with serving(bank.replying(once("200 OK", TOKEN)), bank.noting(then)) as server:
        got = deposit(server.url)
    assert got.outcome is outcome
    assert read_deposit(got, TRAN.id, 500).verdict is Verdict.UNKNOWN
    assert len(bank.seen) == 2


@pytest.mark.parametrize("then", [hanging, cutting])
def test_a_token_that_got_no_answer_leaves_the_deposit_unsent(
    then: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_api, "_TOKEN_TIMEOUT_S", 0.3)
    bank = Requests()
    with serving(bank.noting(then)) as server:
        got = deposit(server.url)
    assert got.outcome is Outcome.NOT_SENT
    assert read_deposit(got, TRAN.id, 500).verdict is Verdict.NOT_DONE
    assert len(bank.seen) == 1
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("429 Slow down", Verdict.NOT_DONE),
        ("503 Later", Verdict.NOT_DONE),
        ("500 Broken", Verdict.UNKNOWN),
        ("502 Bad gateway", Verdict.UNKNOWN),
        ("504 Late", Verdict.UNKNOWN),
        ("200 OK", Verdict.UNKNOWN),
    ],
)
def test_a_status_without_the_contracts_body_means_what_the_table_says(
    status: str, verdict: Verdict
) -> None:
    bank = Requests()
    with serving(
        bank.replying(once("200 OK", TOKEN)), bank.replying(once(status, b"<html>"))
    ) as server:
        got = deposit(server.url)
    assert read_deposit(got, TRAN.id, 500).verdict is verdict
