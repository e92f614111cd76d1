"""``GET /v1/status``: how each lane does. Public."""

import os

from modupoint.clock import real_ms
from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS
from query.lane_board import KEPT_MS, LaneBoard
from query.lanes import LaneState
from query.lookups import lane_of

_CACHEABLE = {"cache-control": f"public, max-age={KEPT_MS // 1000}"}

_board = LaneBoard(os.environ["OPERATIONS_TABLE"])


@operation
def handler(_request: Request) -> Answer:
    """Show state and wait per lane; for a lane that rests, the time to its next try."""
    now_ms = real_ms()
    known = _board.lanes()
    lanes = []
    for code in ISSUERS:
        lane = lane_of(known, code)
        state = lane.state(now_ms)
        down = state is LaneState.DOWN
        eta_s = lane.seconds_to_recovery(now_ms) if down else lane.eta_s(now_ms)
        lanes.append({"issuer": code, "state": state.value, "eta_seconds": eta_s})
    return Answer(200, {"lanes": lanes}, _CACHEABLE)
