"""Holding a local stack's queues while its processes come and go.

An emulator that starts with a backlog starts the workers of all lanes in the same
second. Two cores cannot: each start outlasts its function's time, is killed, and begins
again. So nothing is taken from a queue between a stop and the end of the warming.
"""

from typing import Any


def hold(client: Any) -> None:  # noqa: ANN401 - boto3's client for Lambda
    """Let no worker take messages."""
    _set(client, enabled=False)


def release(client: Any) -> None:  # noqa: ANN401 - boto3's client for Lambda
    """Let workers take messages again."""
    _set(client, enabled=True)


def _set(client: Any, *, enabled: bool) -> None:  # noqa: ANN401
    pages = client.get_paginator("list_event_source_mappings").paginate()
    for mapping in [one for page in pages for one in page["EventSourceMappings"]]:
        if (mapping["State"] == "Enabled") != enabled:
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)
