"""What is drawn on one machine are the rows of the dashboard in production."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from local.dashboard import Source, board_of, page_of, times_of

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def report(took_ms: int) -> str:
    """Return what Lambda says of a call."""
    return f"REPORT RequestId: 1-2\tDuration: {took_ms} ms\tBilled Duration: {took_ms} ms"


class Told(Source):
    """A stack that answers from here."""

    def messages(self, function: str) -> list[str]:
        return [report(12)] if function == "RequestLookup" else []

    def status(self) -> list[Any]:
        return [{"issuer": "kb", "state": "SLOW", "eta_seconds": 40}]

    def answers(self) -> list[Any]:
        return [{"issuer": "kb", "breaker": "REST"}]

    def queues(self) -> list[Any]:
        return [
            {"queue": "lookup-kb", "dead_letters": 0, "waiting": 4},
            {"queue": "transfer-kb", "dead_letters": 2, "waiting": 7},
            {"queue": "transfer-bc", "dead_letters": 0, "waiting": 0},
            {"queue": "lookups-undelivered", "dead_letters": 0, "waiting": None},
        ]

    def with_a_person(self) -> dict[str, int]:
        return {"open breaks": 3}

    def items(self) -> list[Any]:
        return [{"table": "members", "items": 3}]


@pytest.fixture
def board() -> dict[str, list[Any]]:
    return board_of(Told(None, "", NOON))  # type: ignore[arg-type]


def test_it_has_the_rows_of_productions(board: dict[str, list[Any]], production: Expanded) -> None:
    widgets = json.loads(production["Dashboard"].properties["DashboardBody"])["widgets"]
    texts = [one["properties"]["markdown"] for one in widgets if one["type"] == "text"]
    assert [re.sub(r"^## ([^:]+):.*", r"\1", text) for text in texts] == list(board)


def test_members_wait_where_their_lane_is(board: dict[str, list[Any]]) -> None:
    [lane] = board["Lanes"]
    assert lane == {"issuer": "kb", "state": "SLOW", "eta_seconds": 40, "messages waiting": 4}


def test_only_what_members_call_stands_in_front(board: dict[str, list[Any]]) -> None:
    shown = {row["operation"]: row["calls"] for row in board["Front"]}
    assert shown["RequestLookup"] == 1
    assert shown["ReadMe"] == 0
    assert not shown.keys() & {"AskIssuer", "MoveLeg", "ReleaseDueLegs"}


def test_money_shows_what_waits_for_a_person_or_a_worker(board: dict[str, list[Any]]) -> None:
    assert board["Money"] == [
        {"what": "open breaks", "count": 3},
        {"what": "waiting in transfer-kb", "count": 7},
    ]


def test_what_was_left_behind_is_named_and_nothing_else(board: dict[str, list[Any]]) -> None:
    assert board["Left behind"] == [{"queue": "transfer-kb", "dead letters": 2}]


def test_times_are_those_that_half_and_nineteen_of_twenty_did_not_exceed() -> None:
    messages = ["START RequestId: 1-2", *(report(took) for took in range(1, 21)), "{}"]
    assert times_of(messages) == {"calls": 20, "p50 ms": 10, "p95 ms": 19}
    assert times_of([]) == {"calls": 0, "p50 ms": None, "p95 ms": None}


def test_the_page_shows_texts_as_texts(board: dict[str, list[Any]]) -> None:
    drawn = page_of({**board, "Odd": [{"<b>": "a & b"}], "None": []}, "modupoint", NOON)
    assert "&lt;b&gt;" in drawn
    assert "a &amp; b" in drawn
    assert "<p>Nothing.</p>" in drawn
    assert "12:00:00" in drawn
