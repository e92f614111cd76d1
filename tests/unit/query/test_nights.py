"""Members are spread over the nights of a month (R-E2)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from modupoint.clock import SEOUL, at_ms
from query.nights import MINUTES, NIGHTS, next_night_ms
from query.notices import month_of, months_later
from tests.unit.query.expiry_samples import NOW

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31))  # noqa: DTZ001


@given(st.text(), moments)
def test_each_month_has_one_night_of_a_member_between_one_and_five_r_e2(
    member: str, moment: datetime
) -> None:
    now = moment.replace(tzinfo=SEOUL)
    night = at_ms(next_night_ms(member, now))
    assert month_of(night.date()) == months_later(month_of(now.date()), 1)
    assert 1 <= night.day <= NIGHTS
    assert 1 <= night.hour < 5
    # Whatever the moment of the month, it is the same night.
    after = at_ms(next_night_ms(member, night))
    assert (after.day, after.hour, after.minute) == (night.day, night.hour, night.minute)


def test_each_night_touches_about_one_in_twenty_eight_members_r_e2() -> None:
    nights = Counter(at_ms(next_night_ms(f"M#{place}", NOW)).day for place in range(28_000))
    assert set(nights) == set(range(1, NIGHTS + 1))
    assert all(800 < count < 1_200 for count in nights.values())


def test_each_minute_touches_about_as_many() -> None:
    minutes = Counter(
        (night.hour, night.minute)
        for night in (at_ms(next_night_ms(f"M#{place}", NOW)) for place in range(24_000))
    )
    assert len(minutes) == MINUTES
    assert max(minutes.values()) < 200
