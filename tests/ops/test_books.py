"""Breaks are closed by a person with a reason, and everything changed is recorded (R-T8)."""

from __future__ import annotations

import json
from copy import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.temporary_holidays import TemporaryHolidays
from ops.deployment import Deployment
from ops.refusal import RefusedError
from tests.ops.conftest import NOW_MS
from transfer.breaks import DynamoBreaks
from transfer.postings import Cause
from transfer.reconciliation import BookFigures, Difference, DifferenceKind, Reconciliation
from transfer.settlements import DynamoSettlements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.ops.conftest import Stack

DAY = date(2026, 11, 23)
DIFFERENCE = Difference(DifferenceKind.AMOUNT_DIFFERS, Cause.REDEEMED, "r1", (500,), (400,))
BREAK_ID = "2026-11-23#kb#amount_differs#r1#REDEEMED"


@pytest.fixture
def with_break(stack: Stack) -> Stack:
    DynamoBreaks(stack.deployment.operations_table).open(DAY, "kb", DIFFERENCE, NOW_MS)
    return stack


def test_open_breaks_are_listed_with_both_sides(with_break: Stack) -> None:
    assert with_break.ops("breaks") == [
        {
            "break": BREAK_ID,
            "ours": [500],
            "theirs": [400],
            "opened": "2026-11-24T09:00:00.000+09:00",
        }
    ]


def test_closing_keeps_who_and_why_and_is_recorded_r_t8(with_break: Stack) -> None:
    with_break.ops("close-break", BREAK_ID, "--reason", "issuer corrected its list")
    assert with_break.ops("breaks") == []
    [closed] = with_break.ops("breaks", "--all")
    assert (closed["closed_by"], closed["reason"]) == ("kim", "issuer corrected its list")
    [record] = with_break.ops("audit")
    assert record | {"at": ""} == {
        "at": "",
        "who": "kim",
        "what": "close-break",
        "on": BREAK_ID,
        "reason": "issuer corrected its list",
        "outcome": "done",
    }


def test_a_second_closing_is_refused_and_recorded_too(with_break: Stack) -> None:
    with_break.ops("close-break", BREAK_ID, "--reason", "first")
    with pytest.raises(RefusedError, match="closed before"):
        with_break.ops("close-break", BREAK_ID, "--reason", "second")
    with pytest.raises(RefusedError, match="no such break"):
        with_break.ops("close-break", "2026-11-23#kb", "--reason", "third")
    assert [(one["reason"], one["outcome"]) for one in with_break.ops("audit")] == [
        ("third", "refused"),
        ("second", "refused"),
        ("first", "done"),
    ]


def test_who_acts_is_the_aws_caller_unless_said(with_break: Stack) -> None:
    with_break.who = ""
    with_break.ops("close-break", BREAK_ID, "--reason", "r")
    [record] = with_break.ops("audit")
    assert record["who"].startswith("arn:aws:")


def test_reading_leaves_no_record(with_break: Stack) -> None:
    for command in (["breaks"], ["settlements"], ["holidays", "list"], ["stuck"], ["audit"]):
        with_break.ops(*command)
    assert with_break.ops("audit") == []


def test_what_failed_half_way_is_recorded(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: TemporaryHolidays, __: date, ___: str) -> None:
        raise ConnectionError

    monkeypatch.setattr(TemporaryHolidays, "add", gone)
    with pytest.raises(ConnectionError):
        stack.ops("holidays", "add", "2026-11-30", "임시공휴일", "--reason", "r")
    [record] = stack.ops("audit")
    assert record["outcome"] == "failed"


def test_an_act_that_was_cut_off_has_a_record_without_an_outcome(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: TemporaryHolidays, __: date, ___: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(TemporaryHolidays, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        stack.ops("holidays", "add", "2026-11-30", "임시공휴일", "--reason", "r")
    [record] = stack.ops("audit")
    assert record["outcome"] == "not known"


def test_a_closing_day_is_added_listed_and_removed_r_t4(stack: Stack) -> None:
    stack.ops("holidays", "add", "2026-11-30", "임시공휴일", "--reason", "announced today")
    assert stack.ops("holidays", "list") == [{"day": "2026-11-30", "name": "임시공휴일"}]
    stack.ops("holidays", "remove", "2026-11-30", "--reason", "withdrawn")
    assert stack.ops("holidays", "list") == []
    assert [one["what"] for one in stack.ops("audit")] == ["holidays remove", "holidays add"]


def test_a_closing_day_nobody_knows_is_refused(stack: Stack) -> None:
    for wrong in (["add", "2206-11-30", "임시공휴일"], ["remove", "2026-11-30"]):
        with pytest.raises(RefusedError):
            stack.ops("holidays", *wrong, "--reason", "r")


def test_settlements_are_yesterdays_unless_a_day_is_said(stack: Stack) -> None:
    settlements = DynamoSettlements(stack.deployment.operations_table)
    ours = BookFigures(3, 900, 100, 0)
    found = Reconciliation(3, (), ours, replace(ours, reversed=0))
    settlements.write(DAY, "kb", found, NOW_MS)
    [row] = stack.ops("settlements")
    assert row | {"written": ""} == {
        "day": "2026-11-23",
        "issuer": "kb",
        "revision": 1,
        "redeemed": 900,
        "reversed": 100,
        "owed": 800,
        "owed_by_their_list": 900,
        "written": "",
    }
    assert stack.ops("settlements", "--day", "2026-11-22") == []


@pytest.fixture
def invoked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Record invocations; the function answers that kb failed if asked for again."""
    events: list[tuple[str, Any]] = []

    def invoke(_: Deployment, function: str, event: Mapping[str, Any]) -> Any:
        events.append((function, event))
        if event.get("day") == "2026-11-24":
            return {"error": "day_not_over"}
        failed = [{"partner": "kb"}] if event["again"] else []
        return {"compared": [], "failed": failed, "unchanged": 36, "open_breaks": 0}

    monkeypatch.setattr(Deployment, "invoke", invoke)
    return events


def test_the_comparison_is_run_on_demand_and_recorded(
    stack: Stack, invoked: list[tuple[str, Any]]
) -> None:
    assert stack.ops("reconcile")["unchanged"] == 36
    stack.ops("reconcile", "--day", "2026-11-23", "--reason", "kb was down at night")
    assert invoked == [
        ("Reconcile", {"again": False}),
        ("Reconcile", {"again": False, "day": "2026-11-23"}),
    ]
    assert [(one["on"], one["reason"]) for one in stack.ops("audit")] == [
        ("2026-11-23", "kb was down at night"),
        ("what is left", ""),
    ]


@pytest.mark.usefixtures("invoked")
def test_a_comparison_that_did_not_succeed_is_no_success(stack: Stack) -> None:
    status, _ = stack.tried("reconcile", "--again")
    assert status == 1
    with pytest.raises(RefusedError, match="day_not_over"):
        stack.ops("reconcile", "--day", "2026-11-24")


def test_tables_are_for_people_and_json_for_programs(with_break: Stack) -> None:
    header, line = with_break.text("breaks").splitlines()
    assert header.split() == ["break", "ours", "theirs", "opened"]
    assert line.split() == [BREAK_ID, "500", "400", "2026-11-24T09:00:00.000+09:00"]
    assert with_break.text("settlements") == "none\n"
    assert json.loads(with_break.text("breaks", "--json"))[0]["break"] == BREAK_ID
