"""An issuer that asks for patience: 429, 503 and Retry-After."""

from __future__ import annotations

import pytest

from query.asking import DELIVERIES_PER_MESSAGE
from query.inquiry import Reason, unavailable
from query.lanes import LANE_BATCH_SIZE
from tests.unit.query.asking_fakes import (
    FakeIssuer,
    Worker,
    answered,
    delivered,
    try_later,
)


@pytest.mark.parametrize(("retry_after_s", "delay_s"), [(None, 2), (0, 1), (7, 7), (60, 60)])
@pytest.mark.parametrize("status", [429, 503])
def test_an_issuer_that_asks_for_patience_gets_it(
    status: int, retry_after_s: int | None, delay_s: int
) -> None:
    worker = Worker(FakeIssuer(lambda _: try_later(status, retry_after_s)))
    assert worker.batch(delivered(worker.message(), "m")) == ["m"]
    assert worker.queue.delays_s == {"m": delay_s}
    assert worker.shown() is None


def test_patience_ends_with_the_third_delivery() -> None:
    worker = Worker(FakeIssuer(lambda _: try_later(429, 1)))
    message = worker.message()
    for times in range(1, DELIVERIES_PER_MESSAGE):
        assert worker.batch(delivered(message, "m", times=times)) == ["m"]
    assert worker.batch(delivered(message, "m", times=DELIVERIES_PER_MESSAGE)) == []
    assert worker.shown() == unavailable(Reason.BUSY)


@pytest.mark.parametrize(
    ("retry_after_s", "left_ms"), [(61, 600_000), (9_999, 600_000), (9, 9_500)]
)
def test_patience_that_nobody_has_is_busy_at_once(retry_after_s: int, left_ms: int) -> None:
    worker = Worker(FakeIssuer(lambda _: try_later(429, retry_after_s)))
    assert worker.batch(delivered(worker.message(left_ms=left_ms), "m")) == []
    assert worker.shown() == unavailable(Reason.BUSY)


def test_the_others_do_not_wait_for_who_is_put_off() -> None:
    worker = Worker(FakeIssuer(lambda ci: try_later(429, 5) if ci == "CI of M#3" else answered()))
    assert worker.batch(*worker.ten()) == ["m3"]
    assert len(worker.members.answers) == LANE_BATCH_SIZE - 1
