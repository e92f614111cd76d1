"""Days of minutes, for tests: the same code, fewer people."""

from __future__ import annotations

from copy import replace
from typing import Any

import numpy as np

from bench.opening_day.crowd import Crowd, crowd
from bench.opening_day.day import Day, Lived
from bench.opening_day.preparation import Preparation
from bench.opening_day.service_times import ServiceTimes
from bench.opening_day.structure import Structure, read_structure

TIMES = ServiceTimes(
    post_s=0.04,
    read_s=0.02,
    worker_start_s=0.5,
    api_start_s=0.7,
    worker_cpu_s=tuple(0.023 * n for n in range(11)),
    source="made up",
)


def structure(**changes: Any) -> Structure:
    return replace(read_structure(), **changes)


def people_coming(*comes_s: float, endures_s: float = 3_600.0) -> Crowd:
    comes = np.sort(np.array(comes_s, np.float32))
    return Crowd(comes, np.full(len(comes), endures_s, np.float32))


def first_minutes(scale: float, minutes: float) -> Crowd:
    everybody = crowd(scale, seed=1)
    people = int(np.searchsorted(everybody.comes_s, minutes * 60))
    return Crowd(everybody.comes_s[:people], everybody.endures_s[:people])


def lived(people: Crowd, *, concurrency: int = 20, **settings: Any) -> Lived:
    return Day(
        people, structure(), Preparation(lane_concurrency=concurrency), TIMES, **settings
    ).live()
