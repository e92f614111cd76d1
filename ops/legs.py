"""Legs that wait for a person, or wait too long; nothing personal of them is shown."""

from dataclasses import replace
from itertools import islice
from typing import Any

from modupoint.clock import Clock, at_ms, epoch_ms, rfc3339
from modupoint.effects import IllegalMoveError, resumed
from modupoint.issuers import ISSUERS
from ops.output import Row, Shown
from ops.refusal import RefusedError
from transfer.journal import DynamoJournal
from transfer.leg_store import DynamoLegs
from transfer.legs import FINAL, MOVES, WITH_OPERATOR, Leg, LegKey, effect_of
from transfer.ports import Saved
from transfer.postings import Posting

_MINUTE_MS = 60_000


class StuckLegs:
    """The legs as an operator sees and moves them. ``clock`` is business time."""

    def __init__(self, legs: DynamoLegs, journal: DynamoJournal, clock: Clock) -> None:
        self._legs = legs
        self._journal = journal
        self._clock = clock

    def stuck(self, overdue_minutes: int, limit: int) -> list[Row]:
        """Return legs with the operator, then legs that have been due for so long."""
        keys = list(islice(self._legs.with_operator(), limit))
        waiting = [leg for leg in map(self._legs.read, keys) if leg and leg.state in WITH_OPERATOR]
        until_ms = epoch_ms(self._clock()) - overdue_minutes * _MINUTE_MS
        late = [
            leg
            for issuer in ISSUERS
            for leg in map(self._legs.read, self._legs.due(issuer, until_ms, limit))
            # The index is a moment behind: a leg may have gone on.
            if leg and leg.state not in FINAL and leg.progress.not_before_ms <= until_ms
        ]
        return [
            *(_row("with operator", leg) for leg in waiting),
            *(_row("overdue", leg) for leg in late),
        ][:limit]

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
        key = LegKey(member, transfer_id, issuer) if member else self._key(transfer_id, issuer)
        leg = self._legs.read(key)
        if leg is None:
            raise RefusedError("no such leg")
        return {**_details(leg), "ledger": [_entry(one) for one in self._journal.of_leg(key)]}

    def resume(self, names: list[str], *, everything: bool) -> list[Row]:
        """Give legs with the operator another round of tries; the next sweep takes them.

        Parameters
        ----------
        names
            ``<transfer_id>/<issuer>`` each.
        everything
            All legs with the operator instead.
        """
        keys = list(self._legs.with_operator())
        by_name = {_name(key): key for key in keys}
        wanted = list(by_name) if everything else names
        return [
            {"leg": name, "outcome": self._resume(by_name[name]) if name in by_name else _NOT_HERE}
            for name in wanted
        ]

    def _resume(self, key: LegKey) -> str:
        leg = self._legs.read(key)
        if leg is None or leg.state not in WITH_OPERATOR:
            return _NOT_HERE
        effect = effect_of(leg.state)
        if effect is None:
            raise IllegalMoveError(leg.state)
        after = replace(leg, progress=resumed(effect, leg.progress, epoch_ms(self._clock())))
        if (leg.state, after.state) not in MOVES:
            raise IllegalMoveError(f"{leg.state} to {after.state}")
        if self._legs.save(leg, after) is not Saved.YES:
            return "somebody else has just moved it"
        return f"{RESUMED}: {after.state}"

    def _key(self, transfer_id: str, issuer: str) -> LegKey:
        wanted = f"{transfer_id}/{issuer}"
        for key in self._legs.with_operator():
            if _name(key) == wanted:
                return key
        raise RefusedError("not with the operator: say whose leg it is with --member")


RESUMED = "resumed"
_NOT_HERE = "not with the operator"


def _name(key: LegKey) -> str:
    return f"{key.transfer_id}/{key.issuer}"


def _row(why: str, leg: Leg) -> Row:
    return {
        "why": why,
        "leg": _name(leg.key),
        "state": leg.state.value,
        "amount": leg.amount,
        "tries": leg.progress.tries,
        "requested": _time(leg.requested_at_ms),
        "last_call": _time(leg.progress.sent_at_ms),
        "due": _time(leg.progress.not_before_ms),
        "member": leg.key.member,
    }


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
        "requested": _time(leg.requested_at_ms),
        "promised": _time(leg.promised_at_ms),
        "last_call": _time(leg.progress.sent_at_ms),
        "due": None if leg.state in FINAL else _time(leg.progress.not_before_ms),
        "redemption_id": leg.redemption_id,
        "redeemed_at_issuer": leg.approved_at,
        "bank_code": leg.bank_code,
        "bank_tran": None if tran is None else f"{tran.id} of {tran.date}",
        "former_bank_trans": [f"{one.id} of {one.date}" for one in leg.former_bank_trans],
        "deposited": _time(leg.deposited_at_ms),
        "failure": leg.failure,
    }


def _entry(posting: Posting) -> Row:
    return {
        "posted": _time(posting.posted_at_ms),
        "cause": posting.cause.value,
        "book": f"{posting.partner} {posting.book_day}",
        "reference": posting.reference,
        "lines": [f"{line.account}:{line.amount:+d}" for line in posting.lines],
    }


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else rfc3339(at_ms(milliseconds))
