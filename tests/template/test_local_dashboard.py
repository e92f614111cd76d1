"""What is drawn on one machine are the rows of the dashboard in production."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from local.dashboard import Source, answers_of, board_of, counts_of, page_of

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BATCH = {"message": "batch", "issuer": "kb", "received": 3, "asked": 2, "again": 1}
QUIET = [
    {"queue": "lookup-kb", "dead_letters": 0, "waiting": 4},
    {"queue": "transfer-kb", "dead_letters": 2, "waiting": 7},
]
COUNTED: dict[str, Any] = {
    "_aws": {
        "CloudWatchMetrics": [{"Namespace": "Modupoint", "Metrics": [{"Name": "LegsReleased"}]}]
    },
    "LegsReleased": [5.0],
}


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Give the board of a stack that answers from here."""

    class Told(Source):
        def measured(self, names: Any) -> list[Any]:
            called = {"calls": 9, "failed": 1, "refused": 0, "mean ms": 12}
            return [{"function": name, **called} for name in names]

        def lines(self, function: str) -> Any:
            return iter({"AskIssuer": [BATCH], "ReleaseDueLegs": [COUNTED]}.get(function, []))

        def status(self) -> list[Any]:
            return [{"issuer": "kb", "state": "SLOW", "eta_seconds": 40}]

        def items(self) -> list[Any]:
            return [{"table": "members", "items": 3}]

    class Queues:
        def __init__(self, _deployment: object) -> None: ...

        def counts(self) -> list[Any]:
            return QUIET

    monkeypatch.setattr("local.dashboard.DeadLetters", Queues)
    return board_of(Told(None, "", NOON))  # type: ignore[arg-type]


def test_it_has_the_rows_of_productions(board: dict[str, list[Any]], production: Expanded) -> None:
    widgets = json.loads(production["Dashboard"].properties["DashboardBody"])["widgets"]
    texts = [one["properties"]["markdown"] for one in widgets if one["type"] == "text"]
    assert [re.sub(r"^## ([^:]+):.*", r"\1", text) for text in texts] == list(board)


def test_members_wait_where_their_lane_is(board: dict[str, list[Any]]) -> None:
    assert board["Lanes"] == [{"issuer": "kb", "state": "SLOW", "eta_seconds": 40, "waiting": 4}]


def test_only_what_members_call_stands_in_front(board: dict[str, list[Any]]) -> None:
    shown = {row["function"] for row in board["Front"]}
    assert "RequestLookup" in shown
    assert not shown & {"AskIssuer", "MoveLeg", "ReleaseDueLegs"}


def test_money_shows_what_was_counted_and_what_waits(board: dict[str, list[Any]]) -> None:
    assert {"count": "LegsReleased", "last": 5} in board["Money"]
    assert {"count": "waiting in transfer-kb", "last": 7} in board["Money"]


def test_what_was_left_behind_is_named_and_nothing_else(board: dict[str, list[Any]]) -> None:
    left = {row["what"] for row in board["Left behind"]}
    assert "dead letters in transfer-kb" in left
    assert "failures of AskIssuer" in left
    assert not [one for one in left if "lookup-kb" in one or "throttles" in one]


def test_answers_are_counted_by_issuer() -> None:
    lines: list[dict[str, Any]] = [
        BATCH,
        BATCH,
        {"message": "no answer from issuer", "issuer": "kb"},
        {"message": "lane rests", "issuer": "bc"},
        {"message": "something else", "issuer": "citi"},
    ]
    assert answers_of(lines) == [
        {"issuer": "bc", "asked": 0, "no answer": 0, "breaker opened": 1},
        {"issuer": "kb", "asked": 4, "no answer": 1, "breaker opened": 0},
    ]


def test_of_a_count_the_last_is_shown() -> None:
    assert counts_of([{**COUNTED, "LegsReleased": [9.0]}, {"message": "batch"}, COUNTED]) == [
        {"count": "LegsReleased", "last": 5}
    ]


def test_the_page_shows_texts_as_texts(board: dict[str, list[Any]]) -> None:
    drawn = page_of({**board, "Odd": [{"<b>": "a & b"}], "None": []}, "modupoint", NOON)
    assert "&lt;b&gt;" in drawn
    assert "a &amp; b" in drawn
    assert "<p>Nothing.</p>" in drawn
    assert "12:00:00" in drawn
