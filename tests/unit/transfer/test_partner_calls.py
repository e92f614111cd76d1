"""A leg's effects as requests, word for word as the contract has them (sections 1 and 2)."""

from __future__ import annotations

import json
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from modupoint.effects import Finding, Progress, Verdict
from modupoint.envelope import SealBrokenError, ci_owner, seal
from modupoint.issuer_api import IssuerApi, IssuerCredentials
from modupoint.partner import Outcome
from tests.unit.query.asking_fakes import FakeKeys
from tests.unit.transfer.bank_fakes import SECRET, FakeTransport, FixedSecret
from tests.unit.transfer.leg_samples import (
    MEMBER,
    NOON,
    NOON_MS,
    REDEMPTION_ID,
    TODAY,
    TRAN,
    a_leg,
    answered,
    ended,
)
from transfer.bank_api import BankApi
from transfer.legs import BankTran, Leg, LegItem, LegState
from transfer.partner_calls import DepositCalls, RedemptionCalls, ReversalCalls, account_owner

CI = "C" * 88
STAMP = "20261122115900"
TWO_DAYS_LATER = NOON + timedelta(days=2, hours=1)


class IssuersSecret:
    def read(self) -> dict[str, Any]:
        return {"*": {"base_url": "http://p/issuers/{code}", "client_id": "us", "key": "k"}}


class Partners:
    """Issuer and bank behind one transport, and a leg with what they need, sealed."""

    def __init__(self, **leg: Any) -> None:
        self.transport = FakeTransport()
        keys: Any = FakeKeys()
        transport: Any = self.transport
        issuers_secret: Any = IssuersSecret()
        bank_secret: Any = FixedSecret()
        api = IssuerApi(transport, IssuerCredentials(issuers_secret))
        self.redemption = RedemptionCalls(api, keys)
        self.reversal = ReversalCalls(api)
        self.deposit = DepositCalls(BankApi(transport, bank_secret), keys, lambda: TWO_DAYS_LATER)
        account = json.dumps({"number": "11022233344455", "holder": "홍길동"})
        sealed: dict[str, Any] = {
            "sealed_ci": seal(keys, CI, ci_owner(MEMBER)),
            "sealed_account": seal(keys, account, account_owner(MEMBER)),
            "bank_tran": TRAN,
        }
        self.leg = a_leg(**{**sealed, **leg})

    def sent(self, act: Any, leg: Leg | None = None) -> Any:
        """Return the request that an act sends."""
        act(leg or self.leg)
        return self.transport.bank_calls[-1]


WOORI = (LegItem("WIBEE", 300), LegItem("MOA", 45))


def test_a_redemption_names_its_id_the_person_the_points_and_when_they_were_asked_for() -> None:
    partners = Partners(issuer="woori", items=WOORI)
    call = partners.sent(partners.redemption.send)
    assert (call.method, call.url) == ("POST", "http://p/issuers/woori/v1/points/redemptions")
    assert call.content == {
        "redemption_id": REDEMPTION_ID,
        "ci": CI,
        "items": [{"point_code": "WIBEE", "amount": 300}, {"point_code": "MOA", "amount": 45}],
        "requested_at": "20261122120000",
    }
    assert len(call.content["redemption_id"]) <= 32


def test_a_resend_says_the_same_to_the_byte_whatever_has_happened_since() -> None:
    # An issuer takes the same id again only with the same content.
    partners = Partners()
    first = partners.sent(partners.redemption.send)
    moved = replace(
        partners.leg,
        progress=Progress(LegState.REDEEMING, 9, 4, NOON_MS + 1_000, NOON_MS + 90_000),
        promised_at_ms=NOON_MS + 86_400_000,
        guard_day=TODAY + timedelta(days=1),
    )
    again = partners.sent(partners.redemption.send, moved)
    assert again.body == first.body
    assert again.headers["x-api-tran-id"] != first.headers["x-api-tran-id"]


def test_a_redemption_is_asked_about_by_its_id() -> None:
    partners = Partners()
    call = partners.sent(partners.redemption.ask)
    url = f"http://p/issuers/kb/v1/points/redemptions/{REDEMPTION_ID}"
    assert (call.method, call.url, call.body) == ("GET", url, None)


def test_a_reversal_names_its_redemption_and_a_reason_and_is_asked_about_by_it() -> None:
    partners = Partners()
    call = partners.sent(partners.reversal.send)
    url = f"http://p/issuers/kb/v1/points/redemptions/{REDEMPTION_ID}"
    assert (call.method, call.url) == ("POST", f"{url}/reversal")
    assert call.content == {"reason": "deposit refused"}
    asked = partners.sent(partners.reversal.ask)
    assert (asked.method, asked.url) == ("GET", url)


