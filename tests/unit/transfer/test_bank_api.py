"""The bank's token: fetched once, renewed once, and never in the way of a definite outcome."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from modupoint.effects import Verdict
from modupoint.partner import EFFECT_UNKNOWN, Outcome, PartnerAnswer
from tests.unit.transfer.bank_fakes import EXPIRED, SECRET, TOKEN_URL, FakeTransport, FixedSecret
from tests.unit.transfer.leg_samples import NOON, NOT_ANSWERED, TODAY, TRAN, answered, ended
from transfer.bank_api import BankAccount, BankApi
from transfer.deposit_answers import read_deposit

HOLDER = BankAccount("088", "11022233344455", "홍길동")


class Bank:
    """The bank's API over a fake transport, at a monotonic time of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.transport = FakeTransport()
        self.now_s = 1000.0
        secret: Any = FixedSecret()
        transport: Any = self.transport
        self.api = BankApi(transport, secret)
        time = SimpleNamespace(monotonic=lambda: self.now_s)
        monkeypatch.setattr("transfer.bank_api.time", time)

    def deposit(self) -> PartnerAnswer:
        return self.api.deposit(TRAN, HOLDER, 500, "0123456789", NOON)

    def tokens_used(self) -> list[str]:
        return [call.headers["authorization"] for call in self.transport.bank_calls]


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return Bank(monkeypatch)


def test_a_token_is_asked_for_as_the_contract_says(bank: Bank) -> None:
    bank.deposit()
    token = bank.transport.calls[0]
    assert (token.method, token.url) == ("POST", TOKEN_URL)
    assert token.headers == {"content-type": "application/x-www-form-urlencoded"}
    assert token.form == {
        "client_id": [SECRET["client_id"]],
        "client_secret": [SECRET["client_secret"]],
        "scope": ["oob"],
        "grant_type": ["client_credentials"],
    }


def test_one_token_serves_every_call_until_a_minute_before_its_end(bank: Bank) -> None:
    bank.deposit()
    bank.now_s += 3600 - 60 - 0.5
    bank.deposit()
    assert bank.transport.fetched == 1
    bank.now_s += 1
    bank.deposit()
    assert bank.tokens_used() == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("lasts", [0, 60, -5])
def test_a_token_that_is_about_to_end_serves_its_own_call_only(bank: Bank, lasts: int) -> None:
    bank.transport.tokens = [answered({"access_token": "short", "expires_in": lasts})]
    bank.deposit()
    bank.deposit()
    assert bank.tokens_used() == ["Bearer short", "Bearer token-2"]


@pytest.mark.parametrize("lasts", [None, "7776000", [3600]])
def test_a_token_that_does_not_say_how_long_serves_an_hour(bank: Bank, lasts: Any) -> None:
    bank.transport.tokens = [answered({"access_token": "plain", "expires_in": lasts})]
    bank.deposit()
    bank.now_s += 3000
    bank.deposit()
    assert bank.transport.fetched == 1


def test_a_refused_token_is_renewed_and_the_same_request_sent_once_more(bank: Bank) -> None:
    bank.deposit()
    bank.transport.answers = [EXPIRED, answered({"rsp_code": "A0000"})]
    assert bank.deposit().status == 200
    [_, refused, again] = bank.transport.bank_calls
    assert (refused.body, refused.url) == (again.body, again.url)
    assert bank.tokens_used()[1:] == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_refused_again_is_not_renewed_for_ever(bank: Bank) -> None:
    bank.transport.always = lambda _: EXPIRED
    answer = bank.deposit()
    assert len(bank.transport.bank_calls) == bank.transport.fetched == 2
    assert read_deposit(answer, TRAN.id, 500).verdict is Verdict.NOT_DONE


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
def test_a_call_without_a_token_never_went_out_whatever_became_of_the_token(
    bank: Bank, outcome: Outcome
) -> None:
    bank.transport.tokens = [ended(outcome, 7)]
    answer = bank.deposit()
    assert (answer.outcome, answer.retry_after_s) == (Outcome.NOT_SENT, 7)
    assert answer.outcome not in EFFECT_UNKNOWN
    assert bank.transport.bank_calls == []
    assert read_deposit(answer, TRAN.id, 500).verdict is Verdict.NOT_DONE
    # Nothing is remembered of it.
    assert bank.deposit().outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 200), ({"access_token": ""}, 200), ({"access_token": 1}, 200), ({"rsp_code": "O0001"}, 401)],
)  # fmt: skip
def test_an_answer_without_a_token_is_none(bank: Bank, body: dict[str, Any], status: int) -> None:
    bank.transport.tokens = [answered(body, status)]
    assert bank.deposit().outcome is Outcome.NOT_SENT


def test_a_renewal_that_fails_leaves_the_call_unsent(bank: Bank) -> None:
    bank.deposit()
    bank.transport.answers = [EXPIRED]
    bank.transport.tokens = [ended(Outcome.TIMED_OUT)]
    assert bank.deposit().outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("outcome", [one for one in NOT_ANSWERED if one in EFFECT_UNKNOWN])
def test_an_unknown_call_is_not_repeated(bank: Bank, outcome: Outcome) -> None:
    bank.transport.answers = [ended(outcome)]
    assert bank.deposit().outcome is outcome
    assert len(bank.transport.bank_calls) == 1


def test_a_batch_fetches_one_token(bank: Bank) -> None:
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: bank.deposit(), range(10)))
    assert bank.transport.fetched == 1


def test_a_batch_whose_token_has_ended_renews_it_once(bank: Bank) -> None:
    bank.deposit()
    bank.transport.always = lambda call: (
        EXPIRED if call.headers["authorization"] == "Bearer token-1" else answered({})
    )
    with ThreadPoolExecutor(10) as threads:
        statuses = list(threads.map(lambda _: bank.deposit().status, range(10)))
    assert statuses == [200] * 10
    assert bank.transport.fetched == 2


def test_no_account_shows_in_a_trace() -> None:
    assert repr(HOLDER) == "BankAccount(bank_code='088')"


@pytest.mark.parametrize(("cursor", "query"), [(None, ""), ("a/b&c", "&cursor=a%2Fb%26c")])
def test_a_days_deposits_are_asked_for_page_by_page(bank: Bank, cursor: str | None, query: str) -> None:  # fmt: skip
    bank.api.settlement(TODAY, cursor)
    [call] = bank.transport.bank_calls
    assert (call.method, call.body) == ("GET", None)
    assert call.url.endswith(f"/v2.0/settlement/deposits?bank_tran_date=20261122{query}")
