"""Courses over memory, and over the engine of the store suite."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from modupoint.telemetry import logger
from tests.crashes.stores import DynamoDB, Memory
from tests.store.conftest import (  # noqa: F401 - fixtures
    _engine,
    _sessions,
    dynamodb_local,
    racing_store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Store


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture
def memory() -> Memory:
    """Give stores in memory."""
    return Memory()


@pytest.fixture
def dynamodb(racing_store: Store) -> DynamoDB:  # noqa: F811 - the fixture
    """Give the real stores on DynamoDB Local."""
    return DynamoDB(
        racing_store.transfers_table, racing_store.members_table, racing_store.autopays_table
    )
