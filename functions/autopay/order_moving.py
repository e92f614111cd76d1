"""Moving an order: place it, wait for its result, withdraw it if its member wants that in time.

The loop is ``modupoint.effect_mover``'s; what is said here is an order's own.
"""

import time
from collections.abc import Callable, Mapping
from copy import replace
from datetime import datetime, timedelta
from typing import Protocol

from autopay.orders import (
    FINAL,
    MOVES,
    PLACEMENT,
    WITHDRAWAL,
    Order,
    OrderKey,
    OrderState,
    effect_of,
)
from autopay.ports import Orders, Saved
from autopay.switch_answers import Result
from modupoint.clock import SEOUL, Clock, epoch_ms
from modupoint.effect_mover import EffectCalls, EffectMover
from modupoint.effects import Effect, Finding, Verdict, intended, judged
from modupoint.telemetry import logger

RESULT_TRIES = 72
"""Asked so often for a result that should be there, an hour apart, a person takes over."""

MAY_BE_UNDER_WAY = timedelta(days=14)
"""So long after its day an order that the switch says is under way counts no tries: one
that went out after midnight, or before a day that was closed since, has a later day at the
switch, and the longest holidays may lie between the two."""

_ASK_AGAIN_MS = 3_600_000
_ENDS: dict[str, OrderState] = {
    "COMPLETED": OrderState.COMPLETED,
    "REJECTED": OrderState.REJECTED,
    "WITHDRAWN": OrderState.WITHDRAWN,
}
_NEVER_SENT = "switch_unavailable"


class Inquiry(Protocol):
    """Where results are asked for."""

    def result(self, order: Order) -> Result:
        """Say what became of a placed order."""


class OrderMover(EffectMover[OrderKey, Order]):
    """Moves orders as far as they go now."""

    def __init__(
        self,
        orders: Orders,
        partners: Mapping[str, EffectCalls[Order]],
        inquiry: Inquiry,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(partners, MOVES, clock, monotonic)
        self._orders = orders
        self._inquiry = inquiry

    def read(self, key: OrderKey) -> Order | None:
        """Return an order as it is now."""
        return self._orders.read(key)

    def effect_of(self, record: Order) -> Effect | None:
        """Return the effect that an order is in; None if it waits for its result, or is final."""
        return effect_of(record.state)

    def outside_effects(self, record: Order, now: datetime) -> Order | None:
        """Ask for the result of a placed order whose day has come."""
        if record.state is not OrderState.PLACED:
            return None
        if record.progress.not_before_ms > epoch_ms(now):
            return None
        return self._with_result(record, self._inquiry.result(record), now)

    def instead_of_sending(self, record: Order, effect: Effect, now: datetime) -> Order | None:
        """Withdraw an order that the switch does not have, without troubling it.

        What is due to be placed was never sent, or is known not to have arrived.
        """
        if effect is not PLACEMENT or not record.withdrawal_wished:
            return None
        return _moved(record, OrderState.WITHDRAWN, epoch_ms(now))

    def intent(self, record: Order, effect: Effect, now: datetime) -> Order:
        """Return an order with the intent of its call; its id is its own."""
        return replace(record, progress=intended(effect, record.progress, epoch_ms(now)))

    def store(self, before: Order, after: Order) -> Order | None:
        """Store a move; None if another worker has the order."""
        self.checked(before, after)
        if after.state in FINAL:
            after = replace(after, sealed_ci=None)
        if self._orders.save(before, after) is Saved.OVERTAKEN:
            logger.info("another worker has this order", extra=self.named_in_logs(before))
            return None
        return after

    def settle(self, record: Order, effect: Effect, finding: Finding) -> Order | None:
        """Store what a call or an inquiry found."""
        now_ms = epoch_ms(self._clock())
        after = replace(record, progress=judged(effect, record.progress, finding, now_ms))
        if effect is PLACEMENT:
            after = self._placed(after, finding, now_ms)
        elif after.state is OrderState.PLACED:
            # Too late to withdraw: the order goes its way.
            after = _until_result(replace(after, withdrawal_wished=False), now_ms)
        logger.info(
            "order moved",
            extra={
                **self.named_in_logs(record),
                "from": record.state.value,
                "to": after.state.value,
                "verdict": finding.verdict.name,
                "code": finding.code,
                "cause": finding.cause,
                "tries": after.progress.tries,
            },
        )
        return self.store(record, after)

    def named_in_logs(self, record: Order) -> dict[str, str]:
        """Return the order's id."""
        return {"order_id": record.key.order_id}

    def _placed(self, order: Order, finding: Finding, now_ms: int) -> Order:
        if finding.verdict is Verdict.REFUSED:
            return replace(order, reason_code=finding.code)
        if order.state is OrderState.REJECTED:
            return replace(order, reason_code=_NEVER_SENT)
        if order.state is not OrderState.PLACED:
            return order
        placed = replace(order, sealed_ci=None)
        if placed.withdrawal_wished:
            progress = replace(placed.progress, state=WITHDRAWAL.due)
            return replace(placed, progress=progress)
        return _until_result(placed, now_ms)

    def _with_result(self, order: Order, result: Result, now: datetime) -> Order | None:
        now_ms = epoch_ms(now)
        end = _ENDS.get(result.status or "")
        if end is not None:
            ended = replace(
                _moved(order, end, now_ms),
                reason_code=result.reason_code if end is OrderState.REJECTED else None,
                reason=result.reason if end is OrderState.REJECTED else None,
            )
            return self.store(order, ended)
        tries = 0 if _may_be_under_way(order, result, now) else order.progress.tries + 1
        state = OrderState.PLACED if tries < RESULT_TRIES else OrderState.RESULT_WITH_OPERATOR
        again = order.progress.moved(
            state, tries=tries, not_before_ms=now_ms + _ASK_AGAIN_MS, sent_at_ms=None
        )
        self.store(order, replace(order, progress=again))
        return None


def _moved(order: Order, state: OrderState, now_ms: int) -> Order:
    progress = order.progress.moved(state, tries=0, not_before_ms=now_ms, sent_at_ms=None)
    return replace(order, progress=progress)


def _may_be_under_way(order: Order, result: Result, now: datetime) -> bool:
    # What is carried out at once has no days to be late by.
    is_under_way = result.status is not None and not order.real_time
    return is_under_way and now.date() <= order.result_on + MAY_BE_UNDER_WAY


def _until_result(order: Order, now_ms: int) -> Order:
    """Wait for the day of the result; what is carried out at once is asked about now."""
    day_ms = epoch_ms(datetime.combine(order.result_on, datetime.min.time(), SEOUL))
    # A withdrawal given up leaves its tries and the time of its last call behind.
    progress = replace(order.progress, tries=0, sent_at_ms=None, not_before_ms=max(day_ms, now_ms))
    return replace(order, progress=progress)
