"""The state graph of an order: every state reachable, final ones final, no arrow more than drawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from autopay.orders import (
    EFFECTS,
    FINAL,
    MOVES,
    PLACEMENT,
    WITH_OPERATOR,
    WITHDRAWAL,
    OrderKey,
    OrderState,
    effect_of,
    withdrawable_until,
)
from modupoint.clock import SEOUL
from modupoint.ids import new_id
from tests.unit.autopay.order_samples import MEMBER, SWITCH_ID, a_real_time_order, an_order

if TYPE_CHECKING:
    from modupoint.effects import Effect

_S = OrderState

# Drawn by hand: from a state to all it may become. Staying means waiting longer, or
# that the member's wish to withdraw was noted.
GRAPH: dict[OrderState, set[OrderState]] = {
    _S.ACCEPTED: {_S.ACCEPTED, _S.PLACING, _S.PLACING_UNKNOWN, _S.REJECTED, _S.WITHDRAWN},
    _S.PLACING: {_S.PLACING, _S.PLACED, _S.REJECTED, _S.ACCEPTED, _S.PLACING_UNKNOWN,
                 _S.PLACING_WITH_OPERATOR, _S.WITHDRAWAL_DUE},
    _S.PLACING_UNKNOWN: {_S.PLACING_UNKNOWN, _S.PLACED, _S.REJECTED, _S.ACCEPTED,
                         _S.PLACING_WITH_OPERATOR, _S.WITHDRAWAL_DUE},
    _S.PLACING_WITH_OPERATOR: {_S.PLACING_WITH_OPERATOR, _S.PLACING_UNKNOWN, _S.ACCEPTED},
    _S.PLACED: {_S.PLACED, _S.COMPLETED, _S.REJECTED, _S.WITHDRAWN, _S.WITHDRAWAL_DUE,
                _S.RESULT_WITH_OPERATOR},
    _S.RESULT_WITH_OPERATOR: {_S.PLACED},
    _S.WITHDRAWAL_DUE: {_S.WITHDRAWAL_DUE, _S.WITHDRAWING, _S.WITHDRAWAL_UNKNOWN, _S.PLACED},
    _S.WITHDRAWING: {_S.WITHDRAWN, _S.PLACED, _S.WITHDRAWAL_DUE, _S.WITHDRAWAL_UNKNOWN,
                     _S.WITHDRAWAL_WITH_OPERATOR},
    _S.WITHDRAWAL_UNKNOWN: {_S.WITHDRAWN, _S.PLACED, _S.WITHDRAWAL_DUE, _S.WITHDRAWAL_UNKNOWN,
                            _S.WITHDRAWAL_WITH_OPERATOR},
    _S.WITHDRAWAL_WITH_OPERATOR: {_S.WITHDRAWAL_UNKNOWN, _S.WITHDRAWAL_DUE},
    _S.COMPLETED: set(),
    _S.REJECTED: set(),
    _S.WITHDRAWN: set(),
}  # fmt: skip


def reachable(start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        further = {to for at, to in MOVES if at == here} - found
        found |= further
        waiting += further
    return found


def test_the_legal_moves_are_exactly_these() -> None:
    drawn = {(state, to) for state, further in GRAPH.items() for to in further}
    assert drawn == MOVES
    assert set(GRAPH) == set(OrderState)


def test_every_state_can_be_reached_from_acceptance() -> None:
    assert reachable(OrderState.ACCEPTED) == set(OrderState)


def test_final_states_have_no_way_out() -> None:
    assert {OrderState.COMPLETED, OrderState.REJECTED, OrderState.WITHDRAWN} == FINAL
    assert not [move for move in MOVES if move[0] in FINAL]


@pytest.mark.parametrize("state", sorted(set(OrderState) - FINAL))
def test_from_everywhere_else_an_end_can_be_reached(state: OrderState) -> None:
    assert reachable(state) & FINAL


@pytest.mark.parametrize("state", sorted(WITH_OPERATOR))
def test_what_waits_for_a_person_is_asked_about_or_due_and_never_ended_by_hand(
    state: OrderState,
) -> None:
    assert not GRAPH[state] & FINAL


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda one: str(one.name))
def test_a_call_always_follows_its_stored_intent_decision_6(effect: Effect) -> None:
    assert {at for at, to in MOVES if to == effect.sending} - {effect.sending} == {effect.due}
    assert {at for at, to in effect.moves if to == effect.done} == {effect.sending, effect.unknown}


def test_what_may_be_at_the_switch_is_placed_again_only_if_it_is_known_not_to_be() -> None:
    # Nothing that was placed is ever placed a second time.
    for state in ("PLACED", "WITHDRAWAL_DUE", "WITHDRAWING", "WITHDRAWAL_UNKNOWN"):
        assert not reachable(state) & {PLACEMENT.due, PLACEMENT.sending, PLACEMENT.unknown}


def test_only_what_was_placed_is_completed_r_a6() -> None:
    assert {at for at, to in MOVES if to == OrderState.COMPLETED} == {OrderState.PLACED}


def test_the_switch_has_as_long_as_the_slowest_partner_of_the_contract() -> None:
    assert {effect.horizon_ms for effect in EFFECTS} == {600_000}


def test_every_state_belongs_to_one_effect_or_waits_or_is_final() -> None:
    waits = {OrderState.PLACED, OrderState.RESULT_WITH_OPERATOR}
    for state in OrderState:
        assert (effect_of(state) is None) == (state in FINAL | waits)
    assert effect_of(OrderState.PLACING_WITH_OPERATOR) is PLACEMENT
    assert effect_of(OrderState.WITHDRAWAL_WITH_OPERATOR) is WITHDRAWAL


def test_the_switch_knows_an_order_by_its_own_id_in_32_characters() -> None:
    assert an_order().switch_id == SWITCH_ID
    one, other = (an_order(key=OrderKey(MEMBER, new_id("ord"))).switch_id for _ in range(2))
    assert len(one) == len(other) == 32
    assert one != other


def test_an_order_can_be_withdrawn_until_22_00_of_its_day_and_at_once_never_r_a4() -> None:
    day = date(2026, 11, 20)
    assert withdrawable_until(an_order(), day) == datetime(2026, 11, 20, 22, tzinfo=SEOUL)
    assert withdrawable_until(a_real_time_order(), day) is None
