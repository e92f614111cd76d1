"""The journal: balanced, on the right accounts, in the right partner's book (R-T7)."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuers import ISSUERS
from tests.unit.transfer.leg_samples import LEG_ID, REDEMPTION_ID, TODAY, TRAN, a_leg, day
from transfer.legs import LegItem
from transfer.postings import BANK, CLEARING_ACCOUNT, DEPOSIT_ACCOUNT, Cause, Line, posting

POSTED_MS = 1_795_000_000_000


@pytest.mark.parametrize(
    ("cause", "lines", "partner", "reference"),
    [
        (Cause.REDEEMED, (Line("receivable:kb", 500), Line("points:kb", -500)), "kb", REDEMPTION_ID),
        (Cause.DEPOSITED, (Line("deposit:member", 500), Line("clearing:bank", -500)), BANK, TRAN.id),
        (Cause.REVERSED, (Line("points:kb", 500), Line("receivable:kb", -500)), "kb", REDEMPTION_ID),
    ],
)  # fmt: skip
def test_each_cause_debits_and_credits_its_accounts(
    cause: Cause, lines: tuple[Line, ...], partner: str, reference: str
) -> None:
    book_day = day("2026-11-23")
    entry = posting(a_leg(bank_tran=TRAN), cause, book_day, POSTED_MS)
    assert (entry.lines, entry.partner, entry.reference) == (lines, partner, reference)
    assert (entry.leg_id, entry.cause, entry.amount) == (LEG_ID, cause, 500)
    assert (entry.book_day, entry.posted_at_ms) == (book_day, POSTED_MS)


def test_a_deposit_without_its_id_is_not_posted() -> None:
    with pytest.raises(ValueError, match="bank transaction id"):
        posting(a_leg(), Cause.DEPOSITED, TODAY, POSTED_MS)


amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=3)
ends = st.sampled_from(
    [
        (Cause.REDEEMED,),
        (Cause.REDEEMED, Cause.DEPOSITED),
        (Cause.REDEEMED, Cause.REVERSED),
    ]
)


@given(st.lists(st.tuples(st.sampled_from(list(ISSUERS)), amounts, ends), max_size=11))
def test_every_posting_is_balanced_and_points_taken_are_deposited_in_flight_or_given_back_r_t7(
    histories: list[tuple[str, list[int], tuple[Cause, ...]]],
) -> None:
    balances: defaultdict[str, int] = defaultdict(int)
    in_flight = 0
    for issuer, parts, causes in histories:
        items = tuple(LegItem(f"P{place}", amount) for place, amount in enumerate(parts))
        leg = a_leg(issuer=issuer, items=items, bank_tran=TRAN)
        for cause in causes:
            entry = posting(leg, cause, TODAY, POSTED_MS)
            assert sum(line.amount for line in entry.lines) == 0
            for line in entry.lines:
                balances[line.account] += line.amount
        in_flight += leg.amount if len(causes) == 1 else 0
    points = sum(amount for name, amount in balances.items() if name.startswith("points:"))
    owed = sum(amount for name, amount in balances.items() if name.startswith("receivable:"))
    assert sum(balances.values()) == 0
    assert owed == -points
    assert -points - balances[DEPOSIT_ACCOUNT] == in_flight
    assert balances[DEPOSIT_ACCOUNT] == -balances[CLEARING_ACCOUNT]
