"""The breaker as a machine: any run of good and bad batches, over the real board and worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from modupoint import aws
from modupoint.clock import real_ms
from modupoint.partner import Outcome
from query import asking, lane_board
from query.asking import Asking
from query.inquiring import Inquiring
from query.lanes import FIRST_REST_MS, LONGEST_REST_MS
from tests.unit.query.asking_fakes import (
    NOON,
    FakeIssuer,
    OneAtATime,
    Worker,
    answered,
    delivered,
    ended,
)

if TYPE_CHECKING:
    import pytest

    from tests.store.conftest import Store

FAR_MS = 10**12


class Breaker(RuleBasedStateMachine):
    """Batches of one lane, worked off by environments that have just started."""

    store: Store
    clock_ms: list[int]

    def __init__(self) -> None:
        super().__init__()
        aws.client("dynamodb").delete_item(
            TableName=self.store.operations_table, Key={"pk": {"S": "LANE"}, "sk": {"S": "kb"}}
        )
        self.trouble = 0
        self.open_until_ms: int | None = None
        self.rest_ms = FIRST_REST_MS

    @rule(sizes=st.integers(1, 10), healthy=st.booleans())
    def batch(self, sizes: int, *, healthy: bool) -> None:
        """Work off a batch while the issuer is well or not; the number of calls is foretold."""
        may_call = self.calls_expected(sizes, healthy=healthy)
        assert self.calls(sizes, healthy=healthy) == may_call

    @rule(seconds=st.integers(1, 70))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock_ms[0] += seconds * 1000

    def calls(self, size: int, *, healthy: bool) -> int:
        """Return how often the issuer was really called."""
        worker = Worker(FakeIssuer(lambda _: answered() if healthy else ended(Outcome.BROKEN)))
        parts: dict[str, Any] = {
            "api": worker.issuer,
            "keys": worker.keys,
            "members": worker.members,
        }
        inquiring = Inquiring(clock=lambda: NOON, **parts)
        pool: Any = OneAtATime()
        queue: Any = worker.queue
        batch = [
            delivered(worker.message(f"M#{uuid4()}", left_ms=FAR_MS), f"m{place}")
            for place in range(size)
        ]
        Asking(inquiring, self.store.board(), 20, pool).batch("kb", queue, batch)
        assert worker.members.writes == size
        return len(worker.issuer.asked)

    def calls_expected(self, size: int, *, healthy: bool) -> int:
        """Return how often it may be called, and move on to the state after that."""
        if self.open_until_ms is None:
            self.trouble = max(0, self.trouble + (-size if healthy else size))
            if self.trouble >= 5:
                self.open_until_ms = self.clock_ms[0] + FIRST_REST_MS
                self.rest_ms = FIRST_REST_MS
            return size
        if self.clock_ms[0] < self.open_until_ms:
            return 0
        if healthy:
            self.open_until_ms, self.trouble = None, 0
            return size
        self.rest_ms = min(2 * self.rest_ms, LONGEST_REST_MS)
        self.open_until_ms = self.clock_ms[0] + self.rest_ms
        return 1


def test_no_call_while_it_rests_one_probe_after_it_and_rests_that_double(
    imitated_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_ms = [real_ms()]
    for module in (asking, lane_board):
        monkeypatch.setattr(module, "real_ms", lambda: clock_ms[0])
    machine = type("Machine", (Breaker,), {"store": imitated_store, "clock_ms": clock_ms})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=20))
