"""Every issuer has its own lanes, and no queue is without its safety (decision 2).

Two kinds of lane: lookups, and money, which never waits behind a lookup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.deliveries import issuer_of
from modupoint.issuers import ISSUERS
from query.asking import DELIVERIES_PER_MESSAGE
from query.lanes import LANE_BATCH_SIZE
from query.lookups import LONGEST_PATIENCE_MS
from tests.template.expanded_template import refers_to

if TYPE_CHECKING:
    from tests.template.expanded_template import Expanded, Resource

TWO_WEEKS_S = 14 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of lane; ``longest_wait_s`` is what an alarm may wait for."""

    name: str
    worker: str
    topic: str
    batch_size: int
    deliveries: int
    shortest_kept_s: int
    longest_wait_s: int


KINDS = (
    Kind("Lookup", "AskIssuer", "LookupTopic", LANE_BATCH_SIZE, DELIVERIES_PER_MESSAGE,
         LONGEST_PATIENCE_MS // 1000, 60),
    # Money messages are never dropped (decision 3): as long as a queue can keep them.
    Kind("Transfer", "MoveLeg", "TransferTopic", 10, 5, TWO_WEEKS_S, 300),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lane:
    """An issuer's lane of a kind."""

    kind: Kind
    code: str

    def part(self, stage: Expanded, part: str) -> Resource:
        """Return one of the lane's resources."""
        return stage[f"{self.code}{self.kind.name}{part}"]


LANES = [Lane(kind, code) for kind in KINDS for code in ISSUERS]


@pytest.fixture(params=LANES, ids=lambda lane: f"{lane.kind.name}-{lane.code}")
def lane(request: pytest.FixtureRequest) -> Lane:
    one: Lane = request.param
    return one


def test_the_lanes_are_exactly_the_issuers_once_for_lookups_and_once_for_money_r_p1(
    production: Expanded,
) -> None:
    mappings = {one.name for one in production.all("AWS::Lambda::EventSourceMapping")}
    # The switch is one partner, and has one queue (its own tests: test_template_autopay).
    assert mappings - {"AutopayMapping"} == {f"{one.code}{one.kind.name}Mapping" for one in LANES}


def test_a_lane_is_found_by_its_queues_name(production: Expanded, lane: Lane) -> None:
    name = lane.part(production, "Queue").properties["QueueName"]
    arn = f"arn:aws:sqs:ap-northeast-2:123456789012:{name}"
    assert issuer_of({"Records": [{"eventSourceARN": arn}]}) == lane.code


def test_the_sweep_finds_a_money_lane_by_its_prefix(production: Expanded) -> None:
    prefix = production["ReleaseDueLegs"].properties["Environment"]["Variables"]
    for code in ISSUERS:
        name = production[f"{code}TransferQueue"].properties["QueueName"]
        assert name == f"{prefix['TRANSFER_QUEUE_PREFIX']}{code}"


def test_no_queue_has_anothers_name(production: Expanded) -> None:
    names = [one.properties["QueueName"] for one in production.all("AWS::SQS::Queue")]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", list(ISSUERS))
def test_a_code_can_stand_in_a_logical_id_and_in_a_queues_name(code: str) -> None:
    assert code.isascii()
    assert code.isalnum()
    assert code == code.lower()


def test_a_subscription_lets_only_its_issuers_messages_in(production: Expanded, lane: Lane) -> None:
    subscription = lane.part(production, "Subscription").properties
    assert subscription["FilterPolicy"] == {"issuers": [lane.code]}
    assert subscription.get("FilterPolicyScope", "MessageAttributes") == "MessageAttributes"
    assert subscription["RawMessageDelivery"] is True
    assert subscription["Protocol"] == "sqs"
    assert refers_to(subscription["TopicArn"], lane.kind.topic)
    queue = lane.part(production, "Queue").name
    assert refers_to(subscription["Endpoint"], queue, "Arn")


def test_what_cannot_be_handed_to_a_lane_is_kept(production: Expanded, lane: Lane) -> None:
    redrive = lane.part(production, "Subscription").properties["RedrivePolicy"]
    assert refers_to(redrive["deadLetterTargetArn"], "FanOutDeadLetterQueue", "Arn")


def only_topics_may_write(stage: Expanded, queue: str) -> Any:
    """Return which topics may write to a queue, when nobody else may."""
    policy = stage[f"{queue}Policy"].properties
    assert policy["Queues"] == [{"Ref": queue}]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert refers_to(statement["Resource"], queue, "Arn")
    [(operator, sources)] = statement["Condition"].items()
    assert operator == "ArnEquals"
    return sources["aws:SourceArn"]


def test_only_its_topic_may_write_to_a_lane(production: Expanded, lane: Lane) -> None:
    queue = lane.part(production, "Queue").name
    assert only_topics_may_write(production, queue) == {"Ref": lane.kind.topic}


def test_only_the_two_topics_may_leave_what_they_could_not_deliver(production: Expanded) -> None:
    topics = only_topics_may_write(production, "FanOutDeadLetterQueue")
    assert topics == [{"Ref": kind.topic} for kind in KINDS]


def test_a_poison_message_ends_in_its_own_lanes_dead_letter_queue(
    production: Expanded, lane: Lane
) -> None:
    redrive = lane.part(production, "Queue").properties["RedrivePolicy"]
    dead = lane.part(production, "DeadLetterQueue").name
    assert refers_to(redrive["deadLetterTargetArn"], dead, "Arn")
    assert redrive["maxReceiveCount"] == lane.kind.deliveries


def test_a_lane_feeds_its_worker_in_batches_that_may_fail_in_part(
    production: Expanded, lane: Lane
) -> None:
    mapping = lane.part(production, "Mapping").properties
    assert refers_to(mapping["FunctionName"], lane.kind.worker)
    assert refers_to(mapping["EventSourceArn"], lane.part(production, "Queue").name, "Arn")
    assert mapping["BatchSize"] == lane.kind.batch_size
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.get("MaximumBatchingWindowInSeconds", 0) == 0
    assert mapping.get("Enabled", True) is True


def workers_of(stage: Expanded, lane: Lane) -> int:
    scaling = lane.part(stage, "Mapping").properties["ScalingConfig"]
    return int(scaling["MaximumConcurrency"])


def test_a_lane_has_workers_of_its_own(
    production: Expanded, local_stage: Expanded, lane: Lane
) -> None:
    for stage in (production, local_stage):
        assert 2 <= workers_of(stage, lane) <= 1_000


def test_the_lookup_worker_knows_how_many_share_its_lane(
    production: Expanded, local_stage: Expanded
) -> None:
    for stage in (production, local_stage):
        told = stage["AskIssuer"].properties["Environment"]["Variables"]["LANE_CONCURRENCY"]
        for lane in LANES:
            if lane.kind.name == "Lookup":
                assert int(told) == workers_of(stage, lane)


def test_all_lanes_together_leave_room_in_the_accounts_concurrency(production: Expanded) -> None:
    mappings = production.all("AWS::Lambda::EventSourceMapping")
    workers = [int(one.properties["ScalingConfig"]["MaximumConcurrency"]) for one in mappings]
    assert sum(workers) <= 500


def test_a_message_is_not_delivered_again_while_a_worker_may_still_have_it(
    production: Expanded, lane: Lane
) -> None:
    timeout_s = production[lane.kind.worker].properties["Timeout"]
    assert lane.part(production, "Queue").properties["VisibilityTimeout"] >= 6 * timeout_s


def test_a_message_outlives_what_it_is_about(production: Expanded, lane: Lane) -> None:
    kept_s = lane.part(production, "Queue").properties["MessageRetentionPeriod"]
    assert kept_s >= lane.kind.shortest_kept_s


def test_a_lane_in_which_members_wait_long_is_alarmed(production: Expanded, lane: Lane) -> None:
    queue = {"Fn::GetAtt": [lane.part(production, "Queue").name, "QueueName"]}
    [alarm] = production.alarms_on("ApproximateAgeOfOldestMessage", "QueueName", queue)
    assert alarm.properties["Namespace"] == "AWS/SQS"
    assert alarm.properties["Statistic"] == "Maximum"
    assert alarm.properties["Threshold"] <= lane.kind.longest_wait_s


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
    # One for each lane, for what no lane got, and for orders.
    assert len(queues) == len(LANES) + 2
    for queue in queues:
        name = {"Fn::GetAtt": [queue.name, "QueueName"]}
        [alarm] = production.alarms_on("ApproximateNumberOfMessagesVisible", "QueueName", name)
        assert alarm.properties["Threshold"] == 0
        assert alarm.properties["ComparisonOperator"] == "GreaterThanThreshold"
        assert alarm.properties["EvaluationPeriods"] == 1
