"""What members are told at a moment, asked of the deployed rules and kept as tables.

``query.lanes`` and ``query.lookups`` judge one lookup at a time; a day has a hundred
million polls. Within a second the same lane says the same to everybody who has waited
equally long, so each rule is asked once for every such case, and people look it up.
"""

import functools
import json
from pathlib import Path

import numpy as np

import query
from bench.opening_day.arrays import Counts, Floats
from bench.opening_day.board import as_ms
from query.lanes import Lane
from query.lookups import (
    POLL_SPREAD,
    REPAIRS_PER_LOOKUP,
    join_within_ms,
    patience_ms,
    poll_aim_ms,
    repair_after_ms,
)

LONGEST_ETA_S = 4 * 3600
_SCHEMAS = Path(query.__path__[0]) / "request_schemas.json"


class Promises:
    """The rules' answers for one second of the day.

    ``eta_s[lane, waited]`` is what a pending card shows after so many whole seconds;
    ``repair_after_s[lane, repairs, nothing came]`` when a poll takes its message for lost.
    """

    def __init__(self, issuers: tuple[str, ...]) -> None:
        self._issuers = issuers
        self.eta_s = np.ones((len(issuers), 1), np.int16)
        self.repair_after_s = np.zeros((len(issuers), REPAIRS_PER_LOOKUP, 2), np.float32)
        self.patience_s = 0.0
        self.longest_eta_s = 1
        self.soonest_eta_s = 1
        self.soonest_repair_s = 0.0
        self._max_age_s = _usual_max_age_s()
        self.joins_within_s = float(self._max_age_s)
        # The rule takes the later of two pauses: by what is left, and by what was waited.
        self._by_left_s, self._by_waited_s = _pauses_s()

    def renew(self, lanes: dict[str, Lane], now_s: float) -> None:
        """Ask the rules anew."""
        now_ms = as_ms(now_s)
        rows = [_etas(lanes[issuer], now_ms) for issuer in self._issuers]
        longest = max(map(len, rows))
        self.eta_s = np.ones((len(rows), longest), np.int16)
        for place, row in enumerate(rows):
            self.eta_s[place, : len(row)] = row
        first = self.eta_s[:, 0]
        self.longest_eta_s, self.soonest_eta_s = int(first.max()), int(first.min())
        self.patience_s = patience_ms(lanes, self._issuers, now_ms) / 1000
        for place, issuer in enumerate(self._issuers):
            for repairs in range(REPAIRS_PER_LOOKUP):
                for nothing in (False, True):
                    after = repair_after_ms(lanes[issuer], repairs, now_ms, nothing_came=nothing)
                    self.repair_after_s[place, repairs, int(nothing)] = after / 1000
        self.joins_within_s = join_within_ms(lanes, self._issuers, self._max_age_s, now_ms) / 1000
        self.soonest_repair_s = float(self.repair_after_s.min())

    def etas(self, waited_s: Floats) -> Counts:
        """Return what each card of each person shows: people by lanes, whole seconds."""
        column = np.minimum(waited_s.astype(np.int64), self.eta_s.shape[1] - 1)
        return self.eta_s[:, column].T.astype(np.int64)

    def next_poll_s(self, soonest_s: Counts, waited_s: Floats, draw: np.random.Generator) -> Floats:
        """Return in how many seconds each person's page asks again."""
        low, high = POLL_SPREAD
        spread = draw.random(len(soonest_s), np.float32) * np.float32(high - low)
        by_waited_s = self._by_waited_s[waited_s.astype(np.int64)]
        pause_s: Floats = np.maximum(self._by_left_s[soonest_s], by_waited_s)
        pause_s *= spread + np.float32(low)
        return pause_s


@functools.cache
def _pauses_s() -> tuple[Floats, Floats]:
    by_left = [poll_aim_ms(left_s, 0) for left_s in range(LONGEST_ETA_S)]
    by_waited = [poll_aim_ms(1, waited_s * 1000) for waited_s in range(LONGEST_ETA_S)]
    in_s = np.float32(1000)
    return np.array(by_left, np.float32) / in_s, np.array(by_waited, np.float32) / in_s


def _usual_max_age_s() -> int:
    """Return how young a lookup is given again if a page does not say."""
    schema = json.loads(_SCHEMAS.read_text(encoding="utf-8"))["LookupRequest"]
    return int(schema["properties"]["max_age_seconds"]["default"])


def _etas(lane: Lane, now_ms: int) -> list[int]:
    """Return what a lane shows after 0, 1, 2 … s of waiting, up to where it shows 1."""
    shown = [lane.eta_s(now_ms)]
    while shown[-1] > 1:
        shown.append(lane.eta_s(now_ms, waited_ms=len(shown) * 1000))
    return shown
