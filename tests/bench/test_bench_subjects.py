"""What the bench measures: every function of the template, with its environment and an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.samples import cases, rules, variables
from bench.startup import Pair, in_turns
from bench.stub import ITSELF
from bench.template import API, SCHEDULE, WORKER, functions
from bench.warm import counted
from modupoint.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable


def test_every_function_has_an_event_and_a_value_for_each_variable() -> None:
    asked = {case.function for case in cases(new_id("lkp"))}
    known = variables("http://stub")
    found = list(functions())
    assert {one.name for one in found} == asked
    assert {name for one in found for name in one.variables} <= set(known)


def test_a_function_without_a_route_is_a_worker_or_a_schedule() -> None:
    kinds = {one.name: one.kind for one in functions()}
    workers = {name for name, kind in kinds.items() if kind == WORKER}
    assert workers == {"AskIssuer", "MoveLeg", "ProcessOrder"}
    assert kinds["ReleaseDueLegs"] == kinds["PollOrders"] == SCHEDULE
    assert kinds["SubmitTransfer"] == API


def test_answers_lead_back_to_the_stub_only() -> None:
    for rule in rules(new_id("lkp")):
        addresses = rule.answer.count("http://")
        assert addresses == rule.answer.count(ITSELF) + rule.answer.count("http://sns.amazonaws")


def test_handler_and_floor_take_turns_at_going_first() -> None:
    order: list[str] = []

    def taking(name: str, cpu_s: float) -> Callable[[], float]:
        def measured() -> float:
            order.append(name)
            return cpu_s

        return measured

    pair = Pair("Ask", taking("handler", 1.1), taking("floor", 1.0))
    assert list(in_turns([pair], 2)) == [("Ask", 1.1, 1.0), ("Ask", 1.1, 1.0)]
    assert order == ["handler", "floor", "floor", "handler"]


def test_calls_are_counted_by_service_and_action() -> None:
    calls = [
        {"service": "partner", "action": "POST"},
        {"service": "dynamodb", "action": "UpdateItem"},
        {"service": "partner", "action": "POST"},
    ]
    assert counted(calls) == {"dynamodb.UpdateItem": 1, "partner.POST": 2}
