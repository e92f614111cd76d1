"""Dead letters go back to their queue, whole, and none is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from modupoint.issuers import ISSUERS
from ops.refusal import RefusedError

if TYPE_CHECKING:
    from tests.ops.conftest import Stack

REASON = ("--reason", "the issuer is back")


def test_every_dead_letter_queue_of_lanes_and_orders_is_counted(stack: Stack) -> None:
    stack.send("transfer-dead-kb", "a", "b")
    stack.send("transfer-kb", "c")
    stack.send("lookups-undelivered", "d")
    rows = {row["queue"]: row for row in stack.ops("dead-letters")}
    assert set(rows) == {
        "lookups-undelivered",
        "autopay",
        *(f"{lane}-{code}" for lane in ("lookup", "transfer") for code in ISSUERS),
    }
    assert rows["transfer-kb"] == {"queue": "transfer-kb", "dead_letters": 2, "waiting": 1}
    assert rows["lookups-undelivered"]["dead_letters"] == 1
    assert sum(row["dead_letters"] for row in rows.values()) == 3


def test_messages_go_back_with_their_attributes(stack: Stack) -> None:
    bodies = [f"message {number}" for number in range(23)]
    stack.send("transfer-dead-kb", *bodies)
    stack.send("transfer-dead-bc", "another's")
    [row] = stack.ops("redrive", "transfer-kb", *REASON)
    assert row == {"queue": "transfer-kb", "moved": 23, "left": 0}
    assert stack.messages("transfer-kb") == {body: body for body in bodies}
    assert stack.messages("transfer-dead-kb") == {}
    assert list(stack.messages("transfer-dead-bc")) == ["another's"]


def test_all_queues_are_redriven_at_once(stack: Stack) -> None:
    stack.send("transfer-dead-kb", "a")
    stack.send("lookup-dead-hana", "b")
    stack.send("autopay-dead", "c")
    rows = stack.ops("redrive", "all", *REASON)
    assert {row["queue"]: row["moved"] for row in rows if row["moved"]} == {
        "transfer-kb": 1,
        "lookup-hana": 1,
        "autopay": 1,
    }
    assert list(stack.messages("autopay")) == ["c"]
    assert list(stack.messages("lookup-hana")) == ["b"]


def test_there_is_no_way_back_for_what_names_no_queue(stack: Stack) -> None:
    for wrong in ("lookups-undelivered", "transfer-dead-kb", "autopay-dead", "kb", ""):
        with pytest.raises(RefusedError, match="no such queue"):
            stack.ops("redrive", wrong, *REASON)


def test_what_the_queue_did_not_take_stays_a_dead_letter(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.send("transfer-dead-kb", "a", "b", "c")
    sqs = aws.client("sqs")
    send = sqs.send_message_batch

    def half(*, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803 - SQS's own names
        return send(QueueUrl=QueueUrl, Entries=Entries[:1])

    monkeypatch.setattr(sqs, "send_message_batch", half)
    [row] = stack.ops("redrive", "transfer-kb", *REASON)
    assert (row["moved"], row["left"]) == (1, 2)


def test_a_break_off_after_sending_leaves_the_message_in_both_and_loses_none(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.send("transfer-dead-kb", "a")

    def cut(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(aws.client("sqs"), "delete_message_batch", cut)
    with pytest.raises(ConnectionError):
        stack.ops("redrive", "transfer-kb", *REASON)
    assert list(stack.messages("transfer-kb")) == ["a"]
    [row] = stack.rows("AUDIT")
    assert row["outcome"]["S"] == "failed"


def test_a_message_that_dies_again_at_once_does_not_go_in_circles(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.send("transfer-dead-kb", "poison")
    sqs = aws.client("sqs")
    send = sqs.send_message_batch

    def back(*, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803 - SQS's own names
        stack.send("transfer-dead-kb", *(one["MessageBody"] for one in Entries))
        return send(QueueUrl=QueueUrl, Entries=Entries)

    monkeypatch.setattr(sqs, "send_message_batch", back)
    [row] = stack.ops("redrive", "transfer-kb", *REASON)
    assert row["moved"] == 1
