"""Orders in a world: the switch, what moves them, the API, and who watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from autopay import order_items
from autopay.order_items import OPERATOR_LANE
from autopay.order_moving import OrderMover
from autopay.order_queue import WORKER_BEGINS_WITHIN_S
from autopay.ordering import Ordering
from autopay.orders import PLACEMENT, SWITCH_LANE, WITHDRAWAL
from autopay.switch_api import SwitchApi
from autopay.switch_calls import PlacementCalls, ResultInquiry, WithdrawalCalls
from modupoint.sweeping import DueRows, Sweep
from tests.simulation.checkers.order_watch import OrderWatch, watch_orders
from tests.simulation.crossed_order_ports import (
    CrossedAgreements,
    CrossedOrderQueue,
    CrossedOrders,
    about_order,
)
from tests.simulation.crossed_ports import CrossedDueRows, CrossedQueues, CrossedTransport
from tests.simulation.crossing import plainly
from tests.simulation.due_times import DueTimes, Place
from tests.simulation.faults import Fate
from tests.simulation.lanes import Queues
from tests.simulation.leg_movers import FixedSecret
from tests.simulation.machinery import Machinery
from tests.simulation.people import KEYS
from tests.simulation.switch_side import (
    LISTS,
    SWITCH,
    SWITCH_URL,
    SwitchSide,
    read_switch_request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autopay.ordering import Agreements
    from autopay.orders import Order, OrderKey
    from autopay.ports import Orders
    from modupoint.business_calendar import Calendars
    from modupoint.partner import PartnerTransport
    from modupoint.partner_secrets import Secret
    from tests.simulation.crossed_ports import Transport
    from tests.simulation.crossing import Crossing
    from tests.simulation.lanes import Lanes
    from tests.simulation.network import Request
    from tests.simulation.people import People
    from tests.simulation.stage import Stage
    from tests.simulation.switch_books import SwitchBooks

MADE_BY = "autopay.ordering.new_id"
"""What gives orders their ids."""
QUIET_WITHIN_DAYS = 40
"""The longest holidays, three business days, and asking until a person takes over."""

_SECRET = cast("Secret", FixedSecret({"base_url": SWITCH_URL, "token": "token"}))


class WaitingOrders(DueRows["OrderKey"], Protocol):
    """What is due, and what waits for a person."""

    def with_operator(self) -> Iterable[OrderKey]:
        """Give the orders that wait for a person."""


@dataclass(frozen=True, slots=True)
class OrderStores:
    """Everything orders are stored into and read from."""

    orders: Orders
    agreements: Agreements
    waiting: WaitingOrders


def due_order_times() -> DueTimes[OrderKey]:
    """Return the index of due orders, with nothing in it."""

    def place(order: Order) -> Place[OrderKey]:
        due = order_items._due(order)
        moves = due and due["lane"]["S"] != OPERATOR_LANE
        return Place(order.key, SWITCH_LANE, int(due["due_at"]["N"]) if moves else None)

    return DueTimes(place)


class OrderLife:
    """One world's orders; as ``Moving``, what they need to move."""

    # An hour apart, and each hour with repeats.
    most_runs = 1_500

    def __init__(
        self,
        stage: Stage,
        stores: OrderStores,
        people: People,
        due_times: DueTimes[OrderKey],
        books: SwitchBooks,
        calendars: Calendars,
    ) -> None:
        self._stage = stage
        self._stores = stores
        self._calendars = calendars
        side = SwitchSide(books)
        self.sides = {SWITCH: side, LISTS: side}
        self.machinery = Machinery(stage, self, due_times)
        self.watch: OrderWatch = watch_orders(
            self.api(plainly),
            people,
            books,
            stage.now_ms,
            is_reached=not stage.faults.may_be(SWITCH, Fate.NOT_SENT),
        )

    def api(self, cross: Crossing) -> Ordering:
        """Return what the routes call, over crossed ports."""
        return Ordering(
            CrossedAgreements(cross, self._stores.agreements),
            CrossedOrders(cross, self._stores.orders),
            CrossedOrderQueue(cross, Queues(self.machinery.lanes)),
            self._switch(cross, self.machinery.wire),
            KEYS,
            self._calendars,
            self._stage.schedule.clock,
        )

    def mover(self, cross: Crossing, wire: Transport) -> OrderMover:
        """Return a mover as the context composes it, over crossed ports."""
        switch = self._switch(cross, wire)
        return OrderMover(
            CrossedOrders(cross, self._stores.orders),
            {
                PLACEMENT.name: PlacementCalls(switch, KEYS),
                WITHDRAWAL.name: WithdrawalCalls(switch),
            },
            ResultInquiry(switch),
            self._stage.schedule.clock,
            self._stage.schedule.monotonic,
        )

    def end(self) -> None:
        """Check everything, once nothing moves any more."""
        self.watch.end({key.order_id for key in self._stores.waiting.with_operator()})

    def read_request(self, method: str, url: str, body: bytes | None) -> Request:
        """Return what of the switch a request is for, and what it asks."""
        return read_switch_request(method, url, body)

    def worker(self, cross: Crossing, wire: Transport) -> Callable[[OrderKey], None]:
        """Return what a new environment of the worker does with a message."""
        mover = self.mover(cross, wire)
        return lambda key: mover.run(key, WORKER_BEGINS_WITHIN_S)

    def sweep(self, cross: Crossing, queues: Lanes[OrderKey], lanes: list[str]) -> None:
        """Send what is due."""
        Sweep(
            CrossedDueRows(cross, self._stores.waiting),
            CrossedQueues(cross, Queues(queues)),
            self._stage.schedule.clock,
        ).run(lanes)

    def about(self, key: OrderKey) -> str:
        """Return what an order's trace is found by."""
        return about_order(key)

    def _switch(self, cross: Crossing, wire: Transport) -> SwitchApi:
        return SwitchApi(cast("PartnerTransport", CrossedTransport(cross, wire)), _SECRET)
