"""The real handler modules, as environments of their own over an imitated AWS."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

from modupoint import aws
from modupoint.clock import real_ms
from query import lane_queue
from transfer.leg_lanes import leg_message

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from query.lookup_message import LookupMessage
    from tests.store.conftest import Store
    from transfer.legs import LegKey

type Invoke = Callable[[dict[str, Any]], dict[str, Any]]


class Deployment:
    """Topic, queue and secret next to a store, and functions that use them.

    Parameters
    ----------
    partner_url
        Where issuers and the identity provider answer.
    """

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, partner_url: str) -> None:
        self._monkeypatch = monkeypatch
        name = store.members_table
        secret = {
            "*": {"base_url": partner_url + "/issuers/{code}", "client_id": "us", "key": "key"}
        }
        bank = {
            "base_url": partner_url + "/openbanking",
            "client_id": "us",
            "client_secret": "secret",
            "organisation": "M202600001",
            "account": "00112233445566",
        }
        self.queue_arn = f"arn:aws:sqs:ap-northeast-2:123456789012:{name}-kb"
        switch = {"base_url": partner_url + "/autopay", "token": "token"}
        for queue in (f"{name}-kb", f"{name}-transfer-kb"):
            aws.client("sqs").create_queue(QueueName=queue)
        self.autopay_queue = aws.client("sqs").create_queue(QueueName=f"{name}-autopay")["QueueUrl"]
        secrets = ((name, secret), (f"{name}-bank", bank), (f"{name}-autopay", switch))
        for secret_name, value in secrets:
            aws.client("secretsmanager").create_secret(
                Name=secret_name, SecretString=json.dumps(value)
            )
        environment = {
            "MEMBERS_TABLE": store.members_table,
            "OPERATIONS_TABLE": store.operations_table,
            "TRANSFERS_TABLE": store.transfers_table,
            "DATA_KMS_KEY": store.kms_key_id,
            "LOOKUP_TOPIC_ARN": aws.client("sns").create_topic(Name=name)["TopicArn"],
            "TRANSFER_TOPIC_ARN": aws.client("sns").create_topic(Name=f"{name}-t")["TopicArn"],
            "TRANSFER_QUEUE_PREFIX": f"{name}-transfer-",
            "ISSUERS_SECRET": name,
            "BANK_SECRET": f"{name}-bank",
            "IDENTITY_ISSUER": partner_url,
            "AUTOPAYS_TABLE": store.autopays_table,
            "AUTOPAY_SECRET": f"{name}-autopay",
            "AUTOPAY_QUEUE_URL": self.autopay_queue,
            "LANE_CONCURRENCY": "20",
            "CLOCK_URL": "",
        }
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(lane_queue, "_URLS", {})

    def function(self, module: str, context: str = "query") -> Invoke:
        """Return a function's handler in an environment that has just started."""
        name = f"{context}.{module}"
        self._monkeypatch.delitem(sys.modules, name, raising=False)
        handler = importlib.import_module(name).handler

        def invoke(event: dict[str, Any]) -> dict[str, Any]:
            answer: dict[str, Any] = handler(event, None)
            return answer

        return invoke

    def batch(self, *messages: LookupMessage) -> dict[str, Any]:
        """Return the SQS event that brings some messages for the first time."""
        return self._batch([(message.to_json(), message.due_ms - 30_000) for message in messages])

    def leg_batch(self, *keys: LegKey) -> dict[str, Any]:
        """Return the SQS event that names some legs of the lane's issuer."""
        return self._batch([(leg_message(key), real_ms()) for key in keys])

    def _batch(self, sent: list[tuple[str, int]]) -> dict[str, Any]:
        return {
            "Records": [
                {
                    "messageId": f"message-{place}",
                    "receiptHandle": f"receipt-{place}",
                    "body": body,
                    "attributes": {
                        "ApproximateReceiveCount": "1",
                        "SentTimestamp": str(sent_at_ms),
                    },
                    "eventSourceARN": self.queue_arn,
                }
                for place, (body, sent_at_ms) in enumerate(sent)
            ]
        }


def request(subject: str, body: dict[str, Any] | None = None, **path: str) -> dict[str, Any]:
    """Return the gateway's event of a signed-in member."""
    return {
        "routeKey": "test",
        "requestContext": {"authorizer": {"jwt": {"claims": {"sub": subject}}}},
        "headers": {"authorization": "Bearer token"},
        "pathParameters": path,
        "body": None if body is None else json.dumps(body),
    }
