"""The double-entry ledger: what a move of money writes, once and for ever (R-T7).

Four accounts. A redemption debits what the issuer owes and credits the member's
points; a deposit debits the member's deposit and credits the bank clearing
account; a reversal undoes the redemption. So a transfer's points balance is what
was redeemed and not given back, its deposit balance what arrived, and the
difference is in flight. Pure.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from transfer.legs import Leg, LegKey

BANK = "bank"
"""The bank's name among the partners' books."""


class Cause(StrEnum):
    """What made a posting."""

    REDEEMED = "REDEEMED"
    DEPOSITED = "DEPOSITED"
    REVERSED = "REVERSED"


class Line(NamedTuple):
    """One side of a posting; ``amount`` in KRW, debit positive, credit negative."""

    account: str
    amount: int


class Posting(NamedTuple):
    """One journal entry; its lines add up to zero.

    ``reference`` is the partner's name of the effect (redemption id or bank
    transaction id); ``book_day`` the day in the partner's books, ``partner`` an
    issuer code or ``bank``. ``posted_at_ms`` is business time.
    """

    key: LegKey
    leg_id: str
    cause: Cause
    partner: str
    book_day: date
    reference: str
    amount: int
    lines: tuple[Line, ...]
    posted_at_ms: int


def points_account(issuer: str) -> str:
    """Return the account of the member's points at an issuer."""
    return f"points:{issuer}"


def receivable_account(issuer: str) -> str:
    """Return the account of what an issuer owes us."""
    return f"receivable:{issuer}"


CLEARING_ACCOUNT = "clearing:bank"
DEPOSIT_ACCOUNT = "deposit:member"


def posting(leg: Leg, cause: Cause, book_day: date, posted_at_ms: int) -> Posting:
    """Return the journal entry of a leg's effect.

    Raises
    ------
    ValueError
        If the leg has no id for the effect.
    """
    issuer, amount = leg.key.issuer, leg.amount
    receivable, points = receivable_account(issuer), points_account(issuer)
    debit, credit = {
        Cause.REDEEMED: (receivable, points),
        Cause.REVERSED: (points, receivable),
        Cause.DEPOSITED: (DEPOSIT_ACCOUNT, CLEARING_ACCOUNT),
    }[cause]
    reference = leg.redemption_id
    if cause is Cause.DEPOSITED:
        if leg.bank_tran is None:
            raise ValueError("a deposit without a bank transaction id")
        reference = leg.bank_tran.id
    return Posting(
        key=leg.key,
        leg_id=leg.leg_id,
        cause=cause,
        partner=BANK if cause is Cause.DEPOSITED else issuer,
        book_day=book_day,
        reference=reference,
        amount=amount,
        lines=(Line(debit, amount), Line(credit, -amount)),
        posted_at_ms=posted_at_ms,
    )
