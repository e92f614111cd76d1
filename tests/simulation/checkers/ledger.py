"""Our own ledger (R-T7): the one check that reads what is ours."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.simulation.bank_books import DEPOSITED
from tests.simulation.checkers.failure import require
from tests.simulation.issuer_books import APPROVED
from transfer.postings import CLEARING_ACCOUNT, receivable_account

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulation.checkers.books import Books
    from tests.simulation.checkers.public_record import PublicRecord
    from transfer.postings import Posting


def check_ledger(postings: Iterable[Posting], record: PublicRecord, books: Books) -> None:
    """Check that the ledger balances and says of each settled leg what the books say.

    Raises
    ------
    CheckFailedError
        If it does not.
    """
    balances: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for posting in postings:
        require(
            sum(line.amount for line in posting.lines) == 0,
            "R-T7 ledger",
            f"an entry does not add up: {posting}",
            posting.leg_id,
        )
        for line in posting.lines:
            balances[posting.leg_id][line.account] += line.amount
    for leg in record.legs.values():
        if leg.status == "WITH_OPERATOR":
            continue
        kept = books.standing(leg) == APPROVED
        paid = sum(deposit.amount for deposit in books.deposits(leg) if deposit.code == DEPOSITED)
        ours = balances[leg.leg_id]
        require(
            (ours[receivable_account(leg.issuer)], -ours[CLEARING_ACCOUNT])
            == (leg.amount if kept else 0, paid),
            "R-T7 ledger",
            f"the ledger has {dict(ours)}",
            *leg.subjects,
        )
