"""The effects of an order as calls to the switch: what is sent, what is asked."""

from typing import Any

from autopay.orders import Order
from autopay.switch_answers import (
    Result,
    read_placement,
    read_placement_status,
    read_result,
    read_withdrawal,
    read_withdrawal_status,
)
from autopay.switch_api import SwitchApi
from modupoint.effects import Finding
from modupoint.envelope import DataKeys, ci_owner, unseal


class PlacementCalls:
    """Placing an order."""

    def __init__(self, api: SwitchApi, keys: DataKeys) -> None:
        self._api = api
        self._keys = keys

    def send(self, order: Order, /) -> Finding:
        """Place the order, under its id."""
        if order.sealed_ci is None:
            raise ValueError("an order that is not placed yet has lost its CI")
        content: dict[str, Any] = {
            "order_id": order.switch_id,
            "kind": order.kind.value,
            "ci": unseal(self._keys, order.sealed_ci, ci_owner(order.key.member)),
            "autopay_id": order.autopay_id,
            "to_card_ref": order.to_card_ref,
        }
        return read_placement(self._api.place(content), order.switch_id)

    def ask(self, order: Order, /) -> Finding:
        """Ask whether the switch has the order."""
        return read_placement_status(self._api.order(order.switch_id), order.switch_id)


class WithdrawalCalls:
    """Withdrawing an order."""

    def __init__(self, api: SwitchApi) -> None:
        self._api = api

    def send(self, order: Order, /) -> Finding:
        """Withdraw the order."""
        return read_withdrawal(self._api.withdraw(order.switch_id))

    def ask(self, order: Order, /) -> Finding:
        """Ask whether the order has been withdrawn."""
        return read_withdrawal_status(self._api.order(order.switch_id), order.switch_id)


class ResultInquiry:
    """What became of a placed order."""

    def __init__(self, api: SwitchApi) -> None:
        self._api = api

    def result(self, order: Order) -> Result:
        """Ask the switch."""
        return read_result(self._api.order(order.switch_id), order.switch_id)
