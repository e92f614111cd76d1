"""The transfers' service as the API's functions compose it."""

import os

from modupoint.clock import business_clock
from modupoint.temporary_holidays import TemporaryHolidays
from transfer.funds import MembersFunds
from transfer.leg_lanes import TransferTopic
from transfer.submission import Submission
from transfer.transfers import DynamoTransfers


def transfer_service() -> Submission:
    """Return the service over this deployment's tables and topic."""
    members_table = os.environ["MEMBERS_TABLE"]
    return Submission(
        MembersFunds(members_table),
        DynamoTransfers(os.environ["TRANSFERS_TABLE"], members_table),
        TransferTopic(os.environ["TRANSFER_TOPIC_ARN"]),
        TemporaryHolidays(os.environ["OPERATIONS_TABLE"]),
        business_clock(),
    )
