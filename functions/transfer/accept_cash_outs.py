"""The worker of the standing cash-outs that the expiry scan hands over."""

import os
from typing import Any

from modupoint.aws import error_name
from modupoint.clock import business_clock
from modupoint.deliveries import Delivery, deliveries
from modupoint.hand_overs import hand_over_of
from modupoint.telemetry import logger
from transfer.standing_cash_outs import StandingCashOuts
from transfer.transfer_service import transfer_service
from transfer.transfers import DynamoTransfers

_cash_outs = StandingCashOuts(
    transfer_service(),
    DynamoTransfers(os.environ["TRANSFERS_TABLE"], os.environ["MEMBERS_TABLE"]),
    business_clock(),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Submit each hand-over of an SQS batch; names the messages to deliver again.

    One after the other: two of one member would be in each other's way.
    """
    again = [one.message_id for one in deliveries(event) if not _taken(one)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def _taken(delivery: Delivery) -> bool:
    try:
        _cash_outs.take(hand_over_of(delivery.body))
    except Exception as error:  # noqa: BLE001 - ten members' money shares this batch
        logger.error(
            "cash-out not taken",
            extra={"message_id": delivery.message_id, "error": error_name(error)},
        )
        return False
    return True
