"""Lookups: none lost, none changed once final, every balance told the issuer's own. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from modupoint.clock import SEOUL
from modupoint.ids import made_at_ms
from rehearsal.finding import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rehearsal.evidence import Account, Evidence
    from rehearsal.journal import Exchange

ANSWERED = frozenset({"OK", "NOT_MEMBER", "DORMANT", "SUSPENDED", "CORPORATE"})
_REMEMBERED = 6
"""A member's item remembers so many lookups (``query.lookups.LOOKUPS_PER_MINUTE``)."""
_CALL_S = 12.0
"""An answer is stored at most this long after the issuer looked into its book."""
_CLOCK_S = 2.0
"""Business time is told in whole seconds."""
_REST_S = 75.0
"""A lane rests at most this long after the last failure (``query.lanes``)."""
_SLOW_MS = 2_900
"""A call this slow counts as trouble, or is not waited for by a probe."""

type Json = Any


def audit_lookups(evidence: Evidence) -> list[Finding]:
    """Return what is wrong with what people were told of their points."""
    told = _by_lookup(evidence.journal)
    inquiries = _Inquiries(evidence.inquiries)
    found: list[Finding] = []
    for person in evidence.people.values():
        found += _last_readings(person)
        mine = {lookup: seen for (sub, lookup), seen in told.items() if sub == person.sub}
        for lookup_id, seen in mine.items():
            last = person.lookups.get(lookup_id)
            views = [one.told for one in seen] + ([last] if last is not None else [])
            found += _changes(person.sub, lookup_id, views, newer=max(mine) > lookup_id)
            for one in seen:
                found += _timeouts(person.sub, one)
                found += _backed(person.sub, one, inquiries)
            for view in views:
                found += _sums(person.sub, view)
                found += _balances(person, view)
        found += _joined(person.sub, evidence.journal)
    return found


def _by_lookup(journal: Iterable[Exchange]) -> dict[tuple[str, str], list[Exchange]]:
    told: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for one in journal:
        if one.what in {"lookup", "poll"} and one.accepted and one.told is not None:
            told[one.sub, one.told["lookup_id"]].append(one)
    return told


def _last_readings(person: Account) -> Iterator[Finding]:
    """Every accepted lookup has come to its end and can be read."""
    for lookup_id, view in person.lookups.items():
        if view is None:
            forgotten = len(person.remembered) == _REMEMBERED and lookup_id < person.remembered[0]
            if not forgotten:
                yield Finding(Kind.LOST, person.sub, "a lookup is not found", lookup_id)
            continue
        pending = [code for code, one in view["results"].items() if one["status"] == "PENDING"]
        if view["status"] != "DONE" or pending:
            yield Finding(Kind.LOST, person.sub, "a lookup has no end", f"{lookup_id} {pending}")


def _changes(sub: str, lookup_id: str, views: list[Json], *, newer: bool) -> Iterator[Finding]:
    """Hold what is final to stay so: only a newer lookup's answer replaces an answer."""
    for before, after in pairwise(views):
        if before["status"] == "DONE" and after["status"] != "DONE":
            yield Finding(Kind.UNTRUE, sub, "a lookup was done and is not", lookup_id)
        for code, one in before["results"].items():
            then = after["results"].get(code)
            if then is None:
                yield Finding(Kind.LOST, sub, "a card left its lookup", f"{lookup_id} {code}")
            elif one["status"] != "PENDING" and then["status"] != one["status"]:
                if newer and then["status"] != "PENDING":
                    continue
                detail = f"{lookup_id} {code}: {one['status']}, then {then['status']}"
                yield Finding(Kind.UNTRUE, sub, "a final answer changed", detail)
            elif one["status"] in ANSWERED and then["points"] != one["points"] and not newer:
                detail = f"{lookup_id} {code}: {one['points']}, then {then['points']}"
                yield Finding(Kind.UNTRUE, sub, "balances of one answer changed", detail)


def _timeouts(sub: str, one: Exchange) -> Iterator[Finding]:
    """Nobody is told of a time-out before the time is over."""
    view = one.told
    started_ms = made_at_ms(view["lookup_id"])
    patience = datetime.fromisoformat(view["deadline_at"]) - datetime.fromisoformat(
        view["requested_at"]
    )
    due_ms = started_ms + patience.total_seconds() * 1000 - _CLOCK_S * 1000
    early = [code for code, of in view["results"].items() if of["status"] == "TIMED_OUT"]
    if early and one.told_ms < due_ms:
        yield Finding(
            Kind.UNTRUE, sub, "a time-out before its time", f"{view['lookup_id']} {early}"
        )


