"""The books at the end: everything in them is some leg's, once, in its time and place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from modupoint.clock import at_ms
from tests.simulation.bank_books import DEPOSITED
from tests.simulation.checkers.failure import CheckFailedError, require
from tests.simulation.checkers.public_record import FINAL
from tests.simulation.issuer_books import APPROVED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulation.bank_books import Arrival
    from tests.simulation.checkers.books import Books
    from tests.simulation.checkers.public_record import PublicRecord, SeenLeg, Shown
    from tests.simulation.issuer_books import Redemption

_OPENS, _CLOSES = time(0, 30), time(23, 30)
ON_ITS_WAY_MS = 25_000
"""A request that sets out in the bank's hours may arrive after them: a call refused for
its token, a new token, and the call again."""


@dataclass(frozen=True, slots=True)
class Endings:
    """Reads the books as a whole."""

    record: PublicRecord
    books: Books

    def check(self, transfers: Iterable[Shown]) -> None:
        """Check books and answers against each other, once nothing moves any more.

        Raises
        ------
        CheckFailedError
            If a redemption or deposit is not a leg's, or not as it should be.
        """
        for leg in self.record.legs.values():
            require(
                leg.status in FINAL or leg.status == "WITH_OPERATOR",
                "ends",
                f"still {leg.status}, and nothing moves it",
                *leg.subjects,
            )
        for issuer, books in self.books.issuers.items():
            for redemption in books.redemptions.values():
                self._is_of_a_leg(issuer, redemption)
            for (ci, amount), ids in books.arrivals.items():
                require(len(ids) == 1, "R-T9", f"{amount} of {ci} asked for as {ids}", *ids)
        for deposit in self.books.bank.deposits.values():
            if deposit.code == DEPOSITED:
                leg = self._leg_of(deposit.account, deposit.amount)
                require(
                    deposit.holder == leg.person.holder,
                    "R-T1",
                    f"deposited to {deposit.holder}",
                    *leg.subjects,
                )
        self._requests_are_in_order()
        for transfer in transfers:
            self._is_what_was_taken(transfer)

    def _is_of_a_leg(self, issuer: str, redemption: Redemption) -> None:
        leg = self.record.by_amount.get(redemption.amount)
        if leg is None or (leg.issuer, leg.person.ci) != (issuer, redemption.ci):
            raise CheckFailedError(
                "R-T7",
                f"{issuer} took {redemption.amount} of {redemption.ci}",
                redemption.redemption_id,
            )
        approved = [one for one in self.books.redemptions(leg) if one.was_approved]
        require(len(approved) <= 1, "once", f"redeemed {len(approved)} times", *leg.subjects)

    def _leg_of(self, account: tuple[str, str], amount: int) -> SeenLeg:
        leg = self.record.by_amount.get(amount)
        if leg is None or leg.account != account:
            raise CheckFailedError("R-T1", f"{amount} went to {account}", str(amount))
        return leg

    def _requests_are_in_order(self) -> None:
        ids: dict[tuple[str, str], str] = {}
        for arrival in self.books.bank.arrivals:
            leg = self._leg_of(arrival.account, arrival.amount)
            self._is_in_time(arrival, leg)
            first = ids.setdefault((leg.leg_id, arrival.day), arrival.bank_tran_id)
            require(
                first == arrival.bank_tran_id,
                "R-T9",
                f"two ids on one day: {first}, {arrival.bank_tran_id}",
                *leg.subjects,
            )

    def _is_in_time(self, arrival: Arrival, leg: SeenLeg) -> None:
        set_out = at_ms(arrival.at_ms - ON_ITS_WAY_MS).time()
        arrived = at_ms(arrival.at_ms).time()
        require(
            arrived >= _OPENS and (arrived < _CLOSES or set_out < _CLOSES),
            "R-P7",
            f"a deposit was sent at {arrived}",
            *leg.subjects,
        )
        require(
            arrival.at_ms >= leg.promised_ms,
            "R-T3",
            f"a deposit was sent at {at_ms(arrival.at_ms)}, before its promise",
            *leg.subjects,
        )
        require(
            any(
                one.was_approved and one.decided_ms <= arrival.at_ms
                for one in self.books.redemptions(leg)
            ),
            "R-T7",
            "a deposit was sent before points were taken",
            *leg.subjects,
        )

    def _is_what_was_taken(self, transfer: Shown) -> None:
        legs = [self.record.legs[leg["leg_id"]] for leg in transfer["legs"]]
        settled = [leg for leg in legs if leg.status in FINAL]
        if len(settled) < len(legs):
            # What a person has to look at is not known yet.
            return
        kept = sum(leg.amount for leg in legs if self.books.standing(leg) == APPROVED)
        require(
            kept == transfer["totals"]["deposited"],
            "R-T7",
            f"the issuers keep {kept} of {transfer['totals']}",
            transfer["transfer_id"][-4:],
        )
