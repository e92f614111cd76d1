"""The every-minute schedule of the expiry scan: has done what is due.

There is no roster to page through and no place to remember: what is due is due, so a
scan that was killed, doubled or late goes on with the next minute.
"""

import os
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from modupoint.clock import business_clock
from modupoint.sweeping import Sweep
from query.cash_out import CASHOUT_LANES
from query.expiry_queue import ExpiryQueue
from query.expiry_settings import SCAN_LANES
from query.expiry_store import DynamoExpiry
from query.notices import EVENT_LANES

_LANES = (*CASHOUT_LANES, *EVENT_LANES, *SCAN_LANES)
"""Money first: one queue holds them all."""

_sweep = Sweep(
    DynamoExpiry(os.environ["MEMBERS_TABLE"]),
    ExpiryQueue(os.environ["EXPIRY_QUEUE"]),
    business_clock(),
)
_metrics = Metrics(namespace="Modupoint", service="expiry")


@_metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Sweep all lanes; the answer says how many messages each lane brought."""
    sent = _sweep.run(_LANES)
    _metrics.add_metric("ExpiryRowsDue", MetricUnit.Count, sum(sent.values()))
    return sent
