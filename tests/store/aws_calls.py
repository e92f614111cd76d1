"""Counting the calls that really go out to AWS."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from modupoint import aws

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("dynamodb", "sns", "sqs", "kms", "secretsmanager", "events")


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
