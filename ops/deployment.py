"""The resources of one stack, on this machine or on AWS."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from modupoint.aws import client
from ops.refusal import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

# The emulator's own; a person's real keys have no business there.
_LOCAL_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# As long as the function may take, and once: a repeat would be a second run.
_INVOCATION = Config(read_timeout=930, retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack: its name, from which queues and functions are named, and its tables."""

    name: str
    members_table: str
    transfers_table: str
    autopays_table: str
    operations_table: str

    def queue_url(self, queue: str) -> str:
        """Return the URL of one of the stack's queues."""
        sqs: SQSClient = client("sqs")
        return sqs.get_queue_url(QueueName=f"{self.name}-{queue}")["QueueUrl"]

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - its JSON
        """Run a function of the stack and return its answer.

        Raises
        ------
        RefusedError
            If the function failed.
        """
        session: Any = botocore.session.get_session()
        functions: LambdaClient = session.create_client("lambda", config=_INVOCATION)
        answer = functions.invoke(
            FunctionName=f"{self.name}-{function}", Payload=json.dumps(event).encode()
        )
        content = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise RefusedError(f"{function} failed: {content.get('errorType', 'see its log')}")
        return content


def deployment_of(stack_name: str | None, stack_file: Path) -> Deployment:
    """Find a stack: the one of that name on AWS, else the local one a file describes.

    For a local stack the environment is set to its addresses, so that every
    client of this process finds it.

    Raises
    ------
    RefusedError
        If there is no such file.
    """
    if stack_name is None:
        try:
            local: dict[str, str] = json.loads(stack_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RefusedError(
                f"no stack is up ({stack_file}); name one on AWS with --stack-name"
            ) from None
        stack_name = local["stack_name"]
        os.environ |= {
            **_LOCAL_KEYS,
            "AWS_ENDPOINT_URL": local["aws_endpoint_url"],
            "AWS_DEFAULT_REGION": local["region"],
            "CLOCK_URL": f"{local['partners_url']}/clock",
        }
    outputs = _outputs(stack_name)
    tables = ("MembersTable", "TransfersTable", "AutopaysTable", "OperationsTable")
    return Deployment(stack_name, *(outputs[one] for one in tables))


def _outputs(stack_name: str) -> dict[str, str]:
    formation: CloudFormationClient = client("cloudformation")
    [stack] = formation.describe_stacks(StackName=stack_name)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
