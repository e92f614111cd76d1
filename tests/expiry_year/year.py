"""A world in which a year passes: members, their points, issuers, a scan that is struck.

Everything is drawn from one seed, and nothing else moves it: a world that failed
fails again.
"""

from __future__ import annotations

import json
import random
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

from botocore.exceptions import ClientError

from modupoint.accounts import Account
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL, at_ms
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from modupoint.sweeping import Sweep
from query.cash_out import CASHOUT_LANES
from query.cash_out_course import CashOutCourse
from query.expiry_checks import ExpiryChecks
from query.expiry_choices import ExpiryChoices
from query.expiry_settings import SCAN_LANES, Alerts, AutoCashout
from query.inquiry import Reason, Status
from query.lookups import IssuerRecord
from query.member_scan import MemberScan
from query.notice_events import NoticeEvents
from query.notices import EVENT_LANES, Notice, NoticeKind, month_of, month_over_ms, months_later
from tests.expiry_year.faults import Faults, Strikes, drawn_faults
from tests.expiry_year.memory_expiry import MemoryExpiry
from tests.expiry_year.promises import Promises, Snapshot
from tests.expiry_year.transfer_side import TransferSide
from tests.expiry_year.wallets import Lot, Wallets
from tests.simulation.crossing import WorkerKilledError
from tests.simulation.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from modupoint.hand_overs import HandOver
    from query.expiry_queue import DueRow
    from query.lookup_message import LookupMessage
    from tests.expiry_year.memory_expiry import Written

