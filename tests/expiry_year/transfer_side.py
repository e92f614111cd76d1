"""The transfer context as the scan sees it: hand-overs go in, outcomes can be read.

It keeps its own promises (once a key, once an issuer and day, an end to each leg) and
breaks none; what came of each hand-over is drawn from the world's chance.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modupoint.cash_outs import TOO_LATE, CashOutOutcome, Course

if TYPE_CHECKING:
    from datetime import date, datetime

    from modupoint.hand_overs import HandOver
    from tests.expiry_year.faults import Faults
    from tests.expiry_year.memory_expiry import MemoryExpiry
    from tests.expiry_year.wallets import Lot, Wallets
    from tests.simulation.schedule import Schedule

_HOUR_MS = 3_600_000
_REFUSED_DEPOSITS = ("deposit_refused", "account_closed")


@dataclass(slots=True)
class Submitted:
    """A hand-over that became a transfer, for the checkers."""

    hand_over: HandOver
    at: datetime
    deposited: bool = False


@dataclass(slots=True)
class TransferSide:
    """Queue, worker and table of the transfer context."""

    schedule: Schedule
    faults: Faults
    store: MemoryExpiry
    wallets: Wallets
    sent: list[tuple[datetime, HandOver]] = field(default_factory=list)
    transfers: list[Submitted] = field(default_factory=list)
    _outcomes: dict[tuple[str, str], CashOutOutcome] = field(default_factory=dict)
    _messages: dict[tuple[str, str], str] = field(default_factory=dict)
    _days: defaultdict[tuple[str, str], set[date]] = field(default_factory=lambda: defaultdict(set))

    def send(self, hand_over: HandOver) -> None:
        """Take a message into the queue; it comes out late, and now and then twice."""
        self.sent.append((self.schedule.clock(), hand_over))
        key = (hand_over.member, hand_over.key)
        assert self._messages.setdefault(key, hand_over.message()) == hand_over.message()
        for _ in range(self.faults.copies()):
            self.schedule.after(self.faults.delay_ms(), lambda: self._submit(hand_over))

    def outcome(self, member: str, key: str) -> CashOutOutcome:
        """Return what came of a hand-over."""
        return self._outcomes.get((member, key), CashOutOutcome(Course.PENDING))

    def moves_money(self, member: str) -> bool:
        """Say whether a leg of a member is open: no agreement ends meanwhile (R-M2)."""
        return any(
            owner == member and one.course is Course.MOVING
            for (owner, _), one in self._outcomes.items()
        )

    def own_transfer(self, member: str, issuer: str) -> None:
        """Let the member transfer points of an issuer by hand: the day is taken (R-T2)."""
        self._days[member, issuer].add(self.schedule.clock().date())

    def _submit(self, given: HandOver) -> None:
        key = (given.member, given.key)
        if key in self._outcomes:
            return
        [issuer] = {one.issuer for one in given.items}
        today = self.schedule.clock().date()
        accounts = {one.account_id for one in self.store.accounts(given.member)}
        refusals = {
            TOO_LATE: today > given.last_day,
            "consent_required": given.member not in self.store.ci,
            "not_found": given.account_id not in accounts,
            "already_transferred_today": today in self._days[given.member, issuer],
        }
        refused = next((code for code, holds in refusals.items() if holds), None)
        if refused is not None:
            self._outcomes[key] = CashOutOutcome(Course.REFUSED, refused)
            return
        self._days[given.member, issuer].add(today)
        self._outcomes[key] = CashOutOutcome(Course.MOVING, transfer_id=f"trf_{given.key}")
        self.transfers.append(Submitted(given, self.schedule.clock()))
        one = self.transfers[-1]
        self.schedule.after(self.faults.delay_ms(), lambda: self._redeem(one, issuer, today))

    def _redeem(self, one: Submitted, issuer: str, day: date) -> None:
        given = one.hand_over
        amount = sum(item.amount for item in given.items)
        down = self.faults.issuer_is_down(issuer, self.schedule.now_ms)
        taken = None if down else self.wallets.take(given.member, issuer, amount)
        if taken is None:
            self._days[given.member, issuer].discard(day)
            self._end(one, Course.FAILED, "issuer_unavailable" if down else "insufficient_points")
            return
        waits_ms = self.faults.rng.randrange(0, 96) * _HOUR_MS // 2
        self.schedule.after(waits_ms, lambda: self._deposit(one, issuer, taken))

    def _deposit(self, one: Submitted, issuer: str, taken: list[Lot]) -> None:
        if self.faults.deposit_fails():
            for lot in taken:
                self.wallets.add(one.hand_over.member, issuer, lot)
            self._end(one, Course.REVERSED, self.faults.rng.choice(_REFUSED_DEPOSITS))
        else:
            one.deposited = True
            self._end(one, Course.DEPOSITED, None)

    def _end(self, one: Submitted, course: Course, reason: str | None) -> None:
        given = one.hand_over
        amount = sum(item.amount for item in given.items)
        self._outcomes[given.member, given.key] = CashOutOutcome(
            course, reason, f"trf_{given.key}", amount
        )
