"""What moves records by itself: the way to the partners, queues, workers and the sweep.

Legs of transfers and orders of autopay live in the same one; what differs is in
``Moving``, which each brings along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tests.simulation.lanes import Lanes
from tests.simulation.network import Network
from tests.simulation.sweeper import Sweeper
from tests.simulation.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.simulation.crossed_ports import Transport
    from tests.simulation.crossing import Crossing
    from tests.simulation.due_times import DueTimes
    from tests.simulation.network import PartnerSide, Request
    from tests.simulation.stage import Stage


class Moving[K](Protocol):
    """What one kind of record needs to move."""

    @property
    def sides(self) -> Mapping[str, PartnerSide]:
        """The partners by name."""

    @property
    def most_runs(self) -> int:
        """How many messages a record needs at most, whatever happens."""

    def read_request(self, method: str, url: str, body: bytes | None) -> Request:
        """Return whose a request is and what it asks."""

    def worker(self, cross: Crossing, wire: Transport) -> Callable[[K], None]:
        """Return what a new environment of the worker does with a message."""

    def sweep(self, cross: Crossing, queues: Lanes[K], lanes: list[str]) -> None:
        """Send what is due in some lanes, as the every-minute schedule does."""

    def about(self, key: K) -> str:
        """Return what a record's trace is found by."""


class Machinery[K]:
    """Everything between a store and the partners that runs without a member."""

    def __init__(self, stage: Stage, moving: Moving[K], due_times: DueTimes[K]) -> None:
        self.wire = wire = Network(
            stage.schedule,
            stage.faults,
            stage.rng,
            stage.trace,
            moving.sides,
            moving.read_request,
        )
        self.workers = Workers(
            stage.schedule,
            lambda cross: moving.worker(cross, wire),
            moving.about,
            moving.most_runs,
            stage.crossing,
            stage.unacknowledged,
        )
        self.lanes = Lanes(stage.schedule, stage.faults, stage.rng, self.workers.deliver)
        self.sweeper = Sweeper(
            stage.schedule,
            due_times,
            lambda cross, lanes: moving.sweep(cross, self.lanes, lanes),
            stage.crossing,
            stage.missed,
        )
        due_times.on_due = self.sweeper.due

    def deliver_all(self) -> None:
        """Deliver every message that ever was, once more."""
        for key in list(self.lanes.told):
            self.workers.deliver(key, lambda: None)
