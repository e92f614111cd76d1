"""``python -m bench``: one run, its table, what it changed, ``build/bench.json``, and a verdict."""

import argparse
import fcntl
import json
import sys

from bench.budgets import broken
from bench.history import entry, keep, last, moved, refused
from bench.report import table
from bench.run import run
from bench.template import ROOT

REPORT = ROOT / "build" / "bench.json"


def main() -> int:
    """Measure, print, keep, and return 1 if a budget is broken."""
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("--rounds", type=int, default=15, help="measurements per figure")
    options.add_argument("--keep", action="store_true", help="add the run to bench/history.jsonl")
    asked = options.parse_args()
    place = REPORT.parent / "bench"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        # Two runs at once would measure each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = run(asked.rounds, place)
    print(table(report))
    REPORT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    now = entry(report)
    if before := last():
        changes = list(moved(before, now))
        print(f"\nsince {before['commit']}:", *(changes or ["nothing moved"]), sep="\n  ")
    complaints = list(broken(report))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print("all within budget" if not complaints else f"{len(complaints)} budgets broken")
    if asked.keep and (why_not := refused(now, complaints)):
        print(f"not kept: {why_not}", file=sys.stderr)
        return 1
    if asked.keep:
        keep(now)
    return 1 if complaints else 0


sys.exit(main())
