"""A comparison says what its pairs say: a slow round with the change fails, a void one too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.comparison import Comparison, Held, Pair, verdict
from rehearsal.day import Order
from rehearsal.full_scan import FULL, FULL_SCAN, FullScan, void
from rehearsal.one_dead_issuer import ONE_DEAD_ISSUER
from rehearsal.rounds import Card, Visit
from rehearsal.scan_lanes import ScanLanes
from tests.stack.calls import Http
from tests.stack.partners import Partners

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDER = Order(people=10, seconds=60, seed=1, place=Path("nowhere"), run=Path("nowhere"))
BOTH = pytest.mark.parametrize("comparison", [ONE_DEAD_ISSUER, FULL_SCAN], ids=lambda one: one.name)


def visits(first_ms: Iterable[int], *, last_after_ms: int = 100) -> list[Visit]:
    """Return one visit for each first card, whose other card comes so much later."""
    return [
        Visit((Card(ms // 2, ms), Card(ms // 2, ms + last_after_ms)), bystander_ms=20)
        for ms in first_ms
    ]


def told(comparison: Comparison, *pairs: Pair) -> dict[str, Any]:
    return verdict(pairs, ORDER, comparison)


@BOTH
def test_people_who_do_not_notice_have_ratios_of_one(comparison: Comparison) -> None:
    pair = Pair(visits(range(300, 500, 10)), visits(range(300, 500, 10)))
    figures = told(comparison, *[pair] * 4)
    assert (figures["holds"], figures["too_high"], figures["void"]) == (True, [], [])
    for measure in comparison.measures:
        assert figures[measure.name]["ratio"] == 1.0
        assert figures[measure.name]["ratio_90_percent_interval"] == [1.0, 1.0]


@BOTH
def test_people_who_wait_for_the_change_show_it(comparison: Comparison) -> None:
    pair = Pair(visits(range(300, 500, 10)), visits(range(400, 600, 10)))
    figures = told(comparison, *[pair] * 4)
    assert not figures["holds"]
    assert figures["too_high"] == [
        one.name for one in comparison.measures if one.highest_ratio is not None
    ]


def test_a_scan_that_delays_only_the_last_card_is_seen() -> None:
    pair = Pair(visits([300] * 9), visits([300] * 9, last_after_ms=130))
    figures = told(FULL_SCAN, *[pair] * 4)
    assert figures["too_high"] == ["all_cards_p50"]
    assert figures["first_card_p50"]["ratio"] == 1.0


def test_a_few_who_wait_long_decide_nothing_but_are_shown() -> None:
    pair = Pair(visits([300] * 20), visits([300] * 17 + [900] * 3))
    figures = told(FULL_SCAN, *[pair] * 4)
    assert figures["holds"]
    assert figures["all_cards_p95"]["ratio"] > 2.0


@BOTH
def test_one_noisy_round_widens_the_interval(comparison: Comparison) -> None:
    calm = Pair(visits([300] * 20), visits([300] * 20))
    noisy = Pair(visits([300] * 20), visits([900] * 20))
    p95 = next(one.name for one in comparison.measures if one.share == 0.95)
    low, high = told(comparison, *[calm] * 9, noisy)[p95]["ratio_90_percent_interval"]
    assert low == 1.0
    assert high > 2.0


def test_a_void_round_voids_the_comparison_however_fast_it_was() -> None:
    calm = Pair(visits([300] * 9), visits([300] * 9), Held({"lowest_backlog": 70}))
    dry = Pair(visits([300] * 9), visits([300] * 9), Held({"lowest_backlog": 0}, void(0, 1.0)))
    figures = told(FULL_SCAN, calm, calm, dry)
    assert not figures["holds"]
    assert figures["void"] == ["pair 3: a lane of the scan ran dry"]
    assert [one["lowest_backlog"] for one in figures["each_round"]] == [70, 70, 0]


def test_a_scan_counts_while_every_lane_is_full_and_it_works() -> None:
    assert void(lowest=1, pace=0.5) == ""
    assert void(lowest=0, pace=1.0) == "a lane of the scan ran dry"
    assert void(lowest=70, pace=0.4) == "the scan was not at work"


class Lanes(ScanLanes):
    """Lanes that hold what a test says."""

    def __init__(self, **held: int) -> None:
        self.held = held

    def waiting(self) -> dict[str, int]:
        return self.held

    def put_off(self) -> int:
        return 10


class Record(Partners):
    """An issuers' record in which the scan's member was answered, and somebody else."""

    def __init__(self) -> None:
        super().__init__(Http("http://nowhere"))

    def calls(self, **_narrowed: object) -> list[dict[str, Any]]:
        return [{"outcome": "answered", "person_key": key} for key in ("p_scanned", "p_member")]


@pytest.mark.parametrize("empty", ["kb", "citi"])
def test_one_empty_lane_of_the_scan_voids_its_round(empty: str) -> None:
    lanes = Lanes(**{"kb": 80, "citi": 90, empty: 0})
    held = FullScan(lanes, Record(), ["m"], frozenset({"p_scanned"}), _lowest=FULL).held()
    assert held.void == "a lane of the scan ran dry"
    assert held.figures["backlog"][empty] == 0


def test_full_lanes_and_answers_of_the_scan_alone_are_told() -> None:
    lanes = Lanes(kb=80, citi=90)
    held = FullScan(lanes, Record(), ["m"], frozenset({"p_scanned"}), _lowest=FULL).held()
    # One answer is too few for 22 workers, and the other was no answer to the scan.
    assert held.void == "the scan was not at work"
    assert (held.figures["lowest_backlog"], held.figures["scan_answers"]) == (80, 1)
    assert held.figures["put_off"] == 10
