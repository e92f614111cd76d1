"""The state graph of a leg: every state reachable, final ones final, no arrow more than drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.transfer.leg_samples import a_leg
from transfer.legs import (
    DEPOSIT,
    EFFECTS,
    FINAL,
    MOVES,
    REDEMPTION,
    REVERSAL,
    TAKEN,
    WITH_OPERATOR,
    LegItem,
    LegState,
    effect_of,
)

if TYPE_CHECKING:
    from modupoint.effects import Effect

_S = LegState

# Drawn by hand: from a state to all it may become. Staying means waiting longer.
GRAPH: dict[LegState, set[LegState]] = {
    _S.ACCEPTED: {_S.ACCEPTED, _S.REDEEMING, _S.REDEMPTION_UNKNOWN, _S.FAILED},
    _S.REDEEMING: {_S.REDEEMED, _S.FAILED, _S.ACCEPTED, _S.REDEMPTION_UNKNOWN,
                   _S.REDEMPTION_WITH_OPERATOR},
    _S.REDEMPTION_UNKNOWN: {_S.REDEEMED, _S.FAILED, _S.ACCEPTED, _S.REDEMPTION_UNKNOWN,
                            _S.REDEMPTION_WITH_OPERATOR},
    _S.REDEMPTION_WITH_OPERATOR: {_S.REDEMPTION_UNKNOWN, _S.ACCEPTED},
    _S.REDEEMED: {_S.REDEEMED, _S.DEPOSITING, _S.DEPOSIT_UNKNOWN, _S.DEPOSIT_WITH_OPERATOR},
    _S.DEPOSITING: {_S.DEPOSITED, _S.REVERSAL_DUE, _S.REDEEMED, _S.DEPOSIT_UNKNOWN,
                    _S.DEPOSIT_WITH_OPERATOR},
    _S.DEPOSIT_UNKNOWN: {_S.DEPOSITED, _S.REVERSAL_DUE, _S.REDEEMED, _S.DEPOSIT_UNKNOWN,
                         _S.DEPOSIT_WITH_OPERATOR},
    _S.DEPOSIT_WITH_OPERATOR: {_S.DEPOSIT_UNKNOWN, _S.REDEEMED},
    _S.REVERSAL_DUE: {_S.REVERSAL_DUE, _S.REVERSING, _S.REVERSAL_UNKNOWN,
                      _S.REVERSAL_WITH_OPERATOR},
    _S.REVERSING: {_S.REVERSED, _S.REVERSAL_DUE, _S.REVERSAL_UNKNOWN,
                   _S.REVERSAL_WITH_OPERATOR},
    _S.REVERSAL_UNKNOWN: {_S.REVERSED, _S.REVERSAL_DUE, _S.REVERSAL_UNKNOWN,
                          _S.REVERSAL_WITH_OPERATOR},
    _S.REVERSAL_WITH_OPERATOR: {_S.REVERSAL_UNKNOWN, _S.REVERSAL_DUE},
    _S.DEPOSITED: set(),
    _S.REVERSED: set(),
    _S.FAILED: set(),
}  # fmt: skip


def reachable(start: str, moves: frozenset[tuple[str, str]] = MOVES) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        further = {to for at, to in moves if at == here} - found
        found |= further
        waiting += further
    return found


def test_the_legal_moves_are_exactly_these() -> None:
    drawn = {(state, to) for state, further in GRAPH.items() for to in further}
    assert drawn == MOVES
    assert set(GRAPH) == set(LegState)


def test_every_state_can_be_reached_from_acceptance() -> None:
    assert reachable(LegState.ACCEPTED) == set(LegState)


def test_final_states_have_no_way_out_r_t3() -> None:
    assert {LegState.DEPOSITED, LegState.REVERSED, LegState.FAILED} == FINAL
    assert not [move for move in MOVES if move[0] in FINAL]


@pytest.mark.parametrize("state", sorted(set(LegState) - FINAL))
def test_from_everywhere_else_an_end_can_be_reached(state: LegState) -> None:
    assert reachable(state) & FINAL


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_what_waits_for_a_person_is_asked_about_or_due_and_never_ended_by_hand(
    state: LegState,
) -> None:
    assert not GRAPH[state] & FINAL


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda one: str(one.name))
def test_a_call_always_follows_its_stored_intent_decision_6(effect: Effect) -> None:
    into = {at for at, to in MOVES if to == effect.sending}
    assert into == {effect.due}
    done = {at for at, to in effect.moves if to == effect.done}
    assert done == {effect.sending, effect.unknown}


def test_a_reversal_is_due_only_after_a_definite_refusal_of_the_deposit_r_t5() -> None:
    into = {at for at, to in MOVES if to == LegState.REVERSAL_DUE} - set(reversal_states())
    assert into == {DEPOSIT.sending, DEPOSIT.unknown}
    # And nothing that gives points back leads to a deposit again.
    assert not reachable(LegState.REVERSAL_DUE) & {DEPOSIT.due, DEPOSIT.sending, DEPOSIT.done}


def reversal_states() -> tuple[str, ...]:
    return (REVERSAL.due, REVERSAL.sending, REVERSAL.unknown, REVERSAL.operator)


def test_points_once_taken_end_deposited_or_given_back_and_never_as_failed_r_t7() -> None:
    for state in TAKEN:
        assert reachable(state) <= set(TAKEN)
    assert {at for at, to in MOVES if to in TAKEN and at not in TAKEN} == {
        REDEMPTION.sending,
        REDEMPTION.unknown,
    }


def test_the_horizons_are_the_contracts() -> None:
    assert {effect.name: effect.horizon_ms for effect in EFFECTS} == {
        "redemption": 60_000,
        "deposit": 600_000,
        "reversal": 60_000,
    }


def test_every_state_belongs_to_one_effect_or_is_final() -> None:
    for state in LegState:
        assert (effect_of(state) is None) == (state in FINAL)
    assert effect_of(LegState.DEPOSIT_WITH_OPERATOR) is DEPOSIT


def test_an_amount_is_the_sum_of_a_legs_balances_r_t2() -> None:
    leg = a_leg(issuer="woori", items=(LegItem("WIBEE", 300), LegItem("MOA", 45)))
    assert leg.amount == 345
