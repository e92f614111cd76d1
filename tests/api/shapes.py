"""The answers of the public API, field by field, as ``public-api.md`` fixes them.

Written apart from the product's own models, so that a field that changes there
does not change here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.stack.calls import Reply

UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
LOOKUP_ID = re.compile(rf"lkp_{UUID7}")
NOTICE_ID = re.compile(rf"ntc_{UUID7}")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

STATUSES = frozenset(
    ["PENDING", "OK", "NOT_MEMBER", "DORMANT", "SUSPENDED", "CORPORATE", "UNAVAILABLE", "TIMED_OUT"]
)


def is_text(value: Any) -> bool:
    """Whether a value is a text for people, in both languages."""
    return (
        isinstance(value, dict)
        and value.keys() == {"ko", "en"}
        and all(isinstance(one, str) and one for one in value.values())
    )


def is_amount(value: Any) -> bool:
    """Whether a value is a whole number of points."""
    return type(value) is int and value >= 0


def seoul_time(value: Any) -> datetime:
    """Return a time of the API, which must be RFC 3339 with ``+09:00``."""
    assert isinstance(value, str)
    assert value.endswith("+09:00")
    moment = datetime.fromisoformat(value)
    assert moment.utcoffset() == timedelta(hours=9)
    return moment


def check_lookup(lookup: Any) -> None:
    """Hold a Lookup to the contract."""
    assert lookup.keys() == {
        *("lookup_id", "status", "requested_at", "deadline_at", "retry_after_ms", "results"),
        "totals",
    }
    assert LOOKUP_ID.fullmatch(lookup["lookup_id"])
    assert lookup["status"] in {"RUNNING", "DONE"}
    assert seoul_time(lookup["requested_at"]) < seoul_time(lookup["deadline_at"])
    for result in lookup["results"].values():
        _check_result(result)
    pending = [one for one in lookup["results"].values() if one["status"] == "PENDING"]
    assert (lookup["status"] == "RUNNING") == bool(pending)
    assert type(lookup["retry_after_ms"]) is int
    assert (lookup["retry_after_ms"] > 0) == bool(pending)
    points = [point for one in lookup["results"].values() for point in one["points"]]
    totals = lookup["totals"]
    assert totals.keys() == {"remaining", "transferable", "expiring_next_month"}
    assert all(is_amount(one) for one in totals.values())
    assert totals["remaining"] == sum(point["remaining"] for point in points)
    assert totals["transferable"] == sum(point["transferable"] for point in points)


def check_lookup_reply(reply: Reply, status: int) -> Any:
    """Hold a reply with a Lookup to the contract, headers included; return the Lookup."""
    assert (reply.status, reply.content_type) == (status, "application/json"), reply.body
    lookup = reply.json
    check_lookup(lookup)
    assert int(reply.headers["retry-after"]) == -(-lookup["retry_after_ms"] // 1000)
    assert reply.headers["cache-control"] == "no-store"
    return lookup


NOTICE_KINDS = frozenset(
    [
        *("EXPIRING", "CASHOUT_PLANNED", "CASHOUT_TOO_LATE", "CASHOUT_NO_ACCOUNT"),
        *("CASHOUT_STOPPED", "CASHOUT_DONE", "CASHOUT_FAILED"),
    ]
)


def check_expirations(calendar: Any) -> None:
    """Hold the calendar of what expires to the contract."""
    assert calendar.keys() == {"months"}
    months = [one["month"] for one in calendar["months"]]
    assert months == sorted(set(months))
    for one in calendar["months"]:
        assert one.keys() == {"month", "total", "items"}
        assert MONTH.fullmatch(one["month"])
        assert one["items"], "months with nothing are left out"
        assert one["total"] == sum(item["amount"] for item in one["items"]) > 0
        for item in one["items"]:
            assert item.keys() == {"issuer", "point_code", "amount", "cashable"}
            assert isinstance(item["issuer"], str)
            assert isinstance(item["point_code"], str)
            assert is_amount(item["amount"])
            assert type(item["cashable"]) is bool


def check_notices(page: Any) -> None:
    """Hold a page of notices to the contract."""
    assert page.keys() == {"notices", "next_cursor"}
    assert page["next_cursor"] is None or isinstance(page["next_cursor"], str)
    for notice in page["notices"]:
        assert notice.keys() == {
            *("notice_id", "kind", "created_at", "issuer", "month", "amount", "text"),
            "transfer_id",
        }
        assert NOTICE_ID.fullmatch(notice["notice_id"])
        assert notice["kind"] in NOTICE_KINDS
        seoul_time(notice["created_at"])
        assert MONTH.fullmatch(notice["month"])
        assert is_amount(notice["amount"])
        assert is_text(notice["text"])
        assert notice["transfer_id"] is None or isinstance(notice["transfer_id"], str)


def check_problem(reply: Reply, status: int, code: str) -> Any:
    """Hold a reply with a problem document to RFC 9457 and the contract; return it."""
    assert (reply.status, reply.content_type) == (status, "application/problem+json"), reply.body
    assert reply.headers["cache-control"] == "no-store"
    problem = reply.json
    assert problem.keys() == {"type", "title", "status", "detail", "code", "errors"}
    assert (problem["status"], problem["code"]) == (status, code)
    assert all(isinstance(problem[name], str) for name in ("type", "title", "detail"))
    assert problem["type"].startswith("https://")
    for error in problem["errors"]:
        assert error.keys() == {"pointer", "detail"}
    return problem


def check_gateway_answer(reply: Reply, status: int) -> None:
    """Hold a reply to what the gateway says by itself."""
    assert (reply.status, reply.content_type) == (status, "application/json"), reply.body
    assert reply.json.keys() == {"message"}


def _check_result(result: Any) -> None:
    assert result.keys() == {"status", "as_of", "stale", "eta_seconds", "points", "message"}
    assert result["status"] in STATUSES
    assert type(result["stale"]) is bool
    assert is_amount(result["eta_seconds"])
    assert (result["eta_seconds"] > 0) == (result["status"] == "PENDING")
    assert result["message"] is None or is_text(result["message"])
    if result["as_of"] is None:
        assert (result["points"], result["stale"]) == ([], False)
    else:
        seoul_time(result["as_of"])
    for point in result["points"]:
        _check_point(point)


def _check_point(point: Any) -> None:
    assert point.keys() == {
        *("code", "name", "cashable", "remaining", "transferable", "expiring", "expiring_month"),
        "expirations",
    }
    assert isinstance(point["code"], str)
    assert is_text(point["name"])
    assert type(point["cashable"]) is bool
    amounts = (point[name] for name in ("remaining", "transferable", "expiring"))
    assert all(is_amount(one) for one in amounts)
    assert point["transferable"] <= (point["remaining"] if point["cashable"] else 0)
    assert (point["expiring_month"] is None) == (point["expiring"] == 0)
    assert point["expiring_month"] is None or MONTH.fullmatch(point["expiring_month"])
    months = [row["month"] for row in point["expirations"]]
    assert months == sorted(set(months))
    for row in point["expirations"]:
        assert row.keys() == {"month", "amount"}
        assert MONTH.fullmatch(row["month"])
        assert is_amount(row["amount"])
