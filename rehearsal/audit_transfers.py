"""Transfers: each key moved money once, each leg came to its end, and the books say so. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rehearsal.finding import Finding, Kind
from rehearsal.journal import ASKING
from tests.stack.auditor import DEPOSITED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rehearsal.evidence import Account, Evidence
    from rehearsal.journal import Exchange

ENDED = frozenset({"DEPOSITED", "FAILED", "REVERSED"})
TAKEN = frozenset({"REDEEMED", "SCHEDULED", "DEPOSITED"})
"""Who is told one of these has had points taken: they are paid, or given back."""
_KEPT = ("amount", "issuer", "items", "promised_at")
_ENDS = ("status", "deposited_at")

type Json = Any


def audit_transfers(evidence: Evidence) -> list[Finding]:
    """Return what is wrong with people's money."""
    by_sub: dict[str, list[Exchange]] = defaultdict(list)
    for one in evidence.journal:
        by_sub[one.sub].append(one)
    found: list[Finding] = []
    for person in evidence.people.values():
        mine = by_sub[person.sub]
        found += _keys(person, mine)
        found += _ends(person)
        found += _told(person, mine)
        found += _paid(person)
        found += _refusals(person, mine)
    return found


def _keys(person: Account, journal: Iterable[Exchange]) -> Iterator[Finding]:
    """Hold each key to one transfer, and each transfer to a key that was sent."""
    told: dict[str, set[str]] = defaultdict(set)
    keys = set()
    for one in journal:
        if one.what == "transfer" and one.key is not None:
            keys.add(one.key)
            if one.status == 202 and one.told is not None:  # noqa: PLR2004 - HTTP's own
                told[one.key].add(one.told["transfer_id"])
    there = Counter(one["transfer_id"] for one in person.transfers())
    for key, ids in told.items():
        if len(ids) > 1:
            yield Finding(Kind.DOUBLED, person.sub, "a key with two transfers", f"{key} {ids}")
        for transfer_id in ids - there.keys():
            yield Finding(Kind.LOST, person.sub, "an accepted transfer", transfer_id)
    kept = Counter(item["key"]["S"] for sk, item in person.items.items() if _is_header(sk))
    for key, times in kept.items():
        if times > 1 or key not in keys:
            yield Finding(Kind.DOUBLED, person.sub, "a transfer nobody asked for", f"{key} {times}")


def _ends(person: Account) -> Iterator[Finding]:
    """Every leg of every transfer has come to an end."""
    for transfer in person.transfers():
        for leg in transfer["legs"]:
            if leg["status"] not in ENDED:
                detail = f"{leg['leg_id']} {leg['issuer']} {leg['status']}"
                yield Finding(Kind.LOST, person.sub, "a leg without an end", detail)


def _told(person: Account, journal: Iterable[Exchange]) -> Iterator[Finding]:
    """Hold what was told of a leg: its terms always, its end for ever."""
    views: dict[str, list[Json]] = defaultdict(list)
    for one in journal:
        for transfer in _transfers_in(one):
            yield from _sums(person.sub, transfer)
            for leg in transfer["legs"]:
                views[leg["leg_id"]].append(leg)
    last = {leg["leg_id"]: leg for one in person.transfers() for leg in one["legs"]}
    for leg_id, seen in views.items():
        if leg_id not in last:
            yield Finding(Kind.LOST, person.sub, "a leg that was shown", leg_id)
            continue
        for leg in seen:
            yield from _held(person.sub, leg, last[leg_id])
        yield from _steady(person.sub, [*seen, last[leg_id]])


def _transfers_in(one: Exchange) -> list[Json]:
    if not one.accepted or one.told is None:
        return []
    if one.what in {"transfer", "follow"}:
        return [one.told]
    return list(one.told["transfers"]) if one.what == "transfers" else []


def _held(sub: str, leg: Json, last: Json) -> Iterator[Finding]:
    for name in _KEPT:
        if leg[name] != last[name]:
            detail = f"{leg['leg_id']} {name}: {leg[name]}, then {last[name]}"
            yield Finding(Kind.UNTRUE, sub, "a leg's terms changed", detail)
    if leg["status"] in TAKEN and last["status"] == "FAILED":
        detail = f"{leg['leg_id']}: {leg['status']}, then FAILED"
        yield Finding(Kind.UNTRUE, sub, "points taken, then said not to be", detail)


def _steady(sub: str, seen: list[Json]) -> Iterator[Finding]:
    for before, after in pairwise(seen):
        if before["status"] in ENDED and any(before[one] != after[one] for one in _ENDS):
            detail = f"{before['leg_id']}: {before['status']}, then {after['status']}"
            yield Finding(Kind.UNTRUE, sub, "an end changed", detail)


