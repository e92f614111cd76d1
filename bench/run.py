"""One run: build, look, measure, report."""

import json
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench import artifacts
from bench.artifacts import Build
from bench.asked import Case
from bench.budgets import INIT_RATIO
from bench.cost import Invocation, scan_usd, transfer_usd
from bench.lookup_cost import TEN, LookupCost, lookup_alone, lookup_in_rush
from bench.lookup_growth import Starts, grown
from bench.opening_day.growth import standing_usd
from bench.opening_day.structure import read_structure
from bench.report import (
    Costs,
    Figures,
    Lookup,
    Month,
    Report,
    Sample,
    Warm,
    medians_ms,
    ratio,
)
from bench.samples import cases, rules, variables
from bench.startup import CHILDREN, Pair, in_turns, process_cpu_s
from bench.stub import write_rules
from bench.template import API, ROOT, Function, functions
from bench.warm import Runner, Witnessed, counted, stub
from modupoint.ids import new_id

_BYTECODE = "compiled in the archives (unchecked hash) and in the runtime's packages"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A function with what is asked of it and what it was seen to do."""

    function: Function
    paths: list[str]
    variables: dict[str, str]
    seen: dict[str, tuple[Case, Witnessed]]

    @property
    def clients(self) -> list[str]:
        """The AWS clients its import makes."""
        return list(next(iter(self.seen.values()))[1].clients)


def run(rounds: int, place: Path) -> Report:
    """Measure everything once.

    Parameters
    ----------
    rounds
        How often each figure is taken.
    place
        The folder for builds and notes.
    """
    _say("building for arm64 and for this machine")
    shipped = artifacts.build(place / "arm64", None)
    here = artifacts.build(place / "host", "host")
    runtime = artifacts.runtime(place / "runtime")
    rules_file = place / "rules.json"
    lookup_id = new_id("lkp")
    write_rules(rules(lookup_id), rules_file)
    with stub(rules_file) as url:
        subjects = [
            _subject(function, here, runtime, variables(url), cases(lookup_id))
            for function in functions()
        ]
        starts = _starts(subjects, runtime, rounds)
        invocations = _invocations(subjects, runtime, rounds, place)
    looks = [look for subject in subjects for look in subject.seen.values()]
    names = [subject.function.name for subject in subjects]
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "rounds": rounds,
        "python": platform.python_version(),
        "bytecode": _BYTECODE,
        "handlers": {one.function.name: _figures(one, starts, invocations) for one in subjects},
        "layer_zip_mb": round(artifacts.zip_bytes(shipped.layer) / 1e6, 3),
        "functions_zip_kb": round(
            max(artifacts.zip_bytes(shipped.code(name)) for name in names) / 1e3, 1
        ),
        "uncompiled": _uncompiled(shipped, names),
        "compiled": sorted({file for _, seen in looks for file in seen.compiled}),
        "foreign": artifacts.of_other_machines(shipped.layer),
        "cost_usd": _costs(
            subjects, invocations, {name: medians_ms(taken)[0] for name, taken in starts.items()}
        ),
        "calls": {_operation(case): counted(seen.warm) for case, seen in looks},
        "cold_calls": {_operation(case): counted(seen.cold) for case, seen in looks},
    }


def _subject(
    function: Function, build: Build, runtime: Path, known: Mapping[str, str], asked: list[Case]
) -> _Subject:
    own = [case for case in asked if case.function == function.name]
    unknown = [name for name in function.variables if name not in known]
    if not own or unknown:
        sys.exit(f"bench/samples.py lacks an event for {function.name}, or {unknown}")
    paths = [*build.import_paths(function.name), str(runtime)]
    given = {
        name: value
        for name, value in known.items()
        if name in function.variables or name.startswith("AWS_")
    }
    seen = {
        case.name: (case, Witnessed.of(_invocation(case, paths, function.module), given))
        for case in own
    }
    return _Subject(function, paths, given, seen)


def _starts(subjects: list[_Subject], runtime: Path, rounds: int) -> dict[str, list[Sample]]:
    pairs = [
        Pair(
            subject.function.name,
            partial(
                process_cpu_s,
                "start_handler",
                {"paths": subject.paths, "module": subject.function.module},
                subject.variables,
            ),
            partial(
                process_cpu_s,
                "start_floor",
                {"paths": [str(runtime)], "services": subject.clients},
                subject.variables,
            ),
        )
        for subject in subjects
    ]
    kinds = {subject.function.name: subject.function.kind for subject in subjects}
    taken = _measured(pairs, rounds, "cold starts")
    # Of so many functions one may be over by scatter alone: more rounds tell it from a change.
    over = [pair for pair in pairs if ratio(taken[pair.name]) > INIT_RATIO[kinds[pair.name]]]
    if over:
        again = _measured(over, 2 * rounds, f"again: {', '.join(pair.name for pair in over)}")
        return {name: samples + again.get(name, []) for name, samples in taken.items()}
    return taken


def _invocations(
    subjects: list[_Subject], runtime: Path, rounds: int, place: Path
) -> dict[str, list[Sample]]:
    pairs, runners = [], []
    for subject in subjects:
        for case, seen in subject.seen.values():
            script = place / f"{_operation(case)}.json"
            script.write_text(json.dumps(seen.script()))
            handler = Runner(
                _invocation(case, subject.paths, subject.function.module), subject.variables
            )
            bare = replace(case, settings={})
            floor = Runner(
                _invocation(bare, [str(CHILDREN), str(runtime)], "floor"),
                {**subject.variables, "FLOOR_SCRIPT": str(script)},
            )
            pairs.append(Pair(_operation(case), handler.invocation_cpu_s, floor.invocation_cpu_s))
            runners += [handler, floor]
    measured = _measured(pairs, rounds, "invocations")
    for runner in runners:
        runner.close()
    return measured


def _measured(pairs: list[Pair], rounds: int, what: str) -> dict[str, list[Sample]]:
    _say(f"measuring {what}, {rounds} rounds")
    samples: dict[str, list[Sample]] = defaultdict(list)
    for name, handler_s, floor_s in in_turns(pairs, rounds):
        samples[name].append((handler_s, floor_s))
    return samples


def _figures(
    subject: _Subject, starts: dict[str, list[Sample]], invocations: dict[str, list[Sample]]
) -> Figures:
    start = starts[subject.function.name]
    start_ms, floor_ms = medians_ms(start)
    by_case = {
        name: _warm(invocations[_operation(case)]) for name, (case, _) in subject.seen.items()
    }
    return {
        "kind": subject.function.kind,
        "init_ratio": ratio(start),
        "init_ms": start_ms,
        "init_floor_ms": floor_ms,
        "clients": subject.clients,
        "warm_ratio": max(one["ratio"] for one in by_case.values()),
        "cases": by_case,
    }


def _warm(samples: list[Sample]) -> Warm:
    handler_ms, floor_ms = medians_ms(samples)
    return {"ratio": ratio(samples), "ms": handler_ms, "floor_ms": floor_ms}


def _invocation(case: Case, paths: list[str], module: str) -> dict[str, Any]:
    return {"paths": paths, "module": module, "event": case.event, "settings": case.settings}


def _operation(case: Case) -> str:
    return f"{case.function} {case.name}".strip()


def _costs(
    subjects: list[_Subject], samples: dict[str, list[Sample]], init_ms: Mapping[str, float]
) -> Costs:
    """Price the lookup, the transfer, and each operation by itself."""
    operations = {
        _operation(case): Invocation(
            seen.warm,
            medians_ms(samples[_operation(case)])[0],
            subject.function.memory_mb,
            over_http=subject.function.kind == API,
            logged_bytes=seen.logged_bytes,
        )
        for subject in subjects
        for case, seen in subject.seen.values()
    }
    by_function = {name.partition(" ")[0]: one for name, one in operations.items()}
    transfer = transfer_usd(by_function)
    alone, rush = lookup_alone(operations), lookup_in_rush(operations)
    return {
        "lookup_single": round(alone.usd, 9),
        "lookup_rush": round(rush.usd, 9),
        "transfer": round(transfer, 9),
        "thousand_transfers": round(transfer * 1000, 6),
        "million_members_scanned": round(scan_usd(operations, 1_000_000), 2),
        "operations": {name: round(one.usd(), 9) for name, one in operations.items()},
        "lookups": {"single": _lookup(alone), "rush": _lookup(rush)},
        "months": _months(alone, rush, operations, init_ms),
    }


def _lookup(cost: LookupCost) -> Lookup:
    return {
        "parts": {part: round(usd, 10) for part, usd in cost.parts.items()},
        "polls": cost.polls,
        "all_cards_s": round(cost.all_cards_s, 3),
    }


def _months(
    alone: LookupCost,
    rush: LookupCost,
    operations: Mapping[str, Invocation],
    init_ms: Mapping[str, float],
) -> list[Month]:
    starts = Starts.of(init_ms, operations)
    standing = standing_usd(read_structure())
    return [
        {
            "lookups": month.lookups,
            "together": round(month.together, 2),
            "by_part": {part: round(usd, 6) for part, usd in month.by_part.items()},
            "per_lookup_usd": round(month.per_lookup_usd, 9),
            "standing_usd": round(sum(month.standing.values()), 2),
            "total_usd": round(month.total_usd, 2),
        }
        for month in grown(alone, rush, starts, operations[TEN].billed_s, standing)
    ]


def _uncompiled(build: Build, names: list[str]) -> list[str]:
    folders = [build.layer, *map(build.code, names)]
    return [file for folder in folders for file in artifacts.without_bytecode(folder)]


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return told.stdout.strip()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
