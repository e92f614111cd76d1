"""The schedule: tells the worker which orders are due, and how many wait for a person."""

import os
from itertools import islice
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from autopay.order_parts import dynamo_orders
from autopay.order_queue import SqsOrderQueue
from autopay.orders import SWITCH_LANE
from modupoint.clock import business_clock
from modupoint.sweeping import Sweep

_COUNTED_AT_MOST = 1_000

_orders = dynamo_orders()
_sweep = Sweep(_orders, SqsOrderQueue(os.environ["AUTOPAY_QUEUE_URL"]), business_clock())
_metrics = Metrics(namespace="Modupoint", service="autopay")


@_metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Send a message per due order: to be placed, asked about, or repaired after a crash."""
    sent = _sweep.run([SWITCH_LANE])
    waiting = sum(1 for _ in islice(_orders.with_operator(), _COUNTED_AT_MOST))
    _metrics.add_metric("OrdersWithOperator", MetricUnit.Count, waiting)
    _metrics.add_metric("OrdersReleased", MetricUnit.Count, sum(sent.values()))
    return sent
