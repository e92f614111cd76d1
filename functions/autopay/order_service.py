"""The service behind autopay's routes, over this deployment."""

import os

from autopay.agreements import MemberAgreements
from autopay.order_parts import data_keys, dynamo_orders, switch_api
from autopay.order_queue import SqsOrderQueue
from autopay.ordering import Ordering
from modupoint.clock import business_clock
from modupoint.temporary_holidays import TemporaryHolidays


def ordering() -> Ordering:
    """Return the service over this deployment's tables, queue and switch."""
    return Ordering(
        MemberAgreements(os.environ["MEMBERS_TABLE"]),
        dynamo_orders(),
        SqsOrderQueue(os.environ["AUTOPAY_QUEUE_URL"]),
        switch_api(),
        data_keys(),
        TemporaryHolidays(os.environ["OPERATIONS_TABLE"]),
        business_clock(),
    )
