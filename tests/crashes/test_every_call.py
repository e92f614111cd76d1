"""Whatever strikes at whichever call: nothing is lost, nothing paid or ordered twice.

R-T5 to R-T9 for transfers, R-A4 and R-A6 for orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autopay import orders
from autopay.orders import OrderState
from modupoint.transactions import ConditionsFailedError
from tests.crashes.course import Course, Scenario, calls_of
from tests.crashes.order_scenarios import ON_THE_ENGINE, ORDERS, OVER_HOLIDAYS
from tests.crashes.strikes import Strike
from tests.crashes.transfer_scenarios import TRANSFERS
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.mutations import MUTATIONS
from tests.simulation.order_mutations import ORDER_MUTATIONS
from transfer import legs
from transfer.legs import LegState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.crashes.stores import DynamoDB, Engine, Memory

# A course on the real engine takes a tenth of a second: each strike at every so many calls.
EVERY_SO_MANY = 8

SCENARIOS: tuple[Scenario, ...] = (*TRANSFERS, *ORDERS)

scenarios = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)


def strike_at(places: Iterable[int], scenario: Scenario, strike: Strike, engine: Engine) -> None:
    """Live a scenario once for each of the places, struck there."""
    calls = calls_of(scenario, engine)
    for place in places:
        if place >= len(calls):
            return
        course = Course(scenario, engine, strike, place)
        try:
            course.live()
        except CheckFailedError as failure:
            told = course.trace.about()
            pytest.fail(
                f"{told}\n{failure}\n{strike.value}: call {place}, {calls[place]}", pytrace=False
            )


@scenarios
@pytest.mark.parametrize("strike", Strike, ids=lambda one: one.name.lower())
def test_a_strike_at_any_call_leaves_all_right(
    scenario: Scenario, strike: Strike, memory: Memory
) -> None:
    strike_at(range(10_000), scenario, strike, memory)


@pytest.mark.parametrize("scenario", [*TRANSFERS, *ON_THE_ENGINE], ids=lambda one: one.name)
def test_strikes_leave_all_right_on_the_real_engine(scenario: Scenario, dynamodb: DynamoDB) -> None:
    first = SCENARIOS.index(scenario)
    for place, strike in enumerate(Strike, start=first):
        strike_at(range(place % EVERY_SO_MANY, 10_000, EVERY_SO_MANY), scenario, strike, dynamodb)


@scenarios
def test_a_scenario_makes_the_same_calls_on_both_stores(
    scenario: Scenario, memory: Memory, dynamodb: DynamoDB
) -> None:
    assert calls_of(scenario, memory) == calls_of(scenario, dynamodb)


def passed_through(scenarios: Iterable[Scenario], save: str, engine: Engine) -> set[str]:
    """Return every state that some scenario's moves lead from or to."""
    calls = [call for scenario in scenarios for call in calls_of(scenario, engine)]
    moves = [call.partition(save)[2] for call in calls if save in call]
    return {state for move in moves for state in move.split(" to ")}


def test_the_scenarios_pass_through_every_state_that_needs_no_person(memory: Memory) -> None:
    of_legs = passed_through(TRANSFERS, "legs.save ", memory)
    assert of_legs == set(LegState) - legs.WITH_OPERATOR
    of_orders = passed_through(ORDERS, "orders.save ", memory)
    assert of_orders == set(OrderState) - orders.WITH_OPERATOR


def test_an_order_placed_after_midnight_before_holidays_needs_nobody(memory: Memory) -> None:
    Course(OVER_HOLIDAYS, memory).live()


def strike_everywhere(scenario: Scenario, engine: Engine) -> None:
    """Live a scenario with each strike at each call it makes unharmed."""
    for strike in Strike:
        for place in range(len(calls_of(scenario, engine))):
            Course(scenario, engine, strike, place).live()


@pytest.mark.parametrize(
    "guard", ["leg condition", "intent before effect", "idempotency key condition"]
)
def test_without_a_guard_of_transfers_a_strike_at_some_call_is_seen(
    guard: str, memory: Memory
) -> None:
    with MUTATIONS[guard](), pytest.raises((CheckFailedError, ConditionsFailedError)):
        strike_everywhere(TRANSFERS[0], memory)


@pytest.mark.parametrize(
    ("guard", "name"),
    [
        ("order condition", "withdrawn while placed late"),
        ("intent before effect", "change"),
        ("one open order a registration", "a second order while one is open"),
        ("its place is given back", "another order after one was withdrawn"),
        ("same id at the switch", "placed in silence"),
        ("horizon", "withdrawn while placed late"),
        ("unknown is not refused", "placed in silence"),
        ("withdrawn, not sent", "withdrawn before it is sent"),
    ],
)
def test_without_a_guard_of_orders_a_strike_at_some_call_is_seen(
    guard: str, name: str, memory: Memory
) -> None:
    [scenario] = [one for one in ORDERS if one.name == name]
    with ORDER_MUTATIONS[guard](), pytest.raises(CheckFailedError):
        strike_everywhere(scenario, memory)
