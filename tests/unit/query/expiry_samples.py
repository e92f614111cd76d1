"""Members with expiring points for tests, with what does not matter filled in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from modupoint.accounts import Account
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import SEOUL, epoch_ms
from query.cash_out import CashOut
from query.expiry import Known
from query.expiry_settings import Alerts, AutoCashout, ExpirySettings, Step
from query.inquiry import Status
from query.notices import NoticeKind, Subject
from tests.unit.query.lookup_samples import a_balance, a_record, an_id

if TYPE_CHECKING:
    from query.lookups import IssuerRecord

MEMBER = "M#1"
CALENDAR = BusinessCalendar()
NOW = datetime(2027, 3, 10, 2, 30, tzinfo=SEOUL)
NOW_MS = epoch_ms(NOW)
MARCH = "2027-03"
KB_MARCH = Subject("kb", MARCH)
REFRESHED = an_id(NOW_MS - 15 * 60_000)
ACCOUNT = Account("acc_1", "004", "국민", "***-1234", "홍*동", "2026-11-01T00:00:00+09:00", b"x")


def settings(
    *,
    lead: int | None = 2,
    account: str | None = None,
    minimum: int = 0,
    step: Step = Step.DECIDE,
    due_ms: int = NOW_MS,
) -> ExpirySettings:
    """Return what a member wants: alerts if there is a lead, cash-out if there is an account."""
    return ExpirySettings(
        MEMBER,
        Alerts(enabled=lead is not None, lead_months=lead),
        AutoCashout(enabled=account is not None, account_id=account, minimum_amount=minimum),
        step,
        due_ms,
        version=1,
        refreshed_id=REFRESHED,
        refresh_asked_ms=NOW_MS - 15 * 60_000,
    )


def points(**months: int) -> dict[str, Any]:
    """Return a balance by months such as ``m2027_03=500``."""
    rows = [
        {"month": month[1:].replace("_", "-"), "amount": amount} for month, amount in months.items()
    ]
    total = sum(months.values())
    return a_balance(remaining=total, transferable=total, expirations=rows)


def answer(*balances: dict[str, Any], issuer: str = "kb", **changes: Any) -> IssuerRecord:
    """Return an issuer's answer to the last refresh."""
    lookup_id = changes.pop("lookup_id", REFRESHED)
    status = changes.pop("status", Status.OK)
    return a_record(lookup_id, status, *balances, issuer=issuer, **changes)


def known(
    *records: IssuerRecord,
    wanted: ExpirySettings | None = None,
    accounts: tuple[Account, ...] = (ACCOUNT,),
    cash_outs: tuple[CashOut, ...] = (),
    told: frozenset[tuple[NoticeKind, Subject]] = frozenset(),
) -> Known:
    """Return what is known of a member."""
    return Known(
        wanted or settings(),
        {one.issuer: one for one in records},
        {one.account_id: one for one in accounts},
        cash_outs,
        told,
    )


def a_cash_out(**changes: Any) -> CashOut:
    """Return a cash-out that is due."""
    given = {
        "member": MEMBER,
        "subject": KB_MARCH,
        "plan_id": "csh_1",
        "amount": 500,
        "due_at_ms": NOW_MS,
    }
    return CashOut(**{**given, **changes})
