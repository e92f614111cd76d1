"""The rules of a lookup: what may start, what is pending, what a member is shown.

Pure. A lookup has no rows of its own: a member's item remembers the last
lookups, each issuer has one item with its last answer, and an issuer is
*pending* while its answer is older than the lookup. Ids are UUIDv7, so "older"
is a comparison of ids, and a late or doubled answer cannot replace a newer one.

Two times run side by side. ``requested_at_ms`` is business time, which members
see and which a local stack can move. How old a lookup is and when its deadline
passes is real time, taken from the id and ``due_ms``, so a moved clock neither
ends a wait nor prolongs it.
"""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from modupoint.clock import at_ms, rfc3339
from modupoint.ids import made_at_ms
from modupoint.issuers import ISSUERS
from modupoint.text import Text, text
from query.expirations import expiring_by_month
from query.inquiry import Balance, Reason, Status
from query.lanes import Lane

LOOKUPS_PER_MINUTE = 6
_MINUTE_MS = 60_000

PATIENCE_MS = 120_000
"""How long a lookup waits for issuers when no lane has a backlog.

A rush is known only when it has begun: whoever comes in its first seconds has to outwait
it. An issuer that does not answer is told of long before, by its call's own time-out."""
LONGEST_PATIENCE_MS = 50 * 60_000
"""Messages are kept for an hour (``MessageRetentionPeriod`` in template.yaml)."""

REPAIR_UNANSWERED_AFTER_MS = 8_000
"""After this long without any answer, the publish may never have happened.

Longer than a rush needs to become known: a first batch, its report, and what an
environment keeps of it. Sooner, the rush of an opening publishes itself twice."""
REPAIR_PARTLY_ANSWERED_AFTER_MS = 10_000
"""After this long with some answers, a message may be lost with its worker.

Longer than an issuer call may take, so that a slow issuer is not asked twice."""
REPAIRS_PER_LOOKUP = 3

_SHORTEST_POLL_MS = 700
_LONGEST_POLL_MS = 120_000
_POLLS_PER_WAIT = 8
"""Nobody learns of an answer later than by an eighth of what they have waited for it, and
nobody asks more often than that: half a million people who wait are a load of their own."""
POLL_SPREAD = (0.85, 1.15)
"""Polls are spread by this, so that nobody asks in step."""


