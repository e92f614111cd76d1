"""What goes wrong while money moves: what the caller sees, and what was done all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from tests.partners.partners_bank import Bank, Target
from tests.partners.partners_bank import new_id as new_bank_id
from tests.partners.partners_issuer import Redeemer, new_id, somebody

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.partners.partners_driver import Partners, Reply

TARGET = "issuers/shinhan"
SHINHAN = "MYSHINHAN"
TODAY = "20261122"

BROKEN = (urllib3.exceptions.ReadTimeoutError, urllib3.exceptions.ProtocolError)
IMPATIENCE_S = 0.3

# Kind, its settings, and whether what was asked for is done.
SILENT: list[tuple[str, dict[str, Any], bool]] = [
    ("hang", {}, False),
    ("timeout_before_effect", {}, False),
    ("timeout_after_effect", {}, True),
    ("cut_before_effect", {}, False),
    ("cut_after_effect", {}, True),
]
SPOKEN: list[tuple[str, dict[str, Any], bool]] = [
    ("too_many_requests", {}, False),
    ("unavailable", {}, False),
    ("maintenance", {}, False),
    ("internal", {}, False),
    ("error", {"http_status": 500}, False),
    ("error", {"http_status": 500, "effect": "done"}, True),
    ("malformed", {"body": "html"}, True),
    ("malformed", {"body": "missing_fields"}, True),
    ("malformed", {"body": "negative_amounts"}, True),
    ("late", {"ms": 1}, True),
    ("late", {"ms": 1, "effect": "at_once"}, True),
]


@pytest.fixture
def redeemer(partners: Partners) -> Redeemer:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})
    return Redeemer(partners, "shinhan", somebody())


@pytest.fixture
def bank(partners: Partners) -> Bank:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})
    return Bank(partners)


@pytest.fixture
def target(bank: Bank) -> Target:
    return bank.account(somebody())


@pytest.mark.parametrize(("kind", "fault", "done"), SILENT, ids=str)
def test_a_redemption_without_an_answer(
    redeemer: Redeemer, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    key, before = new_id(), redeemer.remaining(SHINHAN)
    redeemer.partners.fail(TARGET, kind, operation="redemption", **fault)

    with pytest.raises(BROKEN):
        redeemer.redeem(key, (SHINHAN, 10), timeout_s=IMPATIENCE_S)
    redeemer.partners.wait_for_call(f"fault:{kind}", operation="redemption")

    assert redeemer.status(key).status == (200 if done else 404)
    assert redeemer.remaining(SHINHAN) == before - (10 if done else 0)
    # R-T9: sent again under the same id it is done once, whatever came before.
    assert redeemer.redeem(key, (SHINHAN, 10)).json["rsp_code"] == "00000"
    assert redeemer.remaining(SHINHAN) == before - 10


@pytest.mark.parametrize(("kind", "fault", "done"), SPOKEN, ids=str)
def test_a_redemption_with_an_answer_of_another_kind(
    redeemer: Redeemer, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    key, before = new_id(), redeemer.remaining(SHINHAN)
    redeemer.partners.fail(TARGET, kind, operation="redemption", **fault)

    redeemer.redeem(key, (SHINHAN, 10))

    assert redeemer.status(key).status == (200 if done else 404)
    assert redeemer.remaining(SHINHAN) == before - (10 if done else 0)


@pytest.mark.parametrize(("kind", "fault", "done"), SILENT, ids=str)
def test_a_reversal_without_an_answer(
    redeemer: Redeemer, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    key = new_id()
    redeemer.redeem(key, (SHINHAN, 10))
    redeemer.partners.fail(TARGET, kind, operation="reversal", **fault)

    with pytest.raises(BROKEN):
        redeemer.reverse(key, timeout_s=IMPATIENCE_S)
    redeemer.partners.wait_for_call(f"fault:{kind}", operation="reversal")

    assert redeemer.status(key).json["status"] == ("REVERSED" if done else "APPROVED")
    assert redeemer.reverse(key).json["status"] == "REVERSED"


@pytest.mark.parametrize(("kind", "fault", "done"), SILENT, ids=str)
def test_a_deposit_without_an_answer(
    bank: Bank, target: Target, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    key = new_bank_id()
    bank.partners.fail("bank", kind, operation="deposit", **fault)

    with pytest.raises(BROKEN):
        bank.deposit(target, key, timeout_s=IMPATIENCE_S)
    bank.partners.wait_for_call(f"fault:{kind}", operation="deposit")

    assert bank.code(key, TODAY) == ("000" if done else "701")
    assert bank.deposited(target, key)["bank_rsp_code"] == ("822" if done else "000")
    assert bank.code(key, TODAY) == "000"


@pytest.mark.parametrize(("kind", "fault", "done"), SPOKEN, ids=str)
def test_a_deposit_with_an_answer_of_another_kind(
    bank: Bank, target: Target, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    key = new_bank_id()
    bank.partners.fail("bank", kind, operation="deposit", **fault)

    bank.deposit(target, key)

    assert bank.code(key, TODAY) == ("000" if done else "701")


@pytest.mark.parametrize("operation", ["redemption_status", "redemption_list"])
def test_asking_an_issuer_can_fail_too(redeemer: Redeemer, operation: str) -> None:
    key = new_id()
    redeemer.redeem(key, (SHINHAN, 10))
    redeemer.partners.fail(TARGET, "unavailable", operation=operation)
    asks = {
        "redemption_status": lambda: redeemer.status(key),
        "redemption_list": lambda: redeemer.day_list(TODAY),
    }

    assert [asks[operation]().status for _ in range(2)] == [503, 200]


@pytest.mark.parametrize("operation", ["real_name", "result", "settlement"])
def test_asking_the_bank_can_fail_too(bank: Bank, target: Target, operation: str) -> None:
    bank.partners.fail("bank", "unavailable", operation=operation)
    asks = {
        "real_name": lambda: bank.real_name(target),
        "result": lambda: bank.result(new_bank_id(), TODAY),
        "settlement": lambda: bank.ask(
            "GET", f"/v2.0/settlement/deposits?bank_tran_date={TODAY}&cursor="
        ),
    }

    replies = [asks[operation]() for _ in range(2)]

    assert [reply.status for reply in replies] == [503, 200]
    assert replies[0].headers["retry-after"] == "1"
    assert len(replies[0].json["api_tran_dtm"]) == 17


def test_a_token_can_be_refused_for_a_while(partners: Partners) -> None:
    partners.fail("bank", "internal", operation="token")

    with pytest.raises(KeyError):
        Bank(partners)
    assert Bank(partners).token


def test_the_bank_can_say_any_code(bank: Bank, target: Target) -> None:
    """R-T6: every answer the rule tells apart can be made."""
    key = new_bank_id()
    asks: list[Callable[[], Reply]] = [
        lambda: bank.real_name(target, key),
        lambda: bank.deposit(target, key),
        lambda: bank.result(key, TODAY),
    ]
    for rsp_code, bank_rsp_code in [
        ("A0000", "400"),
        ("A0000", "803"),
        ("A0000", "819"),
        ("A0002", "499"),
    ]:
        told = {"rsp_code": rsp_code, "bank_rsp_code": bank_rsp_code, "http_status": 200}
        for ask in asks:
            bank.partners.fail("bank", "error", **told)
            reply = ask()
            assert (reply.status, reply.json["rsp_code"]) == (200, rsp_code)
            [part] = reply.json.get("res_list", [reply.json])
            assert (part["bank_rsp_code"], part["bank_tran_id"]) == (bank_rsp_code, key)
    for rsp_code in ("A0001", "A0007"):
        bank.partners.fail("bank", "error", http_status=200, rsp_code=rsp_code)
        assert bank.deposit(target, key).json["rsp_code"] == rsp_code
    # All of it was only said.
    assert bank.code(key, TODAY) == "701"


def test_in_progress_may_come_true(bank: Bank, target: Target) -> None:
    key = new_bank_id()
    fault = {"http_status": 200, "bank_rsp_code": "804", "effect": "late", "ms": 600_000}
    bank.partners.fail("bank", "error", **fault)

    assert bank.deposited(target, key)["bank_rsp_code"] == "804"
    assert bank.code(key, TODAY) == "804"
    assert bank.deposited(target, key)["bank_rsp_code"] == "822"
    assert bank.real_name(target, key).json["bank_rsp_code"] == "822"
    bank.partners.send("POST", "/control/late/release")
    assert bank.code(key, TODAY) == "000"


def test_what_is_kept_quiet_about_may_be_a_refusal(redeemer: Redeemer) -> None:
    key = new_id()
    redeemer.partners.fail(TARGET, "timeout_after_effect", operation="redemption")

    with pytest.raises(BROKEN):
        redeemer.redeem(key, (SHINHAN, 10**9), timeout_s=IMPATIENCE_S)
    call = redeemer.partners.wait_for_call("fault:timeout_after_effect")

    assert (call["http_status"], call["code"]) == (None, "42201")
    assert redeemer.status(key).json["status"] == "REFUSED"


def test_trouble_at_one_partner_is_no_others(bank: Bank, target: Target) -> None:
    """R-P6."""
    bank.partners.send("PUT", "/control/faults/bank", {"faults": [{"kind": "unavailable"}]})
    redeemer = Redeemer(bank.partners, "kb", somebody())

    assert redeemer.redeem(new_id(), ("POINTREE", 1)).status == 200
    assert bank.deposit(target, new_bank_id()).status == 503
