"""A standing cash-out on its way, one step a time (R-E3).

Each step ends with one write that holds only on the version it began with, and what
is sent was stored before: a step that was killed or doubled is repeated to the same
end. Until it is handed over the member can stop it; from then on it is a transfer
like any other (R-T3).
"""

from datetime import datetime

from modupoint.business_calendar import Calendars
from modupoint.cash_outs import POINTS_ARE_THE_MEMBERS, CashOutOutcome, Course
from modupoint.clock import Clock, epoch_ms
from modupoint.telemetry import logger
from modupoint.text import Text
from query.cash_out import MOST_REFUSALS, CashOut, CashOutState, Sequel, sequel, wait_ms
from query.cash_out_days import next_day_for, starts_ms, too_late_ms
from query.expiry import Known, account_in_words, expiring_points, is_fresh
from query.expiry_ports import ExpiryStore, HandOvers, Outcomes, ScanLanes
from query.inquiry import Status
from query.member_scan import PATIENCE_MS, ask
from query.notice_events import NoticeEvents
from query.notice_words import (
    ACCOUNT_GONE,
    CASHOUT_DONE,
    CASHOUT_FAILED,
    CASHOUT_STOPPED,
    HINT_BY_HAND,
    HINT_OVER,
    MONTH_OVER,
    SPENT,
    SWITCHED_OFF,
    why,
)
from query.notices import Notice, NoticeKind, Subject, month_of, month_over_ms, words

_MINUTE_MS = 60_000
_FIRST_ANSWER_MS = 10 * _MINUTE_MS
_MORE_ANSWER_MS = 30 * _MINUTE_MS
_SEND_AGAIN_MS = _MINUTE_MS

_UNUSABLE = {Status.DORMANT: "card_dormant", Status.SUSPENDED: "card_dormant"}


