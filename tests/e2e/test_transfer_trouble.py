"""Issuers and a bank that hang, refuse, fail and recover: no won is lost, none is paid twice."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.stack.member import leg_statuses
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.stack.member import Transfer
    from tests.stack.saver import Saver

BEFORE_THE_BANK_CLOSES = datetime(2026, 11, 24, 23, 29, tzinfo=SEOUL)


def _once(kind: str, operation: str, **settings: object) -> dict[str, Any]:
    return {"kind": kind, "operation": operation, "count": 1, **settings}


def _attempts(saver: Saver) -> dict[str, int]:
    return {one["issuer"]: one["attempts"] for one in saver.partners.redemptions(saver.member.sub)}


def test_whatever_an_issuer_does_to_a_redemption_the_points_are_taken_once(tuesday: Saver) -> None:
    """R-T9: an unknown redemption is asked about under its id; one that never came is sent again."""
    partners = tuesday.partners
    taken_in_silence = {
        "shinhan": _once("timeout_after_effect", "redemption"),
        "kb": _once("cut_after_effect", "redemption"),
        "woori": _once("malformed", "redemption", body="html"),
        "bc": _once("error", "redemption", http_status=500, effect="done"),
    }
    never_taken = {
        "nonghyup": _once("hang", "redemption"),
        "hana": _once("cut_before_effect", "redemption"),
        "citi": _once("internal", "redemption"),
    }
    lands_later = {"hyundai": _once("late", "redemption", ms=40_000)}
    refused_for_now = {
        "lotte": _once("unavailable", "redemption", retry_after_seconds=1),
        "epost": _once("maintenance", "redemption"),
    }
    unknown = {**taken_in_silence, **never_taken, **lands_later}
    for issuer, fault in {**unknown, **refused_for_now}.items():
        partners.fault(issuer, fault)
    amounts = {**dict.fromkeys(unknown, 10), **dict.fromkeys(refused_for_now, 20), "samsung": 30}
    transfer_id = tuesday.submit(**amounts)

    tuesday.until(
        transfer_id,
        **dict.fromkeys(unknown, "CHECKING"),
        **dict.fromkeys(refused_for_now, "ACCEPTED"),
        samsung="SCHEDULED",
    )
    # Past the intent's lease and the minute in which an issuer may still do what it was asked.
    tuesday.later(seconds=110)
    deferred = {"citi", "epost", "samsung"}
    tuesday.until(
        transfer_id,
        **{issuer: "SCHEDULED" if issuer in deferred else "DEPOSITED" for issuer in amounts},
    )
    tuesday.audit()
    assert set(_attempts(tuesday).values()) == {1}, "nobody was asked to redeem what it had"


def test_whatever_the_bank_does_to_a_deposit_it_is_paid_once(tuesday: Saver) -> None:
    """R-T6, R-T9: never a second id while the first may still land, and never a reversal."""
    tuesday.cloud.sweep_clean()
    issuers = ("shinhan", "kb", "woori", "bc", "nonghyup", "hyundai", "hana", "lotte")
    tuesday.partners.spoil(
        "bank",
        _once("timeout_after_effect", "deposit"),
        _once("timeout_before_effect", "deposit"),
        _once("cut_after_effect", "deposit"),
        _once("cut_before_effect", "deposit"),
        _once("malformed", "deposit", body="truncated_json"),
        _once("internal", "deposit"),
        _once("error", "deposit", http_status=200, bank_rsp_code="804", effect="late", ms=300_000),
        _once("unavailable", "deposit", retry_after_seconds=1),
    )
    transfer_id = tuesday.submit(**dict.fromkeys(issuers, 10))

    def counts(transfer: Transfer) -> dict[str, int]:
        statuses = list(leg_statuses(transfer).values())
        return {status: statuses.count(status) for status in set(statuses)}

    def until(expected: dict[str, int]) -> None:
        def look() -> bool:
            return counts(tuesday.member.transfer(transfer_id)) == expected

        eventually(look, f"{expected}")

    # What the bank turned away is known not to have arrived; the points are taken.
    until({"CHECKING": 7, "REDEEMED": 1})
    totals = tuesday.member.transfer(transfer_id)["totals"]
    assert (totals["redeemed"], totals["in_flight"], totals["deposited"]) == (80, 80, 0)
    tuesday.later(seconds=61)
    # Three had arrived, the one turned away was sent again; the others may still land.
    until({"DEPOSITED": 4, "CHECKING": 4})
    tuesday.later(minutes=12)
    until({"DEPOSITED": 8})
    tuesday.audit()
    assert len(tuesday.partners.deposits(tuesday.member.sub)) == 8, "each under one id"


def test_a_deposit_is_asked_about_by_its_own_date_after_midnight(saver: Saver) -> None:
    """R-T9: one had arrived and stays; one had not, and gets the next day's id."""
    saver.partners.set_clock(BEFORE_THE_BANK_CLOSES)
    saver.cloud.sweep_clean()
    saver.partners.spoil(
        "bank", _once("cut_after_effect", "deposit"), _once("cut_before_effect", "deposit")
    )
    transfer_id = saver.submit(kb=11, bc=12)
    saver.until(transfer_id, kb="CHECKING", bc="CHECKING")
    saver.later(hours=1, minutes=2)
    transfer = saver.until(transfer_id, kb="DEPOSITED", bc="DEPOSITED")
    saver.audit()
    assert transfer["status"] == "COMPLETED"
    dates = [one["bank_tran_date"] for one in saver.partners.deposits(saver.member.sub)]
    assert sorted(dates) == ["20261124", "20261125"]
    legs = [
        item for sk, item in saver.cloud.transfer_items(saver.member.key).items() if "#LEG#" in sk
    ]
    (renamed,) = [item for item in legs if "former_bank_trans" in item]
    former = renamed["former_bank_trans"]["L"][0]["M"]
    assert former["date"]["S"] == "2026-11-24", "the old id stays on record"
    assert former["id"]["S"] != renamed["bank_tran"]["M"]["id"]["S"]


