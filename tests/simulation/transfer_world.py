"""What a world of transfers is about: members who turn points into cash, at odd times."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from modupoint.issuers import ISSUERS
from tests.simulation.devices import Devices
from tests.simulation.partner_sides import BANK
from tests.simulation.people import Amounts, People
from tests.simulation.transfer_life import MADE_BY, TransferLife, TransferStores, due_leg_times
from tests.simulation.transfer_store import MemoryLegs, MemoryTransfers
from tests.simulation.world import Kind

if TYPE_CHECKING:
    from collections import Counter

    from tests.simulation.stage import Stage
    from transfer.submission import Submission

_PERSONS = 16


class TransferWorld:
    """Transfers of some members; as ``Subject``, a saga is a leg."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        amounts = Amounts()
        people = People(amounts, [f"M#{number:02}" for number in range(_PERSONS)])
        due_times = due_leg_times()
        self._table = table = MemoryTransfers(people, due_times)
        # What is due is in the index; the index of the table in memory is these times.
        stores = TransferStores(MemoryLegs(table), table, people, due_times)
        self._life = life = TransferLife(stage, stores, people, due_times, ISSUERS)
        self._devices = Devices(
            stage.schedule, stage.rng, people.persons, amounts, self._api, life.watch
        )

    @property
    def sagas(self) -> int:
        """How many legs there were."""
        return len(self._life.watch.record.legs)

    @property
    def tally(self) -> Counter[str]:
        """What became of what."""
        return self._life.watch.tally

    def visit(self, day: int) -> None:
        """Let a member come on a day."""
        self._devices.visit(day)

    def end(self) -> None:
        """Check books, answers and ledger."""
        self._life.watch.end(self._table.postings())

    def _api(self) -> Submission:
        return self._life.api(self._stage.crossing("api"))


TRANSFERS = Kind(
    name="transfers",
    subject=TransferWorld,
    partners=(*ISSUERS, BANK),
    first_days=(
        date(2026, 2, 13),  # the Friday before the lunar new year
        date(2026, 4, 29),  # two days before Labour Day
        date(2026, 9, 22),  # before Chuseok
        date(2026, 10, 1),  # before Foundation Day and its substitute
        date(2026, 11, 19),  # an ordinary Thursday
        date(2026, 12, 23),
        date(2026, 12, 30),
    ),
    visits=36,
    # The longest holidays and the last tries of an effect.
    quiet_within_days=12,
    ids_made_by=MADE_BY,
)
