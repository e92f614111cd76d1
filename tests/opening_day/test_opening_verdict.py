"""The verdict: its file, its page, and objectives that can fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench.opening_day.__main__ import live
from bench.opening_day.growth import growth
from bench.opening_day.ledger import Ledger
from bench.opening_day.limits import Limit, limits
from bench.opening_day.money import money
from bench.opening_day.preparation import Preparation
from bench.opening_day.report import binding_sentence
from bench.opening_day.verdict import Verdict, objectives
from tests.opening_day.short_days import TIMES, structure

if TYPE_CHECKING:
    from pathlib import Path

GOOD: Verdict = {
    "scale": 1,
    "people": 100,
    "lost": 0,
    "first_card_p95_s": 3.0,
    "all_cards_p95_s": 10.0,
    "wait_honest_share": 0.9,
    "cost_per_lookup_usd": 0.00002,
    "binding_limit": "issuer bc",
    "fixed_fleet": {"lost": 50, "all_cards_p95_s": 60.0},
}


def limit(name: str, needed: float, available: float, default: float | None = None) -> Limit:
    return Limit(name, needed, available, default, "things/s", "ask")


SATURATED = [limit("issuer bc", 200, 100), limit("lambda_concurrency", 900, 1_000, 1_000)]


def failed(figures: Verdict, bounds: list[Limit] = SATURATED, one_dead_s: float = 1.05) -> int:
    return sum(not one.holds for one in objectives(figures, bounds, 1.0, one_dead_s))


def test_a_day_at_the_edge_of_every_objective_holds() -> None:
    assert failed(GOOD) == 0


@pytest.mark.parametrize(
    "worse",
    [
        {"lost": 1},
        {"first_card_p95_s": 3.01},
        {"all_cards_p95_s": 10.01},
        {"wait_honest_share": 0.89},
    ],
)
def test_a_day_beyond_an_objective_fails_it(worse: dict[str, float]) -> None:
    assert failed({**GOOD, **worse}) == 1  # type: ignore[typeddict-item]


def test_an_outage_that_others_notice_fails() -> None:
    assert failed(GOOD, one_dead_s=1.06) == 1


def test_fifty_times_the_day_is_meant_to_saturate_the_issuers_and_not_to_be_quick() -> None:
    beyond: Verdict = {**GOOD, "scale": 50, "first_card_p95_s": 90.0, "all_cards_p95_s": 300.0}
    assert failed(beyond) == 0
    assert failed(beyond, [limit("issuer bc", 99, 100)]) == 1


def test_what_binds_is_named_with_what_to_ask_for() -> None:
    said = binding_sentence(SATURATED)
    assert said.startswith("issuer bc: 200 things/s of 100 (200%), people wait for it.")
    assert "lambda_concurrency 1,200 (ask)" in said
    assert SATURATED[0].to_ask_for is None
    assert SATURATED[1].binds_at(10) == pytest.approx(11.1, abs=0.1)


def busy_minute() -> Ledger:
    ledger = Ledger()
    for name, count in {
        "came": 60_000,
        "requests": 300_000,
        "posts": 60_000,
        "reads": 120_000,
        "messages": 660_000,
        "batches": 66_000,
        "billed_s": 52_800,
        "writes": 660_000,
    }.items():
        ledger.add(name, count, 1.0)
    ledger.look(1.0, {"lane concurrency": 880.0, "API concurrency": 100.0})
    return ledger


def test_limits_are_what_the_busiest_minute_needs_the_most_loaded_first() -> None:
    found = limits(busy_minute(), structure(), Preparation())
    assert [one.load for one in found] == sorted((one.load for one in found), reverse=True)
    by_name = {one.name: one for one in found}
    assert by_name["table_writes_per_s"].needed == 12_000
    assert by_name["table_writes_per_s"].load == 3
    assert by_name["api_requests_per_s"].needed == 5_000
    # 11,000 messages a second at 12.5 for each worker, the API's hundred, money's 110.
    assert by_name["lambda_concurrency"].needed == pytest.approx(880 + 100 + 110)


def test_a_lookup_in_tens_costs_less_than_two_hundred_thousandths_of_a_cent() -> None:
    spent = money(busy_minute(), structure(), TIMES)
    assert spent.total_usd / 60_000 < 0.00004
    assert set(spent.by_hour) == {
        "HTTP API",
        "API functions",
        "workers",
        "DynamoDB",
        "SNS and SQS",
        "logs",
    }


def test_what_a_lookup_costs_falls_with_the_rate_and_standing_still_is_no_compute() -> None:
    months = growth(busy_minute(), structure(), TIMES)
    totals = [one.total_usd for one in months]
    assert totals == sorted(totals)
    each = [round(one.per_lookup_usd, 12) for one in months]
    assert each == sorted(each, reverse=True)
    assert set(months[0].standing) == {"alarms", "keys and secrets", "empty queues asked"}
    assert months[0].standing == months[-1].standing


def test_a_small_day_leaves_its_verdict_its_charts_and_its_page(tmp_path: Path) -> None:
    assert live(0.2, 1, Preparation(), tmp_path, until_s=20.0) in (0, 1)
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert list(verdict) == list(GOOD)
    assert list(verdict["fixed_fleet"]) == ["lost", "all_cards_p95_s"]
    assert verdict["lost"] == 0
    page = (tmp_path / "report.html").read_text()
    charts = {png.stem for png in tmp_path.glob("*.png")}
    assert charts >= {"waiting", "queue-age", "first-card", "all-cards", "refused", "lost"}
    assert charts >= {"concurrency", "money"}
    assert page.count("data:image/png;base64,") == len(charts)
    assert "http" not in page.replace("https://docs", "")
