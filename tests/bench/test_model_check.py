"""The check of the model: what it compares, and that it can fail."""

from __future__ import annotations

import asyncio
from copy import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from bench.model_check import drive as driving
from bench.model_check.drive import drive
from bench.model_check.lanes import Invocation, most_at_once, reported
from bench.model_check.modelled import live
from bench.model_check.outcome import Outcome, median_completion_s, median_first_card_s, per_s
from bench.model_check.pages import Person, UnexpectedAnswerError
from bench.model_check.small_day import PEOPLE, RUSH_PEOPLE, parts
from bench.model_check.speeds import Speeds
from bench.model_check.verdict import Compared, compare
from bench.opening_day.crowd import Crowd
from bench.opening_day.machine import Machine, Work

if TYPE_CHECKING:
    from bench.model_check.pages import Pages

SPEEDS = Speeds(
    post=Work(0.025, 0.030),
    read=Work(0.015, 0.020),
    one=Work(0.020, 0.030),
    full=Work(0.100, 0.120),
    dispatch_s=0.020,
    workers=22,
    lane_workers=2,
    load=0.0,
)


def other(costs: float, takes: float) -> Speeds:
    def changed(work: Work) -> Work:
        return Work(work.costs_s * costs, work.takes_s * takes)

    return replace(
        SPEEDS,
        post=changed(SPEEDS.post),
        read=changed(SPEEDS.read),
        one=changed(SPEEDS.one),
        full=changed(SPEEDS.full),
    )


def rush() -> Crowd:
    return next(part.people for part in parts(seed=1) if part.name == "rush 1")


def both(one: Outcome) -> dict[str, list[Outcome]]:
    return {"day": [one], "rush": [one]}


def test_the_model_agrees_with_a_stack_of_its_own_speeds() -> None:
    stack, model = live(rush(), SPEEDS, seed=2), live(rush(), SPEEDS, seed=1)

    assert all(one.agrees for one in compare(both(stack), both(model)).values())


@pytest.mark.parametrize("wrong", [0.5, 2.0])
def test_a_model_with_wrong_speeds_does_not_agree(wrong: float) -> None:
    stack, model = live(rush(), SPEEDS, seed=2), live(rush(), other(wrong, wrong), seed=1)

    found = compare(both(stack), both(model))

    assert not found["rush_throughput"].agrees
    assert not found["median_completion_s"].agrees


def test_a_model_that_forgets_the_shared_processors_does_not_agree() -> None:
    stack, model = live(rush(), SPEEDS, seed=2), live(rush(), other(0.0, 1.0), seed=1)

    found = compare(both(stack), both(model))

    assert not found["rush_throughput"].agrees


@pytest.mark.parametrize(
    ("stack", "model", "agrees"),
    [
        (4.0, 3.0, True),
        (4.0, 5.0, True),
        (4.0, 2.99, False),
        (4.0, 5.01, False),
    ],
)
def test_a_quarter_more_or_less_agrees_and_nothing_beyond(
    stack: float, model: float, *, agrees: bool
) -> None:
    assert Compared(stack, model).agrees is agrees


def test_throughput_counts_nine_in_ten_and_medians_count_everybody() -> None:
    one = Outcome([0.0] * 10, [1.0] * 10, [2.0] * 9 + [100.0])
    other = Outcome([5.0], [6.5], [9.0])

    assert per_s([Outcome([0.0] * 11, [1.0] * 11, [2.0] * 10 + [100.0])]) == pytest.approx(4.95)
    assert median_completion_s([one, other]) == 2.0
    assert median_first_card_s([one, other]) == 1.0


def test_the_small_day_is_the_opening_days_shape_and_the_same_for_a_seed() -> None:
    day = list(parts(seed=1))
    again = list(parts(seed=1))

    assert sum(len(part.people) for part in day if part.name.startswith("part")) == PEOPLE
    assert [len(part.people) for part in day if part.name.startswith("rush")] == [RUSH_PEOPLE] * 3
    assert all(
        np.array_equal(a.people.comes_s, b.people.comes_s) for a, b in zip(day, again, strict=True)
    )
    assert not np.array_equal(day[0].people.comes_s, next(parts(seed=2)).people.comes_s)


def test_a_batch_costs_more_with_every_message() -> None:
    assert SPEEDS.batch(1) == SPEEDS.one
    assert SPEEDS.batch(10) == SPEEDS.full
    assert SPEEDS.batch(4).costs_s == pytest.approx(0.020 + 0.080 / 3)


def test_work_waits_for_all_before_it_batches_end_together_and_time_works_it_off() -> None:
    machine = Machine(Work(0.5, 0.25), Work(0.125, 0.0625), (0.0, 1.0, 2.0))

    assert machine.post(2).tolist() == [0.25, 0.75]
    assert machine.begin(np.array([1, 2])).tolist() == [3.0, 2.0]
    machine.pass_time(3.0)
    waits_s, shown_s = machine.read(2)
    assert waits_s.tolist() == [1.0, 1.125]
    assert shown_s.tolist() == [1.0625, 1.1875]
    machine.pass_time(60.0)
    assert machine.begin(np.array([1])).tolist() == [0.0]


def test_workers_at_once_are_those_that_overlap() -> None:
    touching = [Invocation(0.0, 1.0), Invocation(1.0, 2.0)]

    assert most_at_once([]) == 0
    assert most_at_once(touching) == 1
    assert most_at_once([*touching, Invocation(0.5, 1.5)]) == 2


def test_an_invocation_is_read_from_lambdas_report() -> None:
    line = (
        "REPORT RequestId: 9d25\tDuration: 228.5 ms\tBilled Duration: 229 ms\tMemory Size: 256 MB"
    )

    assert reported({"timestamp": 1_000_500, "message": line}) == Invocation(1000.2715, 1000.5)
    assert reported({"timestamp": 1_000_500, "message": '{"message": "REPORT"}'}) is None


class FakePages:
    """Pages whose cards come at the second poll, and whose first request is refused."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def post(self, person: Person) -> dict[str, Any]:
        self.asked.append(f"post {person.sub}")
        if len(self.asked) == 1:
            raise UnexpectedAnswerError
        return self._lookup("RUNNING", "PENDING")

    async def read(self, _: Person, lookup_id: str) -> dict[str, Any]:
        self.asked.append(f"read {lookup_id}")
        done = self.asked.count("read lkp") > 1
        return self._lookup("DONE" if done else "RUNNING", "OK")

    def _lookup(self, status: str, card: str) -> dict[str, Any]:
        results = {"bc": {"status": card}}
        return {"lookup_id": "lkp", "status": status, "retry_after_ms": 1, "results": results}


def test_a_page_comes_again_until_it_has_all_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "_BACK_OFF_S", (0.0,))
    pages = FakePages()
    crowd = Crowd(np.zeros(1, np.float32), np.full(1, 60.0, np.float32))

    seen = asyncio.run(drive(cast("Pages", pages), [Person("a", "")], crowd))

    assert pages.asked == ["post a", "post a", "read lkp", "read lkp"]
    assert seen.refused == 1
    assert 0 < seen.first_s[0] < seen.all_s[0]
