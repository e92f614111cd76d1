"""A stack on moto, and the command line of its operator."""

from __future__ import annotations

import json
import os
from copy import replace
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from modupoint import aws
from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import Progress
from modupoint.issuers import ISSUERS
from ops.command_line import Operator, parser, run
from ops.deployment import Deployment
from tests.store.tables import AUTOPAYS
from tests.store.transfers_table import new_transfers_table
from transfer.legs import BankTran, Leg, LegItem, LegKey, LegState
from transfer.transfer_items import leg_item

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SEOUL)
NOW_MS = epoch_ms(NOW)
HOUR_MS = 3_600_000
MEMBER = "M#" + "a" * 32
NAME = "shop"

LEG = Leg(
    key=LegKey(MEMBER, "trf_1", "kb"),
    leg_id="leg_1",
    items=(LegItem("POINTREE", 500), LegItem("OTHER", 20)),
    requested_at_ms=NOW_MS - 5 * HOUR_MS,
    promised_at_ms=NOW_MS - 5 * HOUR_MS,
    redemption_id="r1",
    guard_day=date(2026, 11, 24),
    bank_code="088",
    progress=Progress(
        LegState.DEPOSIT_WITH_OPERATOR, 9, 10, NOW_MS - 4 * HOUR_MS, NOW_MS - 3 * HOUR_MS
    ),
    sealed_ci=b"the sealed ci",
    sealed_account=b"the sealed account",
    bank_tran=BankTran("M202600001U000000001", date(2026, 11, 24)),
)


def leg_in(state: LegState, issuer: str = "kb", **progress: Any) -> Leg:
    """Return a leg like ``LEG`` in another state, at another issuer."""
    return replace(
        LEG,
        key=LegKey(MEMBER, "trf_1", issuer),
        leg_id=f"leg_{issuer}",
        progress=replace(LEG.progress, state=state, **progress),
    )


@dataclass
class Stack:
    """What lies in the stack, and the operator's way to it."""

    deployment: Deployment
    capsys: pytest.CaptureFixture[str]
    who: str = "kim"

    def put(self, *legs: Leg) -> None:
        """Store legs."""
        for leg in legs:
            aws.client("dynamodb").put_item(
                TableName=self.deployment.transfers_table, Item=leg_item(leg)
            )

    def ops(self, *arguments: str) -> Any:
        """Run a command and return its JSON; it must be done in full."""
        status, answer = self.tried(*arguments)
        assert status == 0, answer
        return answer

    def tried(self, *arguments: str) -> tuple[int, Any]:
        """Run a command and return its exit status and JSON."""
        given = parser().parse_args([*arguments, "--json"])
        status = run(given, Operator(self.who, self.deployment, lambda: NOW))
        return status, json.loads(self.capsys.readouterr().out)

    def text(self, *arguments: str) -> str:
        """Run a command and return what a person reads."""
        run(parser().parse_args(arguments), Operator(self.who, self.deployment, lambda: NOW))
        return self.capsys.readouterr().out

    def rows(self, partition: str) -> list[dict[str, Any]]:
        """Return the rows of a partition of the Operations table."""
        items: list[dict[str, Any]] = aws.client("dynamodb").query(
            TableName=self.deployment.operations_table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
        )["Items"]
        return items

    def send(self, queue: str, *bodies: str) -> None:
        """Put messages into a queue."""
        for body in bodies:
            aws.client("sqs").send_message(
                QueueUrl=self.deployment.queue_url(queue),
                MessageBody=body,
                MessageAttributes={"issuers": {"DataType": "String", "StringValue": body}},
            )

    def messages(self, queue: str) -> dict[str, str]:
        """Return the messages of a queue: body and the attribute that came with it."""
        found: dict[str, str] = {}
        while (
            received := aws.client("sqs")
            .receive_message(
                QueueUrl=self.deployment.queue_url(queue),
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
            )
            .get("Messages")
        ):
            found |= {
                one["Body"]: one["MessageAttributes"]["issuers"]["StringValue"] for one in received
            }
        return found


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Stack]:
    """Give an empty stack."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        _forget_clients()
        yield Stack(_deployed(), capsys)
    _forget_clients()


def _forget_clients() -> None:
    aws.client.cache_clear()
    aws._session.cache_clear()


def _deployed() -> Deployment:
    aws.client("dynamodb").create_table(
        TableName="operations",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    lanes = [
        f"{lane}{dead}{code}"
        for lane in ("lookup-", "transfer-")
        for dead in ("", "dead-")
        for code in ISSUERS
    ]
    single = ("autopay", "cash-outs", "expiry")
    queues = (*single, *(f"{one}-dead" for one in single), "lookups-undelivered", "scan-dead")
    for queue in (*lanes, *queues):
        aws.client("sqs").create_queue(QueueName=f"{NAME}-{queue}")
    aws.client("dynamodb").create_table(TableName="autopays", **AUTOPAYS)
    return Deployment(NAME, "members", new_transfers_table(), "autopays", "operations")