class CashOutCourse:
    """What is done with a row ``CASHOUT#…`` when it is due."""

    def __init__(
        self,
        store: ExpiryStore,
        lanes: ScanLanes,
        hand_overs: HandOvers,
        outcomes: Outcomes,
        events: NoticeEvents,
        calendars: Calendars,
        clock: Clock,
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._hand_overs = hand_overs
        self._outcomes = outcomes
        self._events = events
        self._calendars = calendars
        self._clock = clock

    def run(self, member: str, subject: Subject) -> None:
        """Do the step that is due, if one is."""
        now = self._clock()
        cash_out = self._store.cash_out(member, subject)
        if cash_out is None or cash_out.due_at_ms > epoch_ms(now):
            return
        steps = {
            CashOutState.PLANNED: self._begin,
            CashOutState.REFRESHING: self._fix,
            CashOutState.HANDING_OVER: self._hand_over,
            CashOutState.HANDED: self._follow,
        }
        if cash_out.state in steps:
            steps[cash_out.state](cash_out, now)

    def _begin(self, cash_out: CashOut, now: datetime) -> None:
        """Ask the issuer what is left, if the cash-out is still wanted."""
        if self._wanted(cash_out, now) is None:
            return
        refreshed_id = ask(self._store, self._lanes, cash_out.member, (cash_out.subject.issuer,))
        if refreshed_id is None:
            self._leave(cash_out)
            return
        now_ms = epoch_ms(now)
        self._store.move(
            cash_out.moved(
                CashOutState.REFRESHING,
                now_ms + _FIRST_ANSWER_MS,
                refreshed_id=refreshed_id,
                refresh_asked_ms=now_ms,
            )
        )

    def _fix(self, cash_out: CashOut, now: datetime) -> None:
        """Fix what is handed over, by what the issuer said last."""
        known = self._wanted(cash_out, now)
        if known is None:
            return
        now_ms = epoch_ms(now)
        subject = cash_out.subject
        record = known.records.get(subject.issuer)
        fresh = record is not None and is_fresh(record, cash_out.refreshed_id)
        waits_until_ms = _waits_until_ms(cash_out)
        if not fresh and now_ms < waits_until_ms:
            due_at_ms = min(now_ms + _MORE_ANSWER_MS, waits_until_ms)
            self._store.move(cash_out.moved(CashOutState.REFRESHING, due_at_ms))
            return
        if record is not None and record.status in _UNUSABLE:
            self._miss(cash_out, _UNUSABLE[record.status], now_ms)
            return
        points = expiring_points(
            known.records, cash_out.refreshed_id, month_of(now.date()), subject.month
        )
        wanted = next((one.cashable for one in points if one.subject == subject), ())
        amount = sum(one.amount for one in wanted)
        cashout = known.settings.cashout
        if amount < max(cashout.minimum_amount or 0, 1):
            self._stop(cash_out, SPENT, now_ms)
            return
        account_id = cashout.account_id or ""
        fixed = cash_out.moved(
            CashOutState.HANDING_OVER,
            now_ms + _SEND_AGAIN_MS,
            wanted=wanted,
            amount=amount,
            account_id=account_id,
            account_words=account_in_words(known.accounts[account_id]),
        )
        # A member who switches it off at this moment is either in time, or too late.
        if self._store.move(fixed, wanted=known.settings):
            self._hand_over(fixed, now)

    def _hand_over(self, cash_out: CashOut, now: datetime) -> None:
        self._hand_overs.send(cash_out.hand_over())
        due_at_ms = epoch_ms(now) + wait_ms(0)
        self._store.move(cash_out.moved(CashOutState.HANDED, due_at_ms, looks=0))

    def _follow(self, cash_out: CashOut, now: datetime) -> None:
        """Look what came of it."""
        outcome = self._outcomes.outcome(cash_out.member, cash_out.key)
        if outcome.course is Course.DEPOSITED:
            self._done(cash_out, outcome, epoch_ms(now))
        elif outcome.course in POINTS_ARE_THE_MEMBERS:
            self._fallen_through(cash_out, outcome, now)
        else:
            if outcome.course is Course.PENDING:
                # Lost or slow: the same message under the same key does no harm.
                self._hand_overs.send(cash_out.hand_over())
            looks = cash_out.looks + 1
            due_at_ms = epoch_ms(now) + wait_ms(looks)
            self._store.move(cash_out.moved(CashOutState.HANDED, due_at_ms, looks=looks))

    def _fallen_through(self, cash_out: CashOut, outcome: CashOutOutcome, now: datetime) -> None:
        code = outcome.reason or ""
        follows = sequel(code)
        if follows is Sequel.FORGET:
            self._leave(cash_out)
        elif follows is Sequel.ACCOUNT_GONE:
            self._stop(cash_out, ACCOUNT_GONE, epoch_ms(now))
        else:
            refusals = cash_out.refusals + (follows is Sequel.TRY_AGAIN)
            again = follows is not Sequel.GIVE_UP and refusals < MOST_REFUSALS
            calendar = self._calendars.calendar()
            day = next_day_for(now, cash_out.subject.month, calendar) if again else None
            if day is None:
                self._miss(cash_out, code, epoch_ms(now))
            else:
                planned = cash_out.moved(
                    CashOutState.PLANNED,
                    starts_ms(day),
                    attempt=cash_out.attempt + 1,
                    refusals=refusals,
                    reason=code,
                )
                self._store.move(planned)

    def _wanted(self, cash_out: CashOut, now: datetime) -> Known | None:
        """Return what is known if the cash-out can still begin; ends it otherwise."""
        now_ms = epoch_ms(now)
        known = self._store.known(cash_out.member, month_of(now.date()))
        if known is None:
            self._leave(cash_out)
            return None
        cashout = known.settings.cashout
        if not cashout.enabled:
            self._stop(cash_out, SWITCHED_OFF, now_ms)
        elif cashout.account_id not in known.accounts:
            self._stop(cash_out, ACCOUNT_GONE, now_ms)
        elif now_ms >= too_late_ms(cash_out.subject.month):
            self._miss(cash_out, MONTH_OVER, now_ms)
        else:
            return known
        return None

    def _leave(self, cash_out: CashOut) -> None:
        """End it without a word: there is nobody to tell."""
        self._store.move(cash_out.moved(CashOutState.STOPPED))

    def _stop(self, cash_out: CashOut, reason: str, now_ms: int) -> None:
        told = words(CASHOUT_STOPPED[reason], cash_out.subject, cash_out.amount)
        self._end(cash_out, CashOutState.STOPPED, NoticeKind.CASHOUT_STOPPED, told, now_ms, reason)

    def _miss(self, cash_out: CashOut, code: str, now_ms: int) -> None:
        over = now_ms >= month_over_ms(cash_out.subject.month)
        told = words(
            CASHOUT_FAILED,
            cash_out.subject,
            cash_out.amount,
            why=why(code),
            hint=words(HINT_OVER if over else HINT_BY_HAND, cash_out.subject, cash_out.amount),
        )
        self._end(cash_out, CashOutState.MISSED, NoticeKind.CASHOUT_FAILED, told, now_ms, code)

    def _done(self, cash_out: CashOut, outcome: CashOutOutcome, now_ms: int) -> None:
        told = words(CASHOUT_DONE, cash_out.subject, cash_out.amount, account=cash_out.account)
        transfer_id = outcome.transfer_id
        self._end(
            cash_out, CashOutState.DONE, NoticeKind.CASHOUT_DONE, told, now_ms, "", transfer_id
        )

    def _end(
        self,
        cash_out: CashOut,
        state: CashOutState,
        kind: NoticeKind,
        told: Text,
        now_ms: int,
        reason: str,
        transfer_id: str | None = None,
    ) -> None:
        ended = cash_out.moved(state, reason=reason, transfer_id=transfer_id or "")
        notice = Notice.new(
            cash_out.member, kind, cash_out.subject, cash_out.amount, told, now_ms, transfer_id
        )
        if self._store.move(ended, notice):
            logger.info("cash-out ended", extra={"state": state.value, "reason": reason})
            self._events.soon([notice])


def _waits_until_ms(cash_out: CashOut) -> int:
    """Return how long to wait for the issuer: not so long that the points are gone."""
    in_time_ms = too_late_ms(cash_out.subject.month) - _MORE_ANSWER_MS
    return min(cash_out.refresh_asked_ms + PATIENCE_MS, in_time_ms)
