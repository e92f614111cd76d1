"""When cash is promised, to the second (R-P1), in the bank's hours (R-P7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.business_calendar import BusinessCalendar, OutsideCalendarError
from modupoint.clock import SEOUL
from modupoint.issuers import ISSUERS, CashArrival
from transfer import promises
from transfer.promises import Promise, deposit_open_from, promise

CALENDAR = BusinessCalendar()

# Transcribed from the rules by hand.
ALWAYS_AT_ONCE = ("shinhan", "kb", "woori", "bc", "nonghyup")
ALWAYS_NEXT = ("samsung", "citi", "epost")
BUSINESS_DAYS_BEFORE = {"hana": time(20), "lotte": time(22, 30)}
EVERY_DAY_BEFORE = {"hyundai": time(23)}


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


def promised(code: str, applied: str, calendar: BusinessCalendar = CALENDAR) -> Promise:
    return promise(ISSUERS[code], at(applied), calendar)


moments = st.datetimes(
    datetime(2021, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2045, 11, 30),  # noqa: DTZ001
    timezones=st.just(SEOUL),
)
# The seconds around every cut-off are where promises go wrong.
edges = st.builds(
    lambda day, edge, off: datetime.combine(day, edge, SEOUL) + timedelta(microseconds=off),
    st.dates(date(2021, 1, 2), date(2045, 11, 30)),
    st.sampled_from(
        [time(0), time(0, 30), time(20), time(22, 30), time(23), time(23, 30), time(12)]
    ),
    st.sampled_from([-1_000_000, -1, 0, 1, 1_000_000]),
)
any_moment = moments | edges
codes = st.sampled_from(list(ISSUERS))


def test_every_issuer_is_in_one_of_the_four_kinds_r_p1() -> None:
    kinds = [*ALWAYS_AT_ONCE, *ALWAYS_NEXT, *BUSINESS_DAYS_BEFORE, *EVERY_DAY_BEFORE]
    assert sorted(kinds) == sorted(ISSUERS)
    assert set(promises._PAYS_AT_ONCE) == set(CashArrival)


# Friday 2026-11-20 to Monday 11-23 is an ordinary weekend.
@pytest.mark.parametrize(
    ("code", "applied", "arrives"),
    [
        # 20:00 sharp is after.
        ("hana", "2026-11-19T19:59:59", "2026-11-19T19:59:59"),
        ("hana", "2026-11-19T19:59:59.999999", "2026-11-19T19:59:59.999999"),
        ("hana", "2026-11-19T20:00:00", "2026-11-20T00:30:00"),
        ("hana", "2026-11-20T20:00:00", "2026-11-23T00:30:00"),
        # So is 22:30.
        ("lotte", "2026-11-19T22:29:59", "2026-11-19T22:29:59"),
        ("lotte", "2026-11-19T22:30:00", "2026-11-20T00:30:00"),
        ("lotte", "2026-11-20T22:30:00", "2026-11-23T00:30:00"),
        # And 23:00, on holidays too; after it, the next business day and not the next day.
        ("hyundai", "2026-11-20T22:59:59", "2026-11-20T22:59:59"),
        ("hyundai", "2026-11-20T23:00:00", "2026-11-23T00:30:00"),
        ("hyundai", "2026-11-20T23:10:00", "2026-11-23T00:30:00"),
        ("hyundai", "2026-11-21T22:59:59", "2026-11-21T22:59:59"),
        ("hyundai", "2026-11-21T23:10:00", "2026-11-23T00:30:00"),
        ("hyundai", "2026-11-22T23:45:00", "2026-11-23T00:30:00"),
        # A Saturday and a Sunday.
        ("hana", "2026-11-21T10:00:00", "2026-11-23T00:30:00"),
        ("lotte", "2026-11-22T10:00:00", "2026-11-23T00:30:00"),
        ("kb", "2026-11-22T10:00:00", "2026-11-22T10:00:00"),
        # The bank's maintenance.
        ("kb", "2026-11-20T23:29:59", "2026-11-20T23:29:59"),
        ("kb", "2026-11-20T23:30:00", "2026-11-21T00:30:00"),
        ("kb", "2026-11-21T00:00:00", "2026-11-21T00:30:00"),
        ("kb", "2026-11-21T00:29:59", "2026-11-21T00:30:00"),
        ("kb", "2026-11-21T00:30:00", "2026-11-21T00:30:00"),
        # 00:10 is of the day just begun: before its cut-off, on a business day or not.
        ("hana", "2026-11-20T00:10:00", "2026-11-20T00:30:00"),
        ("hana", "2026-11-21T00:10:00", "2026-11-23T00:30:00"),
        ("lotte", "2026-11-23T00:10:00", "2026-11-23T00:30:00"),
        ("hyundai", "2026-11-21T00:10:00", "2026-11-21T00:30:00"),
        # Always the next business day.
        ("samsung", "2026-11-19T09:00:00", "2026-11-20T00:30:00"),
        ("citi", "2026-11-20T00:10:00", "2026-11-23T00:30:00"),
        ("epost", "2026-11-22T23:50:00", "2026-11-23T00:30:00"),
        ("samsung", "2026-11-23T00:00:00", "2026-11-24T00:30:00"),
        # Chuseok, Seollal, substitutes.
        ("hana", "2026-09-23T20:00:00", "2026-09-28T00:30:00"),
        ("hana", "2026-09-25T10:00:00", "2026-09-28T00:30:00"),
        ("samsung", "2026-02-13T10:00:00", "2026-02-19T00:30:00"),
        ("shinhan", "2026-02-17T10:00:00", "2026-02-17T10:00:00"),
        ("lotte", "2026-10-05T10:00:00", "2026-10-06T00:30:00"),
        ("lotte", "2025-10-02T22:30:00", "2025-10-10T00:30:00"),
        # Labour Day, before and since it is public.
        ("hana", "2025-05-01T10:00:00", "2025-05-02T00:30:00"),
        ("hana", "2026-04-30T20:00:00", "2026-05-04T00:30:00"),
        # Election days.
        ("hana", "2026-06-03T10:00:00", "2026-06-04T00:30:00"),
        ("citi", "2025-06-02T10:00:00", "2025-06-04T00:30:00"),
        # The year's end.
        ("hyundai", "2026-12-31T23:00:00", "2027-01-04T00:30:00"),
        ("epost", "2026-12-31T10:00:00", "2027-01-04T00:30:00"),
        ("kb", "2026-12-31T23:59:59", "2027-01-01T00:30:00"),
    ],
)
def test_the_promise_of_an_application_r_p1_r_p7(code: str, applied: str, arrives: str) -> None:
    made = promised(code, applied)
    assert made.promised_at == at(arrives)
    assert made.at_once == (applied == arrives)


def test_a_temporary_holiday_moves_the_promise_r_t4() -> None:
    calendar = BusinessCalendar([date(2026, 11, 23)])
    assert promised("samsung", "2026-11-20T10:00", calendar).promised_at == at("2026-11-24T00:30")
    assert promised("hana", "2026-11-23T10:00", calendar).promised_at == at("2026-11-24T00:30")
    assert promised("kb", "2026-11-23T10:00", calendar).at_once


@pytest.mark.parametrize(
    ("code", "applied", "korean", "english"),
    [
        ("kb", "2026-11-22T10:00", "즉시", "at once"),
        ("hana", "2026-11-20T21:00", "20:00 이후", "at 20:00 or later"),
        ("lotte", "2026-11-20T23:40", "22:30 이후", "at 22:30 or later"),
        ("hyundai", "2026-11-21T23:10", "23:00 이후", "at 23:00 or later"),
        ("hana", "2026-11-22T21:00", "주말이나 공휴일", "weekend or a holiday"),
        ("hana", "2026-09-25T00:10", "주말이나 공휴일", "weekend or a holiday"),
        ("samsung", "2026-11-22T23:50", "항상 다음 영업일", "always paid on the next"),
        ("bc", "2026-11-20T23:40", "점검 시간(23:30~00:30)", "maintenance (23:30 to 00:30)"),
        ("hana", "2026-11-20T00:10", "점검 시간(23:30~00:30)", "maintenance (23:30 to 00:30)"),
    ],
)
def test_the_reason_says_why_in_both_languages_r_t3(
    code: str, applied: str, korean: str, english: str
) -> None:
    reason = promised(code, applied).reason
    assert korean in reason["ko"]
    assert english in reason["en"]


def test_a_time_of_another_zone_counts_by_its_time_in_seoul() -> None:
    # 15:10 on Thursday in Greenwich is 00:10 on Friday in Seoul.
    made = promise(ISSUERS["hana"], datetime(2026, 11, 19, 15, 10, tzinfo=UTC), CALENDAR)
    assert made.promised_at.isoformat() == "2026-11-20T00:30:00+09:00"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = at("2026-11-20T10:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        promise(ISSUERS["kb"], naive, CALENDAR)
    with pytest.raises(ValueError, match="aware"):
        deposit_open_from(naive)


def test_nothing_is_promised_for_days_nobody_knows() -> None:
    with pytest.raises(OutsideCalendarError):
        promised("samsung", "2045-12-31T10:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T00:00:00", "2026-11-20T00:30:00"),
        ("2026-11-20T00:29:59.999999", "2026-11-20T00:30:00"),
        ("2026-11-20T00:30:00", "2026-11-20T00:30:00"),
        ("2026-11-20T23:29:59.999999", "2026-11-20T23:29:59.999999"),
        ("2026-11-20T23:30:00", "2026-11-21T00:30:00"),
        ("2026-12-31T23:59:59", "2027-01-01T00:30:00"),
    ],
)
def test_deposits_are_open_from_half_past_midnight_to_half_past_eleven_r_p7(
    moment: str, opens: str
) -> None:
    assert deposit_open_from(at(moment)) == at(opens)


def by_the_rules(code: str, applied: datetime, calendar: BusinessCalendar) -> datetime:
    """Return the promise as the rules tell it, in minutes of the day and day by day."""
    minute = applied.hour * 60 + applied.minute
    midnight = applied.replace(hour=0, minute=0, second=0, microsecond=0)
    business_day = calendar.is_business_day(midnight.date())
    cut_off = {"hana": 1200, "lotte": 1350, "hyundai": 1380}.get(code, 1440)
    waits = (
        code in ALWAYS_NEXT
        or minute >= cut_off
        or (code in BUSINESS_DAYS_BEFORE and not business_day)
    )
    if waits:
        midnight += timedelta(days=1)
        while not calendar.is_business_day(midnight.date()):
            midnight += timedelta(days=1)
    elif 30 <= minute < 1410:
        return applied
    elif minute >= 1410:
        midnight += timedelta(days=1)
    return midnight + timedelta(minutes=30)


@given(codes, any_moment, st.sets(st.integers(0, 10), max_size=4))
def test_promises_are_those_of_the_rules_r_p1_r_p7(
    code: str, applied: datetime, closed: set[int]
) -> None:
    calendar = BusinessCalendar(applied.date() + timedelta(days=one) for one in closed)
    made = promise(ISSUERS[code], applied, calendar)
    assert made.promised_at == by_the_rules(code, applied, calendar)
    assert made.at_once == (made.promised_at == applied)


@given(codes, any_moment)
def test_a_promise_is_never_in_the_past_and_always_in_the_banks_hours_r_p7(
    code: str, applied: datetime
) -> None:
    made = promise(ISSUERS[code], applied, CALENDAR)
    assert made.promised_at >= applied
    assert made.promised_at == deposit_open_from(made.promised_at)
    assert time(0, 30) <= made.promised_at.time() < time(23, 30)


# Hyundai is told apart: Friday 23:10 waits for Monday, Saturday morning is paid at once.
@given(
    codes.filter(lambda code: code not in EVERY_DAY_BEFORE),
    any_moment,
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_applying_later_never_brings_the_cash_earlier(
    code: str, applied: datetime, later: timedelta
) -> None:
    issuer = ISSUERS[code]
    first = promise(issuer, applied, CALENDAR).promised_at
    assert promise(issuer, applied + later, CALENDAR).promised_at >= first


@given(codes, any_moment)
def test_what_waits_is_paid_on_a_business_day_unless_only_the_bank_rests(
    code: str, applied: datetime
) -> None:
    made = promise(ISSUERS[code], applied, CALENDAR)
    if not made.at_once and made.reason is not promises._MAINTENANCE:
        assert CALENDAR.is_business_day(made.promised_at.date())
        assert CALENDAR.business_days_between(applied.date(), made.promised_at.date()) == 1
