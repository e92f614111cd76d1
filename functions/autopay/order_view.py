"""Orders, cards and registrations as members see them (public API, Autopay). Pure."""

from datetime import date, datetime
from typing import Any

from autopay.catalogue import CARD_ISSUERS, CATEGORIES
from autopay.orders import FINAL, Order, OrderState, withdrawable_until
from autopay.schedule import WARNINGS, warnings_of
from autopay.switch_answers import Card, Registration
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import at_ms, rfc3339
from modupoint.text import Text, text

_STATUSES: dict[OrderState, str] = {
    OrderState.ACCEPTED: "ACCEPTED",
    OrderState.PLACING: "ACCEPTED",
    OrderState.COMPLETED: "COMPLETED",
    OrderState.REJECTED: "REJECTED",
    OrderState.WITHDRAWN: "WITHDRAWN",
}
"""All others but PLACED are outcomes that are not known yet."""

_REASONS: dict[str, Text] = {
    "corporate_card": text(
        "법인카드의 자동납부는 바꿀 수 없어요.", "Autopay of corporate cards cannot be changed."
    ),
    "category_not_open": text(
        "아직 열리지 않은 납부 종류예요.", "This kind of bills is not open yet."
    ),
    "order_open": text(
        "이 납부에 처리 중인 다른 신청이 있어요.", "Another order for this bill is under way."
    ),
    "card_not_active": text("사용할 수 없는 카드예요.", "The card is not active."),
    "registration_not_found": text(
        "자동납부 등록을 찾을 수 없어요.", "The registration was not found."
    ),
    "switch_unavailable": text(
        "자동납부 기관이 오랫동안 응답하지 않아 신청을 마쳤어요. 바뀐 것은 없어요.",
        "The autopay switch could not be reached for a long time. Nothing was changed.",
    ),
    "switch_refused": text(
        "자동납부 기관이 신청을 받지 않았어요. 바뀐 것은 없어요.",
        "The autopay switch refused. Nothing was changed.",
    ),
}
_REJECTED = text(
    "청구 기관이 신청을 받지 않았어요. 청구 기관에 문의해 주세요.",
    "The biller refused the order. Please ask the biller.",
)


def shown_order(order: Order, today: date) -> dict[str, Any]:
    """Return an order as the public API shows it."""
    requested_at = at_ms(order.requested_at_ms)
    until = withdrawable_until(order, requested_at.date())
    return {
        "order_id": order.key.order_id,
        "kind": order.kind.value,
        "autopay_id": order.autopay_id,
        "to_card_ref": order.to_card_ref,
        "status": _status(order, today),
        "requested_at": rfc3339(requested_at),
        "process_on": order.process_on.isoformat(),
        "result_on": order.result_on.isoformat(),
        "withdrawable_until": None if until is None else rfc3339(until),
        "reason": _reason(order),
        "warnings": [WARNINGS[code] for code in order.warnings],
    }


def shown_card(card: Card) -> dict[str, Any]:
    """Return a card as the public API shows it."""
    return {
        "card_ref": card.card_ref,
        "issuer": card.issuer,
        "name": card.name,
        "masked_number": card.masked_number,
        "kind": card.kind,
        "type": card.type,
        "status": card.status,
        "usable": is_usable(card),
    }


def shown_registration(
    registration: Registration, today: date, calendar: BusinessCalendar, *, has_open_order: bool
) -> dict[str, Any]:
    """Return a registration as the public API shows it."""
    category = CATEGORIES.get(registration.category)
    is_open = category is not None and category.is_open(today)
    next_charge_on = registration.next_charge_on
    codes = warnings_of(today, next_charge_on, calendar)
    return {
        "autopay_id": registration.autopay_id,
        "category": registration.category,
        "biller": {
            "code": registration.biller_code,
            "name": registration.biller_name,
            "phone": registration.biller_phone,
        },
        "customer_ref": registration.customer_ref,
        "card_ref": registration.card_ref,
        "next_charge_on": None if next_charge_on is None else next_charge_on.isoformat(),
        "changeable": registration.changeable and is_open and not has_open_order,
        "warnings": [WARNINGS[code] for code in codes],
    }


def is_usable(card: Card) -> bool:
    """Say whether bills can be moved to a card (R-A2)."""
    return card.kind == "PERSONAL" and card.status == "ACTIVE" and card.issuer in CARD_ISSUERS


def _status(order: Order, today: date) -> str:
    if order.withdrawal_wished and order.state not in FINAL:
        return "CHECKING"
    if order.state is OrderState.PLACED:
        return "ACCEPTED" if today < order.process_on else "PROCESSING"
    return _STATUSES.get(order.state, "CHECKING")


def _reason(order: Order) -> Text | None:
    if order.state is not OrderState.REJECTED:
        return None
    if order.reason:
        # The biller's own words are all there is; nobody here can judge them (R-A7).
        return text(order.reason, order.reason)
    return _REASONS.get(order.reason_code or "", _REJECTED)


def is_day_over(order: Order, now: datetime) -> bool:
    """Say whether an order can no longer be withdrawn (R-A4)."""
    until = withdrawable_until(order, at_ms(order.requested_at_ms).date())
    return until is None or now >= until
