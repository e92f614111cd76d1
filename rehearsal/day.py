"""The rehearsal from the first visitor to the verdict."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from modupoint.clock import SEOUL
from rehearsal.audit import audit
from rehearsal.crowd_order import CrowdOrder
from rehearsal.drain import Drain
from rehearsal.evidence import collect
from rehearsal.journal import read_journal
from rehearsal.plan import plan
from rehearsal.report import report, table
from rehearsal.stage import Stage
from rehearsal.troublemaker import Troublemaker
from tests.stack.bring_up import ROOT
from tests.stack.cloud import Cloud
from tests.stack.command_line import CommandLine

MORNING = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
"""A Tuesday on which everything is open; three issuers pay the next business day (R-P1)."""
_CROWD_ENDS_WITHIN_S = 120.0
_ARRIVE_WITHIN = 0.2


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: people at a time, for how long, drawn from which seed.

    ``place`` gets the report, ``run`` is where the stack and the journal live.
    """

    people: int
    seconds: float
    seed: int
    place: Path
    run: Path


def rehearse(order: Order) -> int:
    """Rehearse the day; returns 1 if the auditor found anything."""
    with Stage(order.run) as stage:
        figures = _lived(order, stage)
    order.place.mkdir(parents=True, exist_ok=True)
    (order.place / "report.json").write_text(
        json.dumps(figures, indent=2, ensure_ascii=False) + "\n"
    )
    say(table(figures))
    return 1 if figures["findings"] else 0


def _lived(order: Order, stage: Stage) -> dict[str, Any]:
    say("stage: bringing a stack up")
    stage.partners.set_clock(MORNING)
    stack = stage.start()
    journal_file = order.run / "journal.jsonl"
    crowd = CrowdOrder(
        stack.api_url,
        stack.partners_url,
        order.people,
        order.seconds * _ARRIVE_WITHIN,
        order.seed,
        str(journal_file),
        str(order.run / "closing"),
    )
    say(f"crowd: {order.people} people at a time for {order.seconds:.0f} s, seed {order.seed}")
    troublemaker = Troublemaker(stage, plan(order.seconds, order.seed), order.seed, say)
    people = start_crowd(crowd, order.run)
    began_s = time.monotonic()
    try:
        troublemaker.begin()
        troublemaker.end()
        time.sleep(max(0.0, began_s + order.seconds + troublemaker.down_s - time.monotonic()))
        Path(crowd.closing).touch()
        people.wait(_CROWD_ENDS_WITHIN_S)
    finally:
        if people.poll() is None:
            people.terminate()
            people.wait()
    if people.returncode:
        raise RuntimeError(f"the crowd ended with {people.returncode}; see {order.run}/crowd.log")
    say("drain: issuers well again, waiting for lookups and legs")
    drained_s = time.monotonic()
    cloud = Cloud(stage.stack)
    drain = Drain(cloud, stage.partners)
    drain.recover()
    journal = read_journal(journal_file)
    moves = drain.legs()
    breaks = drain.nights(CommandLine.of(stage.stack, order.run), MORNING)
    api = stage.http(stage.stack.api_url)
    say("audit: asking everybody")
    evidence = collect(journal, api, stage.partners, cloud, drain.lookup, breaks)
    findings = audit(evidence)
    return report(
        evidence,
        findings,
        people_at_a_time=order.people,
        minutes=order.seconds / 60,
        seed=order.seed,
        killed_workers=troublemaker.killed,
        restarts=stage.restarts,
        restart_s=[row["took_s"] for row in troublemaker.diary if row["act"] == "restart"],
        clock_moves=moves,
        drain_s=round(time.monotonic() - drained_s),
        diary=troublemaker.diary,
    )


def start_crowd(crowd: CrowdOrder, run: Path) -> subprocess.Popen[bytes]:
    """Start the crowd's process; its log lies beside its order."""
    order_file = run / "crowd.json"
    order_file.write_text(json.dumps(asdict(crowd)))
    with (run / "crowd.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "rehearsal.crowd", str(order_file)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def say(line: str) -> None:
    """Tell whoever watches."""
    print(line, flush=True)
