"""What is to be told and planned about a member's expiring points (R-E1, R-E3, R-E4).

Pure. Points of a month are gone when the month is over. From the last known
balances, what the member wants and what was told and planned before, it follows
what is new: deciding again after that gives nothing, so a scan that is repeated,
doubled or broken off neither doubles nor misses.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import NamedTuple

from modupoint.accounts import Account
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import at_ms, epoch_ms
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.text import Text, text
from query.cash_out import CashOut, CashOutState, Wanted
from query.cash_out_days import first_day_for, starts_ms
from query.expirations import expiring_by_month
from query.expiry_settings import ExpirySettings
from query.inquiry import Balance, Status
from query.lookups import IssuerRecord
from query.notice_words import (
    ACCOUNT_GONE,
    CASHOUT_PLANNED,
    CASHOUT_STOPPED,
    CASHOUT_TOO_LATE,
    EXPIRING,
    EXPIRING_AS_OF,
    HINT_CASHABLE,
    HINT_NOT_CASHABLE,
)
from query.notices import Notice, NoticeKind, Subject, day_in_words, month_of, months_later, words

type Told = AbstractSet[tuple[NoticeKind, Subject]]


class ExpiringPoints(NamedTuple):
    """An issuer's points that expire in a month.

    ``amount`` counts all kinds, ``cashable`` what of them could become cash now.
    ``as_of_ms`` is the business time the balances were true at; ``fresh`` says that
    the issuer answered when it was asked last.
    """

    subject: Subject
    amount: int
    cashable: tuple[Wanted, ...]
    as_of_ms: int
    fresh: bool

    @property
    def cash(self) -> int:
        """KRW that could become cash now."""
        return sum(one.amount for one in self.cashable)


class Resolution(NamedTuple):
    """One thing that is new: a notice and, if it announces one, the cash-out."""

    notice: Notice
    cash_out: CashOut | None = None


class Known(NamedTuple):
    """What is known of a member when it is decided."""

    settings: ExpirySettings
    records: Mapping[str, IssuerRecord]
    accounts: Mapping[str, Account]
    cash_outs: tuple[CashOut, ...]
    told: Told


def unanswered(records: Mapping[str, IssuerRecord], refreshed_id: str) -> tuple[str, ...]:
    """Return the issuers that have not answered since balances were asked for."""
    return tuple(
        code for code in ISSUERS if code not in records or not is_fresh(records[code], refreshed_id)
    )


def is_fresh(record: IssuerRecord, refreshed_id: str) -> bool:
    """Say whether an issuer's balances are no older than the lookup of this id."""
    return record.lookup_id >= refreshed_id and record.status is not Status.UNAVAILABLE


def expiring_points(
    records: Mapping[str, IssuerRecord], refreshed_id: str, first_month: str, last_month: str
) -> list[ExpiringPoints]:
    """Return what expires in some months, the first month first, issuers in members' order."""
    found: list[ExpiringPoints] = []
    for code in ISSUERS:
        record = records.get(code)
        if record is not None and record.balances is not None:
            found += _of_issuer(record, refreshed_id, first_month, last_month)
    return sorted(found, key=lambda one: one.subject.month)


def decide(known: Known, now: datetime, calendar: BusinessCalendar) -> list[Resolution]:
    """Return what is new for a member: notices to give and cash-outs to plan.

    Parameters
    ----------
    now
        Business time in Seoul.

    Raises
    ------
    OutsideCalendarError
        If the calendar does not reach as far as a cash-out.
    """
    settings = known.settings
    this_month = month_of(now.date())
    points = expiring_points(
        known.records,
        settings.refreshed_id,
        this_month,
        months_later(this_month, settings.lead_months),
    )
    new: list[Resolution] = []
    if settings.alerts.enabled:
        new += _alerts(known, points, epoch_ms(now))
    if settings.cashout.enabled:
        new += _cash_outs(known, points, now, calendar)
    return new


