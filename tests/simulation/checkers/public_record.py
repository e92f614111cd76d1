"""What the public answers have said of each leg, first and last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modupoint.clock import epoch_ms

if TYPE_CHECKING:
    from datetime import date

    from tests.simulation.people import People, Person

FINAL = frozenset({"DEPOSITED", "REVERSED", "FAILED"})
GIVEN_UP = frozenset({"REVERSED", "FAILED"})

type Shown = dict[str, Any]


@dataclass(slots=True)
class SeenLeg:
    """A leg as first shown, and ``shown`` as last shown. Times in ms."""

    person: Person
    transfer_id: str
    leg_id: str
    issuer: str
    amount: int
    account: tuple[str, str]
    requested_on: date
    promised_at: str
    promised_ms: int
    shown: Shown

    @property
    def status(self) -> str:
        """The status last shown."""
        status: str = self.shown["status"]
        return status

    @property
    def subjects(self) -> tuple[str, ...]:
        """What its trace is found by."""
        member = self.person.member
        in_ids = self.leg_id.rpartition("-")[2]
        return f"{member} {self.transfer_id[-4:]} {self.issuer}", in_ids, f"'{self.amount}'"


class PublicRecord:
    """All legs that were ever shown."""

    def __init__(self, people: People) -> None:
        self.legs: dict[str, SeenLeg] = {}
        self.by_amount: dict[int, SeenLeg] = {}
        self._people = people

    def leg(self, member: str, transfer: Shown, shown: Shown) -> SeenLeg:
        """Return what is known of a leg; on first sight what is shown now."""
        seen = self.legs.get(shown["leg_id"])
        if seen is not None:
            return seen
        person = self._people.by_member[member]
        seen = SeenLeg(
            person=person,
            transfer_id=transfer["transfer_id"],
            leg_id=shown["leg_id"],
            issuer=shown["issuer"],
            amount=shown["amount"],
            account=person.numbers[transfer["account"]["account_id"]],
            requested_on=datetime.fromisoformat(transfer["requested_at"]).date(),
            promised_at=shown["promised_at"],
            promised_ms=epoch_ms(datetime.fromisoformat(shown["promised_at"])),
            shown=shown,
        )
        self.legs[seen.leg_id] = seen
        self.by_amount[seen.amount] = seen
        return seen
