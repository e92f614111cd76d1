"""Nothing is taken from a local stack's queues between a stop and the end of the warming."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from local.mappings import hold, release

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "ap-northeast-2"
LANES = 3


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the client of an account in which some queues have workers."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        trusted = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
        role = boto3.client("iam").create_role(
            RoleName="worker", AssumeRolePolicyDocument=json.dumps(trusted)
        )
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("handler.py", "")
        client = boto3.client("lambda", region_name=REGION)
        client.create_function(
            FunctionName="Ask",
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="handler.handler",
            Code={"ZipFile": code.getvalue()},
        )
        sqs = boto3.client("sqs", region_name=REGION)
        for number in range(LANES):
            url = sqs.create_queue(QueueName=f"lane-{number}")["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            client.create_event_source_mapping(
                FunctionName="Ask", EventSourceArn=arn["Attributes"]["QueueArn"]
            )
        yield client


def states(client: Any) -> list[str]:
    return [one["State"] for one in client.list_event_source_mappings()["EventSourceMappings"]]


def test_what_is_held_takes_nothing_until_it_is_released(workers: Any) -> None:
    hold(workers)
    assert states(workers) == ["Disabled"] * LANES
    hold(workers)
    release(workers)
    assert states(workers) == ["Enabled"] * LANES


def test_an_account_without_workers_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("lambda", region_name=REGION)
        hold(client)
        release(client)
        assert states(client) == []
