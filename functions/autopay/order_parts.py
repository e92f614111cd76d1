"""What this deployment's orders are moved with: its table, its keys, its switch.

Apart from ``order_service``: the worker starts without what only the API needs.
"""

import os

from autopay.order_moving import OrderMover
from autopay.order_store import DynamoOrders
from autopay.orders import PLACEMENT, WITHDRAWAL
from autopay.switch_api import SwitchApi
from autopay.switch_calls import PlacementCalls, ResultInquiry, WithdrawalCalls
from modupoint.clock import business_clock
from modupoint.envelope import DataKeys
from modupoint.partner import PartnerTransport
from modupoint.partner_secrets import Secret

_CONNECTIONS = 10


def switch_api() -> SwitchApi:
    """Return the switch of this deployment."""
    return SwitchApi(
        PartnerTransport(connections=_CONNECTIONS), Secret(os.environ["AUTOPAY_SECRET"])
    )


def data_keys() -> DataKeys:
    """Return the keys of this deployment."""
    return DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"])


def dynamo_orders() -> DynamoOrders:
    """Return the orders of this deployment."""
    return DynamoOrders(os.environ["AUTOPAYS_TABLE"], os.environ["MEMBERS_TABLE"])


def order_mover() -> OrderMover:
    """Return the mover over this deployment's table and switch."""
    switch = switch_api()
    return OrderMover(
        dynamo_orders(),
        {
            PLACEMENT.name: PlacementCalls(switch, data_keys()),
            WITHDRAWAL.name: WithdrawalCalls(switch),
        },
        ResultInquiry(switch),
        business_clock(),
    )
