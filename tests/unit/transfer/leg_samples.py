"""Samples of legs and of what partners answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import Progress
from modupoint.partner import Outcome, PartnerAnswer
from transfer.legs import BankTran, Leg, LegItem, LegKey, LegState
from transfer.transfer_items import ShownAccount, Transfer

# A Sunday on which the bank is open.
NOON = datetime(2026, 11, 22, 12, tzinfo=SEOUL)
NOON_MS = epoch_ms(NOON)
TODAY = NOON.date()
MEMBER = "M#0123456789abcdef0123456789abcdef"
TRANSFER_ID = "trf_019aaaaa-0000-7000-8000-000000000001"
LEG_ID = "leg_019aaaaa-0000-7000-8000-000000000002"
REDEMPTION_ID = "019aaaaa000070008000000000000002"
TRAN = BankTran("M202600001U000000001", TODAY)
ACCOUNT = ShownAccount("acc_1", "004", "KB국민은행", "123*********34", "홍*동")
NOT_ANSWERED = tuple(outcome for outcome in Outcome if outcome is not Outcome.ANSWERED)


def a_leg(
    state: LegState = LegState.ACCEPTED,
    *,
    issuer: str = "kb",
    amount: int = 500,
    version: int = 0,
    tries: int = 0,
    sent_at_ms: int | None = None,
    not_before_ms: int = NOON_MS,
    **changes: Any,
) -> Leg:
    """Return a leg of an application made at noon, promised at once."""
    usual: dict[str, Any] = {
        "key": LegKey(MEMBER, TRANSFER_ID, issuer),
        "leg_id": LEG_ID,
        "items": (LegItem("POINTREE", amount),),
        "requested_at_ms": NOON_MS,
        "promised_at_ms": NOON_MS,
        "redemption_id": REDEMPTION_ID,
        "guard_day": TODAY,
        "bank_code": "004",
        "sealed_ci": b"sealed ci",
        "sealed_account": b"sealed account",
    }
    progress = Progress(state, version, tries, sent_at_ms, not_before_ms)
    return Leg(**{**usual, **changes}, progress=progress)


def a_transfer() -> Transfer:
    """Return the header of that application."""
    return Transfer(MEMBER, TRANSFER_ID, NOON_MS, ACCOUNT, "key", "0" * 64)


def answered(body: dict[str, Any], status: int = 200) -> PartnerAnswer:
    """Return an answer that came."""
    return PartnerAnswer(Outcome.ANSWERED, status, body, None, f"http {status}", 20)


def ended(outcome: Outcome, retry_after_s: int | None = None) -> PartnerAnswer:
    """Return the end of a call that brought no answer."""
    status = 503 if outcome is Outcome.TRY_LATER else None
    return PartnerAnswer(outcome, status, {}, retry_after_s, outcome.name, 20)


def day(text: str) -> date:
    """Return a date."""
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """Return a time in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
