"""Clients for AWS: one place that says how long they wait and how often they retry."""

import functools
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# A handler answers a person: two quick tries, then the caller decides.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=16,
)


@functools.cache
def client(service: str) -> Any:  # noqa: ANN401 - typed by each adapter as the client it uses
    """Return this environment's client for a service; made once."""
    make: Any = boto3.client  # its overloads want a literal; each adapter names its type
    return make(service, config=_CONFIG)


AwsError = (ClientError, BotoCoreError)
"""What a call to AWS can fail with."""


def error_name(error: Exception) -> str:
    """Return a short name for logs: the operation and its code, or the exception's type."""
    if isinstance(error, ClientError):
        return f"{error.operation_name}:{error.response['Error']['Code']}"
    return type(error).__name__
