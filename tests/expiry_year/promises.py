"""What is promised about expiring points, looked at from outside while a year passes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from modupoint.clock import at_ms
from query.cash_out import FINAL, CashOut, CashOutState
from query.cash_out_days import TOLD_BEFORE
from query.notices import Notice, NoticeKind, Subject, month_of, month_over_ms, months_later

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from modupoint.hand_overs import HandOver
    from query.expiry_settings import ExpirySettings
    from tests.expiry_year.faults import Faults
    from tests.expiry_year.memory_expiry import MemoryExpiry, Written
    from tests.expiry_year.transfer_side import TransferSide

_SETTLES_MS = 10 * 24 * 3_600_000
"""How long after its month a cash-out may still wait for its deposit."""
_LEFT_LYING_MS = 24 * 3_600_000

_ENDS: dict[CashOutState, NoticeKind] = {
    CashOutState.DONE: NoticeKind.CASHOUT_DONE,
    CashOutState.STOPPED: NoticeKind.CASHOUT_STOPPED,
    CashOutState.MISSED: NoticeKind.CASHOUT_FAILED,
}


class PromiseBrokenError(AssertionError):
    """Something that must not be."""


def must(holds: object, *what: object) -> None:
    """Fail with what is wrong."""
    if not holds:
        raise PromiseBrokenError(" ".join(map(str, what)))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A member at the beginning of a month."""

    member: str
    month: str
    from_ms: int
    agreed: bool
    settings: ExpirySettings
    accounts: frozenset[str]
    expiring: dict[tuple[str, str], tuple[int, int]]
    cash_outs: frozenset[Subject]
    epoch: int


