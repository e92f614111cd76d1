"""The queue of autopay orders: one switch, one lane, with the safety of all others (decision 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

TWO_WEEKS_S = 14 * 24 * 3600
TAKES_ORDERS = ("SubmitOrder", "PollOrders")


def test_the_queue_feeds_its_worker_in_batches_that_may_fail_in_part(production: Expanded) -> None:
    mapping = production["AutopayMapping"].properties
    assert refers_to(mapping["FunctionName"], "ProcessOrder")
    assert refers_to(mapping["EventSourceArn"], "AutopayQueue", "Arn")
    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.get("MaximumBatchingWindowInSeconds", 0) == 0


def test_the_switch_is_called_by_a_few_workers_at_once(
    production: Expanded, local_stage: Expanded
) -> None:
    for stage in (production, local_stage):
        scaling = stage["AutopayMapping"].properties["ScalingConfig"]
        assert 2 <= int(scaling["MaximumConcurrency"]) <= 20


def test_a_message_about_an_order_is_never_dropped(production: Expanded) -> None:
    queue = production["AutopayQueue"].properties
    assert queue["MessageRetentionPeriod"] == TWO_WEEKS_S
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    target = queue["RedrivePolicy"]["deadLetterTargetArn"]
    assert refers_to(target, "AutopayDeadLetterQueue", "Arn")


def test_a_message_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded,
) -> None:
    timeout_s = production["ProcessOrder"].properties["Timeout"]
    assert production["AutopayQueue"].properties["VisibilityTimeout"] >= 6 * timeout_s


def test_orders_that_wait_long_for_their_worker_are_alarmed(production: Expanded) -> None:
    name = {"Fn::GetAtt": ["AutopayQueue", "QueueName"]}
    [alarm] = production.alarms_on("ApproximateAgeOfOldestMessage", "QueueName", name)
    assert (alarm.properties["Namespace"], alarm.properties["Statistic"]) == ("AWS/SQS", "Maximum")
    assert alarm.properties["Threshold"] <= 300
    assert alarm.properties["ComparisonOperator"] == "GreaterThanThreshold"


@pytest.mark.parametrize("function", TAKES_ORDERS)
def test_who_tells_the_worker_tells_this_queue(production: Expanded, function: str) -> None:
    variables = production[function].properties["Environment"]["Variables"]
    assert refers_to(variables["AUTOPAY_QUEUE_URL"], "AutopayQueue")


def test_orders_are_looked_after_every_minute(production: Expanded) -> None:
    schedules = {
        one.properties["Target"]["Arn"]["Fn::GetAtt"][0]: one.properties["ScheduleExpression"]
        for one in production.all("AWS::Scheduler::Schedule")
    }
    assert schedules["PollOrders"] == "rate(1 minute)"


def test_the_local_switch_is_the_contracts_and_production_brings_its_own(
    production: Expanded, local_stage: Expanded
) -> None:
    local = str(local_stage["AutopaySecret"].properties["SecretString"])
    assert "/autopay" in local
    assert "local-autopay-token" in local
    assert production["AutopaySecret"].properties.get("SecretString", "{}") == "{}"
