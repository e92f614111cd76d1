"""The deployed stack from behind: tables, lanes, topic and logs, through AWS's own API."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3

from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from query.lookup_message import LookupMessage
    from tests.stack.bring_up import Stack

# What tests do to lanes is forgotten by every environment after this long
# (``query.lane_board.KEPT_MS``).
_LANES_KEPT_S = 5.0


class Cloud:
    """The emulator as an operator with all rights sees it."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def client(self, service: str) -> Any:
        """Return a client for any service."""
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self._stack.aws_endpoint_url,
            region_name=self._stack.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """Tables."""
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @cached_property
    def sqs(self) -> SQSClient:
        """Queues."""
        client: SQSClient = self.client("sqs")
        return client

    @cached_property
    def sns(self) -> SNSClient:
        """Topics."""
        client: SNSClient = self.client("sns")
        return client

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """Logs."""
        client: CloudWatchLogsClient = self.client("logs")
        return client

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        client: CloudFormationClient = self.client("cloudformation")
        stack = client.describe_stacks(StackName=self._stack.stack_name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    def variables(self, function: str) -> dict[str, str]:
        """Return the environment variables of a function (``SubmitOrder``)."""
        name = f"{self._stack.stack_name}-{function}"
        answer = self.client("lambda").get_function_configuration(FunctionName=name)
        variables: dict[str, str] = answer["Environment"]["Variables"]
        return variables

    def items(self, table: str) -> list[dict[str, Any]]:
        """Return every item of a table (``MembersTable``, ``OperationsTable``)."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.outputs[table], ConsistentRead=True
        )
        return [item for page in pages for item in page["Items"]]

    def items_of(self, member: str) -> dict[str, dict[str, Any]]:
        """Return a member's items by sort key."""
        return self._partition("MembersTable", member)

    def sealed_ci(self, member: str) -> bytes:
        """Return a member's CI as it is stored."""
        sealed: bytes = self.items_of(member)["MEMBER"]["ci"]["B"]
        return sealed

    def publish(self, message: LookupMessage, issuers: Sequence[str]) -> None:
        """Send a lookup message to the lanes of some issuers, as the service does."""
        self.sns.publish(
            TopicArn=self.outputs["LookupTopic"],
            Message=message.to_json(),
            MessageAttributes={
                "issuers": {"DataType": "String.Array", "StringValue": json.dumps(list(issuers))},
                "priority": {"DataType": "String", "StringValue": "member"},
            },
        )

    def sweep(self) -> dict[str, int]:
        """Run the sweep of due legs now; returns how many messages each lane got."""
        return self._run("ReleaseDueLegs")

    def sweep_clean(self) -> None:
        """Sweep until no leg is due, so that nobody else's meets the faults of a test.

        Legs that other tests left scheduled are due once the clock is moved past them.
        """
        eventually(lambda: not any(self.sweep().values()), "a sweep that finds nothing")

    def sweep_orders(self) -> dict[str, int]:
        """Run the sweep of due autopay orders now; returns how many messages were sent."""
        return self._run("PollOrders")

    def sweep_orders_clean(self) -> None:
        """Sweep until no order is due, so that nobody else's meets the faults of a test."""
        eventually(
            lambda: not any(self.sweep_orders().values()),
            "a sweep that finds no order",
            every_s=1.0,
        )

    def autopay_items(self, member: str) -> dict[str, dict[str, Any]]:
        """Return what is kept of a member's autopay orders, by sort key."""
        return self._partition("AutopaysTable", member)

    def autopay_queue(self) -> str:
        """Return the URL of the queue of autopay orders."""
        return self._queue("autopay")

    def transfer_items(self, member: str) -> dict[str, dict[str, Any]]:
        """Return what is kept of a member's transfers, by sort key."""
        return self._partition("TransfersTable", member)

    def transfer_lane(self, issuer: str) -> str:
        """Return the URL of an issuer's queue of legs."""
        return self._queue(f"transfer-{issuer}")

    def lane(self, issuer: str) -> str:
        """Return the URL of an issuer's queue."""
        return self._queue(f"lookup-{issuer}")

    def dead_letters(self, issuer: str) -> list[str]:
        """Return what lies in an issuer's dead-letter queue and leave it there."""
        return self.peek(self._queue(f"lookup-dead-{issuer}"))

    def peek(self, queue_url: str) -> list[str]:
        """Return the bodies of the messages that wait in a queue; they stay visible."""
        bodies: dict[str, str] = {}
        while found := self.sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        ).get("Messages"):
            new = {one["MessageId"]: one["Body"] for one in found if one["MessageId"] not in bodies}
            if not new:
                break
            bodies |= new
        return list(bodies.values())

    def take(self, queue_url: str) -> list[str]:
        """Return the bodies of the messages that wait in a queue, and remove them."""
        bodies = []
        while found := self.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for one in found:
                bodies.append(one["Body"])
                self.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])
        return bodies

    @contextmanager
    def listening(self, topic_output: str = "LookupTopic") -> Iterator[str]:
        """Copy everything published to a topic into a queue of the test's own."""
        url = self.sqs.create_queue(QueueName=f"tests-{uuid.uuid4()}")["QueueUrl"]
        arn = self._arn(url)
        topic = self.outputs[topic_output]
        policy = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            },
        }
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        subscription = self.sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        try:
            yield url
        finally:
            self.sns.unsubscribe(SubscriptionArn=subscription)
            self.sqs.delete_queue(QueueUrl=url)

    def lanes(self) -> dict[str, dict[str, Any]]:
        """Return what is known of the lanes, by issuer."""
        return {
            item["sk"]["S"]: item
            for item in self.items("OperationsTable")
            if item["pk"]["S"] == "LANE"
        }

    def forget_lanes(self) -> None:
        """Forget all trouble; returns once no environment remembers a lane that rests."""
        lanes = self.lanes()
        for issuer in lanes:
            key: dict[str, Any] = {"pk": {"S": "LANE"}, "sk": {"S": issuer}}
            self.dynamodb.delete_item(TableName=self.outputs["OperationsTable"], Key=key)
        if any(int(lane.get("open_until", {"N": "0"})["N"]) for lane in lanes.values()):
            # Not a guess: environments read a lane anew after exactly this long.
            time.sleep(_LANES_KEPT_S)

    def log_lines(self) -> list[str]:
        """Return everything in every log group."""
        lines = []
        for page in self.logs.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                events = self.logs.get_paginator("filter_log_events").paginate(
                    logGroupName=group["logGroupName"]
                )
                lines += [event["message"] for page in events for event in page["events"]]
        return lines

    def _run(self, function: str) -> dict[str, int]:
        answer = self.client("lambda").invoke(
            FunctionName=f"{self._stack.stack_name}-{function}", Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        counts: dict[str, int] = json.loads(answer["Payload"].read())
        return counts

    def _partition(self, table: str, member: str) -> dict[str, dict[str, Any]]:
        items = self.dynamodb.query(
            TableName=self.outputs[table],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": member}},
            ConsistentRead=True,
        )["Items"]
        return {item["sk"]["S"]: item for item in items}

    def _queue(self, name: str) -> str:
        return self.sqs.get_queue_url(QueueName=f"{self._stack.stack_name}-{name}")["QueueUrl"]

    def _arn(self, url: str) -> str:
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return attributes["Attributes"]["QueueArn"]
