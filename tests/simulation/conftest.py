"""Simulations reach nothing outside this process and log nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from pytest_socket import disable_socket, enable_socket

from modupoint.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    disable_socket(allow_unix_socket=True)
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
    enable_socket()
