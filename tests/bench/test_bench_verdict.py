"""The bench's verdict: which figures break which budget."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from bench.budgets import broken
from bench.report import medians_ms, ratio, table
from tests.bench.report_samples import at_the_limit

if TYPE_CHECKING:
    from bench.report import Report


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
