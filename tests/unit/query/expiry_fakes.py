"""The scan over a table in memory, with lanes, queue, bus and transfer context that remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from modupoint.cash_outs import CashOutOutcome, Course
from query.cash_out import cash_out_item
from query.cash_out_course import CashOutCourse
from query.expiry_checks import ExpiryChecks
from query.expiry_queue import DueRow
from query.expiry_settings import EXPIRY, settings_item
from query.member_scan import MemberScan
from query.notice_events import NoticeEvents
from tests.expiry_year.memory_expiry import MemoryExpiry
from tests.unit.query.expiry_samples import ACCOUNT, CALENDAR, MEMBER, NOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from modupoint.business_calendar import BusinessCalendar
    from modupoint.hand_overs import HandOver
    from query.cash_out import CashOut
    from query.expiry_settings import ExpirySettings
    from query.lookup_message import LookupMessage
    from query.notices import Notice, Subject

_NOTHING_YET = CashOutOutcome(Course.PENDING)
AWS_IS_AWAY = ClientError({"Error": {"Code": "InternalError", "Message": "away"}}, "Call")


@dataclass
class Scene:
    """One member, and everybody the scan talks to. ``away`` names what does not answer."""

    now: datetime = NOW
    store: MemoryExpiry = field(default_factory=MemoryExpiry)
    asked: list[tuple[LookupMessage, tuple[str, ...]]] = field(default_factory=list)
    handed: list[HandOver] = field(default_factory=list)
    events: list[Notice] = field(default_factory=list)
    outcome_is: CashOutOutcome = _NOTHING_YET
    away: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.store.ci[MEMBER] = b"sealed"
        self.store.register(MEMBER, ACCOUNT)

    def wants(self, settings: ExpirySettings) -> None:
        """Let the member's row be this, whatever it was."""
        self.store._put(settings_item(settings))

    def plan(self, cash_out: CashOut) -> None:
        """Let there be a cash-out."""
        self.store._put(cash_out_item(cash_out))

    def scan(self) -> None:
        """Do what is due of the member's own row."""
        self._checks().run(DueRow(MEMBER, EXPIRY))

    def check(self, sk: str) -> None:
        """Do what is due of a row."""
        self._checks().run(DueRow(MEMBER, sk))

    def cash_out(self, subject: Subject) -> CashOut:
        """Return a cash-out as it is."""
        found = self.store.cash_out(MEMBER, subject)
        assert found is not None
        return found

    def notices(self) -> list[Notice]:
        """Return the inbox, the oldest first."""
        return sorted(self.store.notices(MEMBER), key=lambda one: one.notice_id)

    def later(self, **time: int) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def _checks(self) -> ExpiryChecks:
        events = NoticeEvents(self.store, _Bus(self))
        return ExpiryChecks(
            MemberScan(self.store, _Lanes(self), events, _Calendars(), lambda: self.now),
            CashOutCourse(
                self.store,
                _Lanes(self),
                _Queue(self),
                _Transfers(self),
                events,
                _Calendars(),
                lambda: self.now,
            ),
            events,
        )

    def answer(self, name: str, what: Any) -> Any:
        """Do what a neighbour does, unless it is away."""
        if name in self.away:
            raise AWS_IS_AWAY
        return what


@dataclass
class _Lanes:
    scene: Scene

    def publish(self, message: LookupMessage, issuers: tuple[str, ...]) -> None:
        self.scene.answer("lanes", None)
        self.scene.asked.append((message, issuers))


@dataclass
class _Queue:
    scene: Scene

    def send(self, hand_over: HandOver) -> None:
        self.scene.answer("queue", None)
        self.scene.handed.append(hand_over)


@dataclass
class _Transfers:
    scene: Scene

    def outcome(self, member: str, key: str) -> CashOutOutcome:
        assert (member, key) == (self.scene.handed[-1].member, self.scene.handed[-1].key)
        outcome: CashOutOutcome = self.scene.answer("transfers", self.scene.outcome_is)
        return outcome


@dataclass
class _Bus:
    scene: Scene

    def send(self, notices: Iterable[Notice]) -> list[Notice]:
        taken = list(notices)
        self.scene.answer("bus", None)
        self.scene.events += taken
        return taken


class _Calendars:
    def calendar(self) -> BusinessCalendar:
        return CALENDAR
