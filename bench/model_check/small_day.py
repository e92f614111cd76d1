"""Who comes when on a day small enough for one machine.

The opening day's own people, fewer and in minutes instead of hours: its shape is kept, the
surge after the opening and lunch included. It is lived in parts, each after a measurement
of its own, since a machine that others use is not the same from minute to minute. Each
part is followed by a rush: more people at once than the machine can answer, so that how
many a second it answers is the machine's doing and not the people's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bench.opening_day.crowd import OPEN_FOR_S, PEOPLE_AT_SCALE_ONE, Crowd, crowd

if TYPE_CHECKING:
    from collections.abc import Iterator

LASTS_S = 180.0
PEOPLE = 150
"""At lunch they ask for about 60 % of what two processors can do, after the opening for more
than that for some seconds."""
PARTS = (0.0, 1 / 6, 5 / 9, 1.0)
"""The door and the surge; lunch; the afternoon."""
RUSH_PEOPLE = 40
_RUSH_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """People who come after ``name`` has begun; seconds since then."""

    name: str
    people: Crowd


def parts(seed: int) -> Iterator[Part]:
    """Return the day in the order in which it is lived."""
    everybody = crowd(PEOPLE / PEOPLE_AT_SCALE_ONE, seed)
    comes_s = everybody.comes_s * np.float32(LASTS_S / OPEN_FOR_S)
    for number, (begins, ends) in enumerate(pairwise(PARTS), 1):
        own = (comes_s >= begins * LASTS_S) & (comes_s < ends * LASTS_S)
        since_s = comes_s[own] - np.float32(begins * LASTS_S)
        yield Part(f"part {number}", Crowd(since_s, everybody.endures_s[own]))
        yield Part(f"rush {number}", _rush())


def _rush() -> Crowd:
    comes_s = np.linspace(0, _RUSH_WITHIN_S, RUSH_PEOPLE, dtype=np.float32)
    return Crowd(comes_s, np.full(RUSH_PEOPLE, OPEN_FOR_S, np.float32))
