"""An order: one bill moved to another card, or ended.

The state graph is the table ``EFFECTS``: an order is placed at the switch, and
withdrawn if its member wants that in time; between the two it waits for its
result. Pure.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from modupoint.clock import SEOUL
from modupoint.effects import Effect, Progress, by_state

WITHDRAWABLE_UNTIL = time(22, 0)
"""Of the day of the request (R-A4)."""
SWITCH_LANE = "SWITCH"
"""There is one switch, so orders have one lane."""


class OrderKind(StrEnum):
    """What an order does to a registration."""

    CHANGE = "CHANGE"
    CANCEL = "CANCEL"


class OrderState(StrEnum):
    """Where an order stands; ``PLACED`` waits for its result."""

    ACCEPTED = "ACCEPTED"
    PLACING = "PLACING"
    PLACING_UNKNOWN = "PLACING_UNKNOWN"
    PLACING_WITH_OPERATOR = "PLACING_WITH_OPERATOR"
    PLACED = "PLACED"
    RESULT_WITH_OPERATOR = "RESULT_WITH_OPERATOR"
    WITHDRAWAL_DUE = "WITHDRAWAL_DUE"
    WITHDRAWING = "WITHDRAWING"
    WITHDRAWAL_UNKNOWN = "WITHDRAWAL_UNKNOWN"
    WITHDRAWAL_WITH_OPERATOR = "WITHDRAWAL_WITH_OPERATOR"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


_S = OrderState

# The contract names no horizon for the switch: the longer of the other two.
_HORIZON_MS = 600_000

# fmt: off
EFFECTS: tuple[Effect, ...] = (
    #      effect         due                sending          unknown
    #      with operator                     done             refused
    Effect("placement",   _S.ACCEPTED,       _S.PLACING,      _S.PLACING_UNKNOWN,
           _S.PLACING_WITH_OPERATOR,         _S.PLACED,       _S.REJECTED,
           exhausted=_S.REJECTED, horizon_ms=_HORIZON_MS),
    Effect("withdrawal",  _S.WITHDRAWAL_DUE, _S.WITHDRAWING,  _S.WITHDRAWAL_UNKNOWN,
           _S.WITHDRAWAL_WITH_OPERATOR,      _S.WITHDRAWN,    _S.PLACED,
           exhausted=_S.PLACED, horizon_ms=_HORIZON_MS),
)
# fmt: on
"""Every effect of an order with its states."""

PLACEMENT, WITHDRAWAL = EFFECTS

FINAL = frozenset({OrderState.COMPLETED, OrderState.REJECTED, OrderState.WITHDRAWN})
"""What no order leaves."""

WITH_OPERATOR = frozenset(
    {*(OrderState(effect.operator) for effect in EFFECTS), OrderState.RESULT_WITH_OPERATOR}
)
"""Where nothing moves before a person has looked."""

_RESULT_MOVES = frozenset(
    (OrderState.PLACED, to)
    for to in (
        *FINAL,
        OrderState.PLACED,
        OrderState.WITHDRAWAL_DUE,
        OrderState.RESULT_WITH_OPERATOR,
    )
)
MOVES = frozenset(
    {
        *(move for effect in EFFECTS for move in effect.moves),
        *_RESULT_MOVES,
        # Withdrawn before it was ever sent, or wished for while nobody knows.
        (OrderState.ACCEPTED, OrderState.WITHDRAWN),
        (OrderState.PLACING, OrderState.PLACING),
        (OrderState.PLACING_WITH_OPERATOR, OrderState.PLACING_WITH_OPERATOR),
        (OrderState.PLACING, OrderState.WITHDRAWAL_DUE),
        (OrderState.PLACING_UNKNOWN, OrderState.WITHDRAWAL_DUE),
        (OrderState.RESULT_WITH_OPERATOR, OrderState.PLACED),
    }
)
"""Every legal change of state."""

_EFFECT_OF = by_state(EFFECTS)


def effect_of(state: str) -> Effect | None:
    """Return the effect a state belongs to; None for a final one, and for one that waits."""
    return _EFFECT_OF.get(state)


class OrderKey(NamedTuple):
    """Where an order lies."""

    member: str
    order_id: str


class Order(NamedTuple):
    """An order, whole.

    ``process_on`` and ``result_on`` are reckoned by R-A3 when the order is accepted.
    ``withdrawal_wished`` is set when the member has asked for it in time.
    ``warnings`` are codes. ``reason_code`` and ``reason`` say why it was rejected.
    ``sealed_ci`` goes when the order has been placed or is final. Times are business
    time in ms.
    """

    key: OrderKey
    kind: OrderKind
    autopay_id: str
    category: str
    to_card_ref: str | None
    requested_at_ms: int
    process_on: date
    result_on: date
    real_time: bool
    warnings: tuple[str, ...]
    progress: Progress
    sealed_ci: bytes | None
    withdrawal_wished: bool = False
    reason_code: str | None = None
    reason: str | None = None

    @property
    def state(self) -> OrderState:
        """Where the order stands."""
        return OrderState(self.progress.state)

    @property
    def switch_id(self) -> str:
        """The order's id at the switch: its own UUID, without dashes to fit in 32 characters."""
        return self.key.order_id.removeprefix("ord_").replace("-", "")


def withdrawable_until(order: Order, requested_on: date) -> datetime | None:
    """Return until when an order can be withdrawn; None for one that is carried out at once."""
    if order.real_time:
        return None
    return datetime.combine(requested_on, WITHDRAWABLE_UNTIL, SEOUL)
