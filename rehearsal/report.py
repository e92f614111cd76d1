"""What came of a rehearsal: a table for people, a file for whoever compares."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from modupoint.ids import made_at_ms
from rehearsal.finding import Kind
from rehearsal.journal import ASKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rehearsal.evidence import Evidence
    from rehearsal.finding import Finding
    from rehearsal.journal import Exchange

_SHOWN_FINDINGS = 20


def report(evidence: Evidence, findings: list[Finding], **more: object) -> dict[str, Any]:
    """Return everything that is written to the report; ``more`` is what the run knows."""
    journal = [one for one in evidence.journal if one.status != ASKING]
    legs = [
        leg
        for person in evidence.people.values()
        for transfer in person.transfers()
        for leg in transfer["legs"]
    ]
    first_s, all_s = waits(journal)
    kinds = Counter(one.kind for one in findings)
    cards = Counter(
        result["status"]
        for person in evidence.people.values()
        for lookup in person.lookups.values()
        if lookup is not None
        for result in lookup["results"].values()
    )
    return {
        "people": len(evidence.people),
        "lookups": sum(len(person.lookups) for person in evidence.people.values()),
        "cards": dict(sorted(cards.items())),
        "transfers": sum(len(person.transfers()) for person in evidence.people.values()),
        "legs": dict(sorted(Counter(leg["status"] for leg in legs).items())),
        "won": sum(leg["amount"] for leg in legs if leg["status"] == "DEPOSITED"),
        **more,
        **{kind.value: kinds[kind] for kind in Kind},
        "gave_up": sum(one.what == "gave_up" for one in journal),
        "requests": dict(sorted(Counter(one.what for one in journal).items())),
        "errors": dict(sorted(errors(journal).items())),
        "first_card_s": quantiles(first_s),
        "all_cards_s": quantiles(all_s),
        "findings": [asdict(one) for one in findings],
    }


def waits(journal: Iterable[Exchange]) -> tuple[list[float], list[float]]:
    """Return how long people waited for the first card and for all, as their pages saw it.

    Those who left before are not in it.
    """
    seen: dict[str, list[Exchange]] = defaultdict(list)
    for one in journal:
        if one.what in {"lookup", "poll"} and one.accepted and one.told is not None:
            seen[one.told["lookup_id"]].append(one)
    first_s, all_s = [], []
    for lookup_id, told in seen.items():
        started_ms = made_at_ms(lookup_id)
        some = [one.told_ms for one in told if _answered(one)]
        done = [one.told_ms for one in told if one.told["status"] == "DONE"]
        first_s += [(min(some) - started_ms) / 1000] if some else []
        all_s += [(min(done) - started_ms) / 1000] if done else []
    return first_s, all_s


def errors(journal: Iterable[Exchange]) -> Counter[str]:
    """Return what went wrong and was asked again or refused, by kind."""
    found: Counter[str] = Counter()
    for one in journal:
        if one.what in {"sign_in", "gave_up"} or one.accepted:
            continue
        code = one.told.get("code") if isinstance(one.told, dict) else None
        found[
            f"{one.what} {one.status or one.error or 'no answer'}{f' {code}' if code else ''}"
        ] += 1
    return found


def quantiles(values: list[float]) -> dict[str, float | int]:
    """Return the median and the 95th percentile, in seconds."""
    if not values:
        return {"count": 0}
    ordered = sorted(values)
    return {
        "count": len(ordered),
        "p50": round(ordered[len(ordered) // 2], 3),
        "p95": round(ordered[int(len(ordered) * 0.95)], 3),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the report as people read it."""
    lines = []
    for name, value in figures.items():
        if name in {"findings", "diary"}:
            continue
        shown = (
            ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        lines.append(f"{name.replace('_', ' '):<16} {shown}")
    lines += [
        f"  {one['kind']}: {one['what']}: {one['detail']} ({one['sub']})"
        for one in figures["findings"][:_SHOWN_FINDINGS]
    ]
    return "\n".join(lines)


def _answered(one: Exchange) -> bool:
    return any(result["status"] != "PENDING" for result in one.told["results"].values())