@dataclass(slots=True)
class Promises:
    """All that was seen of a year."""

    store: MemoryExpiry
    faults: Faults
    asked: set[str] = field(default_factory=set)
    """Members for whom issuers were asked."""
    wished: set[str] = field(default_factory=set)
    """Members who ever switched something on."""
    told: dict[tuple[str, int, NoticeKind, Subject], Notice] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """When a member's settings, agreement, accounts or points changed by other hands."""
    epochs: Counter[str] = field(default_factory=Counter)
    """How many agreements a member has ended."""
    plans: dict[str, tuple[str, int, Subject]] = field(default_factory=dict)

    def wrote(self, what: Written, now: datetime) -> None:
        """Look at a write."""
        if isinstance(what, Notice):
            self._told(what, now)
        elif isinstance(what, CashOut):
            self._moved(what, now)
        elif what.active:
            self.wished.add(what.member)

    def handed(self, hand_over: HandOver, now: datetime) -> None:
        """Look at a hand-over that is sent."""
        member, epoch, subject = self.plans[hand_over.key.rpartition("-")[0]]
        notice = self.told[member, epoch, NoticeKind.CASHOUT_PLANNED, subject]
        must(now - at_ms(notice.created_at_ms) >= TOLD_BEFORE, "told late", subject, now)
        must({one.issuer for one in hand_over.items} == {subject.issuer}, "wrong issuer")

    def left(self, member: str) -> None:
        """Note that a member has ended the agreement."""
        self.epochs[member] += 1

    def swept(self, now_ms: int) -> None:
        """Look at what is due after a sweep: what stays due for days is done by nobody."""
        for key, (_, due_ms) in self.store.is_due.items():
            must(due_ms > now_ms - _LEFT_LYING_MS, "left lying", key, at_ms(due_ms))

    def end(self, now_ms: int, members: Iterable[str], transfers: TransferSide) -> None:
        """Look at what a year has left behind."""
        for member in members:
            self._inbox(member)
            for cash_out in self.store.cash_outs(member):
                self._ended(cash_out, now_ms)
        must(self.asked <= self.wished, "asked for who never asked", self.asked - self.wished)
        for snapshot in self.snapshots:
            self._month(snapshot, now_ms)
        self._transfers(transfers)
        self.swept(now_ms)

    def _told(self, notice: Notice, now: datetime) -> None:
        member, subject = notice.member, notice.subject
        must(member in self.store.ci, "told who has left", notice)
        key = (member, self.epochs[member], notice.kind, subject)
        must(key not in self.told, "told twice", key)
        self.told[key] = notice
        must(notice.amount > 0, "told of nothing", notice)
        settings = self.store.settings(member)
        if settings is None:
            raise PromiseBrokenError(f"told who never asked: {notice}")
        if notice.kind in (NoticeKind.EXPIRING, NoticeKind.CASHOUT_PLANNED):
            on = settings.alerts if notice.kind is NoticeKind.EXPIRING else settings.cashout
            must(on.enabled, "told who did not ask", notice)
            # A step may be begun in one month and end in the next.
            first = month_of((now - timedelta(hours=1)).date())
            last = months_later(month_of(now.date()), settings.lead_months)
            must(first <= subject.month <= last, "outside the lead", notice, settings)

    def _moved(self, cash_out: CashOut, now: datetime) -> None:
        member = cash_out.member
        place = (member, self.epochs[member], cash_out.subject)
        must(self.plans.setdefault(cash_out.plan_id, place) == place, "plan of two", cash_out)
        if cash_out.state is CashOutState.HANDING_OVER:
            settings = self.store.settings(member)
            must(settings is not None and settings.cashout.enabled, "switched off", cash_out)
            chosen = settings.cashout.account_id if settings else None
            must(cash_out.account_id == chosen, "another account", cash_out, chosen)
            accounts = {one.account_id for one in self.store.accounts(member)}
            must(cash_out.account_id in accounts, "no such account", cash_out)
            over_ms = month_over_ms(cash_out.subject.month)
            must(now < at_ms(over_ms), "after the expiry", cash_out, now)

    def _inbox(self, member: str) -> None:
        notices = self.store.notices(member)
        if member not in self.store.ci:
            must(not notices and not self.store.cash_outs(member), "left behind", member)
        must(not notices or member in self.wished, "told who never asked", member)
        for notice in notices:
            due = self.store.untold(member, notice.notice_id)
            must(self.events[notice.notice_id] or due, "no event", notice)

    def _ended(self, cash_out: CashOut, now_ms: int) -> None:
        over_ms = month_over_ms(cash_out.subject.month)
        if cash_out.state not in FINAL:
            must(now_ms < over_ms + _SETTLES_MS, "never ends", cash_out)
            return
        key = (cash_out.member, self.epochs[cash_out.member], _ENDS[cash_out.state])
        must((*key, cash_out.subject) in self.told, "ended without a word", cash_out)

    def _transfers(self, transfers: TransferSide) -> None:
        deposited: Counter[tuple[str, int, Subject]] = Counter()
        for one in transfers.transfers:
            place = self.plans[one.hand_over.key.rpartition("-")[0]]
            must(month_of(one.at.date()) <= place[2].month, "after the expiry", one)
            deposited[place] += one.deposited
        for place, count in deposited.items():
            must(count <= 1, "cashed out twice", place)
            member, epoch, subject = place
            cash_out = self.store.cash_out(member, subject)
            if count and cash_out is not None and epoch == self.epochs[member]:
                must(
                    cash_out.state in (CashOutState.DONE, CashOutState.HANDED),
                    "deposited, and the member thinks otherwise",
                    cash_out,
                )

    def _month(self, at: Snapshot, now_ms: int) -> None:
        """Look whether a month in which nothing was in the way brought what it had to."""
        over_ms = month_over_ms(at.month)
        changed = any(at.from_ms <= one < over_ms for one in self.changes[at.member])
        if over_ms > now_ms or changed or not at.agreed:
            return
        last = months_later(at.month, at.settings.lead_months)
        for (issuer, month), (amount, cashable) in at.expiring.items():
            subject = Subject(issuer, month)
            if month > last or self.faults.issuer_was_down(issuer, at.from_ms, over_ms):
                continue
            if at.settings.alerts.enabled and amount and subject not in at.cash_outs:
                self._was_told(at, over_ms, NoticeKind.EXPIRING, subject)
            cashout = at.settings.cashout
            worth = cashable >= max(cashout.minimum_amount or 0, 1)
            if cashout.enabled and worth and cashout.account_id in at.accounts:
                self._was_told(
                    at, over_ms, NoticeKind.CASHOUT_PLANNED, subject, NoticeKind.CASHOUT_TOO_LATE
                )

    def _was_told(
        self, at: Snapshot, over_ms: int, kind: NoticeKind, subject: Subject, *or_else: NoticeKind
    ) -> None:
        keys = [(at.member, at.epoch, one, subject) for one in (kind, *or_else)]
        in_time = [one for one in keys if one in self.told]
        must(in_time, "not told", kind, subject, at)
        must(
            any(self.told[one].created_at_ms < over_ms for one in in_time), "told late", subject, at
        )
