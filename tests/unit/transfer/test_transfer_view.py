"""What members see of a transfer, in every state of its legs (public API; R-T7)."""

from __future__ import annotations

from copy import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuers import ISSUERS
from tests.unit.transfer.leg_samples import (
    ACCOUNT,
    LEG_ID,
    NOON_MS,
    TRANSFER_ID,
    a_leg,
    a_transfer,
)
from transfer import bank_codes, deposit_answers, moving, redemption_answers
from transfer.legs import FINAL, TAKEN, Leg, LegItem, LegKey, LegState
from transfer.response_models import TransferModel
from transfer.transfer_view import shown, shown_as_accepted

NOON_TEXT = "2026-11-22T12:00:00.000+09:00"
_S = LegState

# What a member sees of each state, by hand.
SEEN = {
    _S.ACCEPTED: "ACCEPTED",
    _S.REDEEMING: "ACCEPTED",
    _S.REDEMPTION_UNKNOWN: "CHECKING",
    _S.REDEMPTION_WITH_OPERATOR: "WITH_OPERATOR",
    _S.REDEEMED: "REDEEMED",
    _S.DEPOSITING: "REDEEMED",
    _S.DEPOSIT_UNKNOWN: "CHECKING",
    _S.DEPOSIT_WITH_OPERATOR: "WITH_OPERATOR",
    _S.REVERSAL_DUE: "REDEEMED",
    _S.REVERSING: "REDEEMED",
    _S.REVERSAL_UNKNOWN: "CHECKING",
    _S.REVERSAL_WITH_OPERATOR: "WITH_OPERATOR",
    _S.DEPOSITED: "DEPOSITED",
    _S.REVERSED: "REVERSED",
    _S.FAILED: "FAILED",
}

legs = st.builds(
    lambda state, issuer, amount, tries, wait_ms: a_leg(
        state, issuer=issuer, amount=amount, tries=tries, not_before_ms=NOON_MS + wait_ms
    ),
    st.sampled_from(LegState),
    st.sampled_from(list(ISSUERS)),
    st.integers(1, 10**9),
    st.integers(0, 10),
    st.integers(-1000, 1000),
)
some_legs = st.lists(legs, min_size=1, max_size=11, unique_by=lambda leg: leg.key.issuer)


def seen(*several: Leg, now_ms: int = NOON_MS) -> dict[str, Any]:
    view = shown(a_transfer(), several, now_ms)
    assert TransferModel.model_validate(view).model_dump() == view
    return view


def test_a_transfer_is_shown_as_the_public_api_says() -> None:
    leg = a_leg(_S.DEPOSITED, deposited_at_ms=NOON_MS + 1_500)
    view = seen(leg)
    assert view == {
        "transfer_id": TRANSFER_ID,
        "status": "COMPLETED",
        "requested_at": NOON_TEXT,
        "account": {
            "account_id": ACCOUNT.account_id,
            "bank_code": ACCOUNT.bank_code,
            "bank_name": ACCOUNT.bank_name,
            "masked_number": ACCOUNT.masked_number,
            "holder_name_masked": ACCOUNT.holder_name_masked,
        },
        "legs": [
            {
                "leg_id": LEG_ID,
                "issuer": "kb",
                "items": [{"point_code": "POINTREE", "amount": 500}],
                "amount": 500,
                "status": "DEPOSITED",
                "promised_at": NOON_TEXT,
                "deposited_at": "2026-11-22T12:00:01.500+09:00",
                "failure": None,
            }
        ],
        "totals": {
            "requested": 500,
            "redeemed": 500,
            "deposited": 500,
            "in_flight": 0,
            "reversed": 0,
            "failed": 0,
        },
    }


@pytest.mark.parametrize("state", list(LegState))
def test_each_state_is_seen_as_one_word(state: LegState) -> None:
    [leg] = seen(a_leg(state))["legs"]
    assert leg["status"] == SEEN[state]


def test_money_that_waits_for_its_day_is_scheduled_until_that_day_comes_r_p7() -> None:
    waiting = a_leg(_S.REDEEMED, not_before_ms=NOON_MS + 1)
    assert seen(waiting)["legs"][0]["status"] == "SCHEDULED"
    assert seen(waiting, now_ms=NOON_MS + 1)["legs"][0]["status"] == "REDEEMED"


