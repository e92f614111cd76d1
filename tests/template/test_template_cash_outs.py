"""Standing cash-outs reach transfer through a queue of their own, and are never dropped (R-E3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

TWO_WEEKS_S = 14 * 24 * 3600


def test_a_hand_over_waits_as_long_as_a_queue_can_keep_it(production: Expanded) -> None:
    queue = production["CashOutQueue"].properties
    assert queue["MessageRetentionPeriod"] == TWO_WEEKS_S
    assert refers_to(queue["RedrivePolicy"]["deadLetterTargetArn"], "CashOutDeadLetterQueue", "Arn")
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5


def test_a_hand_over_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded,
) -> None:
    timeout_s = production["AcceptCashOuts"].properties["Timeout"]
    assert production["CashOutQueue"].properties["VisibilityTimeout"] >= 6 * timeout_s


def test_hand_overs_feed_their_worker_in_batches_that_may_fail_in_part(
    production: Expanded, local_stage: Expanded
) -> None:
    mapping = production["CashOutMapping"].properties
    assert refers_to(mapping["FunctionName"], "AcceptCashOuts")
    assert refers_to(mapping["EventSourceArn"], "CashOutQueue", "Arn")
    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for stage in (production, local_stage):
        workers = stage["CashOutMapping"].properties["ScalingConfig"]["MaximumConcurrency"]
        # A month's first business day takes nothing from lookups' and transfers' workers.
        assert 2 <= workers <= 20


def test_hand_overs_that_wait_for_an_hour_are_alarmed(production: Expanded) -> None:
    queue = {"Fn::GetAtt": ["CashOutQueue", "QueueName"]}
    [alarm] = production.alarms_on("ApproximateAgeOfOldestMessage", "QueueName", queue)
    assert alarm.properties["Statistic"] == "Maximum"
    assert alarm.properties["Threshold"] <= 3600


def test_nobody_outside_the_account_may_write_hand_overs(production: Expanded) -> None:
    # Without a policy only roles may, and no role but the scan's has the right.
    for policy in production.all("AWS::SQS::QueuePolicy"):
        assert {"Ref": "CashOutQueue"} not in policy.properties["Queues"]
