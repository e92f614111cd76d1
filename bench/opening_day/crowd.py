"""The people: when they come, how long they stay, when they reload.

Sources: about 180,000 people in the first four hours, from 11:00. The shape within
the four hours is assumed, after what launches look like: some wait at the door, a
surge follows the news, lunch brings a second wave, and the rest is even.
"""

from dataclasses import dataclass

import numpy as np

from bench.opening_day.arrays import Floats

PEOPLE_AT_SCALE_ONE = 180_000
OPEN_FOR_S = 4 * 3600.0
"""Arrivals end here; the day goes on until nobody waits."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Part of the people, with a share of all and a shape; seconds since the opening."""

    share: float
    shape: str
    middle_s: float
    width_s: float


WAVES: dict[str, Wave] = {
    "at the door": Wave(0.03, "decay", 0.0, 15.0),
    "surge after the news": Wave(0.15, "decay", 0.0, 600.0),
    "lunch": Wave(0.30, "bell", 75 * 60.0, 20 * 60.0),
    "through the day": Wave(0.52, "even", 0.0, OPEN_FOR_S),
}

UNTOLD_RELOAD_AFTER_S = 8.0
UNTOLD_RELOAD_MEAN_S = 12.0
"""Who sees nothing but a spinner reloads after 8 s, on average 12 s later (assumed; ten
seconds are said to be the limit of attention)."""
TOLD_RELOAD_MEAN_S = 180.0
"""Who sees a wait count down reloads now and then (assumed)."""
NEW_TAB_SHARE = 0.2
"""Reloads that lose the tab's memory and start over with a POST (assumed); the page of a
reloaded tab goes on with its lookup."""

_ENDURANCE_MEDIAN_S = 15 * 60.0
_ENDURANCE_SPREAD = 0.8
REQUESTS_BEFORE_A_LOOKUP = 2
"""Agreement and ``GET /v1/me``."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who comes, in the order of their coming.

    ``endures_s`` is how long each stays without all their cards.
    """

    comes_s: Floats
    endures_s: Floats

    def __len__(self) -> int:
        return len(self.comes_s)


def crowd(scale: float, seed: int) -> Crowd:
    """Return the people of a day that is ``scale`` times the first one."""
    draw = np.random.default_rng(seed)
    people = round(PEOPLE_AT_SCALE_ONE * scale)
    shares = [wave.share for wave in WAVES.values()]
    sizes = draw.multinomial(people, np.array(shares) / sum(shares))
    comes = [_times(wave, int(n), draw) for wave, n in zip(WAVES.values(), sizes, strict=True)]
    endures = draw.lognormal(np.log(_ENDURANCE_MEDIAN_S), _ENDURANCE_SPREAD, people)
    return Crowd(np.sort(np.concatenate(comes)).astype(np.float32), endures.astype(np.float32))


def _times(wave: Wave, people: int, draw: np.random.Generator) -> np.ndarray:
    match wave.shape:
        case "decay":
            drawn = wave.middle_s + draw.exponential(wave.width_s, people)
        case "bell":
            drawn = draw.normal(wave.middle_s, wave.width_s, people)
        case _:
            drawn = draw.uniform(0, wave.width_s, people)
    # The few beyond either end come some time during the day.
    outside = (drawn < 0) | (drawn >= OPEN_FOR_S)
    drawn[outside] = draw.uniform(0, OPEN_FOR_S, int(outside.sum()))
    return drawn
