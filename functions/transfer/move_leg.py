"""The worker of the transfer lanes: moves the legs a batch names."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from modupoint.aws import error_name
from modupoint.clock import business_clock
from modupoint.deliveries import Delivery, deliveries, issuer_of
from modupoint.envelope import DataKeys
from modupoint.issuer_api import IssuerApi, IssuerCredentials
from modupoint.partner import PartnerTransport
from modupoint.partner_secrets import Secret
from modupoint.telemetry import logger
from transfer.bank_api import BankApi
from transfer.bank_tran_ids import CountedBankTranIds
from transfer.leg_lanes import leg_key_of_message
from transfer.leg_store import DynamoLegs
from transfer.legs import DEPOSIT, REDEMPTION, REVERSAL
from transfer.moving import LegMover
from transfer.partner_calls import DepositCalls, RedemptionCalls, ReversalCalls

_BATCH_SIZE = 10

_transport = PartnerTransport(connections=_BATCH_SIZE)
_bank_secret = Secret(os.environ["BANK_SECRET"])
_issuers = IssuerApi(_transport, IssuerCredentials(Secret(os.environ["ISSUERS_SECRET"])))
_keys = DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"])
_clock = business_clock()
_mover = LegMover(
    DynamoLegs(os.environ["TRANSFERS_TABLE"]),
    {
        REDEMPTION.name: RedemptionCalls(_issuers, _keys),
        DEPOSIT.name: DepositCalls(BankApi(_transport, _bank_secret), _keys, _clock),
        REVERSAL.name: ReversalCalls(_issuers),
    },
    CountedBankTranIds(os.environ["OPERATIONS_TABLE"], _bank_secret),
    _clock,
)
_pool = ThreadPoolExecutor(_BATCH_SIZE, thread_name_prefix="move")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Move each leg of an SQS batch as far as it goes; names the messages to deliver again."""
    issuer = issuer_of(event)

    def failed(delivery: Delivery) -> bool:
        try:
            _mover.run(leg_key_of_message(delivery.body, issuer))
        except Exception as error:  # noqa: BLE001 - ten members' money shares this batch
            logger.error(
                "leg not moved",
                extra={
                    "issuer": issuer,
                    "message_id": delivery.message_id,
                    "error": error_name(error),
                },
            )
            return True
        return False

    batch = deliveries(event)
    again = [
        one.message_id for one, did in zip(batch, _pool.map(failed, batch), strict=True) if did
    ]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}
