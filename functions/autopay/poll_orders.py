"""The schedule: tells the worker which orders are due, and how many wait for a person."""

import os
from itertools import islice
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from autopay.order_queue import SqsOrderQueue
from autopay.order_service import dynamo_orders
from modupoint.clock import business_clock, epoch_ms

QUEUE_HOLDS = 2_000
"""The queue is filled up to here: while it is worked off, more messages would be repeats."""

_COUNTED_AT_MOST = 1_000

_orders = dynamo_orders()
_queue = SqsOrderQueue(os.environ["AUTOPAY_QUEUE_URL"])
_clock = business_clock()
_metrics = Metrics(namespace="Modupoint", service="autopay")


@_metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Send a message per due order: to be placed, asked about, or repaired after a crash."""
    due = _orders.due(epoch_ms(_clock()), QUEUE_HOLDS)
    sent = _queue.send(due[: max(QUEUE_HOLDS - _queue.backlog(), 0)]) if due else 0
    waiting = sum(1 for _ in islice(_orders.with_operator(), _COUNTED_AT_MOST))
    _metrics.add_metric("OrdersWithOperator", MetricUnit.Count, waiting)
    _metrics.add_metric("OrdersReleased", MetricUnit.Count, sent)
    return {"due": len(due), "sent": sent}
