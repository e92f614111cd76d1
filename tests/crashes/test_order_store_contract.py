"""The store of orders in memory answers as the one in DynamoDB.

Both are told the same, drawn from a seed; every answer and all that can be read
afterwards must be alike.
"""

from __future__ import annotations

import random
from copy import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from autopay.orders import FINAL, MOVES, SWITCH_LANE, Order, OrderKey, OrderKind, OrderState
from autopay.ports import ConsentMissingError, KeyUsedError, OrderOpenError, Saved
from modupoint.effects import Progress
from tests.crashes.stores import DynamoDB, Memory
from tests.simulation.order_life import OrderStores, due_order_times
from tests.simulation.people import Amounts, People

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

STEPS = 120
KEYS = 12
BILLS = 5
NOW_MS = 1_764_000_000_000
TODAY = date(2026, 11, 24)

_NEXT = {state: sorted(to for of, to in MOVES if of == state) for state in OrderState}
_REFUSALS = (KeyUsedError, ConsentMissingError, OrderOpenError)


class Both:
    """Two stores that are told the same."""

    def __init__(self, engine: DynamoDB, rng: random.Random) -> None:
        self.members = [f"M#{uuid4().hex}" for _ in range(2)]
        people = People(Amounts(), self.members)
        self.stores: list[OrderStores] = [
            made.order_stores(people, due_order_times()) for made in (Memory(), engine)
        ]
        self.rng = rng
        self.orders: list[Order] = []

    def alike(self, call: Callable[[OrderStores], Any]) -> Any:
        """Return what both answer."""
        memory, dynamodb = (_answer(call, stores) for stores in self.stores)
        assert memory == dynamodb
        return memory

    def submit(self, number: int) -> None:
        """Let both accept, or refuse, an order; sometimes of somebody who has not agreed."""
        rng = self.rng
        member = "M#nobody" if rng.random() < 0.1 else rng.choice(self.members)
        order = Order(
            key=OrderKey(member, f"ord_{number:04}"),
            kind=rng.choice(list(OrderKind)),
            autopay_id=f"apy_{rng.randrange(BILLS)}",
            category="TELECOM",
            to_card_ref=rng.choice((None, "crd_1")),
            requested_at_ms=NOW_MS + number,
            process_on=TODAY,
            result_on=TODAY,
            real_time=rng.random() < 0.5,
            warnings=rng.choice(((), ("keep_old_card",))),
            progress=Progress(OrderState.ACCEPTED, 0, 0, None, NOW_MS + number),
            sealed_ci=b"ci",
        )
        key = f"key-{rng.randrange(KEYS)}"
        if self.alike(lambda stores: stores.orders.submit(order, key, f"{number:064}")) is None:
            self.orders.append(order)

    def save(self) -> None:
        """Let both store a move of an order as it is, or as it was, or as it never was."""
        rng = self.rng
        before = rng.choice(self.orders)
        if rng.random() < 0.1:
            before = replace(before, key=replace(before.key, order_id="ord_none"))
        state = OrderState(rng.choice(_NEXT[before.state] or sorted(OrderState)))
        progress = before.progress.moved(
            state,
            tries=rng.randrange(3),
            not_before_ms=NOW_MS + rng.randrange(10_000_000),
            sent_at_ms=rng.choice((None, NOW_MS)),
        )
        after = replace(
            before,
            progress=progress,
            sealed_ci=None if state in FINAL else before.sealed_ci,
            withdrawal_wished=rng.random() < 0.5,
            reason_code=rng.choice((None, "switch_refused")),
            reason=rng.choice((None, "고객번호 확인 불가")),
        )
        if self.alike(lambda stores: stores.orders.save(before, after)) is Saved.YES:
            # The old one stays among those to come: somebody may have read it before.
            self.orders.append(after)

    def look(self) -> None:
        """Compare all that can be read."""
        for order in self.orders:
            self.alike(partial(_read, order.key))
        for until_ms in (NOW_MS, NOW_MS + 5_000_000, NOW_MS + 20_000_000):
            self.alike(partial(_due, set(self.members), until_ms))
        self.alike(partial(_with_operator, set(self.members)))
        for member in self.members:
            self.alike(partial(_all, member))
            for number in range(KEYS):
                self.alike(partial(_used_key, member, f"key-{number}"))


def _read(key: OrderKey, stores: OrderStores) -> Order | None:
    return stores.orders.read(key)


def _all(member: str, stores: OrderStores) -> object:
    return stores.orders.all(member)


def _due(members: set[str], until_ms: int, stores: OrderStores) -> set[OrderKey]:
    return {
        key for key in stores.waiting.due(SWITCH_LANE, until_ms, 1_000) if key.member in members
    }


def _with_operator(members: set[str], stores: OrderStores) -> set[OrderKey]:
    return {key for key in stores.waiting.with_operator() if key.member in members}


def _used_key(member: str, key: str, stores: OrderStores) -> object:
    return stores.orders.used_key(member, key)


def _answer(call: Callable[[OrderStores], Any], stores: OrderStores) -> Any:
    try:
        return call(stores)
    except _REFUSALS as error:
        return type(error)


@pytest.mark.parametrize("seed", range(3))
def test_both_stores_of_orders_answer_alike(dynamodb: DynamoDB, seed: int) -> None:
    both = Both(dynamodb, random.Random(seed))  # noqa: S311 - chance that comes again
    for number in range(STEPS):
        if not both.orders or both.rng.random() < 0.3:
            both.submit(number)
        else:
            both.save()
    both.look()
