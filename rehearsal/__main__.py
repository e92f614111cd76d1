"""``python -m rehearsal --people 20 --minutes 3``: a crowd and trouble, then the audit.

``--what one-dead-issuer`` compares the other ten lanes with one issuer dead and with all well,
``--what full-scan`` people who look up while the expiry scan is at work and while it rests.
"""

import argparse
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rehearsal.comparison import compare
from rehearsal.day import Order, rehearse
from rehearsal.full_scan import FULL_SCAN
from rehearsal.one_dead_issuer import ONE_DEAD_ISSUER
from tests.stack.bring_up import ROOT

PLACE = ROOT / "build" / "rehearsal"
COMPARISONS = {one.name: partial(compare, comparison=one) for one in (ONE_DEAD_ISSUER, FULL_SCAN)}
WHATS: dict[str, Callable[[Order], int]] = {"whole": rehearse, **COMPARISONS}


def main() -> int:
    """Rehearse; 1 if the auditor found anything or a ratio does not hold."""
    options = argparse.ArgumentParser(prog="rehearsal", description=__doc__)
    options.add_argument("--what", choices=sorted(WHATS), default="whole")
    options.add_argument("--people", type=int, default=20, help="at a time")
    options.add_argument("--minutes", type=float, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--place", type=Path, default=PLACE)
    asked = options.parse_args()
    # Whoever ends us ends what we have started, in order.
    signal.signal(signal.SIGTERM, _end)
    run = asked.place / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    order = Order(asked.people, asked.minutes * 60, asked.seed, asked.place, run)
    return WHATS[asked.what](order)


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
