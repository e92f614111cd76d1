"""Cards, registrations and orders of the public API, field by field, as ``public-api.md`` fixes them.

Written apart from the product's own models, so that a field that changes there
does not change here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.api.shapes import UUID7, is_text, seoul_time

if TYPE_CHECKING:
    from tests.stack.calls import Reply

CATEGORIES = {
    *("TELECOM", "ELECTRICITY", "SCHOOL_BANKING", "SOCIAL_INSURANCE", "APARTMENT_FEE"),
    "PUBLIC_RENT",
}
STATUSES = {"ACCEPTED", "PROCESSING", "COMPLETED", "REJECTED", "WITHDRAWN", "CHECKING"}


def day(value: Any) -> date:
    """Return a day of the API, which must be ``YYYY-MM-DD``."""
    assert isinstance(value, str)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    return date.fromisoformat(value)


def check_card(card: Any) -> None:
    """Hold a card to the contract; ``usable`` to what it says of itself (R-A2)."""
    assert card.keys() == {
        *("card_ref", "issuer", "name", "masked_number", "kind", "type", "status", "usable"),
    }
    assert all(isinstance(card[name], str) and card[name] for name in card if name != "usable")
    assert "*" in card["masked_number"]
    assert card["kind"] in {"PERSONAL", "CORPORATE"}
    assert card["type"] in {"CREDIT", "CHECK"}
    assert card["status"] in {"ACTIVE", "DORMANT", "SUSPENDED"}
    assert card["usable"] is ((card["kind"], card["status"]) == ("PERSONAL", "ACTIVE"))


def check_registration(registration: Any) -> None:
    """Hold a registration to the contract; its biller can be called (R-A7)."""
    assert registration.keys() == {
        *("autopay_id", "category", "biller", "customer_ref", "card_ref", "next_charge_on"),
        *("changeable", "warnings"),
    }
    assert registration["category"] in CATEGORIES
    assert registration["biller"].keys() == {"code", "name", "phone"}
    assert re.fullmatch(r"[\d-]{3,}", registration["biller"]["phone"])
    assert all(isinstance(one, str) and one for one in registration["biller"].values())
    for name in ("autopay_id", "customer_ref", "card_ref"):
        assert isinstance(registration[name], str)
        assert registration[name]
    if registration["next_charge_on"] is not None:
        day(registration["next_charge_on"])
    assert type(registration["changeable"]) is bool
    _check_warnings(registration["warnings"])


def check_order(order: Any) -> None:
    """Hold an Order to the contract."""
    assert order.keys() == {
        *("order_id", "kind", "autopay_id", "to_card_ref", "status", "requested_at", "process_on"),
        *("result_on", "withdrawable_until", "reason", "warnings"),
    }
    assert re.fullmatch(f"ord_{UUID7}", order["order_id"])
    assert order["kind"] in {"CHANGE", "CANCEL"}
    assert isinstance(order["autopay_id"], str)
    assert (order["to_card_ref"] is None) == (order["kind"] == "CANCEL")
    assert order["status"] in STATUSES
    requested_at = seoul_time(order["requested_at"])
    assert requested_at.date() <= day(order["process_on"]) <= day(order["result_on"])
    at_once = day(order["result_on"]) == requested_at.date()
    assert (order["withdrawable_until"] is None) == at_once
    if not at_once:
        until = seoul_time(order["withdrawable_until"])
        assert (until.date(), until.hour, until.minute) == (requested_at.date(), 22, 0)
    assert (order["reason"] is not None) == (order["status"] == "REJECTED")
    assert order["reason"] is None or is_text(order["reason"])
    _check_warnings(order["warnings"])


def check_order_reply(reply: Reply, status: int, *, replayed: bool = False) -> Any:
    """Hold a reply with an Order to the contract, headers included; return the Order."""
    assert (reply.status, reply.content_type) == (status, "application/json"), reply.body
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers.get("idempotency-replayed") == ("true" if replayed else None)
    check_order(reply.json)
    return reply.json


def _check_warnings(warnings: Any) -> None:
    """Hold what is warned of to R-A5: the two that always hold are always there."""
    assert isinstance(warnings, list)
    assert all(map(is_text, warnings))
    texts = [warning["en"] for warning in warnings]
    assert len(texts) == len(set(texts))
    assert [text for text in texts if "benefits" in text]
    assert [text for text in texts if "Do not close the present card" in text]


def warns_of_the_old_card(shown: Any) -> bool:
    """Whether an order or a registration says that the old card may still be charged (R-A5)."""
    return any("may still be charged" in warning["en"] for warning in shown["warnings"])
