"""The closing days an operator adds: known everywhere within a minute (R-T4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from modupoint import aws, telemetry, temporary_holidays
from modupoint.business_calendar import OutsideCalendarError
from modupoint.temporary_holidays import KEPT_MS, TemporaryHolidays
from tests.store.aws_calls import counted
from tests.store.lookup_steps import at_once

if TYPE_CHECKING:
    from tests.store.conftest import Store

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


class HandClock:
    """Real time as an environment reads it, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = 1_795_000_000_000

    def __call__(self) -> int:
        """Return milliseconds of the Unix epoch."""
        return self.now_ms


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    hand = HandClock()
    monkeypatch.setattr(temporary_holidays, "real_ms", hand)
    return hand


def known_to_a_new_environment(store: Store) -> TemporaryHolidays:
    return TemporaryHolidays(store.operations_table)


def lose_the_table(store: Store) -> None:
    aws.client("dynamodb").delete_table(TableName=store.operations_table)


def test_where_nobody_added_a_day_only_the_table_counts(store: Store) -> None:
    holidays = known_to_a_new_environment(store)
    assert holidays.list() == {}
    assert holidays.calendar().is_business_day(MONDAY)
    assert not holidays.calendar().is_business_day(date(2026, 12, 25))


def test_an_added_day_is_closed_for_everybody_r_t4(store: Store) -> None:
    known_to_a_new_environment(store).add(MONDAY, "임시공휴일")
    calendar = known_to_a_new_environment(store).calendar()
    assert not calendar.is_business_day(MONDAY)
    assert calendar.next_business_day(date(2026, 11, 20)) == TUESDAY


def test_days_are_listed_in_their_order_each_with_its_newest_name(store: Store) -> None:
    holidays = known_to_a_new_environment(store)
    holidays.add(TUESDAY, "국가장")
    holidays.add(MONDAY, "임시공휴일")
    holidays.add(TUESDAY, "재보궐 선거일")
    assert list(holidays.list().items()) == [(MONDAY, "임시공휴일"), (TUESDAY, "재보궐 선거일")]


def test_a_removed_day_is_open_again(store: Store) -> None:
    holidays = known_to_a_new_environment(store)
    holidays.add(MONDAY, "임시공휴일")
    assert holidays.remove(MONDAY)
    assert not holidays.remove(MONDAY)
    assert known_to_a_new_environment(store).calendar().is_business_day(MONDAY)


def test_a_mistyped_year_is_refused(store: Store) -> None:
    holidays = known_to_a_new_environment(store)
    with pytest.raises(OutsideCalendarError):
        holidays.add(date(2206, 11, 23), "임시공휴일")
    assert holidays.list() == {}


def test_days_lie_beside_other_rows_of_the_operations_table(store: Store) -> None:
    store.keys().current()
    known_to_a_new_environment(store).add(MONDAY, "임시공휴일")
    assert list(known_to_a_new_environment(store).list()) == [MONDAY]


def test_an_environment_asks_once_in_a_minute(store: Store, clock: HandClock) -> None:
    holidays = known_to_a_new_environment(store)
    with counted() as calls:
        holidays.calendar()
        clock.now_ms += KEPT_MS
        holidays.calendar()
    assert calls == {"Query": 1}

    known_to_a_new_environment(store).add(MONDAY, "임시공휴일")
    assert holidays.calendar().is_business_day(MONDAY)
    clock.now_ms += 1
    with counted() as calls:
        assert not holidays.calendar().is_business_day(MONDAY)
    assert calls == {"Query": 1}


def test_a_batch_that_asks_at_once_asks_once(racing_store: Store) -> None:
    holidays = known_to_a_new_environment(racing_store)
    with counted() as calls:
        at_once(10, lambda _: holidays.calendar())
    assert calls == {"Query": 1}


def test_an_environment_that_never_read_the_days_promises_nothing(store: Store) -> None:
    holidays = known_to_a_new_environment(store)
    lose_the_table(store)
    for _ in range(2):
        with pytest.raises(ClientError):
            holidays.calendar()


def test_an_environment_that_cannot_read_again_goes_on_with_what_it_knew(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[object] = []
    monkeypatch.setattr(
        telemetry.logger, "warning", lambda text, **more: warnings.append((text, more))
    )
    holidays = known_to_a_new_environment(store)
    holidays.add(MONDAY, "임시공휴일")
    holidays.calendar()
    lose_the_table(store)

    clock.now_ms += KEPT_MS + 1
    with counted() as calls:
        assert not holidays.calendar().is_business_day(MONDAY)
        clock.now_ms += KEPT_MS
        assert not holidays.calendar().is_business_day(MONDAY)
    assert calls == {"Query": 1}
    assert warnings == [
        (
            "old temporary holidays",
            {"extra": {"error": "Query:ResourceNotFoundException"}},
        )
    ]
    clock.now_ms += 1
    with counted() as calls:
        holidays.calendar()
    assert calls == {"Query": 1}