def _sums(sub: str, transfer: Json) -> Iterator[Finding]:
    """R-T7, in what people see; what is not known yet is in no sum but the first."""
    totals, legs = transfer["totals"], transfer["legs"]
    asked = sum(leg["amount"] for leg in legs)
    paid = sum(leg["amount"] for leg in legs if leg["status"] == "DEPOSITED")
    parts = totals["deposited"] + totals["in_flight"] + totals["reversed"]
    if (totals["requested"], totals["deposited"], totals["redeemed"]) != (asked, paid, parts):
        detail = f"{transfer['transfer_id']} {totals}"
        yield Finding(Kind.UNTRUE, sub, "totals that do not add up", detail)


def _paid(person: Account) -> Iterator[Finding]:
    """Each leg that was paid is in the bank's book once, each redemption in its issuer's (R-T2)."""
    arrived = {
        one["bank_tran_id"]: one for one in person.deposits if one["bank_rsp_code"] == DEPOSITED
    }
    taken = {one["redemption_id"]: one for one in _approved(person)}
    deposits, redemptions = _deposit_ids(person), _redemption_ids(person)
    for transfer in person.transfers():
        for leg in transfer["legs"]:
            if leg["status"] == "DEPOSITED":
                paid = [arrived.pop(one) for one in deposits[leg["leg_id"]] if one in arrived]
                cost = taken.pop(redemptions.get(leg["leg_id"], ""), None)
                yield from _paid_once(person.sub, leg, paid, cost)
    for one in arrived.values():
        detail = f"{one['bank_tran_id']} {one['tran_amt']}"
        yield Finding(Kind.DOUBLED, person.sub, "a deposit of no leg", detail)
    for one in taken.values():
        detail = f"{one['issuer']} {one['redemption_id']} {one['redeemed_amt']}"
        yield Finding(Kind.LOST, person.sub, "points that were taken for nothing", detail)
    days = Counter((one["issuer"], one["approved_at"][:8]) for one in _approved(person))
    for (issuer, day), times in days.items():
        if times > 1:
            yield Finding(Kind.DOUBLED, person.sub, "redemptions of a day", f"{issuer} {day}")


def _paid_once(sub: str, leg: Json, paid: list[Json], cost: Json) -> Iterator[Finding]:
    detail = f"{leg['leg_id']} {leg['issuer']} {leg['amount']}"
    if not paid:
        yield Finding(Kind.LOST, sub, "a deposit that was told", detail)
    for one in paid[1:]:
        yield Finding(Kind.DOUBLED, sub, "a deposit", f"{detail} {one['bank_tran_id']}")
    if any(one["tran_amt"] != leg["amount"] for one in paid[:1]):
        yield Finding(Kind.UNTRUE, sub, "another amount arrived", detail)
    if cost is None or cost["redeemed_amt"] != leg["amount"]:
        yield Finding(Kind.UNTRUE, sub, "paid without the points for it", f"{detail} {cost}")


def _approved(person: Account) -> list[Json]:
    return [one for one in person.redemptions if one["status"] == "APPROVED"]


def _refusals(person: Account, journal: Iterable[Exchange]) -> Iterator[Finding]:
    """Hold what was refused to have moved nothing.

    A refusal uses its key up as little as its points: the same key may be accepted with
    another body afterwards.
    """
    kept = {item["key"]["S"] for sk, item in person.items.items() if _is_header(sk)}
    accepted: dict[str, list[Any]] = defaultdict(list)
    refused: dict[str, Exchange] = {}
    for one in journal:
        if one.what != "transfer" or one.key is None or one.status == ASKING:
            continue
        if one.accepted:
            accepted[one.key].append(one.body)
        elif one.status in {409, 422}:
            refused.setdefault(one.key, one)
    for key, one in refused.items():
        code = one.told.get("code") if isinstance(one.told, dict) else None
        reused = code == "idempotency_key_reused"
        moved = one.body in accepted[key] or (key in kept and not accepted[key])
        if reused and key not in kept:
            yield Finding(Kind.UNTRUE, person.sub, "a key was called used", key)
        if not reused and moved:
            yield Finding(Kind.UNTRUE, person.sub, f"refused ({code}), yet a transfer", key)


def _deposit_ids(person: Account) -> dict[str, list[str]]:
    """Return the ids of the deposits in the ledger by leg."""
    found: dict[str, list[str]] = defaultdict(list)
    for sk, item in person.items.items():
        if sk.startswith("LEDGER#") and item["cause"]["S"] == "DEPOSITED":
            found[item["leg_id"]["S"]].append(item["reference"]["S"])
    return found


def _redemption_ids(person: Account) -> dict[str, str]:
    return {
        item["leg_id"]["S"]: item["redemption_id"]["S"]
        for item in person.items.values()
        if "redemption_id" in item
    }


def _is_header(sk: str) -> bool:
    return sk.startswith("TRANSFER#") and "#LEG#" not in sk
