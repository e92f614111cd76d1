"""``python -m bench``: one run, its table, ``build/bench.json``, and a verdict."""

import argparse
import fcntl
import json
import sys

from bench.budgets import broken
from bench.report import table
from bench.run import run
from bench.template import ROOT

REPORT = ROOT / "build" / "bench.json"
HISTORY = ROOT / "build" / "bench-history.jsonl"


def main() -> int:
    """Measure, print, keep, and return 1 if a budget is broken."""
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("--rounds", type=int, default=15, help="measurements per figure")
    rounds = options.parse_args().rounds
    place = REPORT.parent / "bench"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        # Two runs at once would measure each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = run(rounds, place)
    print(table(report))
    REPORT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    with HISTORY.open("a") as history:
        history.write(json.dumps(report, ensure_ascii=False) + "\n")
    complaints = list(broken(report))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print("all within budget" if not complaints else f"{len(complaints)} budgets broken")
    return 1 if complaints else 0


sys.exit(main())