class _Inquiries:
    """The issuers' record of inquiries, by issuer: who was answered when, and what failed."""

    def __init__(self, calls: Iterable[Json]) -> None:
        self._answered: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._failed: dict[str, list[float]] = defaultdict(list)
        for call in calls:
            issuer = call["partner"].removeprefix("issuers/")
            at_s = datetime.fromisoformat(call["received_at"]).timestamp()
            took_ms = call["took_ms"] or 0
            if call["outcome"] == "answered":
                self._answered[issuer, call["sub"]].append(at_s + took_ms / 1000)
            if call["outcome"] != "answered" or took_ms > _SLOW_MS:
                self._failed[issuer].append(at_s)

    def answered(self, issuer: str, sub: str, since_s: float, until_s: float) -> bool:
        """Whether an issuer answered for somebody in this time."""
        return any(since_s <= at_s <= until_s for at_s in self._answered[issuer, sub])

    def failed(self, issuer: str, since_s: float, until_s: float) -> bool:
        """Whether an issuer failed anybody in this time."""
        return any(since_s <= at_s <= until_s for at_s in self._failed[issuer])


def _backed(sub: str, one: Exchange, inquiries: _Inquiries) -> Iterator[Finding]:
    """Who is told of an answer was answered for; a failure that is told of happened (R-P6)."""
    view, until_s = one.told, one.told_ms / 1000 + _CLOCK_S
    since_s = made_at_ms(view["lookup_id"]) / 1000 - _CLOCK_S
    for code, result in view["results"].items():
        detail = f"{view['lookup_id']} {code} {result['status']}"
        if result["status"] in ANSWERED and not inquiries.answered(code, sub, since_s, until_s):
            yield Finding(Kind.UNTRUE, sub, "an answer that no issuer gave", detail)
        if result["status"] == "UNAVAILABLE" and not inquiries.failed(
            code, since_s - _REST_S, until_s
        ):
            yield Finding(Kind.UNTRUE, sub, "a failure that no issuer had", detail)


def _sums(sub: str, view: Json) -> Iterator[Finding]:
    points = [point for result in view["results"].values() for point in result["points"]]
    for name in ("remaining", "transferable"):
        if sum(point[name] for point in points) != view["totals"][name]:
            yield Finding(Kind.UNTRUE, sub, f"totals of {name}", view["lookup_id"])


def _balances(person: Account, view: Json) -> Iterator[Finding]:
    """Every balance told is one the issuer had at the time it is said to be of (R-P5, R-P6)."""
    for code, result in view["results"].items():
        if result["as_of"] is None:
            continue
        as_of = datetime.fromisoformat(result["as_of"])
        for point in result["points"]:
            possible = had(person, code, point["code"], as_of)
            if point["remaining"] not in possible:
                detail = (
                    f"{view['lookup_id']} {code} {point['code']}: {point['remaining']} at {as_of},"
                    f" the issuer had {sorted(possible)}"
                )
                yield Finding(Kind.UNTRUE, person.sub, "a balance the issuer never had", detail)


def had(person: Account, issuer: str, point_code: str, at: datetime) -> set[int]:
    """Return the balances an issuer had around a moment, by its own book."""
    listed = person.standing[issuer]["point_list"]
    now = next((one["remain_point_amt"] for one in listed if one["point_code"] == point_code), 0)
    moves = sorted(_moves(person, issuer, point_code))
    balance = now - sum(amount for _, amount in moves)
    earliest, latest = at - timedelta(seconds=_CALL_S), at + timedelta(seconds=_CLOCK_S)
    possible = {balance}
    for moved_at, amount in moves:
        balance += amount
        if moved_at <= earliest:
            possible = {balance}
        elif moved_at <= latest:
            possible.add(balance)
    return possible


def _moves(person: Account, issuer: str, point_code: str) -> Iterator[tuple[datetime, int]]:
    for one in person.redemptions:
        if one["issuer"] != issuer or one["status"] == "REFUSED":
            continue
        amount = sum(item["amount"] for item in one["items"] if item["point_code"] == point_code)
        yield _stamp(one["approved_at"]), -amount
        if one["reversed_at"]:
            yield _stamp(one["reversed_at"]), amount


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SEOUL)


def _joined(sub: str, journal: Iterable[Exchange]) -> Iterator[Finding]:
    """Who asks again within ``max_age_seconds`` is given the lookup they have."""
    current = ""
    started_ms = 0
    for one in journal:
        if one.sub != sub or one.what != "lookup" or not one.accepted or one.told is None:
            continue
        told = one.told["lookup_id"]
        within_ms = one.body["max_age_seconds"] * 1000
        if current and told > current and one.at_ms > started_ms and within_ms:
            made_ms = made_at_ms(told)
            # What was insisted on meanwhile by a request that got no answer is newer too.
            unanswered = any(
                other.sub == sub
                and other.what == "lookup"
                and not other.accepted
                and started_ms <= other.at_ms <= made_ms
                for other in journal
            )
            if made_ms - made_at_ms(current) < within_ms - _CLOCK_S * 1000 and not unanswered:
                yield Finding(Kind.DOUBLED, sub, "a lookup within the age of another", told)
        if told > current:
            current, started_ms = told, one.told_ms
