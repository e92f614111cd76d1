"""Clients for AWS: one place that says how long they wait and how often they retry."""

import functools
from typing import Any

import boto3
from botocore.config import Config

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
