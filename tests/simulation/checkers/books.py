"""The partners' books as the checkers read them: by person, account and amount alone.

An amount names its leg, so neither our ids nor our word are needed to say whose a line is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation.bank_books import DEPOSITED

if TYPE_CHECKING:
    from tests.simulation.bank_books import BankBooks, Deposit
    from tests.simulation.checkers.public_record import SeenLeg
    from tests.simulation.issuer_books import IssuerBooks, Redemption


@dataclass(slots=True)
class Books:
    """Issuers' and bank's, read only."""

    issuers: dict[str, IssuerBooks]
    bank: BankBooks
    _deposits_read: int = 0
    _deposits: dict[tuple[tuple[str, str], int], list[Deposit]] = field(default_factory=dict)

    def redemptions(self, leg: SeenLeg) -> list[Redemption]:
        """Return what the issuer has decided of a leg's points."""
        return self.issuers[leg.issuer].decided.get((leg.person.ci, leg.amount), [])

    def deposits(self, leg: SeenLeg) -> list[Deposit]:
        """Return the deposits that arrived for a leg."""
        if self._deposits_read < len(self.bank.deposits):
            lines = list(self.bank.deposits.values())
            for line in lines[self._deposits_read :]:
                if line.code == DEPOSITED:
                    self._deposits.setdefault((line.account, line.amount), []).append(line)
            self._deposits_read = len(lines)
        return self._deposits.get((leg.account, leg.amount), [])

    def standing(self, leg: SeenLeg) -> str | None:
        """Return what has become of a leg's points; None if the issuer was never asked.

        Of several redemptions the one that took points counts.
        """
        found = self.redemptions(leg)
        taken = [one for one in found if one.was_approved]
        return (taken or found)[-1].status if found else None
