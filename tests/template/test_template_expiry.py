"""The expiry scan on AWS: due rows through one queue, notices on a bus of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from query.notice_bus import DETAIL_TYPE, SOURCE
from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded


def test_the_scan_looks_every_minute_and_a_missed_minute_is_not_made_up_for(
    production: Expanded,
) -> None:
    [schedule] = [
        one
        for one in production.all("AWS::Scheduler::Schedule")
        if refers_to(one.properties["Target"]["Arn"], "ScanExpiry", "Arn")
    ]
    assert schedule.properties["ScheduleExpression"] == "rate(1 minute)"
    assert schedule.properties["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0}


def test_a_due_row_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded,
) -> None:
    timeout_s = production["CheckExpiry"].properties["Timeout"]
    queue = production["ExpiryQueue"].properties
    assert queue["VisibilityTimeout"] >= 6 * timeout_s
    assert refers_to(queue["RedrivePolicy"]["deadLetterTargetArn"], "ExpiryDeadLetterQueue", "Arn")


def test_due_rows_feed_their_worker_in_batches_that_may_fail_in_part(
    production: Expanded, local_stage: Expanded
) -> None:
    mapping = production["ExpiryMapping"].properties
    assert refers_to(mapping["FunctionName"], "CheckExpiry")
    assert refers_to(mapping["EventSourceArn"], "ExpiryQueue", "Arn")
    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for stage in (production, local_stage):
        workers = stage["ExpiryMapping"].properties["ScalingConfig"]["MaximumConcurrency"]
        assert 2 <= workers <= 20


def test_a_scan_that_falls_behind_is_alarmed(production: Expanded) -> None:
    queue = {"Fn::GetAtt": ["ExpiryQueue", "QueueName"]}
    [alarm] = production.alarms_on("ApproximateAgeOfOldestMessage", "QueueName", queue)
    retained_s = production["ExpiryQueue"].properties["MessageRetentionPeriod"]
    assert alarm.properties["Threshold"] < retained_s


def test_every_notice_reaches_a_topic_that_anybody_can_be_subscribed_to(
    production: Expanded,
) -> None:
    rule = production["NoticeRule"].properties
    assert refers_to(rule["EventBusName"], "NoticeBus")
    assert rule["EventPattern"] == {"source": [SOURCE], "detail-type": [DETAIL_TYPE]}
    [target] = rule["Targets"]
    assert refers_to(target["Arn"], "NoticeTopic")


def test_only_the_rule_may_publish_to_the_topic_of_notices(production: Expanded) -> None:
    [policy] = [
        one
        for one in production.all("AWS::SNS::TopicPolicy")
        if {"Ref": "NoticeTopic"} in one.properties["Topics"]
    ]
    [statement] = policy.properties["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sns:Publish"
    assert refers_to(statement["Condition"]["ArnEquals"]["aws:SourceArn"], "NoticeRule", "Arn")
