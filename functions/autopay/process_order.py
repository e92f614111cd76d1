"""The worker of orders: places them, asks for their results, withdraws them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from autopay.order_parts import order_mover
from autopay.order_queue import WORKER_BEGINS_WITHIN_S, order_key_of_message
from modupoint.aws import error_name
from modupoint.deliveries import Delivery, deliveries
from modupoint.telemetry import logger

_BATCH_SIZE = 10

_mover = order_mover()
_pool = ThreadPoolExecutor(_BATCH_SIZE, thread_name_prefix="order")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Move each order of an SQS batch as far as it goes; names the messages to deliver again."""
    batch = deliveries(event)
    failed = _pool.map(_failed, batch)
    again = [one.message_id for one, did in zip(batch, failed, strict=True) if did]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def _failed(delivery: Delivery) -> bool:
    try:
        _mover.run(order_key_of_message(delivery.body), WORKER_BEGINS_WITHIN_S)
    except Exception as error:  # noqa: BLE001 - ten members' orders share this batch
        logger.error(
            "order not moved",
            extra={"message_id": delivery.message_id, "error": error_name(error)},
        )
        return True
    return False
