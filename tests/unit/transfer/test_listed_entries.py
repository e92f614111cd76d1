"""What partners' lists say, and that one broken line spoils its list (R-T8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfer.listed_entries import ListError, deposits_listed, redemptions_listed
from transfer.postings import Cause
from transfer.reconciliation import Entry

DAY = date(2026, 11, 23)
APPROVED: dict[str, Any] = {
    "redemption_id": "0193a5b2",
    "status": "APPROVED",
    "redeemed_amt": 1200,
    "approved_at": "20261123101500",
    "reversed_at": None,
}
REVERSED = {**APPROVED, "status": "REVERSED", "reversed_at": "20261123101700"}
DEPOSITED: dict[str, Any] = {
    "bank_tran_id": "M202600001U00000001A",
    "bank_tran_date": "20261123",
    "tran_amt": "1200",
    "bank_rsp_code": "000",
}
TAKEN = Entry(Cause.REDEEMED, "0193a5b2", 1200)
BACK = Entry(Cause.REVERSED, "0193a5b2", 1200)


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        pytest.param(APPROVED, [TAKEN], id="approved today"),
        pytest.param(REVERSED, [TAKEN, BACK], id="both today"),
        pytest.param({**REVERSED, "approved_at": "20261122235959"}, [BACK], id="reversed today"),
        pytest.param(
            {**REVERSED, "reversed_at": "20261124000000"}, [TAKEN], id="reversed tomorrow"
        ),
        pytest.param({**APPROVED, "status": "REFUSED", "approved_at": None}, [], id="refused"),
    ],
)
def test_a_line_tells_of_an_approval_a_reversal_or_both(
    line: dict[str, Any], entries: list[Entry]
) -> None:
    assert list(redemptions_listed([line], DAY)) == entries


@pytest.mark.parametrize(
    "line",
    [
        None,
        "APPROVED",
        [],
        {},
        {**APPROVED, "redemption_id": None},
        {**APPROVED, "redemption_id": ""},
        {**APPROVED, "redemption_id": "a" * 65},
        {**APPROVED, "redemption_id": "한글"},
        {**APPROVED, "status": "approved"},
        {**APPROVED, "status": None},
        {**APPROVED, "redeemed_amt": "1200"},
        {**APPROVED, "redeemed_amt": -1},
        {**APPROVED, "redeemed_amt": True},
        {**APPROVED, "redeemed_amt": 1200.0},
        {**APPROVED, "redeemed_amt": 10**12},
        {**APPROVED, "approved_at": None},
        {**APPROVED, "approved_at": "20261131101500"},
        {**APPROVED, "approved_at": "20261122101500"},
        {**APPROVED, "reversed_at": "20261123101700"},
        {**REVERSED, "reversed_at": None},
        {**REVERSED, "approved_at": None},
    ],
)
def test_a_malformed_redemption_spoils_the_list(line: object) -> None:
    with pytest.raises(ListError, match="malformed"):
        list(redemptions_listed([APPROVED, line], DAY))


@pytest.mark.parametrize("amount", [1200, "1200", "01200"])
def test_a_deposit_comes_with_its_amount_as_a_number_or_in_digits(amount: object) -> None:
    [entry] = deposits_listed([{**DEPOSITED, "tran_amt": amount}], DAY)
    assert entry == Entry(Cause.DEPOSITED, "M202600001U00000001A", 1200)


@pytest.mark.parametrize("code", ["400", "701", "803", "804", "819", "822", "412"])
def test_only_000_moved_money_r_t6(code: str) -> None:
    assert list(deposits_listed([{**DEPOSITED, "bank_rsp_code": code}], DAY)) == []


@pytest.mark.parametrize(
    "line",
    [
        None,
        {},
        {**DEPOSITED, "bank_tran_id": 7},
        {**DEPOSITED, "bank_tran_date": "20261122"},
        {**DEPOSITED, "bank_tran_date": None},
        {**DEPOSITED, "bank_rsp_code": None},
        {**DEPOSITED, "bank_rsp_code": 0},
        {**DEPOSITED, "bank_rsp_code": ""},
        {**DEPOSITED, "tran_amt": "12.0"},
        {**DEPOSITED, "tran_amt": "-1200"},
        {**DEPOSITED, "tran_amt": "9" * 5000},
        {**DEPOSITED, "tran_amt": "１２００"},
        {**DEPOSITED, "tran_amt": None},
    ],
)
def test_a_malformed_deposit_spoils_the_list(line: object) -> None:
    with pytest.raises(ListError, match="malformed"):
        list(deposits_listed([DEPOSITED, line], DAY))


values = st.none() | st.booleans() | st.integers() | st.text(max_size=16) | st.floats()
names = st.sampled_from([*APPROVED, *DEPOSITED])


@given(st.lists(st.dictionaries(names, values) | values, max_size=3))
def test_whatever_a_list_holds_it_is_read_or_refused(items: list[Any]) -> None:
    for read in (redemptions_listed, deposits_listed):
        try:
            entries = list(read(items, DAY))
        except ListError:
            continue
        assert all(entry.amount >= 0 for entry in entries)
