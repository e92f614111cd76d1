"""Transfers in a world: their partners, what moves their legs, the API, and who watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modupoint.business_calendar import BusinessCalendar
from tests.simulation.bank_books import BankBooks
from tests.simulation.checkers.books import Books
from tests.simulation.checkers.watch import Watch, watch
from tests.simulation.crossed_ports import (
    CrossedDueLegs,
    CrossedFunds,
    CrossedLanes,
    CrossedQueues,
    CrossedTransfers,
)
from tests.simulation.crossing import plainly
from tests.simulation.due_times import DueTimes, Place
from tests.simulation.issuer_books import IssuerBooks
from tests.simulation.leg_movers import CountedIds, leg_mover
from tests.simulation.machinery import Machinery
from tests.simulation.partner_sides import BANK, BankSide, IssuerSide, read_request
from transfer import transfer_items
from transfer.submission import Submission
from transfer.sweeping import Sweep
from transfer.transfer_items import OPERATOR_LANE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.simulation.crossed_ports import Transport
    from tests.simulation.crossing import Crossing
    from tests.simulation.lanes import Lanes
    from tests.simulation.network import PartnerSide, Request
    from tests.simulation.people import People
    from tests.simulation.stage import Stage
    from transfer.legs import Leg, LegKey
    from transfer.ports import Legs
    from transfer.submission_ports import FundsReader, Transfers
    from transfer.sweeping import DueLegs

MADE_BY = "transfer.submission.new_id"
"""What gives transfers and legs their ids."""


@dataclass(frozen=True, slots=True)
class TransferStores:
    """Everything transfers are stored into and read from."""

    legs: Legs
    transfers: Transfers
    funds: FundsReader
    due_legs: DueLegs


def due_leg_times() -> DueTimes[LegKey]:
    """Return the index of due legs, with nothing in it."""

    def place(leg: Leg) -> Place[LegKey]:
        due = transfer_items._due(leg)
        moves = due and due["lane"]["S"] != OPERATOR_LANE
        return Place(leg.key, leg.key.issuer, int(due["due_at"]["N"]) if moves else None)

    return DueTimes(place)


class TransferLife:
    """One world's transfers; as ``Moving``, what its legs need to move."""

    most_runs = 250

    def __init__(
        self,
        stage: Stage,
        stores: TransferStores,
        people: People,
        due_times: DueTimes[LegKey],
        issuers: Iterable[str],
    ) -> None:
        self._stage = stage
        self._stores = stores
        self._ids = CountedIds()
        faults, rng = stage.faults, stage.rng
        books = Books(
            {code: IssuerBooks(stage.now_ms, faults, rng) for code in issuers},
            BankBooks(stage.now_ms, faults, rng),
        )
        self.sides: dict[str, PartnerSide] = {
            **{code: IssuerSide(one) for code, one in books.issuers.items()},
            BANK: BankSide(books.bank, rng),
        }
        self.machinery = Machinery(stage, self, due_times)
        self.watch: Watch = watch(self.api(plainly), people, books)

    def api(self, cross: Crossing) -> Submission:
        """Return what the routes call, over crossed ports."""
        return Submission(
            CrossedFunds(cross, self._stores.funds),
            CrossedTransfers(cross, self._stores.transfers),
            CrossedLanes(cross, _Topic(self.machinery.lanes)),
            _CALENDARS,
            self._stage.schedule.clock,
        )

    def read_request(self, method: str, url: str, body: bytes | None) -> Request:
        """Return whose a request is and what it asks."""
        return read_request(method, url, body)

    def worker(self, cross: Crossing, wire: Transport) -> Callable[[LegKey], None]:
        """Return what a new environment of the worker does with a message."""
        schedule = self._stage.schedule
        mover = leg_mover(
            cross, self._stores.legs, wire, self._ids, schedule.clock, schedule.monotonic
        )
        return mover.run

    def sweep(self, cross: Crossing, queues: Lanes[LegKey], lanes: list[str]) -> None:
        """Send what is due."""
        Sweep(
            CrossedDueLegs(cross, self._stores.due_legs),
            CrossedQueues(cross, _Queues(queues)),
            self._stage.schedule.clock,
        ).run(lanes)

    def about(self, key: LegKey) -> str:
        """Return what a leg's trace is found by."""
        return f"{key.member} {key.transfer_id[-4:]} {key.issuer}"


@dataclass(frozen=True, slots=True)
class _Topic:
    """The topic that reaches the lanes."""

    lanes: Lanes[LegKey]

    def send(self, legs: list[Leg]) -> None:
        """Tell the lanes of a transfer's legs."""
        self.lanes.send(leg.key for leg in legs)


@dataclass(frozen=True, slots=True)
class _Queues:
    """The lanes' queues by issuer."""

    lanes: Lanes[LegKey]

    def backlog(self, _issuer: str) -> int:
        """Return how many messages wait."""
        return self.lanes.backlog()

    def send(self, _issuer: str, legs: list[LegKey]) -> int:
        """Send a message per leg."""
        return self.lanes.send(legs)


class _Calendars:
    def __init__(self) -> None:
        self._calendar = BusinessCalendar()

    def calendar(self) -> BusinessCalendar:
        """Return the calendar."""
        return self._calendar


_CALENDARS = _Calendars()