def _of_issuer(
    record: IssuerRecord, refreshed_id: str, first_month: str, last_month: str
) -> Iterable[ExpiringPoints]:
    amounts: defaultdict[str, int] = defaultdict(int)
    cashable: defaultdict[str, list[Wanted]] = defaultdict(list)
    balances: list[Balance] = json.loads(record.balances or "[]")
    for balance in balances:
        left = balance["transferable"]
        for month, amount in sorted(expiring_by_month(balance).items()):
            if not first_month <= month <= last_month:
                continue
            amounts[month] += amount
            # What expires first goes first: the same points are not planned for two months.
            cash = min(amount, left)
            left -= cash
            if cash:
                cashable[month].append(Wanted(balance["code"], cash))
    for month, amount in amounts.items():
        yield ExpiringPoints(
            Subject(record.issuer, month),
            amount,
            tuple(cashable[month]),
            record.balances_at_ms or record.answered_at_ms,
            is_fresh(record, refreshed_id),
        )


def _alerts(known: Known, points: list[ExpiringPoints], now_ms: int) -> Iterable[Resolution]:
    for one in points:
        if (NoticeKind.EXPIRING, one.subject) in known.told:
            continue
        told = words(
            EXPIRING if one.fresh else EXPIRING_AS_OF,
            one.subject,
            one.amount,
            hint=HINT_CASHABLE if one.cash else HINT_NOT_CASHABLE,
            as_of=day_in_words(at_ms(one.as_of_ms).date()),
        )
        yield Resolution(_notice(known, NoticeKind.EXPIRING, one.subject, one.amount, told, now_ms))


def _cash_outs(
    known: Known, points: list[ExpiringPoints], now: datetime, calendar: BusinessCalendar
) -> Iterable[Resolution]:
    cashout = known.settings.cashout
    account = known.accounts.get(cashout.account_id or "")
    planned = {one.subject for one in known.cash_outs}
    taken = _taken_days(known.cash_outs)
    now_ms = epoch_ms(now)
    for one in points:
        if one.subject in planned or one.cash < max(cashout.minimum_amount or 0, 1):
            continue
        day = first_day_for(now, one.subject.month, calendar, taken[one.subject.issuer])
        if account is not None and day is not None:
            taken[one.subject.issuer].add(day)
            yield _plan(known, one, account, day, now_ms)
            continue
        kind, template = (
            (NoticeKind.CASHOUT_NO_ACCOUNT, CASHOUT_STOPPED[ACCOUNT_GONE])
            if account is None
            else (NoticeKind.CASHOUT_TOO_LATE, CASHOUT_TOO_LATE)
        )
        if (kind, one.subject) not in known.told:
            told = words(template, one.subject, one.cash)
            yield Resolution(_notice(known, kind, one.subject, one.cash, told, now_ms))


def _plan(
    known: Known, one: ExpiringPoints, account: Account, day: date, now_ms: int
) -> Resolution:
    name = account_in_words(account)
    told = words(
        CASHOUT_PLANNED,
        one.subject,
        one.cash,
        day=day_in_words(day),
        account=text(name, name),
    )
    notice = _notice(known, NoticeKind.CASHOUT_PLANNED, one.subject, one.cash, told, now_ms)
    cash_out = CashOut(known.settings.member, one.subject, new_id("csh"), one.cash, starts_ms(day))
    return Resolution(notice, cash_out)


def account_in_words(account: Account) -> str:
    """Return an account as its owner knows it: the bank and the masked number."""
    return f"{account.bank_name} {account.masked_number}"


def _taken_days(cash_outs: Iterable[CashOut]) -> defaultdict[str, set[date]]:
    taken: defaultdict[str, set[date]] = defaultdict(set)
    for one in cash_outs:
        if one.state is CashOutState.PLANNED:
            taken[one.subject.issuer].add(at_ms(one.due_at_ms).date())
    return taken


def _notice(
    known: Known, kind: NoticeKind, subject: Subject, amount: int, told: Text, now_ms: int
) -> Notice:
    return Notice.new(known.settings.member, kind, subject, amount, told, now_ms)