_START = datetime(2026, 12, 1, tzinfo=SEOUL)
_MONTHS = 13
_MINUTE_MS = 60_000
_DAY_MS = 24 * 3_600_000
_REACTS = 0.3
_LANES = (*CASHOUT_LANES, *EVENT_LANES, *SCAN_LANES)
_CALENDAR = BusinessCalendar()
_ACCOUNTS = ("acc_1", "acc_2")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of member lives: how often things change, and whether they ever ask."""

    asks: bool
    changes: int


SILENT = Manner(asks=False, changes=8)
STEADY = Manner(asks=True, changes=0)
LIVELY = Manner(asks=True, changes=14)


class Year:
    """All there is, made from one source of chance."""

    def __init__(
        self, rng: random.Random, manners: Iterable[Manner], faults: Faults | None
    ) -> None:
        self.rng = rng
        self.schedule = schedule = Schedule(_START)
        self.ends_ms = month_over_ms(months_later(month_of(_START.date()), _MONTHS - 1))
        self.faults = faults or drawn_faults(rng, ISSUERS, schedule.now_ms, self.ends_ms)
        self.wallets = Wallets()
        self.store = store = MemoryExpiry(self._on_due, self._wrote)
        self.transfers = TransferSide(schedule, self.faults, store, self.wallets)
        self.promises = Promises(store, self.faults)
        self.choices = ExpiryChoices(store, schedule.clock)  # type: ignore[arg-type]
        self.members = {f"M#{place:02}": manner for place, manner in enumerate(manners)}
        self._checks = self._scan()
        self._swept: set[int] = set()
        self._ids = count()

    def live(self) -> None:
        """Let the year pass and look at it, while it passes and at its end."""
        with self._simulated_ids():
            for member, manner in self.members.items():
                self._born(member, manner)
            for place in range(_MONTHS):
                month = months_later(month_of(_START.date()), place)
                self._at(month_over_ms(months_later(month, -1)), self._month_begins, month)
            self.schedule.run(self.ends_ms)
            self.promises.end(self.ends_ms, self.members, self.transfers)

    # What the world is made of.

    def _scan(self) -> ExpiryChecks:
        strikes = Strikes(self.schedule, self.faults)
        store = strikes.around(self.store)
        lanes = strikes.around(_Lanes(self))
        events = NoticeEvents(store, strikes.around(_Bus(self)))
        clock = self.schedule.clock
        return ExpiryChecks(
            MemberScan(store, lanes, events, _Calendars(), clock),
            CashOutCourse(
                store,
                lanes,
                strikes.around(_HandOvers(self)),
                strikes.around(self.transfers),
                events,
                _Calendars(),
                clock,
            ),
            events,
        )

    def _at(self, at_ms_: int, do: Callable[..., object], *args: object) -> None:
        self.schedule.after(max(at_ms_ - self.schedule.now_ms, 0), lambda: do(*args))

    def _wrote(self, what: Written) -> None:
        self.promises.wrote(what, self.schedule.clock())
        if isinstance(what, Notice) and what.kind is NoticeKind.CASHOUT_PLANNED:
            self._reacts(what.member)

    def _reacts(self, member: str) -> None:
        """Let a member who was told of a cash-out do something about it, now and then."""
        if self.members[member].changes and self.rng.random() < _REACTS:
            deed = self.rng.choice(
                (self._spends, self._switches_off, self._loses_account, self._transfers)
            )
            days = self.rng.choice((0, 1, 2, 3))
            self._at(self.schedule.now_ms + days * _DAY_MS, self._changes, member, deed)

    @contextmanager
    def _simulated_ids(self) -> Iterator[None]:
        """Let ids come from simulated time and this world's chance."""
        bits = random.Random(self.rng.random())  # noqa: S311 - chance that comes again

        def time_ns() -> int:
            return self.schedule.now_ms * 1_000_000 + next(self._ids) % 1_000_000

        with ExitStack() as patched:
            patched.enter_context(patch("time.time_ns", time_ns))
            patched.enter_context(patch("modupoint.ids.secrets.randbits", bits.getrandbits))
            yield

    # The sweep and its workers.

    def _on_due(self, due_ms: int) -> None:
        minute = max(due_ms, self.schedule.now_ms) // _MINUTE_MS + 1
        if minute not in self._swept:
            self._swept.add(minute)
            self._at(minute * _MINUTE_MS, self._sweep_begins, minute)

    def _sweep_begins(self, minute: int) -> None:
        self._swept.discard(minute)
        if self.faults.scan_stands_still(self.schedule.now_ms):
            self._on_due(self.schedule.now_ms + 10 * _MINUTE_MS)
            return
        for _ in range(self.faults.copies()):
            self.schedule.start(self._sweep)

    def _sweep(self) -> None:
        strikes = Strikes(self.schedule, self.faults)
        sweep = Sweep(strikes.around(self.store), strikes.around(_Queue(self)), self.schedule.clock)
        with suppress(WorkerKilledError):
            sweep.run(_LANES)
        now_ms = self.schedule.now_ms
        self.promises.swept(now_ms)
        if any(due_ms <= now_ms for _, due_ms in self.store.is_due.values()):
            self._on_due(now_ms)

    def deliver(self, row: DueRow) -> None:
        """Let workers have a message."""
        for _ in range(self.faults.copies()):
            self.schedule.start(lambda: self._work(row), self.rng.randrange(1, 3_000))

    def _work(self, row: DueRow) -> None:
        with suppress(WorkerKilledError, ClientError):
            self._checks.run(row)

    # The issuers.

    def answer(self, message: LookupMessage, issuer: str) -> None:
        """Let an issuer answer a scan, as soon as it is not down."""
        now_ms = self.schedule.now_ms
        if now_ms >= message.due_ms:
            return
        if self.faults.issuer_is_down(issuer, now_ms):
            self.schedule.after(10 * _MINUTE_MS, lambda: self.answer(message, issuer))
        else:
            self._answered(message.member, issuer, message.lookup_id)

    def _answered(self, member: str, issuer: str, lookup_id: str) -> None:
        now_ms = self.schedule.now_ms
        balances = json.dumps(self.wallets.balances(member, issuer))
        self.store.answered(
            member, IssuerRecord(issuer, lookup_id, Status.OK, None, now_ms, balances, now_ms)
        )

    # The members.

    def _born(self, member: str, manner: Manner) -> None:
        rng = self.rng
        self._agree(member)
        for issuer in rng.sample(list(ISSUERS), rng.randrange(1, 5)):
            for _ in range(rng.randrange(7)):
                self._earn(member, issuer)
        if manner.asks:
            self._at(self.schedule.now_ms + rng.randrange(2 * _MINUTE_MS), self._asks, member)
        for _ in range(manner.changes):
            when_ms = rng.randrange(self.schedule.now_ms, self.ends_ms)
            self._at(when_ms, self._lives, member, manner)

    def _asks(self, member: str) -> None:
        rng = self.rng
        wants_cash = rng.random() < 0.6
        if not wants_cash or rng.random() < 0.5:
            self._choose_alerts(member)
        if wants_cash:
            self._choose_cashout(member)

    def _lives(self, member: str, manner: Manner) -> None:
        """Let a member, or life, do something."""
        deeds: list[tuple[Callable[[str], None], int]] = [
            (self._earns, 4),
            (self._spends, 4),
            (self._looks, 3),
            (self._transfers, 2),
            (self._leaves, 1),
        ]
        if manner.asks:
            deeds += [
                (self._choose_alerts, 3),
                (self._choose_cashout, 3),
                (self._switches_off, 2),
                (self._loses_account, 1),
                (self._agree, 1),
            ]
        [deed] = self.rng.choices([one for one, _ in deeds], [weight for _, weight in deeds])
        self._changes(member, deed)

    def _changes(self, member: str, deed: Callable[[str], None]) -> None:
        self.promises.changes[member].append(self.schedule.now_ms)
        with suppress(Problem):
            deed(member)

    def _agree(self, member: str) -> None:
        self.store.ci[member] = b"sealed"
        for account_id in _ACCOUNTS:
            name = f"은행 {account_id}"
            account = Account(account_id, "004", name, "***", "홍*동", "2026-12-01", b"x")
            self.store.register(member, account)

    def _earn(self, member: str, issuer: str) -> None:
        month = months_later(month_of(self.schedule.clock().date()), self.rng.randrange(15))
        amount = self.rng.choice((1, 40, 999, 1_000, 12_345))
        self.wallets.add(member, issuer, Lot(month, amount, self.rng.random() < 0.8))

    def _earns(self, member: str) -> None:
        self._earn(member, self.rng.choice(list(ISSUERS)))

    def _spends(self, member: str) -> None:
        for issuer, _ in self.wallets.expiring(member):
            self.wallets.spend(member, issuer, self.rng.choice((1, 500, 10**6)))

    def _looks(self, member: str) -> None:
        """Let a member look for themselves, whether or not the issuer answers."""
        lookup_id = new_id("lkp")
        for issuer in ISSUERS:
            if member in self.store.ci and self.rng.random() < 0.8:
                self._answered(member, issuer, lookup_id)
            elif member in self.store.ci:
                now_ms = self.schedule.now_ms
                status, reason = Status.UNAVAILABLE, Reason.NO_ANSWER
                record = IssuerRecord(issuer, lookup_id, status, reason, now_ms, None, None)
                self.store.answered(member, record)

    def _transfers(self, member: str) -> None:
        for issuer, _ in self.wallets.expiring(member):
            self.transfers.own_transfer(member, issuer)
            self.wallets.spend(member, issuer, 300)

    def _leaves(self, member: str) -> None:
        if self.transfers.moves_money(member) or member not in self.store.ci:
            return
        self.store.withdraw(member, ISSUERS, new_id("lkp"))
        self.promises.left(member)
        # Between the transaction and the end of the erasure others go on.
        self.schedule.after(300, lambda: self._erased(member))

    def _erased(self, member: str) -> None:
        if member not in self.store.ci:
            self.store.erase(member)

    def _choose_alerts(self, member: str) -> None:
        lead = self.rng.randrange(1, 7)
        self.choices.alerts(member, Alerts(enabled=True, lead_months=lead))

    def _choose_cashout(self, member: str) -> None:
        account_id = self.rng.choice(_ACCOUNTS)
        minimum = self.rng.choice((0, 0, 500))
        cashout = AutoCashout(enabled=True, account_id=account_id, minimum_amount=minimum)
        self.choices.cashout(member, cashout)

    def _switches_off(self, member: str) -> None:
        if self.rng.random() < 0.5:
            self.choices.alerts(member, Alerts())
        else:
            self.choices.cashout(member, AutoCashout())

    def _loses_account(self, member: str) -> None:
        self.store.delete((member, f"ACCOUNT#{self.rng.choice(_ACCOUNTS)}"))

    def _month_begins(self, month: str) -> None:
        self.wallets.expire(months_later(month, -1))
        for member in self.members:
            self.promises.snapshots.append(
                Snapshot(
                    member,
                    month,
                    self.schedule.now_ms,
                    member in self.store.ci,
                    self.store.read(member),
                    frozenset(one.account_id for one in self.store.accounts(member)),
                    self.wallets.expiring(member),
                    frozenset(one.subject for one in self.store.cash_outs(member)),
                    self.promises.epochs[member],
                )
            )