def test_points_of_a_closed_account_come_back_and_may_be_asked_for_again(tuesday: Saver) -> None:
    """R-T5, R-T2: the day is free again once the points are back."""
    before = tuesday.partners.person(tuesday.member.sub)["issuers"]["kb"]["point_list"]
    tuesday.partners.change_account(tuesday.at_bank, state="CLOSED")
    tuesday.partners.fault("bc", _once("cut_after_effect", "reversal"))
    transfer_id = tuesday.submit(kb=33, bc=44, samsung=55)
    tuesday.until(transfer_id, kb="REVERSED", bc="CHECKING", samsung="SCHEDULED")
    assert tuesday.partners.person(tuesday.member.sub)["issuers"]["kb"]["point_list"] == before
    tuesday.later(seconds=61)
    transfer = tuesday.until(transfer_id, kb="REVERSED", bc="REVERSED", samsung="SCHEDULED")
    failures = {leg["issuer"]: leg["failure"] for leg in transfer["legs"]}
    assert failures.pop("samsung") is None
    assert {one["code"] for one in failures.values()} == {"account_closed"}
    assert transfer["status"] == "IN_PROGRESS"
    tuesday.audit()

    tuesday.partners.change_account(tuesday.at_bank, state="OPEN")
    again = tuesday.submit(kb=33)
    tuesday.until(again, kb="DEPOSITED")
    tuesday.later(hours=15)
    transfer = tuesday.until(transfer_id, kb="REVERSED", bc="REVERSED", samsung="DEPOSITED")
    assert transfer["status"] == "PARTLY_COMPLETED"
    tuesday.audit()


