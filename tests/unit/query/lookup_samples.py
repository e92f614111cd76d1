"""Lookups, answers and balances for tests, with what does not matter filled in."""

from __future__ import annotations

import json
from typing import Any

from query.inquiry import Reason, Status
from query.lookups import IssuerRecord, Lookup, MemberRecord

START_MS = 1_795_000_000_000
"""Sunday, 2026-11-15 in Seoul: when the sample lookups start, in real and in business time."""


def an_id(made_ms: int = START_MS, order: int = 0) -> str:
    """Return an id made at a real time; of two with the same time the larger order is newer."""
    return f"lkp_{made_ms >> 16:08x}-{made_ms & 0xFFFF:04x}-7000-8000-{order:012x}"


def a_lookup(
    *,
    made_ms: int = START_MS,
    requested_ms: int = START_MS,
    patience_ms: int = 30_000,
    only: tuple[str, ...] | None = None,
    order: int = 0,
) -> Lookup:
    return Lookup(an_id(made_ms, order), requested_ms, made_ms + patience_ms, only)


def a_balance(**changes: Any) -> dict[str, Any]:
    balance = {
        "code": "POINTREE",
        "name": {"ko": "포인트리", "en": "Pointree"},
        "cashable": True,
        "remaining": 100,
        "transferable": 100,
        "expiring": 0,
        "expiring_month": None,
        "expirations": [],
    }
    return {**balance, **changes}


def a_record(
    lookup: Lookup | str,
    status: Status = Status.OK,
    *balances: dict[str, Any],
    issuer: str = "kb",
    reason: Reason | None = None,
    answered_ms: int = START_MS + 500,
    balances_ms: int | None = None,
) -> IssuerRecord:
    known = bool(balances) or status is not Status.UNAVAILABLE
    return IssuerRecord(
        issuer,
        lookup if isinstance(lookup, str) else lookup.lookup_id,
        status,
        reason,
        answered_ms,
        json.dumps(balances, ensure_ascii=False) if known else None,
        (answered_ms if balances_ms is None else balances_ms) if known else None,
    )


def a_member(*recent: Lookup, repaired: str = "", repairs: int = 0) -> MemberRecord:
    return MemberRecord(b"sealed", recent, repaired, repairs)
