"""Clients for AWS: one place that says how long they wait and how often they retry."""

import functools
from typing import Any

import botocore.session
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
    return _session().create_client(service, config=_CONFIG)


@functools.cache
def _session() -> botocore.session.Session:
    # boto3 would be this session and, at every cold start, the transfer manager
    # of S3 and the resources, which nobody here uses.
    return botocore.session.get_session()


AwsError = (ClientError, BotoCoreError)
"""What a call to AWS can fail with."""


def error_name(error: Exception) -> str:
    """Return a short name for logs: the operation and its code, or the exception's type."""
    if isinstance(error, ClientError):
        return f"{error.operation_name}:{error.response['Error']['Code']}"
    return type(error).__name__
