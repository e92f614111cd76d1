"""The figures of one run: their shape, and how they are printed."""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import TypedDict


class Figures(TypedDict):
    """A handler's figures. Milliseconds are CPU time; ratios are to the floor's.

    ``warm_ratio`` is the worst of the handler's ``cases``.
    """

    kind: str
    init_ratio: float
    init_ms: float
    init_floor_ms: float
    clients: list[str]
    warm_ratio: float
    cases: dict[str, "Warm"]


class Warm(TypedDict):
    """One way to invoke a handler."""

    ratio: float
    ms: float
    floor_ms: float


class Lookup(TypedDict):
    """A lookup's price by what AWS bills, the polls in it, and when its last card is there."""

    parts: dict[str, float]
    polls: float
    all_cards_s: float


class Month(TypedDict):
    """A month of lookups in USD, of which ``standing_usd`` without any lookup."""

    lookups: int
    together: float
    by_part: dict[str, float]
    per_lookup_usd: float
    standing_usd: float
    total_usd: float


class Costs(TypedDict):
    """USD at the prices of ``bench.cost``.

    ``lookup_single`` and ``lookup_rush`` are a lookup of eleven issuers whose messages
    come one at a time, and in tens; ``lookups`` has the parts of both. ``transfer`` has
    eleven legs; ``million_members_scanned`` is a month of the expiry scan for a million
    members who all asked for it. ``operations`` are single invocations.
    """

    lookup_single: float
    lookup_rush: float
    transfer: float
    thousand_transfers: float
    million_members_scanned: float
    operations: dict[str, float]
    lookups: dict[str, Lookup]
    months: list[Month]


class Report(TypedDict):
    """What a run leaves in ``build/bench.json``.

    ``calls`` are those of a warm invocation per operation, ``cold_calls`` those
    of an environment's first. ``uncompiled`` names modules of the archives that
    ship no usable bytecode, ``compiled`` sources that Python compiled at a start
    nevertheless, ``foreign`` libraries in the arm64 layer for other machines.
    """

    taken_at: str
    commit: str
    rounds: int
    python: str
    bytecode: str
    handlers: dict[str, Figures]
    layer_zip_mb: float
    functions_zip_kb: float
    uncompiled: list[str]
    compiled: list[str]
    foreign: list[str]
    cost_usd: Costs
    calls: dict[str, dict[str, int]]
    cold_calls: dict[str, dict[str, int]]


type Sample = tuple[float, float]
"""CPU seconds of a handler and of its floor, measured one after the other."""


def ratio(samples: Iterable[Sample]) -> float:
    """Return the median of the pairs' ratios."""
    return round(median(handler / floor for handler, floor in samples), 3)


def medians_ms(samples: Iterable[Sample]) -> Sample:
    """Return the medians of handler and floor, in milliseconds."""
    handlers, floors = zip(*samples, strict=True)
    return round(median(handlers) * 1000, 3), round(median(floors) * 1000, 3)


def table(report: Report) -> str:
    """Return a run's figures for people."""
    heads = f"{'floor':>8}{'ratio':>8}"
    lines = [
        f"{report['rounds']} rounds, CPU ms, medians; Python {report['python']}",
        f"bytecode: {report['bytecode']}",
        "",
        f"{'handler':<17}{'start':>8}{heads}   {'warm':>8}{heads}",
    ]
    for name, figures in report["handlers"].items():
        start = (
            f"{name:<17}{figures['init_ms']:>8.0f}{figures['init_floor_ms']:>8.0f}"
            f"{figures['init_ratio']:>8.2f}"
        )
        for case, warm in figures["cases"].items():
            lines.append(
                f"{start:<41}   {warm['ms']:>8.2f}{warm['floor_ms']:>8.2f}"
                f"{warm['ratio']:>8.2f}  {case}".rstrip()
            )
            start = ""
    costs = report["cost_usd"]
    lines += [
        "",
        *_lookups(report["cost_usd"]),
        "",
        f"layer zip (arm64) {report['layer_zip_mb']:.2f} MB",
        f"functions zip {report['functions_zip_kb']:.0f} KB",
        "",
        f"a thousand transfers of eleven legs: USD {costs['thousand_transfers']:.4f}",
        f"a month's expiry scan of a million members: USD {costs['million_members_scanned']:.2f}",
        "",
        "calls of a warm invocation (of an environment's first)",
    ]
    for operation, calls in report["calls"].items():
        cold = report["cold_calls"][operation]
        lines.append(f"  {operation:<26}{_listed(calls)}  ({_listed(cold)})")
    return "\n".join(lines)


def _lookups(costs: Costs) -> Iterator[str]:
    """Show what a lookup costs in millionths of a dollar, and how that grows."""
    single, rush = costs["lookups"]["single"], costs["lookups"]["rush"]
    yield f"{'a lookup, USD per million':<26}{'alone':>8}{'rush':>8}"
    for part in single["parts"]:
        yield _line(part, single["parts"][part], rush["parts"].get(part, 0.0))
    yield _line("together", costs["lookup_single"], costs["lookup_rush"])
    yield f"{'  (polls)':<26}{single['polls']:>8.2f}{rush['polls']:>8.2f}"
    yield f"{'  (last card after, s)':<26}{single['all_cards_s']:>8.2f}{rush['all_cards_s']:>8.2f}"
    yield ""
    yield "lookups a month   together   per lookup   standing         total, USD"
    for month in costs["months"]:
        yield (
            f"{month['lookups']:>15,}{month['together']:>11.1f}{month['per_lookup_usd']:>13.7f}"
            f"{month['standing_usd']:>11.2f}{month['total_usd']:>14,.2f}"
        )


def _line(what: str, single_usd: float, rush_usd: float) -> str:
    return f"{'  ' + what:<26}{single_usd * 1e6:>8.2f}{rush_usd * 1e6:>8.2f}"


def _listed(calls: dict[str, int]) -> str:
    return ", ".join(f"{count} {call}" for call, count in calls.items()) or "none"
