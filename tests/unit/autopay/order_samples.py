"""Samples of orders, of cards and bills as the switch lists them, and of its answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from autopay.orders import Order, OrderKey, OrderKind, OrderState
from autopay.schedule import BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD
from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import Progress

# A Friday: processed on Monday, the result on Wednesday.
MORNING = datetime(2026, 11, 20, 10, tzinfo=SEOUL)
MORNING_MS = epoch_ms(MORNING)
TODAY = MORNING.date()
PROCESS_ON = date(2026, 11, 23)
RESULT_ON = date(2026, 11, 25)
RESULT_DAY_MS = epoch_ms(datetime(2026, 11, 25, tzinfo=SEOUL))
MEMBER = "M#0123456789abcdef0123456789abcdef"
ORDER_ID = "ord_019aaaaa-0000-7000-8000-000000000001"
SWITCH_ID = "019aaaaa000070008000000000000001"
KEY = OrderKey(MEMBER, ORDER_ID)


def an_order(
    state: OrderState = OrderState.ACCEPTED,
    *,
    version: int = 0,
    tries: int = 0,
    sent_at_ms: int | None = None,
    not_before_ms: int = MORNING_MS,
    **changes: Any,
) -> Order:
    """Return an order of Friday morning that moves a telecom bill to another card."""
    usual: dict[str, Any] = {
        "key": KEY,
        "kind": OrderKind.CHANGE,
        "autopay_id": "apy_1",
        "category": "TELECOM",
        "to_card_ref": "crd_2",
        "requested_at_ms": MORNING_MS,
        "process_on": PROCESS_ON,
        "result_on": RESULT_ON,
        "real_time": False,
        "warnings": (BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD),
        "sealed_ci": b"sealed ci",
    }
    progress = Progress(state, version, tries, sent_at_ms, not_before_ms)
    return Order(**{**usual, **changes}, progress=progress)


def a_real_time_order(state: OrderState = OrderState.ACCEPTED, **changes: Any) -> Order:
    """Return an order that is carried out at once."""
    usual = {"category": "APARTMENT_FEE", "real_time": True}
    days = {"process_on": TODAY, "result_on": TODAY}
    return an_order(state, **{**usual, **days, **changes})


def a_listed_card(**changes: Any) -> dict[str, Any]:
    """Return a card as the switch lists it."""
    usual = {
        "card_ref": "crd_1",
        "issuer_code": "kb",
        "card_name": "KB국민 다담카드",
        "masked_number": "1234-56**-****-7890",
        "kind": "PERSONAL",
        "type": "CREDIT",
        "status": "ACTIVE",
    }
    return {**usual, **changes}


def a_listed_bill(**changes: Any) -> dict[str, Any]:
    """Return a registration as the switch lists it."""
    usual = {
        "autopay_id": "apy_1",
        "category": "TELECOM",
        "biller_code": "SKT",
        "biller_name": "SK텔레콤",
        "biller_phone": "080-011-6000",
        "biller_customer_ref": "010-****-5678",
        "card_ref": "crd_1",
        "last_charged_on": "20261025",
        "next_charge_on": "20261225",
        "changeable": True,
    }
    return {**usual, **changes}
