"""Every issuer has a lane of its own, and no queue is without its safety (decision 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.issuers import ISSUERS
from query.asking import DELIVERIES_PER_MESSAGE
from modupoint.deliveries import issuer_of
from query.lanes import LANE_BATCH_SIZE
from query.lookups import LONGEST_PATIENCE_MS
from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded

WORKER = "AskIssuer"
TWO_WEEKS_S = 14 * 24 * 3600


@pytest.fixture(params=list(ISSUERS))
def code(request: pytest.FixtureRequest) -> str:
    issuer: str = request.param
    return issuer


def test_the_lanes_are_exactly_the_issuers_r_p1(production: Expanded) -> None:
    mappings = production.all("AWS::Lambda::EventSourceMapping")
    assert {one.name.removesuffix("LookupMapping") for one in mappings} == set(ISSUERS)


def test_a_lane_is_found_by_its_queues_name(production: Expanded, code: str) -> None:
    name = production[f"{code}LookupQueue"].properties["QueueName"]
    arn = f"arn:aws:sqs:ap-northeast-2:123456789012:{name}"
    assert issuer_of({"Records": [{"eventSourceARN": arn}]}) == code


def test_a_code_can_stand_in_a_logical_id_and_in_a_queues_name(code: str) -> None:
    assert code.isascii()
    assert code.isalnum()
    assert code == code.lower()


def test_a_subscription_lets_only_its_issuers_lookups_in(production: Expanded, code: str) -> None:
    subscription = production[f"{code}LookupSubscription"].properties
    assert subscription["FilterPolicy"] == {"issuers": [code]}
    assert subscription.get("FilterPolicyScope", "MessageAttributes") == "MessageAttributes"
    assert subscription["RawMessageDelivery"] is True
    assert subscription["Protocol"] == "sqs"
    assert refers_to(subscription["TopicArn"], "LookupTopic")
    assert refers_to(subscription["Endpoint"], f"{code}LookupQueue", "Arn")


def test_what_cannot_be_handed_to_a_lane_is_kept(production: Expanded, code: str) -> None:
    redrive = production[f"{code}LookupSubscription"].properties["RedrivePolicy"]
    assert refers_to(redrive["deadLetterTargetArn"], "FanOutDeadLetterQueue", "Arn")


def test_only_the_topic_may_write_to_a_lane(production: Expanded, code: str) -> None:
    for queue in (f"{code}LookupQueue", "FanOutDeadLetterQueue"):
        policy = production[f"{queue}Policy"].properties
        assert policy["Queues"] == [{"Ref": queue}]
        [statement] = policy["PolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert refers_to(statement["Resource"], queue, "Arn")
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "LookupTopic"}}}


def test_a_poison_message_ends_in_its_own_lanes_dead_letter_queue(
    production: Expanded, code: str
) -> None:
    redrive = production[f"{code}LookupQueue"].properties["RedrivePolicy"]
    assert refers_to(redrive["deadLetterTargetArn"], f"{code}LookupDeadLetterQueue", "Arn")
    assert redrive["maxReceiveCount"] == DELIVERIES_PER_MESSAGE


def test_a_lane_feeds_the_worker_in_batches_that_may_fail_in_part(
    production: Expanded, code: str
) -> None:
    mapping = production[f"{code}LookupMapping"].properties
    assert refers_to(mapping["FunctionName"], WORKER)
    assert refers_to(mapping["EventSourceArn"], f"{code}LookupQueue", "Arn")
    assert mapping["BatchSize"] == LANE_BATCH_SIZE
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.get("MaximumBatchingWindowInSeconds", 0) == 0
    assert mapping.get("Enabled", True) is True


def test_a_lane_has_workers_of_its_own_and_the_worker_knows_how_many(
    production: Expanded, local_stage: Expanded, code: str
) -> None:
    for stage in (production, local_stage):
        workers = stage[f"{code}LookupMapping"].properties["ScalingConfig"]["MaximumConcurrency"]
        assert 2 <= int(workers) <= 1_000
        told = stage[WORKER].properties["Environment"]["Variables"]["LANE_CONCURRENCY"]
        assert int(told) == int(workers)


def test_all_lanes_together_leave_room_in_the_accounts_concurrency(production: Expanded) -> None:
    lanes = production.all("AWS::Lambda::EventSourceMapping")
    together = sum(int(one.properties["ScalingConfig"]["MaximumConcurrency"]) for one in lanes)
    assert together <= 500


def test_a_message_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded, code: str
) -> None:
    timeout_s = production[WORKER].properties["Timeout"]
    assert production[f"{code}LookupQueue"].properties["VisibilityTimeout"] >= 6 * timeout_s


def test_a_message_outlives_its_lookup(production: Expanded, code: str) -> None:
    kept_s = production[f"{code}LookupQueue"].properties["MessageRetentionPeriod"]
    assert kept_s * 1000 >= LONGEST_PATIENCE_MS


def test_a_lane_in_which_members_wait_long_is_alarmed(production: Expanded, code: str) -> None:
    queue = {"Fn::GetAtt": [f"{code}LookupQueue", "QueueName"]}
    [alarm] = production.alarms_on("ApproximateAgeOfOldestMessage", "QueueName", queue)
    assert alarm.properties["Namespace"] == "AWS/SQS"
    assert alarm.properties["Statistic"] == "Maximum"
    assert alarm.properties["Threshold"] <= 60


def test_every_queue_is_encrypted_and_forgets_in_time(production: Expanded) -> None:
    for queue in production.all("AWS::SQS::Queue"):
        assert queue.properties["SqsManagedSseEnabled"] is True, queue.name
        assert 60 <= queue.properties["MessageRetentionPeriod"] <= TWO_WEEKS_S, queue.name


def test_every_queue_is_a_dead_letter_queue_or_has_one(production: Expanded) -> None:
    for queue in production.all("AWS::SQS::Queue"):
        if "DeadLetterQueue" in queue.name:
            assert queue.properties["MessageRetentionPeriod"] == TWO_WEEKS_S, queue.name
        else:
            target = queue.properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert "DeadLetterQueue" in production[target].name


def test_a_single_message_in_any_dead_letter_queue_is_alarmed(production: Expanded) -> None:
    queues = [one for one in production.all("AWS::SQS::Queue") if "DeadLetterQueue" in one.name]
    assert len(queues) == len(ISSUERS) + 1
    for queue in queues:
        name = {"Fn::GetAtt": [queue.name, "QueueName"]}
        [alarm] = production.alarms_on("ApproximateNumberOfMessagesVisible", "QueueName", name)
        assert alarm.properties["Threshold"] == 0
        assert alarm.properties["ComparisonOperator"] == "GreaterThanThreshold"
        assert alarm.properties["EvaluationPeriods"] == 1
