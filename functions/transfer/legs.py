"""A leg of a transfer: one issuer's points on their way to the member's account.

The state graph is the table ``EFFECTS``: a leg redeems, then deposits, and
reverses if the deposit was definitely refused (R-T5). Pure.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from modupoint.effects import Effect, Progress, by_state


class LegState(StrEnum):
    """Where a leg stands; ``ACCEPTED``, ``REDEEMED`` and ``REVERSAL_DUE`` wait for a call."""

    ACCEPTED = "ACCEPTED"
    REDEEMING = "REDEEMING"
    REDEMPTION_UNKNOWN = "REDEMPTION_UNKNOWN"
    REDEMPTION_WITH_OPERATOR = "REDEMPTION_WITH_OPERATOR"
    REDEEMED = "REDEEMED"
    DEPOSITING = "DEPOSITING"
    DEPOSIT_UNKNOWN = "DEPOSIT_UNKNOWN"
    DEPOSIT_WITH_OPERATOR = "DEPOSIT_WITH_OPERATOR"
    REVERSAL_DUE = "REVERSAL_DUE"
    REVERSING = "REVERSING"
    REVERSAL_UNKNOWN = "REVERSAL_UNKNOWN"
    REVERSAL_WITH_OPERATOR = "REVERSAL_WITH_OPERATOR"
    DEPOSITED = "DEPOSITED"
    REVERSED = "REVERSED"
    FAILED = "FAILED"


_S = LegState

# fmt: off
EFFECTS: tuple[Effect, ...] = (
    #      effect         due               sending           unknown
    #      with operator                    done              refused
    Effect("redemption",  _S.ACCEPTED,      _S.REDEEMING,     _S.REDEMPTION_UNKNOWN,
           _S.REDEMPTION_WITH_OPERATOR,     _S.REDEEMED,      _S.FAILED,
           exhausted=_S.FAILED, horizon_ms=60_000),
    Effect("deposit",     _S.REDEEMED,      _S.DEPOSITING,    _S.DEPOSIT_UNKNOWN,
           _S.DEPOSIT_WITH_OPERATOR,        _S.DEPOSITED,     _S.REVERSAL_DUE,
           exhausted=_S.DEPOSIT_WITH_OPERATOR, horizon_ms=600_000),
    Effect("reversal",    _S.REVERSAL_DUE,  _S.REVERSING,     _S.REVERSAL_UNKNOWN,
           _S.REVERSAL_WITH_OPERATOR,       _S.REVERSED,      _S.REVERSAL_WITH_OPERATOR,
           exhausted=_S.REVERSAL_WITH_OPERATOR, horizon_ms=60_000),
)
# fmt: on
"""Every effect of a leg with its states; the horizons are the partner contract's."""

REDEMPTION, DEPOSIT, REVERSAL = EFFECTS

FINAL = frozenset({LegState.DEPOSITED, LegState.REVERSED, LegState.FAILED})
"""What no leg leaves."""

WITH_OPERATOR = frozenset(LegState(effect.operator) for effect in EFFECTS)
"""Where nothing moves before a person has looked."""

TAKEN = frozenset(LegState) - {
    LegState.ACCEPTED,
    LegState.REDEEMING,
    LegState.REDEMPTION_UNKNOWN,
    LegState.REDEMPTION_WITH_OPERATOR,
    LegState.FAILED,
}
"""Where the issuer is known to have taken the points."""

MOVES = frozenset(move for effect in EFFECTS for move in effect.moves)
"""Every legal change of state."""

_EFFECT_OF = by_state(EFFECTS)


def effect_of(state: str) -> Effect | None:
    """Return the effect a state belongs to; None for a final state."""
    return _EFFECT_OF.get(state)


class LegItem(NamedTuple):
    """Points of one kind; ``amount`` is whole points, which are KRW (R-P2)."""

    point_code: str
    amount: int


class BankTran(NamedTuple):
    """The bank's name of a deposit: ``bank_tran_id`` and its date, together unique for ever."""

    id: str
    date: date


class LegKey(NamedTuple):
    """Where a leg lies."""

    member: str
    transfer_id: str
    issuer: str


class Leg(NamedTuple):
    """A leg, whole.

    ``redemption_id`` and ``requested_at_ms`` never change: an issuer takes the
    same id again only with the same content. ``bank_tran`` is the deposit's present id,
    stored before it is used; ``former_bank_trans`` those that the bank never
    received. ``guard_day`` is the day whose one redemption of this issuer the leg
    holds (R-T2). ``approved_at`` is the issuer's time of the redemption,
    ``YYYYMMDDhhmmss``. ``failure`` says why points were not taken, or went back.
    ``sealed_ci`` and ``sealed_account`` go when the leg is final. Times are
    business time in ms.
    """

    key: LegKey
    leg_id: str
    items: tuple[LegItem, ...]
    requested_at_ms: int
    promised_at_ms: int
    redemption_id: str
    guard_day: date
    bank_code: str
    progress: Progress
    sealed_ci: bytes | None
    sealed_account: bytes | None
    approved_at: str | None = None
    bank_tran: BankTran | None = None
    former_bank_trans: tuple[BankTran, ...] = ()
    deposited_at_ms: int | None = None
    failure: str | None = None

    @property
    def amount(self) -> int:
        """All points of the leg."""
        return sum(item.amount for item in self.items)

    @property
    def state(self) -> LegState:
        """Where the leg stands."""
        return LegState(self.progress.state)
