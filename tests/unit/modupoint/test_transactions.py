"""Transactions: conflicts are tried again, conditions told apart, all else is passed on."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from modupoint.transactions import ConditionsFailedError, error_code, transact

CONFLICT = {"Code": "TransactionConflict"}
THROTTLED = {"Code": "ThrottlingError"}
HOT = {"Code": "ProvisionedThroughputExceeded"}
FAILED = {"Code": "ConditionalCheckFailed"}
FINE = {"Code": "None"}


def cancelled(*reasons: dict[str, Any]) -> ClientError:
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": list(reasons),
    }
    return ClientError(response, "TransactWriteItems")


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "TransactWriteItems")


class FakeTable:
    """Fails in turn, then writes."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.tried = 0
        self.pauses_s: list[float] = []

    def transact_write_items(self, TransactItems: Any) -> None:  # noqa: N803 - boto's name
        assert TransactItems == ["write"]
        self.tried += 1
        if self.failures:
            raise self.failures.pop(0)

    def transact(self) -> None:
        dynamodb: Any = self
        transact(dynamodb, ["write"], self.pauses_s.append)


def test_what_is_written_is_written_once() -> None:
    table = FakeTable()
    table.transact()
    assert (table.tried, table.pauses_s) == (1, [])


@pytest.mark.parametrize("reason", [CONFLICT, THROTTLED, HOT])
def test_a_busy_table_is_tried_again_after_longer_and_longer_pauses(reason: dict[str, Any]) -> None:
    table = FakeTable(*[cancelled(FINE, reason)] * 5)
    table.transact()
    assert table.tried == 6
    assert len(table.pauses_s) == 5
    for place, pause_s in enumerate(table.pauses_s):
        assert 0.5 <= pause_s / (0.02 * 2**place) <= 1.5


def test_a_table_that_stays_busy_is_passed_on_after_six_tries() -> None:
    table = FakeTable(*[cancelled(CONFLICT)] * 9)
    with pytest.raises(ClientError) as busy:
        table.transact()
    assert error_code(busy.value) == "TransactionCanceledException"
    assert (table.tried, len(table.pauses_s)) == (6, 5)


@pytest.mark.parametrize(
    ("reasons", "places"),
    [
        ((FAILED,), {0}),
        ((FINE, FAILED, FINE), {1}),
        ((FAILED, FINE, FAILED), {0, 2}),
        # What does not hold now will not hold after the conflict either.
        ((CONFLICT, FAILED), {1}),
        ((THROTTLED, FAILED, CONFLICT), {1}),
    ],
)
def test_conditions_that_did_not_hold_are_told_by_their_places(
    reasons: tuple[dict[str, Any], ...], places: set[int]
) -> None:
    table = FakeTable(cancelled(*reasons))
    with pytest.raises(ConditionsFailedError) as failed:
        table.transact()
    assert set(failed.value.failed) == places
    assert table.tried == 1


def test_a_condition_that_fails_after_a_conflict_is_told_too() -> None:
    table = FakeTable(cancelled(CONFLICT), cancelled(FAILED))
    with pytest.raises(ConditionsFailedError):
        table.transact()
    assert table.tried == 2


def test_the_item_that_stood_in_the_way_is_given_where_it_was_asked_for() -> None:
    item = {"pk": {"S": "M#1"}}
    table = FakeTable(cancelled({**FAILED, "Item": item}, FAILED))
    with pytest.raises(ConditionsFailedError) as failed:
        table.transact()
    assert failed.value.failed == {0: item, 1: {}}


@pytest.mark.parametrize(
    "reasons", [(), (FINE,), ({"Code": "ValidationError"},), ({"Code": "ItemCollectionSizeLimitExceeded"},)]
)  # fmt: skip
def test_a_cancellation_for_anything_else_is_passed_on_at_once(
    reasons: tuple[dict[str, Any], ...],
) -> None:
    table = FakeTable(cancelled(*reasons))
    with pytest.raises(ClientError):
        table.transact()
    assert table.tried == 1


@pytest.mark.parametrize(
    "error",
    [
        refused("ValidationException"),
        refused("AccessDeniedException"),
        ConnectTimeoutError(endpoint_url="http://table"),
    ],
)
def test_every_other_error_is_passed_on_at_once(error: Exception) -> None:
    table = FakeTable(error)
    with pytest.raises(type(error)):
        table.transact()
    assert table.tried == 1
