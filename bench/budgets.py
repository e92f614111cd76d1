"""What a run may cost, and a sentence for each budget it breaks."""

from collections.abc import Iterator

from bench.report import Report
from bench.template import API, SCHEDULE, WORKER

INIT_RATIO = {WORKER: 1.05, API: 1.15, SCHEDULE: 1.15}
WARM_RATIO = 1.5
LAYER_ZIP_MB = 5.0
FUNCTIONS_ZIP_KB = 200.0

LOOKUP_SINGLE_USD = 0.00004
LOOKUP_RUSH_USD = 0.00002
"""What a lookup of eleven issuers (300 ms each) may cost, all of it counted."""

_EMPTY = {
    "uncompiled": "ships without bytecode that Lambda uses as it is",
    "compiled": "was compiled at a start although bytecode should be there",
    "foreign": "in the arm64 layer is for another machine",
}


def broken(report: Report) -> Iterator[str]:
    """Say which budgets a run breaks."""
    for name, figures in report["handlers"].items():
        kind = figures["kind"]
        if figures["init_ratio"] > INIT_RATIO[kind]:
            yield _over(f"{name}'s start", figures["init_ratio"], INIT_RATIO[kind], kind)
        if figures["warm_ratio"] > WARM_RATIO:
            yield _over(f"{name}'s invocation", figures["warm_ratio"], WARM_RATIO, kind)
    if report["layer_zip_mb"] > LAYER_ZIP_MB:
        yield f"The layer's zip has {report['layer_zip_mb']} MB, the budget is {LAYER_ZIP_MB}."
    if report["functions_zip_kb"] > FUNCTIONS_ZIP_KB:
        size = report["functions_zip_kb"]
        yield f"The functions' zip has {size} KB, the budget is {FUNCTIONS_ZIP_KB}."
    yield from _dear("alone", report["cost_usd"]["lookup_single"], LOOKUP_SINGLE_USD)
    yield from _dear("in the rush", report["cost_usd"]["lookup_rush"], LOOKUP_RUSH_USD)
    files = {
        "uncompiled": report["uncompiled"],
        "compiled": report["compiled"],
        "foreign": report["foreign"],
    }
    for list_name, found in files.items():
        yield from (f"{file} {_EMPTY[list_name]}." for file in found)


def _over(what: str, figure: float, budget: float, kind: str) -> str:
    return f"{what} takes {figure} times its floor, the budget of this {kind} is {budget}."


def _dear(how: str, usd: float, budget_usd: float) -> Iterator[str]:
    if usd > budget_usd:
        yield f"A lookup {how} costs USD {usd:.7f}, the budget is {budget_usd:.5f}."
