"""``python -m bench.opening_day --scale 10``: one day, its verdict, its page."""

import argparse
import json
import sys
import time
from copy import replace
from pathlib import Path

import numpy as np

from bench.opening_day.charts import draw_charts
from bench.opening_day.crowd import Crowd, crowd
from bench.opening_day.day import Day, Lived
from bench.opening_day.fixed_fleet import live_with_fixed_fleet
from bench.opening_day.growth import growth
from bench.opening_day.issuers import Outage
from bench.opening_day.limits import limits
from bench.opening_day.money import money
from bench.opening_day.people import Fate
from bench.opening_day.preparation import Preparation, preparation
from bench.opening_day.report import binding_sentence, write_report
from bench.opening_day.service_times import service_times
from bench.opening_day.structure import read_structure
from bench.opening_day.verdict import honest_to_who_queued, objectives, others_p95_s, verdict
from bench.template import ROOT

PLACE = ROOT / "build" / "opening-day"
DEAD_ISSUER = "kb"
_ONE_DEAD_FOR_S = 20 * 60.0
"""The day with a dead issuer is lived for its first, hardest part."""


def main() -> int:
    """Live the day with and without an outage, and with the fixed fleet; say what came of it."""
    options = argparse.ArgumentParser(prog="opening-day", description=__doc__)
    options.add_argument("--scale", type=float, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--minutes", type=float, help="only those who come in the first minutes")
    options.add_argument("--place", type=Path, default=PLACE)
    options.add_argument("--as-deployed", action="store_true", help="prepare nothing")
    asked = options.parse_args()
    asked.place.mkdir(parents=True, exist_ok=True)
    prepared = Preparation() if asked.as_deployed else preparation(asked.scale)
    until_s = float("inf") if asked.minutes is None else asked.minutes * 60
    return live(asked.scale, asked.seed, prepared, asked.place, until_s=until_s)


def live(
    scale: float, seed: int, prepared: Preparation, place: Path, *, until_s: float = float("inf")
) -> int:
    """Live one day and leave its page, its charts and its verdict; 1 if an objective fails."""
    structure = read_structure()
    times = service_times(structure)
    whole_day = crowd(scale, seed)
    everybody = _until(whole_day, until_s)
    started_s = time.monotonic()
    _say(f"{len(everybody):,} people; {times.source}")
    lived = Day(everybody, structure, prepared, times, seed=seed).live()
    _say(f"lived in {time.monotonic() - started_s:.0f} s; now with {DEAD_ISSUER} dead")
    early = _until(everybody, _ONE_DEAD_FOR_S)
    outage = (Outage(DEAD_ISSUER, 0.0, float("inf")),)
    one_dead = Day(early, structure, prepared, times, outages=outage, seed=seed).live()
    _say("now with the fixed fleet")
    fleet = live_with_fixed_fleet(everybody, structure.issuers, sized_for=len(whole_day), seed=seed)
    deployed = prepared.applied(structure)
    bounds = limits(lived.ledger, deployed, prepared)
    spent = money(lived.ledger, deployed, times)
    figures = verdict(scale, lived, fleet, bounds, spent)
    found = list(
        objectives(
            figures,
            bounds,
            others_p95_s(lived, DEAD_ISSUER, len(early)),
            others_p95_s(one_dead, DEAD_ISSUER, len(early)),
        )
    )
    charts = draw_charts(place, lived, fleet, spent, prepared.lambda_concurrency)
    write_report(
        place / "report.html",
        figures,
        found,
        bounds,
        charts,
        growth(lived.ledger, deployed, times),
        _facts(lived, fleet.threads, spent.total_usd, times.source, prepared),
    )
    (place / "verdict.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    for one in found:
        print(f"{'holds' if one.holds else 'FAILS':<6} {one.wanted}: {one.found}")
    share, queued = honest_to_who_queued(lived.people)
    print(f"       of the {queued:,} who waited over 10 s, {share:.1%} were told an honest wait")
    print(f"binds first: {binding_sentence(bounds)}")
    print(f"fixed fleet: {figures['fixed_fleet']['lost']:,} people lost")
    print(f"{place / 'report.html'}, {time.monotonic() - started_s:.0f} s")
    return 0 if all(one.holds for one in found) else 1


def _until(everybody: Crowd, until_s: float) -> Crowd:
    people = int(np.searchsorted(everybody.comes_s, until_s))
    return replace(
        everybody, comes_s=everybody.comes_s[:people], endures_s=everybody.endures_s[:people]
    )


def _facts(
    lived: Lived, threads: int, total_usd: float, source: str, prepared: Preparation
) -> dict[str, str]:
    people, ledger = lived.people, lived.ledger
    fates = {fate.name.lower().replace("_", " "): people.count(fate) for fate in Fate}
    share, queued = honest_to_who_queued(people)
    return {
        "told an honest wait, of those who waited over 10 s": f"{share:.1%} of {queued:,}",
        "people": ", ".join(f"{count:,} {name}" for name, count in fates.items() if count),
        "lookups started": f"{ledger.total('posts'):,.0f}",
        "polls": f"{ledger.total('reads'):,.0f}",
        "messages": f"{ledger.total('messages'):,.0f} in {ledger.total('batches'):,.0f} batches",
        "messages of lookups started over": f"{lived.superseded:,}",
        "messages dropped past their deadline": f"{lived.dropped:,}",
        "repairs": f"{ledger.total('repairs'):,.0f}",
        "requests refused (the page comes back)": f"{ledger.total('refused'):,.0f}",
        "breakers opened": f"{lived.breakers_opened:,}",
        "money": f"USD {total_usd:,.2f}",
        "threads of the fixed fleet": f"{threads:,}",
        "prepared": str(prepared),
        "handlers measured": source,
    }


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
