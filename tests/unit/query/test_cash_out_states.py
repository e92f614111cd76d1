"""A cash-out's graph, its row, and what it hands over (R-E3)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.hand_overs import hand_over_of
from modupoint.issuers import ISSUERS
from query.cash_out import (
    CASHOUT_LANES,
    FINAL,
    MOVES,
    CashOut,
    CashOutState,
    Sequel,
    Wanted,
    cash_out_item,
    cash_out_of,
    sequel,
    subject_of_sk,
    wait_ms,
)
from query.notices import Subject
from tests.unit.query.expiry_samples import MEMBER, a_cash_out

amounts = st.integers(1, 10**9)
cash_outs = st.builds(
    CashOut,
    member=st.just(MEMBER),
    subject=st.builds(Subject, st.sampled_from(list(ISSUERS)), st.sampled_from(["2027-03"])),
    plan_id=st.uuids().map("csh_{}".format),
    amount=amounts,
    due_at_ms=amounts,
    state=st.sampled_from([one for one in CashOutState if one not in FINAL]),
    version=amounts,
    attempt=st.integers(1, 30),
    refusals=st.integers(0, 5),
    wanted=st.lists(st.builds(Wanted, st.text(min_size=1, max_size=9), amounts), min_size=1).map(
        tuple
    ),
    account_id=st.just("acc_1"),
    looks=st.integers(0, 99),
)


def test_what_is_final_is_never_left_and_everything_else_can_be() -> None:
    assert set(MOVES) == set(CashOutState) - FINAL


def test_after_the_message_may_have_been_sent_only_its_outcome_ends_it_r_t3() -> None:
    assert MOVES[CashOutState.HANDING_OVER] == {CashOutState.HANDED}
    assert CashOutState.HANDING_OVER not in MOVES[CashOutState.HANDED]


@pytest.mark.parametrize(("before", "after"), list(product(CashOutState, CashOutState)))
def test_a_move_is_one_of_the_graph_and_counts_the_version(
    before: CashOutState, after: CashOutState
) -> None:
    cash_out = a_cash_out(state=before, version=4)
    if after in MOVES.get(before, ()):
        assert cash_out.moved(after, 7, looks=2) == a_cash_out(
            state=after, version=5, due_at_ms=7, looks=2
        )
    else:
        with pytest.raises(ValueError, match="does not become"):
            cash_out.moved(after)


@given(cash_outs)
def test_a_row_holds_all_of_a_cash_out(cash_out: CashOut) -> None:
    item = cash_out_item(cash_out)
    assert cash_out_of(item) == cash_out
    assert subject_of_sk(item["sk"]["S"]) == cash_out.subject
    assert item["lane"]["S"] in CASHOUT_LANES


@pytest.mark.parametrize("state", FINAL)
def test_what_is_final_is_not_due_any_more(state: CashOutState) -> None:
    assert not {"lane", "due_at"} & set(cash_out_item(a_cash_out(state=state)))


@given(cash_outs)
def test_a_hand_over_says_the_same_each_time_until_another_attempt(cash_out: CashOut) -> None:
    message = cash_out.hand_over().message()
    again = cash_out_of(cash_out_item(cash_out)).hand_over()
    assert again.message() == message
    assert hand_over_of(message) == again


def changed(**changes: Any) -> str:
    return a_cash_out(**changes).key


def test_attempts_and_plans_have_keys_of_their_own() -> None:
    # An agreement withdrawn and given again may plan the same month anew.
    keys = {changed(), changed(attempt=2), changed(plan_id="csh_2")}
    assert len(keys) == 3
    assert changed(state=CashOutState.HANDED, looks=3) == changed()


def test_an_outcome_is_looked_for_less_and_less_often() -> None:
    waits = [wait_ms(looks) for looks in range(60)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (10 * 60_000, 6 * 3_600_000)


def test_what_no_day_will_change_is_not_tried_again_r_e3() -> None:
    assert sequel("account_closed") is Sequel.GIVE_UP
    assert sequel("already_transferred_today") is Sequel.ANOTHER_DAY
    assert sequel("not_found") is Sequel.ACCOUNT_GONE
    assert sequel("a code of the future") is Sequel.TRY_AGAIN
