"""Who comes to an opening day, and when."""

from __future__ import annotations

import numpy as np
import pytest

from bench.opening_day.crowd import OPEN_FOR_S, PEOPLE_AT_SCALE_ONE, WAVES, crowd


@pytest.mark.parametrize("scale", [0.01, 1, 2])
def test_as_many_come_as_the_scale_says_in_order_and_in_time(scale: float) -> None:
    people = crowd(scale, seed=7)
    assert len(people) == round(PEOPLE_AT_SCALE_ONE * scale)
    assert np.all(np.diff(people.comes_s) >= 0)
    assert people.comes_s[0] >= 0
    assert people.comes_s[-1] < OPEN_FOR_S
    assert people.endures_s.min() > 0


def test_the_opening_is_a_spike_of_more_than_ten_times_the_average() -> None:
    comes_s = crowd(1, seed=7).comes_s
    average_per_s = len(comes_s) / OPEN_FOR_S
    assert np.count_nonzero(comes_s < 10) / 10 > 10 * average_per_s


def test_lunch_is_a_wave_of_its_own() -> None:
    comes_s = crowd(1, seed=7).comes_s
    lunch = WAVES["lunch"]

    def per_s(around_s: float) -> float:
        return np.count_nonzero(np.abs(comes_s - around_s) < 300) / 600

    assert per_s(lunch.middle_s) > 2 * per_s(lunch.middle_s + 2 * 3_600)


def test_the_same_seed_is_the_same_crowd() -> None:
    assert np.array_equal(crowd(0.1, 3).comes_s, crowd(0.1, 3).comes_s)
    assert not np.array_equal(crowd(0.1, 3).comes_s, crowd(0.1, 4).comes_s)


def test_the_waves_are_everybody() -> None:
    assert sum(wave.share for wave in WAVES.values()) == pytest.approx(1)
