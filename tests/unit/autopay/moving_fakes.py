"""A store of orders, a switch that follows a script, and a clock that stands still."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from autopay.order_moving import OrderMover
from autopay.orders import EFFECTS, FINAL, Order, OrderKey
from autopay.ports import KeyUsedError, OrderOpenError, Saved, UsedKey
from autopay.switch_answers import Result
from modupoint.clock import epoch_ms
from modupoint.effects import Finding, Verdict
from tests.unit.autopay.order_samples import MORNING

if TYPE_CHECKING:
    from collections.abc import Callable

DONE = Finding(Verdict.DONE)
UNKNOWN = Finding(Verdict.UNKNOWN)
NOT_DONE = Finding(Verdict.NOT_DONE)
NOT_FOUND = Finding(Verdict.NOT_FOUND)
COMPLETED = Result("COMPLETED")
PROCESSING = Result("PROCESSING")


def refused(code: str) -> Finding:
    """Return a definite refusal."""
    return Finding(Verdict.REFUSED, code=code)


class FakeOrders:
    """Orders in memory, with what guards their registrations and keys."""

    def __init__(self, *orders: Order) -> None:
        self.stored = {order.key: order for order in orders}
        self.keys: dict[tuple[str, str], UsedKey] = {}
        self.path: list[str] = [order.state.value for order in orders]
        self.refusals: list[Exception] = []
        self.before_save: Callable[[Order], None] = lambda _: None
        self.before_submit: Callable[[Order], None] = lambda _: None

    def read(self, key: OrderKey) -> Order | None:
        return self.stored.get(key)

    def save(self, before: Order, after: Order) -> Saved:
        self.before_save(after)
        if self.stored[before.key].progress != before.progress:
            return Saved.OVERTAKEN
        assert after.progress.version == before.progress.version + 1
        self.stored[after.key] = after
        self.path.append(after.state.value)
        return Saved.YES

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        return self.keys.get((member, idempotency_key))

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        self.before_submit(order)
        if self.refusals:
            raise self.refusals.pop(0)
        if (order.key.member, idempotency_key) in self.keys:
            raise KeyUsedError
        if order.autopay_id in {
            one.autopay_id for one in self.all(order.key.member) if one.state not in FINAL
        }:
            raise OrderOpenError
        self.keys[order.key.member, idempotency_key] = UsedKey(order.key.order_id, body_sha256)
        self.stored[order.key] = order

    def all(self, member: str) -> list[Order]:
        keys = sorted(
            (key for key in self.stored if key.member == member), key=lambda key: key.order_id
        )
        return [self.stored[key] for key in reversed(keys)]


class Script:
    """The switch's answers in turn; fails a test that calls more often."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, Any]] = []
        self.calls: list[tuple[str, Order]] = []
        self.before_answer: Callable[[Order], None] = lambda _: None

    def send(self, order: Order) -> Finding:
        finding: Finding = self._next("send", order)
        return finding

    def ask(self, order: Order) -> Finding:
        finding: Finding = self._next("ask", order)
        return finding

    def result(self, order: Order) -> Result:
        found: Result = self._next("result", order)
        return found

    def _next(self, call: str, order: Order) -> Any:
        assert self.answers, f"nobody expects {call} in {order.state}"
        expected, found = self.answers.pop(0)
        assert call == expected, f"{call} in {order.state}"
        self.calls.append((call, order))
        self.before_answer(order)
        return found


@dataclass
class World:
    """An order, its store, the switch and the time.

    ``monotonic_s`` is what each look at the monotonic clock adds.
    """

    orders: FakeOrders
    key: OrderKey
    now: datetime = MORNING
    monotonic_s: float = 0.0
    partners: dict[str, Script] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [effect.name for effect in EFFECTS]
        self.partners = {name: Script() for name in [*names, "result"]}
        self._monotonic = 0.0

    @property
    def order(self) -> Order:
        """The order as it is stored."""
        return self.orders.stored[self.key]

    def expect(self, effect: str, *calls: tuple[str, Any]) -> World:
        """Script what the switch is called for and answers; ``result`` is the inquiry."""
        self.partners[effect].answers += calls
        return self

    def mover(self) -> OrderMover:
        """Return a worker's mover."""
        return OrderMover(
            self.orders, self.partners, self.partners["result"], lambda: self.now, self._passed
        )

    def run(self) -> Order:
        """Let a worker take the order; what was expected has happened then."""
        self.mover().run(self.key)
        self.nothing_left()
        return self.order

    def nothing_left(self) -> None:
        """Fail if the switch was called less often than expected."""
        left = {name: one.answers for name, one in self.partners.items() if one.answers}
        assert left == {}

    def later(self, **by: int) -> World:
        """Let time pass."""
        self.now += timedelta(**by)
        return self

    def until_due(self) -> World:
        """Let time pass until the order has something to do."""
        wait_ms = self.order.progress.not_before_ms - epoch_ms(self.now)
        return self.later(milliseconds=max(wait_ms, 0))

    def _passed(self) -> float:
        self._monotonic += self.monotonic_s
        return self._monotonic


def a_world(order: Order, now: datetime = MORNING) -> World:
    """Return a world of one order."""
    return World(FakeOrders(order), order.key, now)


def overtaken(world: World) -> Callable[[Order], None]:
    """Return what moves the order elsewhere in the meantime."""

    def move(_: Order) -> None:
        order = world.order
        progress = replace(order.progress, version=order.progress.version + 1)
        world.orders.stored[world.key] = replace(order, progress=progress)

    return move
