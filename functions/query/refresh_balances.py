"""The worker of the scan's lanes: refreshes balances while no member waits."""

import os
from typing import Any

from modupoint.clock import business_clock
from modupoint.deliveries import deliveries, issuer_of, queue_of
from modupoint.envelope import DataKeys
from modupoint.issuer_api import IssuerApi, IssuerCredentials
from modupoint.partner import PartnerTransport
from modupoint.partner_secrets import Secret
from query.inquiring import Inquiring, worker_pool
from query.lane_board import LaneBoard
from query.lane_queue import LaneQueue, members_lane
from query.lanes import LANE_BATCH_SIZE
from query.members import Members
from query.refreshing import Refreshing

_refreshing = Refreshing(
    Inquiring(
        IssuerApi(
            PartnerTransport(connections=LANE_BATCH_SIZE),
            IssuerCredentials(Secret(os.environ["ISSUERS_SECRET"])),
        ),
        DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"]),
        Members(os.environ["MEMBERS_TABLE"]),
        business_clock(),
    ),
    LaneBoard(os.environ["OPERATIONS_TABLE"]),
    worker_pool(),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an SQS batch of one lane; names the messages to deliver again."""
    arn = queue_of(event)
    queue, members_queue = LaneQueue(arn), LaneQueue(members_lane(arn))
    again = _refreshing.batch(issuer_of(event), queue, members_queue, deliveries(event))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}
