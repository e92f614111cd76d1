"""Accounts, quotes and transfers of the public API, field by field, as ``public-api.md`` fixes them.

Written apart from the product's own models, so that a field that changes there
does not change here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from modupoint.issuers import ISSUERS
from tests.api.shapes import UUID7, is_amount, is_text, seoul_time

if TYPE_CHECKING:
    from tests.stack.calls import Reply

ACCOUNT_FIELDS = {
    *("account_id", "bank_code", "bank_name", "masked_number", "holder_name_masked"),
}
TRANSFER_STATUSES = {"IN_PROGRESS", "COMPLETED", "PARTLY_COMPLETED", "FAILED"}
FINAL = {"DEPOSITED", "REVERSED", "FAILED"}
LEG_STATUSES = FINAL | {"ACCEPTED", "REDEEMED", "SCHEDULED", "CHECKING", "WITH_OPERATOR"}


def check_account(account: Any) -> None:
    """Hold an Account to the contract: nothing in it names the whole number or holder."""
    assert account.keys() == ACCOUNT_FIELDS | {"verified_at"}
    _check_shown_account(account)
    seoul_time(account["verified_at"])


def _check_shown_account(account: Any) -> None:
    assert re.fullmatch(f"acc_{UUID7}", account["account_id"])
    assert re.fullmatch(r"\d{3}", account["bank_code"])
    assert account["bank_name"]
    assert re.fullmatch(r"\d{3}\*+\d{2}", account["masked_number"])
    assert "*" in account["holder_name_masked"]


def check_quote(quote: Any) -> None:
    """Hold a quote to the contract."""
    assert quote.keys() == {"items", "total"}
    for item in quote["items"]:
        assert item.keys() == {"issuer", "point_code", "amount", "promised_at", "reason"}
        _check_item(item["issuer"], item)
        seoul_time(item["promised_at"])
        assert is_text(item["reason"])
    assert quote["total"] == sum(item["amount"] for item in quote["items"])


def check_transfer(transfer: Any) -> None:
    """Hold a Transfer to the contract; its sums to its legs (R-T7)."""
    assert transfer.keys() == {
        *("transfer_id", "status", "requested_at", "account", "legs", "totals"),
    }
    assert re.fullmatch(f"trf_{UUID7}", transfer["transfer_id"])
    assert transfer["status"] in TRANSFER_STATUSES
    requested_at = seoul_time(transfer["requested_at"])
    assert transfer["account"].keys() == ACCOUNT_FIELDS
    _check_shown_account(transfer["account"])
    legs = transfer["legs"]
    issuers = [leg["issuer"] for leg in legs]
    assert issuers == [code for code in ISSUERS if code in issuers], "each once, in members' order"
    for leg in legs:
        _check_leg(leg)
        assert seoul_time(leg["promised_at"]) >= requested_at
    still_open = any(leg["status"] not in FINAL for leg in legs)
    assert (transfer["status"] == "IN_PROGRESS") == still_open
    totals = transfer["totals"]
    assert totals.keys() == {
        *("requested", "redeemed", "deposited", "in_flight", "reversed", "failed"),
    }
    assert all(is_amount(one) for one in totals.values())
    assert totals["requested"] == sum(leg["amount"] for leg in legs)
    assert totals["redeemed"] == totals["deposited"] + totals["in_flight"] + totals["reversed"]


def _check_leg(leg: Any) -> None:
    assert leg.keys() == {
        *("leg_id", "issuer", "items", "amount", "status", "promised_at", "deposited_at"),
        "failure",
    }
    assert re.fullmatch(f"leg_{UUID7}", leg["leg_id"])
    for item in leg["items"]:
        assert item.keys() == {"point_code", "amount"}
        _check_item(leg["issuer"], item)
    assert leg["amount"] == sum(item["amount"] for item in leg["items"])
    assert leg["status"] in LEG_STATUSES
    assert (leg["deposited_at"] is not None) == (leg["status"] == "DEPOSITED")
    if leg["deposited_at"] is not None:
        seoul_time(leg["deposited_at"])
    if leg["status"] in {"FAILED", "REVERSED"}:
        assert leg["failure"].keys() == {"code", "message"}
        assert is_text(leg["failure"]["message"])
    elif leg["status"] == "DEPOSITED":
        assert leg["failure"] is None


def _check_item(issuer: str, item: Any) -> None:
    cashable = {point.code for point in ISSUERS[issuer].points if point.cashable}
    assert item["point_code"] in cashable
    assert is_amount(item["amount"])
    assert item["amount"] > 0


def check_transfer_reply(reply: Reply, status: int, *, replayed: bool = False) -> Any:
    """Hold a reply with a Transfer to the contract, headers included; return the Transfer."""
    assert (reply.status, reply.content_type) == (status, "application/json"), reply.body
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers.get("idempotency-replayed") == ("true" if replayed else None)
    check_transfer(reply.json)
    return reply.json
