"""What each change did to the figures: a line a kept run, in ``bench/history.jsonl``.

The file is in the repository, so that a change and its effect are read together
(``git log -p bench/history.jsonl``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from bench.report import Report

HISTORY = Path(__file__).with_name("history.jsonl")

_RATIO_MOVED = 0.08
"""Ratios of one commit differ by so much from run to run where other work goes on beside."""
_SHARE_MOVED = 0.02
_ROUNDS = 15


class Entry(TypedDict):
    """A run in short. ``starts`` and ``invocations`` are ratios to the floor by handler.

    ``usd`` are prices (``bench.report.Costs``), ``calls`` how many calls to AWS a warm
    invocation makes, by operation.
    """

    taken_at: str
    commit: str
    rounds: int
    starts: dict[str, float]
    invocations: dict[str, float]
    layer_zip_mb: float
    functions_zip_kb: float
    usd: dict[str, float]
    calls: dict[str, int]


def entry(report: Report) -> Entry:
    """Return a run in short."""
    costs = report["cost_usd"]
    return {
        "taken_at": report["taken_at"],
        "commit": report["commit"],
        "rounds": report["rounds"],
        "starts": {name: one["init_ratio"] for name, one in report["handlers"].items()},
        "invocations": {name: one["warm_ratio"] for name, one in report["handlers"].items()},
        "layer_zip_mb": report["layer_zip_mb"],
        "functions_zip_kb": report["functions_zip_kb"],
        "usd": {
            "lookup_single": costs["lookup_single"],
            "lookup_rush": costs["lookup_rush"],
            "transfer": costs["transfer"],
            "million_members_scanned": costs["million_members_scanned"],
        },
        "calls": {name: sum(calls.values()) for name, calls in report["calls"].items()},
    }


def last(file: Path = HISTORY) -> Entry | None:
    """Return the newest run that was kept; None if there is none."""
    lines = file.read_text().splitlines() if file.exists() else []
    if not lines:
        return None
    kept: Entry = json.loads(lines[-1])
    return kept


def keep(run: Entry, file: Path = HISTORY) -> None:
    """Add a run."""
    with file.open("a") as history:
        history.write(json.dumps(run, ensure_ascii=False) + "\n")


def refused(run: Entry, complaints: Sequence[str]) -> str | None:
    """Say why a run is not one to compare others with; None if it is."""
    if run["commit"].endswith("-dirty"):
        return "commit first, so that the line names what was measured"
    if run["rounds"] < _ROUNDS:
        return f"{run['rounds']} rounds scatter too much, {_ROUNDS} are needed"
    return "it breaks a budget" if complaints else None


def moved(before: Entry, now: Entry) -> Iterator[str]:
    """Say what has moved by more than two runs of one commit differ."""
    for what in ("starts", "invocations"):
        for name, was, is_now in _both(before[what], now[what]):
            if abs(is_now - was) > _RATIO_MOVED:
                yield f"{what} {name}: {was:.2f} -> {is_now:.2f}"
    for name, was, is_now in _both(before["usd"], now["usd"]):
        if abs(is_now - was) > was * _SHARE_MOVED:
            yield f"usd {name}: {was:.3g} -> {is_now:.3g}"
    for name, was, is_now in _both(before["calls"], now["calls"]):
        if is_now != was:
            yield f"calls {name}: {was} -> {is_now}"
    for size in ("layer_zip_mb", "functions_zip_kb"):
        if abs(now[size] - before[size]) > before[size] * _SHARE_MOVED:
            yield f"{size}: {before[size]} -> {now[size]}"


def _both[Figure: (int, float)](
    before: Mapping[str, Figure], now: Mapping[str, Figure]
) -> Iterator[tuple[str, Figure, Figure]]:
    return ((name, before[name], now[name]) for name in before if name in now)
