"""Two times, and ids that sort by age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint import clock
from modupoint.ids import made_at_ms, new_id

# From 2000 on: in 1987 and 1988 Seoul had a daylight saving time.
milliseconds = st.integers(946_684_800_000, 4_102_444_800_000)


@given(milliseconds)
def test_milliseconds_survive_the_way_through_a_date_and_back(moment_ms: int) -> None:
    assert clock.epoch_ms(clock.at_ms(moment_ms)) == moment_ms


@given(milliseconds, st.integers(-12, 14))
def test_times_are_written_in_seoul_with_milliseconds(moment_ms: int, hours: int) -> None:
    elsewhere = clock.at_ms(moment_ms).astimezone(timezone(timedelta(hours=hours)))
    written = clock.rfc3339(elsewhere)

    assert written.endswith("+09:00")
    assert len(written) == len("2026-11-22T20:01:00.000+09:00")
    assert clock.epoch_ms(datetime.fromisoformat(written)) == moment_ms


def test_seoul_is_nine_hours_ahead() -> None:
    assert clock.rfc3339(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)) == (
        "2027-01-01T00:00:00.000+09:00"
    )


def test_without_a_clock_of_its_own_a_deployment_goes_by_real_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLOCK_URL", "")
    assert clock.business_clock() is clock.seoul_now


def test_an_id_tells_its_prefix_and_when_it_was_made() -> None:
    before = clock.real_ms()
    made = new_id("lkp")
    after = clock.real_ms()

    assert made.startswith("lkp_")
    assert before <= made_at_ms(made) <= after


def test_ids_of_one_process_sort_by_the_order_they_were_made_in() -> None:
    made = [new_id("lkp") for _ in range(2_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("text", ["", "lkp_", "lkp_not-a-uuid", "lkp_" + "g" * 36])
def test_what_is_no_id_of_ours_has_no_age(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        made_at_ms(text)
