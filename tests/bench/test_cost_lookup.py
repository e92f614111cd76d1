"""What a lookup costs alone and in the rush, and how that grows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from bench.cost import (
    LAMBDA_REQUEST,
    READ_UNIT,
    SNS_PUBLISH,
    SQS_REQUEST,
    WRITE_UNIT,
    Invocation,
)
from bench.lookup_cost import LookupCost, lookup_alone, lookup_in_rush, polls
from bench.lookup_growth import TOGETHER, Growth, Starts, grown, together
from bench.opening_day.growth import MONTHLY, standing_usd
from bench.opening_day.structure import read_structure


def answer(turn: int) -> list[dict[str, Any]]:
    """Return the calls a message takes."""
    url = {"url": "http://x/issuers/kb"}
    return [
        {"service": "partner", "action": "POST", "request": url, "turn": turn},
        {"service": "dynamodb", "action": "UpdateItem", "request": {}, "turn": turn},
    ]


def in_line(service: str, action: str) -> dict[str, Any]:
    return {"service": service, "action": action, "request": {}, "turn": None}


OPERATIONS = {
    "RequestLookup": Invocation(
        [in_line("dynamodb", "UpdateItem"), in_line("sns", "Publish")], 5.0, 512, over_http=True
    ),
    "ReadLookup": Invocation([in_line("dynamodb", "Query")], 5.0, 512, over_http=True),
    "AskIssuer 1 message": Invocation(answer(0), 4.0, 256, over_http=False),
    "AskIssuer 10 messages": Invocation(
        [call for turn in range(10) for call in answer(turn)], 33.0, 256, over_http=False
    ),
}
ALONE = lookup_alone(OPERATIONS)
RUSH = lookup_in_rush(OPERATIONS)
INIT_MS = {"RequestLookup": 700.0, "ReadLookup": 600.0, "AskIssuer": 570.0}
STANDING = standing_usd(read_structure())


def months() -> list[Growth]:
    starts = Starts.of(INIT_MS, OPERATIONS)
    worker_s = OPERATIONS["AskIssuer 10 messages"].billed_s
    return grown(ALONE, RUSH, starts, worker_s, STANDING)


def test_alone_a_lookup_is_its_submission_one_poll_and_eleven_workers() -> None:
    assert ALONE.polls == 1
    parts = ALONE.parts
    assert parts["Lambda requests"] == pytest.approx(13 * LAMBDA_REQUEST)
    assert parts["DynamoDB writes"] == pytest.approx(12 * WRITE_UNIT)
    # Each of the thirteen finds what it knows of the lanes too old; the poll reads the answers.
    assert parts["DynamoDB reads"] == pytest.approx(14 * READ_UNIT / 2)
    assert parts["SNS and SQS"] == pytest.approx(SNS_PUBLISH + 22 * SQS_REQUEST)


def test_in_the_rush_ten_messages_share_what_a_worker_costs() -> None:
    parts = RUSH.parts
    workers = 11 / 10
    assert parts["Lambda requests"] == pytest.approx((1 + RUSH.polls + workers) * LAMBDA_REQUEST)
    reports = parts["DynamoDB writes"] / WRITE_UNIT - 12
    assert 0 < reports < workers
    assert parts["SNS and SQS"] == pytest.approx(
        SNS_PUBLISH + (workers * 2 + reports) * SQS_REQUEST
    )
    assert RUSH.usd < ALONE.usd


def test_in_the_rush_a_message_waits_for_the_batch_before_its_own() -> None:
    taken_s = OPERATIONS["AskIssuer 10 messages"].billed_s
    assert ALONE.all_cards_s < RUSH.all_cards_s
    assert RUSH.all_cards_s == pytest.approx(0.035 + 2 * taken_s)


def test_pages_poll_at_the_servers_pace_until_all_cards_are_there() -> None:
    assert polls(0.4) == 1
    # The first poll comes after 0.63 s at the soonest and 0.84 s at the latest.
    assert 1 < polls(0.7) < 2
    assert polls(1.2) == 2
    counts = [polls(seconds) for seconds in (1.0, 3.0, 10.0, 60.0)]
    assert all(few < many for few, many in pairwise(counts))


def test_few_and_many_lookups_a_month_cost_what_they_cost_alone_and_in_the_rush() -> None:
    each = [month.per_lookup_usd for month in months()]
    assert [month.lookups for month in months()] == list(MONTHLY)
    assert all(many < few for few, many in pairwise(each))
    hundred_thousand, most = each[2], each[-1]
    assert hundred_thousand == pytest.approx(ALONE.usd, rel=0.05)
    assert RUSH.usd < most < ALONE.usd


def test_a_month_is_its_lookups_and_what_stands_still() -> None:
    for month in months():
        assert month.standing == STANDING
        assert month.total_usd == pytest.approx(
            month.lookups * month.per_lookup_usd + sum(STANDING.values())
        )


def test_what_stands_still_is_no_compute() -> None:
    assert set(STANDING) == {"alarms", "keys and secrets", "empty queues asked"}


def test_only_who_comes_to_sleeping_functions_pays_for_their_start() -> None:
    starts = [month.by_part["starts"] for month in months()]
    assert starts[0] > 0
    assert starts[1] < starts[0] / 100


def test_credentials_are_fetched_once_in_five_minutes_however_many_come() -> None:
    fetched = [month.by_part["credentials"] / month.lookups for month in months()]
    assert all(many < few for few, many in pairwise(fetched))


def test_how_many_come_together_follows_what_was_seen() -> None:
    for rate, size in TOGETHER:
        assert together(rate) == size
    assert together(1e6) == TOGETHER[-1][1]


def test_a_start_is_priced_for_each_lane() -> None:
    cheap = Starts.of(INIT_MS, OPERATIONS).usd
    slow = Starts.of({**INIT_MS, "AskIssuer": 1570.0}, OPERATIONS).usd
    one_second = 256 / 1024 * 0.0000133334
    assert slow - cheap == pytest.approx(11 * one_second)


def test_a_lookups_price_is_its_parts() -> None:
    assert LookupCost({"a": 1.0, "b": 2.0}, 1.0, 0.4).usd == 3.0
