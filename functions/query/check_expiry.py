"""The worker of the expiry scan: does what is due of the rows a batch names."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from modupoint.aws import error_name
from modupoint.cash_outs import CashOuts
from modupoint.clock import business_clock
from modupoint.deliveries import Delivery, deliveries
from modupoint.telemetry import logger
from modupoint.temporary_holidays import TemporaryHolidays
from query.cash_out_course import CashOutCourse
from query.expiry_checks import ExpiryChecks
from query.expiry_queue import due_row_of
from query.expiry_store import DynamoExpiry
from query.hand_over_queue import HandOverQueue
from query.lookup_topic import LookupTopic, Priority
from query.member_scan import MemberScan
from query.notice_bus import NoticeBus
from query.notice_events import NoticeEvents

_BATCH_SIZE = 10

_store = DynamoExpiry(os.environ["MEMBERS_TABLE"])
_lanes = LookupTopic(os.environ["LOOKUP_TOPIC_ARN"], Priority.SCAN)
_events = NoticeEvents(_store, NoticeBus(os.environ["NOTICE_BUS"]))
_holidays = TemporaryHolidays(os.environ["OPERATIONS_TABLE"])
_clock = business_clock()
_checks = ExpiryChecks(
    MemberScan(_store, _lanes, _events, _holidays, _clock),
    CashOutCourse(
        _store,
        _lanes,
        HandOverQueue(os.environ["CASH_OUT_QUEUE"]),
        CashOuts(os.environ["TRANSFERS_TABLE"]),
        _events,
        _holidays,
        _clock,
    ),
    _events,
)
_pool = ThreadPoolExecutor(_BATCH_SIZE, thread_name_prefix="check")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do the step of each row of an SQS batch; names the messages to deliver again."""
    batch = deliveries(event)
    again = [
        one.message_id
        for one, failed in zip(batch, _pool.map(_failed, batch), strict=True)
        if failed
    ]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def _failed(delivery: Delivery) -> bool:
    try:
        _checks.run(due_row_of(delivery.body))
    except Exception as error:  # noqa: BLE001 - ten members share this batch
        logger.error(
            "row not checked",
            extra={"message_id": delivery.message_id, "error": error_name(error)},
        )
        return True
    return False
