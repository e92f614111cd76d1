"""The effects of an order as calls to the switch: what is sent, what is asked."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class PlacementCalls:
    """Placing an order."""

    api: SwitchApi
    keys: DataKeys

    def send(self, order: Order, /) -> Finding:
        """Place the order, under its id."""
        if order.sealed_ci is None:
            raise ValueError("an order that is not placed yet has lost its CI")
        content: dict[str, Any] = {
            "order_id": order.switch_id,
            "kind": order.kind.value,
            "ci": unseal(self.keys, order.sealed_ci, ci_owner(order.key.member)),
            "autopay_id": order.autopay_id,
            "to_card_ref": order.to_card_ref,
        }
        return read_placement(self.api.place(content), order.switch_id)

    def ask(self, order: Order, /) -> Finding:
        """Ask whether the switch has the order."""
        return read_placement_status(self.api.order(order.switch_id), order.switch_id)


@dataclass(frozen=True, slots=True)
class WithdrawalCalls:
    """Withdrawing an order."""

    api: SwitchApi

    def send(self, order: Order, /) -> Finding:
        """Withdraw the order."""
        return read_withdrawal(self.api.withdraw(order.switch_id))

    def ask(self, order: Order, /) -> Finding:
        """Ask whether the order has been withdrawn."""
        return read_withdrawal_status(self.api.order(order.switch_id), order.switch_id)


@dataclass(frozen=True, slots=True)
class ResultInquiry:
    """What became of a placed order."""

    api: SwitchApi

    def result(self, order: Order) -> Result:
        """Ask the switch."""
        return read_result(self.api.order(order.switch_id), order.switch_id)
