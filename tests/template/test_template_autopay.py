"""The queue of autopay orders: one switch, one lane, with the safety of all others (decision 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autopay.order_queue import WORKER_BEGINS_WITHIN_S
from autopay.ordering import BEGIN_WITHIN_S
from autopay.switch_api import ANSWER_TIMEOUT_S, PLACING_TIMEOUT_S
from modupoint import partner
from modupoint.effects import LEASE_MS, SEND_WITHIN_MS
from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

TWO_WEEKS_S = 14 * 24 * 3600
TAKES_ORDERS = ("SubmitOrder", "PollOrders")
ROOM_S = 5
"""For the tables, the secret and the key, whatever else is slow."""


def longest_s(timeout_s: float) -> float:
    """Return the longest call: it connects late, and its answer begins and then stops."""
    return partner._CONNECT_TIMEOUT_S + 2 * timeout_s


# A step that is begun in time may still store its intent for a while.
LAST_STEP_S = SEND_WITHIN_MS / 1000
CALLS_LAST_S = {
    "ListCards": longest_s(ANSWER_TIMEOUT_S),
    "ListAutopays": longest_s(ANSWER_TIMEOUT_S),
    # The second list is asked for only if the first came in time.
    "SubmitOrder": ANSWER_TIMEOUT_S + longest_s(ANSWER_TIMEOUT_S),
    "WithdrawOrder": BEGIN_WITHIN_S + LAST_STEP_S + longest_s(ANSWER_TIMEOUT_S),
    "ProcessOrder": WORKER_BEGINS_WITHIN_S + LAST_STEP_S + longest_s(PLACING_TIMEOUT_S),
}


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


def test_operators_find_the_queue_and_its_dead_letters_by_name(production: Expanded) -> None:
    stack = production["PollOrders"].properties["FunctionName"].removesuffix("-PollOrders")
    names = {
        queue: production[queue].properties["QueueName"]
        for queue in ("AutopayQueue", "AutopayDeadLetterQueue")
    }
    assert names == {
        "AutopayQueue": f"{stack}-autopay",
        "AutopayDeadLetterQueue": f"{stack}-autopay-dead",
    }


def test_a_message_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded,
) -> None:
    timeout_s = production["ProcessOrder"].properties["Timeout"]
    assert production["AutopayQueue"].properties["VisibilityTimeout"] >= 6 * timeout_s


@pytest.mark.parametrize(("function", "calls_last_s"), CALLS_LAST_S.items())
def test_no_function_is_cut_off_in_a_call_to_the_switch(
    production: Expanded, function: str, calls_last_s: float
) -> None:
    assert production[function].properties["Timeout"] >= calls_last_s + ROOM_S


def test_a_call_ends_and_is_stored_within_its_lease_decision_6() -> None:
    assert LAST_STEP_S + longest_s(PLACING_TIMEOUT_S) + ROOM_S <= LEASE_MS / 1000


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
