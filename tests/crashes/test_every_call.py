"""Whatever strikes at whichever call: nothing is lost and nothing paid twice (R-T5 to R-T9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.transactions import ConditionsFailedError
from tests.crashes.course import Course, calls_of
from tests.crashes.strikes import Strike
from tests.crashes.transfer_scenarios import TRANSFERS
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.mutations import MUTATIONS
from transfer.legs import WITH_OPERATOR, LegState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.crashes.course import Scenario
    from tests.crashes.stores import DynamoDB, Engine, Memory

# A course on the real engine takes a tenth of a second: each strike at every so many calls.
EVERY_SO_MANY = 8

scenarios = pytest.mark.parametrize("scenario", TRANSFERS, ids=lambda one: one.name)


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
def test_a_strike_at_any_call_leaves_the_money_right(
    scenario: Scenario, strike: Strike, memory: Memory
) -> None:
    strike_at(range(10_000), scenario, strike, memory)


@scenarios
def test_strikes_leave_the_money_right_on_the_real_engine(
    scenario: Scenario, dynamodb: DynamoDB
) -> None:
    first = TRANSFERS.index(scenario)
    for place, strike in enumerate(Strike, start=first):
        strike_at(range(place % EVERY_SO_MANY, 10_000, EVERY_SO_MANY), scenario, strike, dynamodb)


@scenarios
def test_a_scenario_makes_the_same_calls_on_both_stores(
    scenario: Scenario, memory: Memory, dynamodb: DynamoDB
) -> None:
    assert calls_of(scenario, memory) == calls_of(scenario, dynamodb)


def test_the_scenarios_pass_through_every_state_that_needs_no_person(memory: Memory) -> None:
    saves = {
        call.partition("legs.save ")[2]
        for scenario in TRANSFERS
        for call in calls_of(scenario, memory)
        if "legs.save" in call
    }
    passed = {state for save in saves for state in save.split(" to ")}
    assert passed == set(LegState) - WITH_OPERATOR


@pytest.mark.parametrize(
    "guard", ["leg condition", "intent before effect", "idempotency key condition"]
)
def test_without_a_guard_a_strike_at_some_call_is_seen(guard: str, memory: Memory) -> None:
    scenario = TRANSFERS[0]
    calls = calls_of(scenario, memory)

    def strike_everywhere() -> None:
        for strike in Strike:
            for place in range(len(calls)):
                Course(scenario, memory, strike, place).live()

    with MUTATIONS[guard](), pytest.raises((CheckFailedError, ConditionsFailedError)):
        strike_everywhere()
