"""Workers that die, messages that double or never come: the legs go on from where they were."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import url_clock
from modupoint.effects import LEASE_MS
from modupoint.temporary_holidays import TemporaryHolidays
from tests.stack.member import leg_statuses
from tests.stack.polling import eventually
from tests.stack.workers import kill, running, workers_of
from transfer.funds import MembersFunds
from transfer.leg_lanes import leg_message
from transfer.legs import Leg, LegKey
from transfer.submission import Submission
from transfer.transfer_items import SWEEP_AFTER_MS
from transfer.transfers import DynamoTransfers

if TYPE_CHECKING:
    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners
    from tests.stack.saver import Saver


class LostMessages:
    """Lanes that nobody is told of."""

    def send(self, legs: list[Leg]) -> None:
        """Lose it."""


@pytest.fixture
def unheard(cloud: Cloud, partners: Partners, in_process: None) -> Submission:  # noqa: ARG001
    """Give the product's own submission, over the deployed tables, without its publish."""
    members = cloud.outputs["MembersTable"]
    return Submission(
        MembersFunds(members),
        DynamoTransfers(cloud.outputs["TransfersTable"], members),
        LostMessages(),
        TemporaryHolidays(cloud.outputs["OperationsTable"]),
        url_clock(f"{partners.url}/clock"),
    )


def test_workers_killed_in_the_middle_of_a_call_pay_nothing_twice(
    stack: Stack, tuesday: Saver
) -> None:
    """One dies while its issuer takes the points, one while the bank pays."""
    if stack.state_dir is None:
        pytest.skip("the stack's processes are not known: it was not started from here")
    partners = tuesday.partners
    tuesday.cloud.sweep_clean()
    partners.fault("kb", {"kind": "late", "ms": 4_000, "effect": "at_once", "count": 1})
    partners.spoil(
        "bank", {"kind": "late", "ms": 4_000, "effect": "at_once", "operation": "deposit"}
    )
    since = partners.last_call()
    transfer_id = tuesday.submit(kb=21, bc=22)

    def held(partner: str, operation: str) -> bool:
        calls = partners.calls(partner=partner, operation=operation, since=since)
        return any(call["outcome"] == "open" for call in calls)

    eventually(
        lambda: held("issuers/kb", "redemption") and held("bank", "deposit"),
        "a redemption and a deposit that are waited for",
    )
    killed = workers_of(stack.state_dir, f"{stack.stack_name}-MoveLeg")
    kill(killed)
    eventually(lambda: not running(killed), "dead workers")
    seen = leg_statuses(tuesday.member.transfer(transfer_id))
    assert seen == {"kb": "ACCEPTED", "bc": "REDEEMED"}
    for well in ("issuers/kb", "bank"):
        partners.spoil(well)

    tuesday.later(minutes=2, seconds=LEASE_MS / 1000)
    tuesday.until(transfer_id, kb="DEPOSITED", bc="DEPOSITED")
    tuesday.audit()
    assert [one["attempts"] for one in partners.redemptions(tuesday.member.sub)] == [1, 1]
    assert [one["attempts"] for one in partners.deposits(tuesday.member.sub)] == [1, 1]


def test_doubled_messages_move_a_leg_once(tuesday: Saver) -> None:
    partners, member = tuesday.partners, tuesday.member
    for target in ("issuers/kb", "bank"):
        partners.spoil(target, latency_ms=700)
    lane = tuesday.cloud.transfer_lane("kb")
    # What an earlier test let fail comes back only after its time.
    others = _in_lane(tuesday.cloud, lane)
    transfer_id = tuesday.submit(kb=31)
    message = leg_message(LegKey(member.key, transfer_id, "kb"))

    def send(times: int) -> None:
        entries: Any = [{"Id": str(uuid.uuid4()), "MessageBody": message} for _ in range(times)]
        tuesday.cloud.sqs.send_message_batch(QueueUrl=lane, Entries=entries)

    send(8)
    paid = tuesday.until(transfer_id, kb="DEPOSITED")
    send(4)
    eventually(lambda: _in_lane(tuesday.cloud, lane) <= others, "a lane without the doubles")
    assert member.transfer(transfer_id) == paid
    tuesday.audit()
    assert [one["attempts"] for one in partners.redemptions(member.sub)] == [1]
    assert [one["attempts"] for one in partners.deposits(member.sub)] == [1]


def test_a_message_that_never_came_is_made_up_by_the_sweep(
    tuesday: Saver, unheard: Submission
) -> None:
    """Architecture decision 8."""
    amounts = {"kb": 41, "bc": 42, "samsung": 43}
    accepted, _ = unheard.submit(tuesday.member.key, str(uuid.uuid4()), tuesday.cash(**amounts))
    transfer_id = accepted["transfer_id"]
    tuesday.cloud.sweep()
    assert set(leg_statuses(tuesday.member.transfer(transfer_id)).values()) == {"ACCEPTED"}
    tuesday.later(seconds=SWEEP_AFTER_MS / 1000)
    tuesday.until(transfer_id, kb="DEPOSITED", bc="DEPOSITED", samsung="SCHEDULED")
    tuesday.audit()


def test_a_poison_message_ends_alone(tuesday: Saver) -> None:
    """Nobody's leg, and no leg at all: the one is passed over, the other dies by itself."""
    cloud = tuesday.cloud
    lane = cloud.transfer_lane("kb")
    strangers = leg_message(LegKey("M#nobody", "trf_nothing", "kb"))
    for body in (strangers, '{"not": "a leg"}'):
        cloud.sqs.send_message(QueueUrl=lane, MessageBody=body)
    transfer_id = tuesday.submit(kb=51)
    tuesday.until(transfer_id, kb="DEPOSITED")
    tuesday.audit()


def _in_lane(cloud: Cloud, lane: str) -> int:
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = cloud.sqs.get_queue_attributes(QueueUrl=lane, AttributeNames=names)
    return sum(map(int, answer["Attributes"].values()))
