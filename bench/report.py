"""The figures of one run: their shape, and how they are printed."""

from collections.abc import Iterable
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


class Costs(TypedDict):
    """USD at the prices of ``bench.cost``.

    A transfer of eleven legs, a month of the expiry scan for a million members who all
    asked for it, and each operation alone.
    """

    transfer: float
    thousand_transfers: float
    million_members_scanned: float
    operations: dict[str, float]


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


def _listed(calls: dict[str, int]) -> str:
    return ", ".join(f"{count} {call}" for call, count in calls.items()) or "none"
