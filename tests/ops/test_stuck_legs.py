"""Legs an operator sees and moves: by the table of moves, with nothing personal shown."""

from __future__ import annotations

from copy import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from modupoint import aws
from ops.command_line import main
from ops.refusal import RefusedError
from tests.ops.conftest import HOUR_MS, LEG, MEMBER, NOW_MS, leg_in
from transfer.leg_store import DynamoLegs
from transfer.legs import EFFECTS, LegState
from transfer.postings import Cause, posting
from transfer.transfer_items import posting_item

if TYPE_CHECKING:
    from modupoint.effects import Effect
    from tests.ops.conftest import Stack


def state_of(stack: Stack, issuer: str = "kb") -> LegState:
    leg = DynamoLegs(stack.deployment.transfers_table).read(leg_in(LEG.state, issuer).key)
    assert leg is not None
    return leg.state


def test_legs_with_the_operator_come_first_then_those_overdue(stack: Stack) -> None:
    stack.put(
        LEG,
        leg_in(LegState.DEPOSIT_UNKNOWN, "bc", tries=2, not_before_ms=NOW_MS - HOUR_MS),
        leg_in(LegState.REDEEMED, "hana", not_before_ms=NOW_MS + HOUR_MS),
        leg_in(LegState.DEPOSITED, "woori"),
    )
    rows = stack.ops("stuck")
    assert [(row["why"], row["leg"], row["state"]) for row in rows] == [
        ("with operator", "trf_1/kb", "DEPOSIT_WITH_OPERATOR"),
        ("overdue", "trf_1/bc", "DEPOSIT_UNKNOWN"),
    ]
    assert rows[0] | {"member": "", "due": ""} == {
        "why": "with operator",
        "leg": "trf_1/kb",
        "state": "DEPOSIT_WITH_OPERATOR",
        "amount": 520,
        "tries": 10,
        "requested": "2026-11-24T04:00:00.000+09:00",
        "last_call": "2026-11-24T05:00:00.000+09:00",
        "member": "",
        "due": "",
    }


def test_how_long_is_overdue_can_be_said(stack: Stack) -> None:
    stack.put(leg_in(LegState.DEPOSIT_UNKNOWN, not_before_ms=NOW_MS - HOUR_MS))
    assert stack.ops("stuck", "--overdue-minutes", "61") == []
    assert len(stack.ops("stuck", "--overdue-minutes", "60")) == 1


def test_a_leg_is_shown_with_its_ledger_and_without_what_is_sealed(stack: Stack) -> None:
    stack.put(LEG)
    entry = posting(LEG, Cause.REDEEMED, date(2026, 11, 24), NOW_MS)
    aws.client("dynamodb").put_item(
        TableName=stack.deployment.transfers_table, Item=posting_item(entry)
    )
    shown = stack.ops("leg", "trf_1", "kb", "--member", MEMBER)
    assert shown["bank_tran"] == "M202600001U000000001 of 2026-11-24"
    assert shown["ledger"] == [
        {
            "posted": "2026-11-24T09:00:00.000+09:00",
            "cause": "REDEEMED",
            "book": "kb 2026-11-24",
            "reference": "r1",
            "lines": ["receivable:kb:+520", "points:kb:-520"],
        }
    ]
    text = stack.text("leg", "trf_1", "kb")
    assert "DEPOSIT_WITH_OPERATOR" in text
    assert "sealed" not in text


def test_a_leg_that_is_not_with_the_operator_needs_its_member(stack: Stack) -> None:
    stack.put(leg_in(LegState.DEPOSITED))
    with pytest.raises(RefusedError, match="--member"):
        stack.ops("leg", "trf_1", "kb")
    assert stack.ops("leg", "trf_1", "kb", "--member", MEMBER)["state"] == "DEPOSITED"
    with pytest.raises(RefusedError, match="no such leg"):
        stack.ops("leg", "trf_2", "kb", "--member", MEMBER)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
@pytest.mark.parametrize("sent_at_ms", [NOW_MS - HOUR_MS, None], ids=["called", "not called"])
def test_a_call_that_may_have_gone_out_is_asked_about_and_no_other_r_t9(
    stack: Stack, effect: Effect, sent_at_ms: int | None
) -> None:
    stack.put(leg_in(LegState(effect.operator), sent_at_ms=sent_at_ms))
    [row] = stack.ops("resume", "trf_1/kb", "--reason", "the bank is back")
    expected = LegState(effect.due if sent_at_ms is None else effect.unknown)
    assert row == {"leg": "trf_1/kb", "outcome": f"resumed: {expected}"}
    assert state_of(stack) is expected


def test_a_resumed_leg_is_due_at_once_with_all_its_tries(stack: Stack) -> None:
    stack.put(LEG)
    stack.ops("resume", "--all", "--reason", "the bank is back")
    legs = DynamoLegs(stack.deployment.transfers_table)
    assert legs.due("kb", NOW_MS, 10) == [LEG.key]
    after = legs.read(LEG.key)
    assert after is not None
    assert (after.progress.tries, after.progress.version) == (0, LEG.progress.version + 1)
    assert after == replace(LEG, progress=after.progress)


@pytest.mark.parametrize("state", [LegState.DEPOSITED, LegState.DEPOSIT_UNKNOWN, LegState.REDEEMED])
def test_only_a_leg_with_the_operator_is_resumed(stack: Stack, state: LegState) -> None:
    stack.put(leg_in(state))
    status, rows = stack.tried("resume", "trf_1/kb", "--reason", "r")
    assert (status, rows) == (1, [{"leg": "trf_1/kb", "outcome": "not with the operator"}])
    assert state_of(stack) is state


def test_one_leg_that_cannot_be_resumed_does_not_stop_the_others(stack: Stack) -> None:
    stack.put(LEG, leg_in(LegState.REVERSAL_WITH_OPERATOR, "bc"))
    status, rows = stack.tried("resume", "trf_1/nobody", "trf_1/bc", "trf_1/kb", "--reason", "r")
    assert status == 1
    assert [row["outcome"].partition(":")[0] for row in rows] == [
        "not with the operator",
        "resumed",
        "resumed",
    ]


def test_legs_are_named_or_all_are_meant(stack: Stack) -> None:
    stack.put(LEG)
    for wrong in (["resume"], ["resume", "trf_1/kb", "--all"]):
        with pytest.raises(RefusedError, match="name legs"):
            stack.ops(*wrong, "--reason", "r")
    assert state_of(stack) is LEG.state


@pytest.mark.parametrize(
    "command",
    [
        ["resume", "--all"],
        ["resume-orders", "--all"],
        ["close-break", "b"],
        ["redrive", "all"],
        ["holidays", "add", "2026-11-30", "임시공휴일"],
        ["holidays", "remove", "2026-11-30"],
    ],
)
@pytest.mark.parametrize("reason", [[], ["--reason", " "]])
def test_whatever_changes_something_needs_a_reason(command: list[str], reason: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, *reason])
    assert ended.value.code == 2
