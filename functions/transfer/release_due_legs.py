"""The every-minute schedule: tells the lanes which legs are due, and how many wait for a person."""

import os
from itertools import islice
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from modupoint.clock import business_clock
from modupoint.issuers import ISSUERS
from modupoint.sweeping import Sweep
from transfer.leg_lanes import TransferQueues
from transfer.leg_store import DynamoLegs

_COUNTED_AT_MOST = 1_000

_legs = DynamoLegs(os.environ["TRANSFERS_TABLE"])
_sweep = Sweep(_legs, TransferQueues(os.environ["TRANSFER_QUEUE_PREFIX"]), business_clock())
_metrics = Metrics(namespace="Modupoint", service="transfer")


@_metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Sweep all lanes; the answer says how many messages each lane got."""
    sent = _sweep.run(list(ISSUERS))
    waiting = sum(1 for _ in islice(_legs.with_operator(), _COUNTED_AT_MOST))
    _metrics.add_metric("LegsWithOperator", MetricUnit.Count, waiting)
    _metrics.add_metric("LegsReleased", MetricUnit.Count, sum(sent.values()))
    return sent
