"""What moving money needs from outside: a store of legs and the partners' calls.

Adapters for DynamoDB and HTTP stand beside this; the simulation and the crash
tests bring their own, and run the same code over them.
"""

from datetime import date
from enum import Enum, auto
from typing import Protocol

from transfer.legs import Leg, LegKey
from transfer.postings import Posting


class Saved(Enum):
    """How storing a move ended."""

    YES = auto()
    OVERTAKEN = auto()
    """Another worker has moved the leg since it was read; theirs holds."""
    DAY_TAKEN = auto()
    """Another leg holds this issuer's one redemption of the day (R-T2)."""


class Legs(Protocol):
    """The legs, one conditional write or transaction per move."""

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg as it is now, not as it was a moment ago; None if there is none."""

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        """Store a move with all it entails, or nothing of it.

        Parameters
        ----------
        before
            The leg as read: state and version must still be those.
        posting
            The journal entry of the move.
        hold, release
            A day whose one redemption of this issuer the leg takes, or gives up.
        """


class BankTranIds(Protocol):
    """Names for deposits, none given twice."""

    def next_id(self) -> str:
        """Return a new ``bank_tran_id``."""
