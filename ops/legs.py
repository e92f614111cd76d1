"""Legs that wait for a person, or wait too long; nothing personal of them is shown."""

from collections.abc import Iterator, Mapping
from copy import replace
from typing import Any

from modupoint.clock import Clock
from modupoint.effects import IllegalMoveError, resumed
from modupoint.issuers import ISSUERS
from ops.output import Row, Shown, as_time
from ops.stuck import StuckRecords
from transfer.journal import DynamoJournal
from transfer.leg_store import DynamoLegs
from transfer.legs import FINAL, MOVES, WITH_OPERATOR, Leg, LegKey, effect_of
from transfer.ports import Saved
from transfer.postings import Posting


class StuckLegs(StuckRecords[LegKey, Leg]):
    """The legs as an operator sees and moves them; one is named ``<transfer_id>/<issuer>``."""

    KIND = "leg"
    WITH_OPERATOR = WITH_OPERATOR
    FINAL = FINAL
    MOVES = MOVES

    def __init__(self, legs: DynamoLegs, journal: DynamoJournal, clock: Clock) -> None:
        super().__init__(clock)
        self._legs = legs
        self._journal = journal

    def leg(self, transfer_id: str, issuer: str, member: str | None) -> Shown:
        """Return everything of a leg but what is personal, and its ledger.

        Parameters
        ----------
        member
            The member's key; None looks among the legs with the operator.

        Raises
        ------
        RefusedError
            If there is no such leg.
        """
        key = LegKey(member, transfer_id, issuer) if member else None
        leg = self.found(f"{transfer_id}/{issuer}", key)
        return {**_details(leg), "ledger": [_entry(one) for one in self._journal.of_leg(leg.key)]}

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg as it is now."""
        return self._legs.read(key)

    def save(self, before: Leg, after: Leg) -> bool:
        """Store a move."""
        return self._legs.save(before, after) is Saved.YES

    def with_operator(self) -> Iterator[LegKey]:
        """Give the legs that wait for a person."""
        return self._legs.with_operator()

    def due(self, until_ms: int, limit: int) -> Iterator[LegKey]:
        """Give legs whose time has come, issuer by issuer."""
        for issuer in ISSUERS:
            yield from self._legs.due(issuer, until_ms, limit)

    def name(self, key: LegKey) -> str:
        """Return the leg's transfer and issuer."""
        return f"{key.transfer_id}/{key.issuer}"

    def particulars(self, record: Leg) -> Mapping[str, Any]:
        """Return how much it moves."""
        return {"amount": record.amount}

    def resumed(self, record: Leg, now_ms: int) -> Leg:
        """Return a leg that is called or asked about again."""
        effect = effect_of(record.state)
        if effect is None:
            raise IllegalMoveError(record.state)
        return replace(record, progress=resumed(effect, record.progress, now_ms))


def _details(leg: Leg) -> dict[str, Any]:
    tran = leg.bank_tran
    return {
        "leg_id": leg.leg_id,
        "member": leg.key.member,
        "transfer_id": leg.key.transfer_id,
        "issuer": leg.key.issuer,
        "state": leg.state.value,
        "version": leg.progress.version,
        "tries": leg.progress.tries,
        "amount": leg.amount,
        "items": [f"{one.point_code}:{one.amount}" for one in leg.items],
        "requested": as_time(leg.requested_at_ms),
        "promised": as_time(leg.promised_at_ms),
        "last_call": as_time(leg.progress.sent_at_ms),
        "due": None if leg.state in FINAL else as_time(leg.progress.not_before_ms),
        "redemption_id": leg.redemption_id,
        "redeemed_at_issuer": leg.approved_at,
        "bank_code": leg.bank_code,
        "bank_tran": None if tran is None else f"{tran.id} of {tran.date}",
        "former_bank_trans": [f"{one.id} of {one.date}" for one in leg.former_bank_trans],
        "deposited": as_time(leg.deposited_at_ms),
        "failure": leg.failure,
    }


def _entry(posting: Posting) -> Row:
    return {
        "posted": as_time(posting.posted_at_ms),
        "cause": posting.cause.value,
        "book": f"{posting.partner} {posting.book_day}",
        "reference": posting.reference,
        "lines": [f"{line.account}:{line.amount:+d}" for line in posting.lines],
    }
