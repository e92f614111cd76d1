"""The calls that really go out to AWS: counted, or refused as the service would."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from modupoint import aws

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("dynamodb", "sns", "sqs", "kms", "secretsmanager")


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count each call of this environment's clients by its operation, retries apart."""
    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    for service in SERVICES:
        aws.client(service).meta.events.register("before-call", note)
    try:
        yield calls
    finally:
        for service in SERVICES:
            aws.client(service).meta.events.unregister("before-call", note)


@contextmanager
def single_writes_meet_a_transaction() -> Iterator[list[str]]:
    """Refuse every PutItem as DynamoDB does while a transaction writes the item.

    Gives where they went. Amazon's local engine never refuses so.
    """
    met: list[str] = []

    def refuse(request: Any, **_: Any) -> AWSResponse:
        met.append(request.url)
        body = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException"}
        raw: Any = type("Raw", (), {"stream": lambda _: [json.dumps(body).encode()]})()
        return AWSResponse(request.url, 400, HTTPHeaders(), raw)

    events = aws.client("dynamodb").meta.events
    events.register_first("before-send.dynamodb.PutItem", refuse)
    try:
        yield met
    finally:
        events.unregister("before-send.dynamodb.PutItem", refuse)
