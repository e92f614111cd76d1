"""Every public answer, each time one is given: it adds up, and the books bear it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.checkers.failure import CheckFailedError, require
from tests.simulation.checkers.public_record import FINAL, GIVEN_UP, Shown
from tests.simulation.issuer_books import APPROVED, REFUSED, REVERSED

if TYPE_CHECKING:
    from tests.simulation.checkers.books import Books
    from tests.simulation.checkers.public_record import PublicRecord, SeenLeg

_WITHOUT_DEPOSIT = GIVEN_UP | {"ACCEPTED"}
_ANY = frozenset({None, APPROVED, REVERSED, REFUSED})
_STANDINGS: dict[str, frozenset[str | None]] = {
    "REDEEMED": frozenset({APPROVED, REVERSED}),
    "SCHEDULED": frozenset({APPROVED}),
    "DEPOSITED": frozenset({APPROVED}),
    "REVERSED": frozenset({REVERSED}),
    "FAILED": frozenset({None, REVERSED, REFUSED}),
}
"""What an issuer's book may say of a leg that is shown so."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Looks at one answer at a time."""

    record: PublicRecord
    books: Books

    def see(self, member: str, transfer: Shown) -> None:
        """Check a transfer as it is shown now.

        Raises
        ------
        CheckFailedError
            If it contradicts the books, itself, or what was shown before.
        """
        legs = transfer["legs"]
        for shown in legs:
            leg = self.record.leg(member, transfer, shown)
            self._is_as_before(leg, shown)
            leg.shown = shown
            self._is_borne_out(leg)
        self._adds_up(transfer)
        statuses = {shown["status"] for shown in legs}
        require(
            transfer["status"] == _status(statuses),
            "API",
            f"a transfer is {transfer['status']} with legs {sorted(statuses)}",
            member,
        )

    def _is_as_before(self, leg: SeenLeg, shown: Shown) -> None:
        if shown["promised_at"] != leg.promised_at:
            raise _broken(leg, "R-T3", f"the promise has become {shown['promised_at']}")
        if leg.status in FINAL and shown != leg.shown:
            raise _broken(leg, "final", f"what was final has changed: {leg.shown} to {shown}")

    def _is_borne_out(self, leg: SeenLeg) -> None:
        status, standing = leg.status, self.books.standing(leg)
        deposits = len(self.books.deposits(leg))
        if deposits > 1:
            raise _broken(leg, "once", f"deposited {deposits} times")
        if deposits and standing != APPROVED:
            raise _broken(leg, "R-T5", f"a deposit for a redemption that is {standing}")
        if not deposits and status == "DEPOSITED":
            raise _broken(leg, "R-T6", "DEPOSITED, and nothing arrived")
        if deposits and status in _WITHOUT_DEPOSIT:
            raise _broken(leg, "R-T5", f"{status}, and money arrived")
        if standing not in _STANDINGS.get(status, _ANY):
            raise _broken(leg, "R-T7", f"{status}, and the issuer has it as {standing}")

    def _adds_up(self, transfer: Shown) -> None:
        totals, legs = transfer["totals"], transfer["legs"]
        subject = f"{transfer['transfer_id'][-4:]}"

        def sum_of(*statuses: str) -> int:
            return sum(leg["amount"] for leg in legs if leg["status"] in statuses)

        require(
            totals["redeemed"] == totals["deposited"] + totals["in_flight"] + totals["reversed"],
            "R-T7",
            f"{totals} do not add up",
            subject,
        )
        require(
            (totals["requested"], totals["deposited"], totals["reversed"], totals["failed"])
            == (
                sum(leg["amount"] for leg in legs),
                sum_of("DEPOSITED"),
                sum_of("REVERSED"),
                sum_of("FAILED"),
            ),
            "R-T7",
            f"{totals} are not those of the legs",
            subject,
        )


def _status(statuses: set[str]) -> str:
    if not statuses <= FINAL:
        return "IN_PROGRESS"
    if statuses == {"DEPOSITED"}:
        return "COMPLETED"
    return "PARTLY_COMPLETED" if "DEPOSITED" in statuses else "FAILED"


def _broken(leg: SeenLeg, rule: str, what: str) -> CheckFailedError:
    return CheckFailedError(rule, what, *leg.subjects)
