"""The same people in the simulation of the opening day, at the stack's own speeds."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

from bench.model_check.outcome import Outcome
from bench.model_check.speeds import ISSUER_S
from bench.opening_day.day import Day
from bench.opening_day.issuers import Answering
from bench.opening_day.machine import Machine
from bench.opening_day.preparation import Preparation
from bench.opening_day.service_times import ServiceTimes
from bench.opening_day.structure import read_structure
from query.lanes import LANE_BATCH_SIZE

if TYPE_CHECKING:
    from bench.model_check.speeds import Speeds
    from bench.opening_day.crowd import Crowd

TICK_S = 0.02
"""A tenth of the day's: nobody shares a tick here."""
_NOTHING_S = 1e-6
"""Lambda's and AWS's own times; the machine's stand in their place."""


def live(crowd: Crowd, speeds: Speeds, seed: int) -> Outcome:
    """Live a part of the day in simulated time."""
    structure = replace(read_structure(), lane_concurrency=speeds.lane_workers)
    batches = [speeds.batch(messages) for messages in range(1, LANE_BATCH_SIZE + 1)]
    times = ServiceTimes(
        post_s=_NOTHING_S,
        read_s=_NOTHING_S,
        worker_start_s=0.0,
        api_start_s=0.0,
        worker_cpu_s=(0.0, *(one.takes_s for one in batches)),
        source="measured on this machine",
        table_write_s=0.0,
        publish_s=0.0,
        dispatch_s=speeds.dispatch_s,
        network_s=0.0,
    )
    machine = Machine(speeds.post, speeds.read, (0.0, *(one.costs_s for one in batches)))
    # Everything that the day needs was started before it.
    prepared = Preparation(
        lane_concurrency=speeds.lane_workers,
        warm_workers=speeds.lane_workers * len(structure.issuers),
    )
    lived = Day(
        crowd,
        structure,
        prepared,
        times,
        seed=seed,
        tick_s=TICK_S,
        answering=Answering(ISSUER_S, 0.0),
        machine=machine,
    ).live()
    people = lived.people
    return Outcome(
        people.comes_s.tolist(), people.first_seen_s.tolist(), people.all_seen_s.tolist()
    )
