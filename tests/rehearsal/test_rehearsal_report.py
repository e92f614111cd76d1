"""The report counts what happened; the ratio of a dead issuer is what the pairs say."""

from __future__ import annotations

from pathlib import Path

from rehearsal.audit import audit
from rehearsal.day import Order
from rehearsal.finding import Kind
from rehearsal.one_dead_issuer import Pair, verdict
from rehearsal.report import report, table
from tests.rehearsal.rehearsed import AMOUNT, Rehearsed

ORDER = Order(people=10, seconds=60, seed=1, place=Path("nowhere"), run=Path("nowhere"))


def test_a_clean_rehearsal_is_counted() -> None:
    evidence = Rehearsed().evidence()
    figures = report(evidence, audit(evidence), killed_workers=3, restarts=1)
    assert (figures["people"], figures["lookups"], figures["transfers"]) == (1, 1, 1)
    assert (figures["legs"], figures["won"]) == ({"DEPOSITED": 1}, AMOUNT)
    assert (figures["killed_workers"], figures["restarts"]) == (3, 1)
    assert [figures[kind] for kind in Kind] == [0, 0, 0]
    assert figures["errors"] == {"transfer no answer": 1}
    assert figures["first_card_s"] == {"count": 1, "p50": 0.01, "p95": 0.01}
    assert figures["all_cards_s"] == {"count": 1, "p50": 9.01, "p95": 9.01}
    assert "killed workers   3" in table(figures)


def test_what_is_found_is_counted_and_shown() -> None:
    evidence = Rehearsed().evidence(deposits=[], consent=None)
    figures = report(evidence, audit(evidence))
    assert figures["lost"] == 2
    assert "lost: an agreement" in table(figures)


def test_ten_lanes_that_do_not_notice_have_a_ratio_of_one() -> None:
    pair = Pair(list(range(300, 500)), list(range(300, 500)))
    figures = verdict([pair] * 4, ORDER)
    assert (figures["ratio"], figures["well_against_well"]) == (1.0, 1.0)
    assert figures["ratio_90_percent_interval"] == [1.0, 1.0]


def test_ten_lanes_that_wait_with_the_dead_one_show_it() -> None:
    pair = Pair(list(range(300, 500)), list(range(400, 600)))
    assert verdict([pair] * 4, ORDER)["ratio"] > 1.05


def test_one_noisy_round_widens_the_interval() -> None:
    calm, noisy = Pair([300] * 100, [300] * 100), Pair([300] * 100, [900] * 100)
    low, high = verdict([calm] * 9 + [noisy], ORDER)["ratio_90_percent_interval"]
    assert (low, high) == (1.0, 3.0)
