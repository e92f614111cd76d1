"""What the day costs, hour by hour, from what was counted and AWS's prices.

Sizes and reads are those that ``make bench`` witnesses; the counts are the day's.
"""

from dataclasses import dataclass

import numpy as np

from bench.cost import (
    ACCESS_LOG_BYTES,
    HTTP_API,
    LAMBDA_GB_S,
    LAMBDA_REQUEST,
    LOGS_GB,
    PLATFORM_LOG_BYTES,
    QUEUE_REQUESTS_PER_BATCH,
    READ_UNIT,
    SNS_PUBLISH,
    SQS_REQUEST,
    WRITE_UNIT,
)
from bench.opening_day.ledger import Ledger
from bench.opening_day.service_times import ServiceTimes
from bench.opening_day.structure import Structure

_MINUTES_PER_HOUR = 60
_READ_UNITS_PER_POLL = 1.0
"""Eleven answers and the member's item, up to 8 KB, read eventually consistent."""
_LOG_USD_PER_BYTE = LOGS_GB / 1e9


@dataclass(frozen=True, slots=True)
class Money:
    """USD by part and hour; the last hour may be a short one."""

    by_hour: dict[str, list[float]]

    @property
    def total_usd(self) -> float:
        """The whole day."""
        return sum(map(sum, self.by_hour.values()))


def money(ledger: Ledger, structure: Structure, times: ServiceTimes) -> Money:
    """Price a day of lookups."""
    count = ledger.by_minute
    api_gb_s = structure.api_memory_mb / 1024 * LAMBDA_GB_S
    worker_gb_s = structure.worker_memory_mb / 1024 * LAMBDA_GB_S
    served = count("requests") - count("refused")
    parts = {
        "HTTP API": served * HTTP_API,
        "API functions": served * LAMBDA_REQUEST
        + (count("posts") * times.post_s + count("reads") * times.read_s) * api_gb_s,
        "workers": count("batches") * LAMBDA_REQUEST + count("billed_s") * worker_gb_s,
        "DynamoDB": (count("writes") + count("posts") + count("repairs")) * WRITE_UNIT
        + count("reads") * _READ_UNITS_PER_POLL * READ_UNIT,
        # What SNS delivers to a queue is free.
        "SNS and SQS": (count("posts") + count("repairs")) * SNS_PUBLISH
        + QUEUE_REQUESTS_PER_BATCH * count("batches") * SQS_REQUEST,
        "logs": (
            served * (PLATFORM_LOG_BYTES + ACCESS_LOG_BYTES) + count("batches") * PLATFORM_LOG_BYTES
        )
        * _LOG_USD_PER_BYTE,
    }
    return Money({name: _by_hour(minutes) for name, minutes in parts.items()})


def _by_hour(minutes: np.ndarray) -> list[float]:
    hours = -(-len(minutes) // _MINUTES_PER_HOUR)
    padded = np.concatenate((minutes, np.zeros(hours * _MINUTES_PER_HOUR - len(minutes))))
    return [float(hour) for hour in padded.reshape(hours, _MINUTES_PER_HOUR).sum(axis=1)]
