"""What a person does on the deployed stack: stuck money goes on, dead letters come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.issuers import ISSUERS
from tests.stack.command_line import WHO, CommandLine
from tests.stack.polling import eventually
from transfer.leg_lanes import leg_message
from transfer.legs import LegKey

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.saver import Saver


@pytest.fixture
def line(stack: Stack, tmp_path: Path) -> CommandLine:
    return CommandLine.of(stack, tmp_path)


def _stuck_leg(saver: Saver, transfer_id: str) -> None:
    """Let the bank keep silent about a deposit until a person has to look."""
    sk = f"TRANSFER#{transfer_id}#LEG#kb"

    def tried() -> bool:
        before = int(saver.cloud.transfer_items(saver.member.key)[sk]["tries"]["N"])
        saver.later(minutes=11)
        return bool(
            eventually(
                lambda: (
                    int(saver.cloud.transfer_items(saver.member.key)[sk]["tries"]["N"]) > before
                ),
                "another try",
            )
        )

    for _ in range(9):
        assert tried()
    saver.until(transfer_id, kb="WITH_OPERATOR")


def test_stuck_money_goes_on_when_a_person_says_so_and_is_paid_once(
    line: CommandLine, saver: Saver
) -> None:
    """R-T6, R-T9: asked about under its own id, never sent blindly."""
    partners = saver.partners
    partners.set_clock(partners.now().replace(year=2045, month=3, day=7, hour=9, minute=0))
    partners.spoil(
        "bank",
        {"kind": "cut_after_effect", "operation": "deposit"},
        {"kind": "internal", "operation": "result"},
    )
    transfer_id = saver.submit(kb=10)
    saver.until(transfer_id, kb="CHECKING")
    _stuck_leg(saver, transfer_id)
    name = f"{transfer_id}/kb"

    [stuck] = [row for row in line.ops("stuck") if row["leg"] == name]
    assert (stuck["why"], stuck["state"], stuck["amount"], stuck["tries"]) == (
        "with operator",
        "DEPOSIT_WITH_OPERATOR",
        10,
        10,
    )
    shown = line.ops("leg", transfer_id, "kb")
    assert [entry["cause"] for entry in shown["ledger"]] == ["REDEEMED"]
    account = saver.at_bank
    for personal in (account["account_num"], account["account_holder_name"], saver.member.sub):
        assert personal not in str([stuck, shown])

    partners.spoil("bank")
    line.ops("resume", name, "--reason", "the bank is back")
    saver.cloud.sweep()
    saver.until(transfer_id, kb="DEPOSITED")
    assert [one["attempts"] for one in partners.deposits(saver.member.sub)] == [1]
    saver.audit()
    record = line.ops("audit", "--limit", "1")[0]
    assert (record["who"], record["what"], record["on"]) == (WHO, "resume", name)
    assert line.ops("resume", name, "--reason", "twice", status=1) == [
        {"leg": name, "outcome": "not with the operator"}
    ]


def test_a_dead_letter_comes_back_to_its_lane_and_is_worked_off(
    line: CommandLine, cloud: Cloud
) -> None:
    key = LegKey("M#nobody", "trf_none", "citi")
    url = cloud.sqs.get_queue_url(QueueName="modupoint-transfer-dead-citi")["QueueUrl"]
    cloud.sqs.send_message(QueueUrl=url, MessageBody=leg_message(key))
    rows = {row["queue"]: row for row in line.ops("dead-letters")}
    lanes = {f"{kind}-{code}" for kind in ("lookup", "transfer") for code in ISSUERS}
    single = {"autopay", "cash-outs", "expiry", "lookups-undelivered", "scan-dead"}
    assert set(rows) == lanes | single
    assert rows["transfer-citi"]["dead_letters"] == 1

    [row] = line.ops("redrive", "transfer-citi", "--reason", "mended")
    assert row == {"queue": "transfer-citi", "moved": 1, "left": 0}
    eventually(lambda: not cloud.peek(cloud.transfer_lane("citi")), "an empty lane")
    assert not cloud.peek(url)


def test_a_closing_day_is_added_and_taken_back(line: CommandLine) -> None:
    """R-T4."""
    day = "2045-11-23"
    line.ops("holidays", "add", day, "임시공휴일", "--reason", "announced")
    assert {"day": day, "name": "임시공휴일"} in line.ops("holidays", "list")
    line.ops("holidays", "remove", day, "--reason", "withdrawn")
    assert day not in str(line.ops("holidays", "list"))