@pytest.mark.parametrize("state", ["RESTRICTED", "renamed"])
def test_an_account_that_takes_no_deposit_any_more_gives_the_points_back(
    tuesday: Saver, state: str
) -> None:
    """R-T1, R-T5: the holder is checked again in the deposit."""
    change = {"holder_name": "남다른"} if state == "renamed" else {"state": state}
    tuesday.partners.change_account(tuesday.at_bank, **change)
    transfer_id = tuesday.submit(kb=33)
    transfer = tuesday.until(transfer_id, kb="REVERSED")
    expected = {"RESTRICTED": "account_restricted", "renamed": "holder_name_mismatch"}[state]
    assert transfer["legs"][0]["failure"]["code"] == expected
    assert transfer["status"] == "FAILED"
    tuesday.audit()


def test_an_issuer_that_refuses_costs_nobody_anything(tuesday: Saver) -> None:
    """R-P4, R-P6: the others pay; the refusal is said in words, and may be repeated at once."""
    tuesday.partners.say(tuesday.member.sub, {"lotte": {"member_status": "DORMANT"}})
    transfer_id = tuesday.submit(kb=900_000_000, lotte=10, bc=12)
    transfer = tuesday.until(transfer_id, kb="FAILED", lotte="FAILED", bc="DEPOSITED")
    assert transfer["status"] == "PARTLY_COMPLETED"
    failures = {leg["issuer"]: leg["failure"] for leg in transfer["legs"]}
    assert failures["kb"]["code"] == "insufficient_points"
    assert failures["lotte"]["code"] == "card_dormant"
    assert failures["bc"] is None
    assert all(one["message"].keys() == {"ko", "en"} for one in failures.values() if one)
    tuesday.until(tuesday.submit(kb=15), kb="DEPOSITED")
    tuesday.audit()


def test_an_issuer_that_is_away_all_day_takes_nothing_and_is_given_up(tuesday: Saver) -> None:
    """After ten tries; nothing was ever taken, so no person is needed."""
    tuesday.partners.fault("kb", {"kind": "unavailable", "operation": "redemption"})
    transfer_id = tuesday.submit(kb=10)
    _try_until(tuesday, transfer_id, "FAILED")
    transfer = tuesday.member.transfer(transfer_id)
    assert transfer["legs"][0]["failure"]["code"] == "issuer_unavailable"
    tuesday.audit()


def test_a_deposit_nobody_can_tell_of_goes_to_a_person_and_stays_there(tuesday: Saver) -> None:
    """Architecture decision 7: ten tries, then WITH_OPERATOR, and nothing moves by itself."""
    tuesday.partners.spoil(
        "bank",
        {"kind": "cut_after_effect", "operation": "deposit"},
        {"kind": "internal", "operation": "result"},
    )
    transfer_id = tuesday.submit(kb=10)
    tuesday.until(transfer_id, kb="CHECKING")
    _try_until(tuesday, transfer_id, "WITH_OPERATOR")
    transfer = tuesday.member.transfer(transfer_id)
    assert transfer["status"] == "IN_PROGRESS"
    assert (transfer["totals"]["redeemed"], transfer["totals"]["in_flight"]) == (10, 10)
    calls = tuesday.partners.last_call()
    tuesday.partners.spoil("bank")
    tuesday.later(days=1)
    assert leg_statuses(tuesday.member.transfer(transfer_id)) == {"kb": "WITH_OPERATOR"}
    assert not tuesday.partners.calls(partner="bank", operation="deposit", since=calls)
    assert [one["attempts"] for one in tuesday.partners.deposits(tuesday.member.sub)] == [1]


def _try_until(saver: Saver, transfer_id: str, status: str) -> None:
    """Let the leg of kb be tried ten times, as fast as its back-off allows."""
    sk = f"TRANSFER#{transfer_id}#LEG#kb"

    def tries() -> int:
        return int(saver.cloud.transfer_items(saver.member.key)[sk]["tries"]["N"])

    def tried(times: int) -> bool:
        return tries() >= times

    eventually(partial(tried, 1), "the first try")
    for number in range(2, 11):
        saver.later(minutes=11)
        eventually(partial(tried, number), f"try {number}")
    saver.until(transfer_id, kb=status)
