"""The bench's verdict: which figures break which budget."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from bench.budgets import broken
from bench.report import medians_ms, ratio, table
from bench.template import API, WORKER

if TYPE_CHECKING:
    from bench.report import Figures, Lookup, Report


def figures(kind: str) -> Figures:
    warm = {"ratio": 1.5, "ms": 3.0, "floor_ms": 2.0}
    return {
        "kind": kind,
        "init_ratio": 1.05 if kind == WORKER else 1.15,
        "init_ms": 440.0,
        "init_floor_ms": 400.0,
        "clients": ["dynamodb"],
        "warm_ratio": 1.5,
        "cases": {"": warm},  # type: ignore[dict-item]
    }


def lookup(usd: float) -> Lookup:
    return {"parts": {"HTTP API": usd}, "polls": 1.0, "all_cards_s": 0.4}


def at_the_limit() -> Report:
    return {
        "taken_at": "2026-11-22T00:00:00+00:00",
        "commit": "0000000",
        "rounds": 15,
        "python": "3.13.0",
        "bytecode": "compiled",
        "handlers": {"Ask": figures(WORKER), "Read": figures(API)},
        "layer_zip_mb": 5.0,
        "functions_zip_kb": 200.0,
        "uncompiled": [],
        "compiled": [],
        "foreign": [],
        "cost_usd": {
            "lookup_single": 0.00004,
            "lookup_rush": 0.00002,
            "transfer": 0.0001,
            "thousand_transfers": 0.1,
            "million_members_scanned": 20.0,
            "operations": {"Ask": 1e-6},
            "lookups": {"single": lookup(0.00004), "rush": lookup(0.00002)},
            "months": [
                {
                    "lookups": 1_000,
                    "together": 1.0,
                    "by_part": {"HTTP API": 0.04},
                    "per_lookup_usd": 0.00004,
                    "standing_usd": 16.0,
                    "total_usd": 16.04,
                }
            ],
        },
        "calls": {"Ask": {"dynamodb.UpdateItem": 1}, "Read": {}},
        "cold_calls": {"Ask": {"dynamodb.UpdateItem": 1, "kms.Decrypt": 1}, "Read": {}},
    }


def changed(path: tuple[str, ...], value: object) -> Report:
    report = copy.deepcopy(at_the_limit())
    place: Any = report
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return report


def test_figures_at_their_limits_are_within_budget() -> None:
    assert list(broken(at_the_limit())) == []


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("handlers", "Ask", "init_ratio"), 1.051, "Ask's start"),
        (("handlers", "Read", "init_ratio"), 1.151, "Read's start"),
        (("handlers", "Ask", "warm_ratio"), 1.501, "Ask's invocation"),
        (("handlers", "Read", "warm_ratio"), 1.501, "Read's invocation"),
        (("layer_zip_mb",), 5.001, "layer's zip"),
        (("functions_zip_kb",), 200.1, "functions' zip"),
        (("cost_usd", "lookup_single"), 0.0000401, "lookup alone"),
        (("cost_usd", "lookup_rush"), 0.0000201, "lookup in the rush"),
        (("uncompiled",), ["modupoint/clock.py"], "modupoint/clock.py"),
        (("compiled",), ["query/lanes.py"], "query/lanes.py"),
        (("foreign",), ["_cffi_backend.so"], "_cffi_backend.so"),
    ],
    ids=str,
)
def test_one_figure_over_its_limit_is_one_sentence(
    path: tuple[str, ...], value: object, named: str
) -> None:
    (sentence,) = broken(changed(path, value))
    assert named in sentence
    assert sentence.endswith(".")


def test_an_api_handler_may_start_slower_than_a_worker() -> None:
    assert list(broken(changed(("handlers", "Read", "init_ratio"), 1.1))) == []


def test_a_ratio_is_the_median_of_neighbours_and_shrugs_off_one_disturbance() -> None:
    assert ratio([(1.1, 1.0), (2.2, 2.0), (9.0, 1.0)]) == 1.1


def test_times_are_medians_in_milliseconds() -> None:
    assert medians_ms([(0.1, 0.2), (0.3, 0.1), (0.2, 0.9)]) == (200.0, 200.0)


def test_the_table_shows_a_lookups_parts_and_how_its_cost_grows() -> None:
    shown = table(at_the_limit())
    for words in ("HTTP API                   40.00   20.00", "1,000        1.0", "16.04"):
        assert words in shown


def test_the_table_shows_each_handler_case_and_call() -> None:
    shown = table(at_the_limit())
    for word in ("Ask", "Read", "1.05", "1.15", "5.00 MB", "200 KB", "1 kms.Decrypt", "none"):
        assert word in shown