def test_money_that_waits_after_a_failed_try_is_redeemed_and_not_scheduled() -> None:
    again = a_leg(_S.REDEEMED, tries=1, not_before_ms=NOON_MS + 60_000)
    assert seen(again)["legs"][0]["status"] == "REDEEMED"
    unredeemed = a_leg(_S.ACCEPTED, not_before_ms=NOON_MS + 60_000)
    assert seen(unredeemed)["legs"][0]["status"] == "ACCEPTED"


@given(some_legs)
def test_points_taken_are_deposited_in_flight_or_given_back_at_every_moment_r_t7(
    several: list[Leg],
) -> None:
    totals = seen(*several)["totals"]
    assert totals["redeemed"] == totals["deposited"] + totals["in_flight"] + totals["reversed"]
    assert totals["requested"] == sum(leg.amount for leg in several)
    untaken = sum(leg.amount for leg in several if leg.state not in TAKEN)
    assert totals["requested"] == totals["redeemed"] + untaken
    assert totals["failed"] <= untaken


@given(some_legs)
def test_a_transfer_is_in_progress_exactly_while_a_leg_is_not_final(several: list[Leg]) -> None:
    states = {leg.state for leg in several}
    status = seen(*several)["status"]
    if states - FINAL:
        assert status == "IN_PROGRESS"
    elif states == {_S.DEPOSITED}:
        assert status == "COMPLETED"
    else:
        assert status == ("PARTLY_COMPLETED" if _S.DEPOSITED in states else "FAILED")


@given(some_legs, st.randoms())
def test_legs_stand_in_the_issuers_order_however_they_were_read(
    several: list[Leg], randoms: Any
) -> None:
    order = [leg["issuer"] for leg in seen(*several)["legs"]]
    assert order == [code for code in ISSUERS if code in set(order)]
    mixed = list(several)
    randoms.shuffle(mixed)
    assert seen(*mixed) == seen(*several)


def test_an_issuer_that_has_left_the_table_stands_last() -> None:
    gone = a_leg(key=LegKey("M#1", TRANSFER_ID, "gone"))
    assert [leg["issuer"] for leg in seen(gone, a_leg(issuer="epost"))["legs"]] == ["epost", "gone"]


def test_two_balances_of_one_issuer_are_one_leg_r_t2() -> None:
    items = (LegItem("WIBEE", 300), LegItem("MOA", 45))
    [leg] = seen(a_leg(issuer="woori", items=items))["legs"]
    assert leg["amount"] == 345
    assert [item["point_code"] for item in leg["items"]] == ["WIBEE", "MOA"]


# Every word that a table can put into a leg: what is not listed here is not worded.
FAILURES = {
    *redemption_answers._REFUSALS.values(),
    redemption_answers._OTHER_REFUSAL,
    "reversed_by_issuer",
    *bank_codes.REFUSALS.values(),
    deposit_answers._OTHER_REFUSAL,
    moving._DAY_TAKEN,
    moving._NEVER_SENT,
}


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_failure_has_words_of_its_own_in_both_languages(code: str) -> None:
    failure = seen(a_leg(_S.FAILED, failure=code))["legs"][0]["failure"]
    assert failure["code"] == code
    assert failure["message"]["ko"] != failure["message"]["en"]
    unknown = seen(a_leg(_S.FAILED, failure="unheard_of"))["legs"][0]["failure"]["message"]
    assert (failure["message"] == unknown) == (code == "issuer_refused")


def test_a_failure_without_words_gets_those_of_a_refusal() -> None:
    failure = seen(a_leg(_S.FAILED, failure="unheard_of"))["legs"][0]["failure"]
    assert failure["code"] == "unheard_of"
    assert failure["message"]["ko"]


@given(some_legs)
def test_a_repeat_gets_what_was_accepted_whatever_has_happened_since(several: list[Leg]) -> None:
    accepted = [
        a_leg(issuer=leg.key.issuer, items=leg.items, promised_at_ms=leg.promised_at_ms)
        for leg in several
    ]
    moved = [
        replace(leg, deposited_at_ms=NOON_MS, failure="card_dormant", sealed_ci=None)
        for leg in several
    ]
    assert shown_as_accepted(a_transfer(), moved) == shown(a_transfer(), accepted, NOON_MS)
