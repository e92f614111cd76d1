"""Issuers, the gateway and the table: each takes as much as it can and no more."""

from __future__ import annotations

import numpy as np
import pytest

from bench.opening_day.board import Board
from bench.opening_day.gateway import Bucket, Gateway, Table
from bench.opening_day.issuers import (
    MACHINE_PER_S,
    IssuerMachine,
    Outage,
    inquiries_per_s,
    work_share,
)
from bench.opening_day.lane import Lane
from bench.opening_day.message_queue import Messages
from bench.opening_day.preparation import Preparation
from bench.opening_day.quotas import MAPPING_STARTS_WITH
from modupoint.issuers import ISSUERS
from tests.opening_day.short_days import structure


def test_bc_does_a_quarter_of_the_issuers_work() -> None:
    assert work_share("bc") == 0.25
    assert sum(work_share(code) for code in ISSUERS) == pytest.approx(1)
    assert inquiries_per_s("bc") == min(inquiries_per_s(code) for code in ISSUERS)
    work = sum(inquiries_per_s(code) * work_share(code) for code in ISSUERS)
    assert work == pytest.approx(MACHINE_PER_S)


def test_an_issuer_with_room_answers_in_its_usual_time() -> None:
    issuer = IssuerMachine("bc", (), seed=1)
    for _ in range(100):
        took = issuer.answer_s(int(issuer.per_s * 0.2), 0.2)
        issuer.pass_time(0.2)
    assert 0.25 < took.mean() < 0.35


def test_an_issuer_asked_too_much_answers_as_much_as_it_can() -> None:
    issuer = IssuerMachine("bc", (), seed=1)
    took = issuer.answer_s(int(issuer.per_s) * 10, 0.2)
    assert took[-1] == pytest.approx(10, rel=0.15)
    assert issuer.may_be_slow(0)
    issuer.pass_time(10)
    assert not issuer.may_be_slow(0)
    assert issuer.answer_s(10, 0.2).max() < 3


def test_an_outage_is_one_issuers_and_has_an_end() -> None:
    outage = Outage("kb", 10, 20)
    assert [IssuerMachine("kb", (outage,), 1).is_dead(at_s) for at_s in (9, 10, 19.9, 20)] == [
        False,
        True,
        True,
        False,
    ]
    assert not IssuerMachine("bc", (outage,), 1).is_dead(15)


def test_a_bucket_gives_its_rate_and_what_it_has_saved() -> None:
    bucket = Bucket(per_s=10, most=50)
    assert bucket.take(60) == 50
    bucket.refill(2)
    assert bucket.take(60) == 20
    bucket.refill(100)
    assert bucket.take(60) == 50


def test_the_api_takes_what_its_throttle_and_the_free_concurrency_allow() -> None:
    gateway = Gateway(structure(), Preparation())
    for _ in range(100):
        gateway.pass_tick(1.0)
    assert gateway.admit(1_000, 0.02, lanes_busy=0, tick_s=1.0) == 1_000
    # 1,000 environments, 110 of them for money, 880 at work in the lanes.
    assert gateway.admit(10_000, 0.02, lanes_busy=880, tick_s=1.0) == 500
    assert gateway.admit(10_000, 0.02, lanes_busy=1_000, tick_s=1.0) == 0


def test_workers_start_from_nothing_once() -> None:
    gateway = Gateway(structure(), Preparation())
    assert gateway.start_workers(30, busy=0) == (30, 30)
    assert gateway.start_workers(30, busy=10) == (30, 10)
    assert gateway.start_workers(10_000, busy=500) == (390, 850)


def test_a_table_asked_too_much_delays_and_grows() -> None:
    table = Table(None)
    table.write(2_000, 1.0)
    assert table.delay_s == 0
    table.write(12_000, 1.0)
    assert table.delay_s == pytest.approx(2.0, rel=0.01)
    for _ in range(1_800):
        table.write(4_000, 1.0)
    assert table.per_s == pytest.approx(8_000, rel=0.05)
    assert table.delay_s == 0


def test_a_mapping_starts_with_five_workers_and_adds_300_a_minute() -> None:
    lane = Lane(IssuerMachine("kb", (), 1), "kb", structure(lane_concurrency=40), tick_s=0.2)
    board = Board(("kb",))
    assert lane.free_workers() == MAPPING_STARTS_WITH
    lane.queue.send(Messages(np.zeros(9, np.int32), np.zeros(9, np.int8), 0.0))
    for _ in range(10):
        lane.pass_tick(0.2, board)
    assert lane.free_workers() == MAPPING_STARTS_WITH + 10
    for _ in range(100):
        lane.pass_tick(0.2, board)
    assert lane.free_workers() == 40
