"""The product's own access to the deployed stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.aws import client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stack.bring_up import Stack


@pytest.fixture
def in_process(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the product's own code reach the deployed tables from this process."""
    for name, value in (
        ("AWS_ENDPOINT_URL", stack.aws_endpoint_url),
        ("AWS_DEFAULT_REGION", stack.region),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(name, value)
    client.cache_clear()
    yield
    client.cache_clear()