class Lookup(NamedTuple):
    """One lookup of a member.

    ``only`` names the issuers it asks, None for all of them; empty for one that
    a withdrawn agreement has emptied.
    """

    lookup_id: str
    requested_at_ms: int
    due_ms: int
    only: tuple[str, ...] | None

    @property
    def started_ms(self) -> int:
        """When it was accepted, in real time."""
        return made_at_ms(self.lookup_id)

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers it asks, in the order members see them."""
        return tuple(code for code in ISSUERS if self.only is None or code in self.only)

    def covers(self, wanted: tuple[str, ...] | None) -> bool:
        """Whether it asks at least the wanted issuers (None: all)."""
        return self.only is None or (wanted is not None and set(wanted) <= set(self.only))


class IssuerRecord(NamedTuple):
    """An issuer's last answer for a member, as stored.

    ``balances`` is the JSON of the last known balances, with the business time
    they were true at; None if none are known. ``answered_at_ms`` is the business
    time of the last answer, with or without balances.
    """

    issuer: str
    lookup_id: str
    status: Status
    reason: Reason | None
    answered_at_ms: int
    balances: str | None
    balances_at_ms: int | None


class MemberRecord(NamedTuple):
    """What a member's item says that lookups need.

    ``recent`` are the last lookups, oldest first. ``sealed_ci`` is None without
    an agreement in force. ``repairs`` counts the repairs of ``repaired_lookup``.
    """

    sealed_ci: bytes | None
    recent: tuple[Lookup, ...]
    repaired_lookup: str = ""
    repairs: int = 0

    @property
    def current(self) -> Lookup | None:
        """The newest lookup."""
        return self.recent[-1] if self.recent else None

    def find(self, lookup_id: str) -> Lookup | None:
        """Return one of the last lookups by its id, unless it was emptied."""
        found = (one for one in self.recent if one.lookup_id == lookup_id and one.only != ())
        return next(found, None)


def is_fresh(lookup: Lookup, now_ms: int, max_age_ms: int) -> bool:
    """Whether a lookup is young enough to be given again, by business time.

    One from the future (the clock was moved back) is not.
    """
    return now_ms - max_age_ms < lookup.requested_at_ms <= now_ms


def minute_is_full(recent: tuple[Lookup, ...], now_ms: int) -> int | None:
    """Return in how many whole seconds the next fresh lookup is allowed, None if at once."""
    if len(recent) < LOOKUPS_PER_MINUTE:
        return None
    oldest = recent[-LOOKUPS_PER_MINUTE]
    if not is_fresh(oldest, now_ms, _MINUTE_MS):
        return None
    return -(-(oldest.requested_at_ms + _MINUTE_MS - now_ms) // 1000)


def minute_before(now_ms: int) -> int:
    """Return the business time from which lookups count against the limit."""
    return now_ms - _MINUTE_MS


def patience_ms(lanes: Mapping[str, Lane], issuers: Iterable[str], now_ms: int) -> int:
    """Return how long a lookup waits: the usual patience and twice the longest wait."""
    longest = max((lane_of(lanes, code).wait_ms(now_ms) for code in issuers), default=0)
    return min(PATIENCE_MS + 2 * longest, LONGEST_PATIENCE_MS)


def join_within_ms(
    lanes: Mapping[str, Lane], issuers: Iterable[str], max_age_s: int, now_ms: int
) -> int:
    """Return how young a lookup is given again instead of a fresh one; 0 for none.

    One that still waits in a lane is as fresh as it can be: a fresh one would only go to
    the end of the same queue.
    """
    if not max_age_s:
        return 0
    in_front_ms = (lane_of(lanes, code).in_front_ms(now_ms) for code in issuers)
    return max(max_age_s * 1000, *in_front_ms)


def lane_of(lanes: Mapping[str, Lane], issuer: str) -> Lane:
    """Return what is known of a lane, or a lane nothing is known of."""
    return lanes.get(issuer) or Lane(issuer)


def pending_issuers(
    lookup: Lookup, records: Mapping[str, IssuerRecord], now_ms: int
) -> tuple[str, ...]:
    """Return the issuers whose answer is still awaited at a real time."""
    return tuple(
        code
        for code in lookup.issuers
        if _status(lookup, records.get(code), now_ms) is Status.PENDING
    )


def issuers_to_repair(
    member: MemberRecord,
    lookup: Lookup,
    records: Mapping[str, IssuerRecord],
    lanes: Mapping[str, Lane],
    now_ms: int,
) -> tuple[str, ...]:
    """Return the issuers to ask again because a message may be lost.

    Nothing is written once a publish has gone out, so its loss shows only in
    answers that do not come: none at all, or one far behind its lane's wait.
    Asking again is harmless, since the newer answer wins; it is bounded all the
    same, so that a rush is not fed by its own repairs.
    """
    if lookup != member.current:
        return ()
    repairs = member.repairs if member.repaired_lookup == lookup.lookup_id else 0
    if repairs >= REPAIRS_PER_LOOKUP:
        return ()
    pending = pending_issuers(lookup, records, now_ms)
    nothing_came = len(pending) == len(lookup.issuers) > 0
    waited_ms = now_ms - lookup.started_ms
    return tuple(
        code
        for code in pending
        if waited_ms
        > repair_after_ms(lane_of(lanes, code), repairs, now_ms, nothing_came=nothing_came)
    )


def repair_after_ms(lane: Lane, repairs: int, now_ms: int, *, nothing_came: bool) -> int:
    """Return how long a lookup waits for a lane before its message is taken for lost.

    While a rush ebbs, those who wait longest have waited longer than a message sent now
    will: the one in front says how long.
    """
    grace_ms = REPAIR_UNANSWERED_AFTER_MS if nothing_came else REPAIR_PARTLY_ANSWERED_AFTER_MS
    usual_ms = max(lane.wait_ms(now_ms), lane.in_front_ms(now_ms))
    return (repairs + 1) * (grace_ms + 2 * usual_ms)


def show(
    lookup: Lookup,
    records: Mapping[str, IssuerRecord],
    lanes: Mapping[str, Lane],
    now_ms: int,
) -> dict[str, Any]:
    """Return a lookup as the public API shows it.

    Parameters
    ----------
    records, lanes
        By issuer code; a missing record is an issuer that never answered.
    now_ms
        Real time.
    """
    results = {
        code: _result(lookup, records.get(code), lane_of(lanes, code), now_ms)
        for code in lookup.issuers
    }
    requested_at = at_ms(lookup.requested_at_ms)
    waits = [one["eta_seconds"] for one in results.values() if one["status"] == Status.PENDING]
    return {
        "lookup_id": lookup.lookup_id,
        "status": "RUNNING" if waits else "DONE",
        "requested_at": rfc3339(requested_at),
        "deadline_at": rfc3339(at_ms(lookup.requested_at_ms + lookup.due_ms - lookup.started_ms)),
        "retry_after_ms": _poll_ms(min(waits), now_ms - lookup.started_ms) if waits else 0,
        "results": results,
        "totals": _totals(results.values(), requested_at),
    }


def _status(lookup: Lookup, record: IssuerRecord | None, now_ms: int) -> Status:
    if record is not None and record.lookup_id >= lookup.lookup_id:
        return record.status
    return Status.PENDING if now_ms < lookup.due_ms else Status.TIMED_OUT


def _result(lookup: Lookup, record: IssuerRecord | None, lane: Lane, now_ms: int) -> dict[str, Any]:
    status = _status(lookup, record, now_ms)
    fresh = status not in _WITHOUT_BALANCES
    known = record is not None and record.balances is not None
    shown_at_ms = record.balances_at_ms if record is not None and known else None
    if fresh and record is not None:
        shown_at_ms = record.answered_at_ms
    reason = record.reason if record is not None and status is Status.UNAVAILABLE else None
    waited_ms = now_ms - lookup.started_ms
    return {
        "status": status.value,
        "as_of": None if shown_at_ms is None else rfc3339(at_ms(shown_at_ms)),
        "stale": known and not fresh,
        "eta_seconds": lane.eta_s(now_ms, waited_ms) if status is Status.PENDING else 0,
        "points": json.loads(record.balances) if record is not None and record.balances else [],
        "message": _message(lane.issuer, status, reason),
    }


_WITHOUT_BALANCES = frozenset({Status.PENDING, Status.UNAVAILABLE, Status.TIMED_OUT})

_MESSAGES: dict[Status | Reason, Text] = {
    Status.NOT_MEMBER: text("이 카드사의 회원이 아니에요.", "You have no card of this issuer."),
    Status.DORMANT: text(
        "휴면 카드예요. {phone}(으)로 먼저 휴면을 해제해 주세요.",
        "Your card is dormant. Release the dormant card first: {phone}.",
    ),
    Status.SUSPENDED: text(
        "이용이 정지된 카드예요. {phone}(으)로 문의해 주세요.",
        "Your card is suspended. Please ask the issuer: {phone}.",
    ),
    Status.CORPORATE: text(
        "법인 회원은 이용할 수 없어요.", "This service is not for corporate members."
    ),
    Status.TIMED_OUT: text(
        "기다리는 시간 안에 답이 오지 않았어요. 다시 조회해 주세요.",
        "No answer came in time. Please look it up again.",
    ),
    Reason.MAINTENANCE: text(
        "카드사가 점검 중이에요. 나중에 다시 조회해 주세요.",
        "The issuer is under maintenance. Please look it up again later.",
    ),
    Reason.ISSUER_ERROR: text(
        "카드사에서 오류가 났어요. 다시 조회해 주세요.",
        "The issuer reported an error. Please look it up again.",
    ),
    Reason.NO_ANSWER: text(
        "카드사가 응답하지 않아요. 다시 조회해 주세요.",
        "The issuer did not answer. Please look it up again.",
    ),
    Reason.NOT_REACHED: text(
        "카드사에 연결할 수 없어요. 다시 조회해 주세요.",
        "The issuer cannot be reached. Please look it up again.",
    ),
    Reason.BUSY: text(
        "카드사에 조회가 몰렸어요. 잠시 후 다시 조회해 주세요.",
        "The issuer is busy. Please look it up again in a moment.",
    ),
    Reason.RESTING: text(
        "카드사 장애로 잠시 조회를 쉬고 있어요. 조금 뒤 다시 조회해 주세요.",
        "The issuer has been failing, so we pause for a moment. Please try again soon.",
    ),
}


def _message(issuer: str, status: Status, reason: Reason | None) -> Text | None:
    words = _MESSAGES.get(reason or status)
    if words is None:
        return None
    phone = ISSUERS[issuer].phone
    return text(words["ko"].format(phone=phone), words["en"].format(phone=phone))


def _totals(results: Iterable[dict[str, Any]], requested_at: datetime) -> dict[str, int]:
    month = _month_after(requested_at)
    shown: list[Balance] = [balance for one in results for balance in one["points"]]
    return {
        "remaining": sum(balance["remaining"] for balance in shown),
        "transferable": sum(balance["transferable"] for balance in shown),
        "expiring_next_month": sum(expiring_by_month(one).get(month, 0) for one in shown),
    }


def _month_after(moment: datetime) -> str:
    year, month_index = divmod(moment.year * 12 + moment.month, 12)
    return f"{year:04d}-{month_index + 1:02d}"


def poll_aim_ms(soonest_s: int, waited_ms: int) -> int:
    """Return when to ask again, before it is spread: near the soonest answer, within bounds."""
    shortest_ms = max(_SHORTEST_POLL_MS, waited_ms // _POLLS_PER_WAIT)
    return min(max(soonest_s * 700, shortest_ms), _LONGEST_POLL_MS)


def _poll_ms(soonest_s: int, waited_ms: int) -> int:
    """Return when to ask again, spread so that nobody asks in step."""
    spread = random.uniform(*POLL_SPREAD)  # noqa: S311 - jitter, not a secret
    return int(poll_aim_ms(soonest_s, waited_ms) * spread)
