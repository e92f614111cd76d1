"""What a member is promised before confirming: when the cash arrives, and why then (R-P1, R-P7).

The promise of each leg is made from the moment of the application, shown, and
kept (R-T3). Which days an issuer pays at once on is the table below; its
cut-off is in ``issuers.json``.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL
from modupoint.issuers import CashArrival, Issuer
from modupoint.text import Text, text

DEPOSITS_OPEN = time(0, 30)
"""From here on the bank deposits (R-P7)."""
DEPOSITS_CLOSE = time(23, 30)
"""From here on it does not (R-P7)."""


class Promise(NamedTuple):
    """When one leg's cash is promised, in Asia/Seoul, and why then.

    ``at_once`` says that the promise is the moment of the application itself.
    """

    promised_at: datetime
    reason: Text
    at_once: bool


class _PaysAtOnce(NamedTuple):
    """On which days an issuer pays at once, until its cut-off if it has one."""

    on_business_days: bool
    on_holidays: bool


_PAYS_AT_ONCE: dict[CashArrival, _PaysAtOnce] = {
    CashArrival.AT_ONCE: _PaysAtOnce(on_business_days=True, on_holidays=True),
    CashArrival.AT_ONCE_BEFORE: _PaysAtOnce(on_business_days=True, on_holidays=True),
    CashArrival.AT_ONCE_ON_BUSINESS_DAYS_BEFORE: _PaysAtOnce(
        on_business_days=True, on_holidays=False
    ),
    CashArrival.NEXT_BUSINESS_DAY: _PaysAtOnce(on_business_days=False, on_holidays=False),
}

_AT_ONCE = text("신청 즉시 입금됩니다.", "Paid at once.")
_MAINTENANCE = text(
    "은행 점검 시간(23:30~00:30)이 끝나는 대로 입금됩니다.",
    "Paid as soon as the bank's maintenance (23:30 to 00:30) is over.",
)
_NEVER_AT_ONCE = text(
    "이 포인트는 항상 다음 영업일에 입금됩니다.",
    "These points are always paid on the next business day.",
)
_HOLIDAY = text(
    "주말이나 공휴일 신청은 다음 영업일에 입금됩니다.",
    "Applied for on a weekend or a holiday: paid on the next business day.",
)
_CUT_OFF = text(
    "{cut_off} 이후 신청은 다음 영업일에 입금됩니다.",
    "Applied for at {cut_off} or later: paid on the next business day.",
)


def promise(issuer: Issuer, applied_at: datetime, calendar: BusinessCalendar) -> Promise:
    """Return when an issuer's points will be cash in the bank account (R-P1, R-P7).

    Parameters
    ----------
    applied_at
        When the member confirms; an aware time. Its date in Seoul is the day that counts,
        so 00:10 belongs to the day just begun.

    Raises
    ------
    ValueError
        If ``applied_at`` has no time zone.
    OutsideCalendarError
        If the calendar does not reach as far as the promise.
    """
    moment = _in_seoul(applied_at)
    deferral = _deferral(issuer, moment, calendar)
    if deferral is not None:
        next_day = calendar.next_business_day(moment.date())
        return Promise(_at(next_day, DEPOSITS_OPEN), deferral, at_once=False)
    promised_at = deposit_open_from(moment)
    if promised_at == moment:
        return Promise(moment, _AT_ONCE, at_once=True)
    return Promise(promised_at, _MAINTENANCE, at_once=False)


def deposit_open_from(moment: datetime) -> datetime:
    """Return the moment itself while the bank deposits, else the next 00:30 in Seoul (R-P7).

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    moment = _in_seoul(moment)
    if moment.time() < DEPOSITS_OPEN:
        return _at(moment.date(), DEPOSITS_OPEN)
    if moment.time() < DEPOSITS_CLOSE:
        return moment
    return _at(moment.date() + timedelta(days=1), DEPOSITS_OPEN)


def _deferral(issuer: Issuer, moment: datetime, calendar: BusinessCalendar) -> Text | None:
    """Return why the cash waits for the next business day, or None if it does not."""
    pays_at_once = _PAYS_AT_ONCE[issuer.arrival]
    if not (pays_at_once.on_business_days or pays_at_once.on_holidays):
        return _NEVER_AT_ONCE
    if not pays_at_once.on_holidays and not calendar.is_business_day(moment.date()):
        return _HOLIDAY
    # "Before 20:00": on the second it is too late.
    if issuer.cut_off is not None and moment.time() >= time.fromisoformat(issuer.cut_off):
        return text(
            _CUT_OFF["ko"].format(cut_off=issuer.cut_off),
            _CUT_OFF["en"].format(cut_off=issuer.cut_off),
        )
    return None


def _in_seoul(moment: datetime) -> datetime:
    # A naive time would be read in the machine's own zone.
    if moment.tzinfo is None:
        raise ValueError("an aware time")
    return moment.astimezone(SEOUL)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SEOUL)