@dataclass(frozen=True, slots=True)
class _Lanes:
    year: Year

    def publish(self, message: LookupMessage, issuers: tuple[str, ...]) -> None:
        self.year.promises.asked.add(message.member)
        for issuer in issuers:
            delay_ms = self.year.rng.randrange(300, 5 * _MINUTE_MS)
            self.year._at(self.year.schedule.now_ms + delay_ms, self.year.answer, message, issuer)


@dataclass(frozen=True, slots=True)
class _HandOvers:
    year: Year

    def send(self, hand_over: HandOver) -> None:
        self.year.promises.handed(hand_over, self.year.schedule.clock())
        self.year.transfers.send(hand_over)


@dataclass(frozen=True, slots=True)
class _Bus:
    year: Year

    def send(self, notices: Iterable[Notice]) -> list[Notice]:
        taken = [one for one in notices if self.year.rng.random() > self.year.faults.failed]
        self.year.promises.events.update(one.notice_id for one in taken)
        return taken


@dataclass(frozen=True, slots=True)
class _Queue:
    year: Year

    def backlog(self, _lane: str) -> int:
        return 0

    def send(self, _lane: str, rows: list[DueRow]) -> int:
        for row in rows:
            self.year.deliver(row)
        return len(rows)


class _Calendars:
    def calendar(self) -> BusinessCalendar:
        return _CALENDAR


def in_month(moment_ms: int) -> str:
    """Return the month of a moment."""
    return month_of(at_ms(moment_ms).date())