def test_a_deposit_is_worded_as_the_contract_has_it_r_t1() -> None:
    partners = Partners(amount=12_345)
    call = partners.sent(partners.deposit.send)
    assert (call.method, call.url) == (
        "POST",
        "http://bank.example/openbanking/v2.0/transfer/deposit/acnt_num",
    )
    assert call.headers == {
        "authorization": "Bearer token-1",
        "content-type": "application/json; charset=utf-8",
    }
    assert call.content == {
        "cntr_account_type": "N",
        "cntr_account_num": SECRET["account"],
        "wd_pass_phrase": "NONE",
        "wd_print_content": "모두포인트",
        "name_check_option": "on",
        "tran_dtime": "20261124130000",
        "req_cnt": "1",
        "req_list": [
            {
                "tran_no": "1",
                "bank_tran_id": TRAN.id,
                "bank_code_std": "004",
                "account_num": "11022233344455",
                "account_holder_name": "홍길동",
                "print_content": "모두포인트",
                "tran_amt": "12345",
                "req_client_name": "홍길동",
                "req_client_num": MEMBER.removeprefix("M#")[:20],
                "transfer_purpose": "TR",
            }
        ],
    }


def test_a_deposit_is_asked_about_under_its_own_date_whatever_the_day_is_r_t9() -> None:
    partners = Partners(bank_tran=BankTran("M202600001U00000000Z", TODAY))
    call = partners.sent(partners.deposit.ask)
    assert call.url.endswith("/v2.0/transfer/result")
    assert call.content == {
        "check_type": "2",
        "tran_dtime": "20261124130000",
        "req_cnt": "1",
        "req_list": [
            {
                "tran_no": "1",
                "org_bank_tran_id": "M202600001U00000000Z",
                "org_bank_tran_date": "20261122",
                "org_tran_amt": "500",
            }
        ],
    }


LINE = {"tran_no": "1", "bank_tran_id": TRAN.id, "bank_rsp_code": "000", "tran_amt": "500"}
REDEEMED = {
    "rsp_code": "00000",
    "redemption_id": REDEMPTION_ID,
    "redeemed_amt": 500,
    "approved_at": STAMP,
}


@pytest.mark.parametrize(
    ("effect", "call", "body", "stamp"),
    [
        ("redemption", "send", REDEEMED, STAMP),
        ("redemption", "ask", {**REDEEMED, "status": "APPROVED"}, STAMP),
        ("reversal", "send", {"rsp_code": "00000", "status": "REVERSED", "reversed_at": STAMP}, STAMP),
        ("reversal", "ask", {**REDEEMED, "status": "REVERSED", "reversed_at": STAMP}, STAMP),
        ("deposit", "send", {"rsp_code": "A0000", "res_list": [LINE]}, None),
        ("deposit", "ask", {"rsp_code": "A0000", "res_list": [LINE]}, None),
    ],
)  # fmt: skip
def test_an_answer_is_read_for_this_legs_id_and_amount(
    effect: str, call: str, body: dict[str, Any], stamp: str | None
) -> None:
    partners = Partners()
    act = getattr(getattr(partners, effect), call)
    partners.transport.answers = [answered(body)]
    assert act(partners.leg) == Finding(Verdict.DONE, partner_time=stamp)
    partners.transport.answers = [answered(body)]
    another = replace(
        partners.leg, redemption_id="another", bank_tran=BankTran("M202600001U000000009", TODAY)
    )
    if (effect, call) != ("reversal", "send"):  # whose answer names nothing but its URL's
        assert act(another).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("effect", ["redemption", "reversal", "deposit"])
def test_an_inquiry_that_fails_says_nothing_of_the_effect(effect: str) -> None:
    partners = Partners()
    for outcome in (Outcome.NOT_SENT, Outcome.TRY_LATER, Outcome.TIMED_OUT):
        partners.transport.answers = [ended(outcome)]
        assert getattr(partners, effect).ask(partners.leg).verdict is Verdict.UNKNOWN


def test_nothing_is_sent_for_a_leg_that_has_lost_what_it_needs() -> None:
    partners = Partners(sealed_ci=None, sealed_account=None, bank_tran=None)
    for act in (partners.redemption.send, partners.deposit.send, partners.deposit.ask):
        with pytest.raises(ValueError, match=r"without a bank transaction id|lost what it needs"):
            act(partners.leg)
    assert partners.transport.calls == []


def test_what_is_sealed_for_another_member_is_not_opened() -> None:
    partners = Partners()
    key = replace(partners.leg.key, member="M#fedcba9876543210fedcba9876543210")
    with pytest.raises(SealBrokenError):
        partners.redemption.send(replace(partners.leg, key=key))
    with pytest.raises(SealBrokenError):
        partners.deposit.send(replace(partners.leg, key=key))
    assert partners.transport.calls == []
