"""Guards of orders and of their store, each with a way to switch off that one alone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from copy import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from autopay import order_view, ordering, switch_answers
from autopay.order_moving import OrderMover
from autopay.orders import EFFECTS, Order, withdrawable_until
from autopay.ports import Saved
from autopay.switch_answers import Result
from autopay.switch_calls import PlacementCalls, ResultInquiry, WithdrawalCalls
from modupoint import effect_mover, effects
from modupoint.effects import Finding, Verdict
from tests.simulation.order_store import MemoryOrders
from tests.simulation.switching_off import Mutation, always, around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from modupoint.partner import PartnerAnswer

_CALLS = (PlacementCalls, WithdrawalCalls)
_SENDING = frozenset(effect.sending for effect in EFFECTS)
_NEVER_MS = 10**12


def _believed(verdict: Verdict, *kinds: type) -> Mutation:
    """Read an answer that says nothing as one that says something."""

    def read(original: Any, self: Any, order: Order) -> Finding:
        finding: Finding = original(self, order)
        if finding.verdict is not Verdict.UNKNOWN:
            return finding
        return Finding(verdict, code="believed")

    @contextmanager
    def switched_off() -> Iterator[None]:
        with ExitStack() as off:
            for kind in kinds:
                for name in ("send", "ask"):
                    off.enter_context(around(kind, name, read)())
            yield

    return switched_off


def _result_believed(original: Any, self: Any, order: Order) -> Result:
    result: Result = original(self, order)
    return result if result.status is not None else Result("COMPLETED")


def _without_intent(original: Any, self: Any, before: Order, after: Order) -> Saved:
    if after.state in _SENDING:
        return Saved.YES
    saved: Saved = original(self, before, after)
    return saved


def _without_wish(original: Any, self: Any, order: Order, *args: Any) -> Order:
    placed: Order = original(self, replace(order, withdrawal_wished=False), *args)
    return replace(placed, withdrawal_wished=order.withdrawal_wished)


def _of_any_order(answer: PartnerAnswer, switch_id: str) -> Result:
    named = replace(answer, body={**answer.body, "order_id": switch_id})
    return _read_result(named, switch_id)


_read_result = switch_answers.read_result


@contextmanager
def _of_any_name() -> Iterator[None]:
    with (
        patch.object(switch_answers, "read_result", _of_any_order),
        patch("autopay.switch_calls.read_result", _of_any_order),
    ):
        yield


@contextmanager
def _real_time_withdrawable() -> Iterator[None]:
    def until(order: Order, *args: Any) -> object:
        return withdrawable_until(replace(order, real_time=False), *args)

    with patch.object(order_view, "withdrawable_until", until):
        yield


ORDER_MUTATIONS: dict[str, Mutation] = {
    "order version": always(MemoryOrders, "_is_version_same"),
    "order condition": always(MemoryOrders, "_is_unmoved"),
    "idempotency key condition": always(MemoryOrders, "_is_key_free"),
    "one open order a registration": always(MemoryOrders, "_is_registration_free"),
    "its place is given back": lambda: patch.object(MemoryOrders, "_free", lambda *_: None),
    "same id at the switch": lambda: patch.object(
        Order,
        "switch_id",
        property(lambda order: f"{order.key.order_id[-12:]}{order.progress.version:08}"),
    ),
    "horizon": lambda: patch.object(effects, "horizon_passed", lambda *_: True),
    "intent before effect": around(MemoryOrders, "save", _without_intent),
    "unknown is not refused": _believed(Verdict.REFUSED, *_CALLS),
    "unknown is not done": _believed(Verdict.DONE, *_CALLS),
    "an unknown withdrawal is not done": _believed(Verdict.DONE, WithdrawalCalls),
    "an unknown result is none": around(ResultInquiry, "result", _result_believed),
    "a used id says nothing": lambda: patch.object(switch_answers, "_SAYS_NOTHING", frozenset()),
    "an answer is of its order": _of_any_name,
    "send within": lambda: patch.object(effect_mover, "SEND_WITHIN_MS", _NEVER_MS),
    "withdrawn, not sent": lambda: patch.object(OrderMover, "instead_of_sending", lambda *_: None),
    "a wish is carried out": around(OrderMover, "_placed", _without_wish),
    "until 22:00": lambda: patch.object(ordering, "is_day_over", lambda *_: False),
    "at once is not withdrawn": _real_time_withdrawable,
}
"""Each guard by its name; while one is switched off, the simulation must fail."""

ORDERS_DOUBLY_PROTECTED: dict[str, Mutation] = {
    "order state": always(MemoryOrders, "_is_state_same"),
}
"""Guards behind which another one stands that is as strong."""
