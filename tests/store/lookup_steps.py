"""What tests of the store do all the time: agree, start, answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from modupoint.ids import new_id
from query.inquiry import Finding, Status
from query.lookups import Lookup
from query.members import Consent, LookupRefusedError
from tests.unit.query.lookup_samples import a_balance

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.members import Members

CONSENT = Consent("2026-11-01", "2026-11-22T11:00:00.000+09:00", "0" * 64)
NOW_MS = 1_795_000_000_000


def agreed(members: Members, member: str) -> str:
    members.give_consent(member, CONSENT, b"sealed")
    return member


def a_lookup(at_ms: int = NOW_MS, only: tuple[str, ...] | None = None) -> Lookup:
    return Lookup(new_id("lkp"), at_ms, at_ms + 30_000, only)


def start(
    members: Members, member: str, lookup: Lookup, *, join_newer_than_ms: int | None = None
) -> bool:
    """Start a lookup; whether it was started."""
    try:
        members.start_lookup(
            member, lookup, now_ms=lookup.requested_at_ms, join_newer_than_ms=join_newer_than_ms
        )
    except LookupRefusedError:
        return False
    return True


def balances(remaining: int) -> str:
    return json.dumps([a_balance(remaining=remaining)])


def answer_ok(members: Members, member: str, lookup: Lookup, remaining: int) -> bool:
    return members.write_answer(
        member, "kb", lookup.lookup_id, Finding(Status.OK, []), balances(remaining), NOW_MS
    )


def at_once[Result](count: int, act: Callable[[int], Result]) -> list[Result]:
    """Let threads act in the same moment and return what each got."""
    barrier = Barrier(count, timeout=60)

    def one(place: int) -> Result:
        barrier.wait()
        return act(place)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))
