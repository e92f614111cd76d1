"""Guards of transfers and of their store, each with a way to switch off that one alone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from copy import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from modupoint import effect_mover, effects
from modupoint.clock import SEOUL
from modupoint.effects import Finding, Verdict
from tests.simulation.switching_off import Mutation, always, around
from tests.simulation.transfer_store import MemoryTransfers
from transfer import deposit_answers, moving
from transfer.legs import DEPOSIT, EFFECTS, REDEMPTION, BankTran, Leg
from transfer.moving import LegMover
from transfer.partner_calls import DepositCalls, RedemptionCalls, ReversalCalls
from transfer.ports import Saved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_CALLS = (RedemptionCalls, DepositCalls, ReversalCalls)
_SENDING = frozenset(effect.sending for effect in EFFECTS)
_NEVER_MS = 10**12


def _believed(verdict: Verdict, *kinds: type) -> Mutation:
    """Read an answer that says nothing as one that says something."""

    def read(original: Any, self: Any, leg: Leg) -> Finding:
        finding: Finding = original(self, leg)
        if finding.verdict is not Verdict.UNKNOWN:
            return finding
        return Finding(verdict, code="believed", partner_time="20260101000000")

    @contextmanager
    def switched_off() -> Iterator[None]:
        with ExitStack() as off:
            for kind in kinds:
                for name in ("send", "ask"):
                    off.enter_context(around(kind, name, read)())
            yield

    return switched_off


def _without_hold(original: Any, self: Any, *args: Any, **options: Any) -> Saved:
    saved: Saved = original(self, *args, **{**options, "hold": None})
    return saved


def _without_intent(original: Any, self: Any, before: Leg, after: Leg, **options: Any) -> Saved:
    if after.state in _SENDING:
        return Saved.YES
    saved: Saved = original(self, before, after, **options)
    return saved


def _another_redemption_id(original: Any, self: Any, leg: Leg, effect: Any, now: datetime) -> Leg:
    named: Leg = original(self, leg, effect, now)
    if effect is not REDEMPTION:
        return named
    return replace(named, redemption_id=f"{leg.redemption_id[:24]}{leg.progress.version:08}")


def _another_bank_tran_id(original: Any, self: Any, leg: Leg, effect: Any, now: datetime) -> Leg:
    if effect is not DEPOSIT:
        named: Leg = original(self, leg, effect, now)
        return named
    return replace(leg, bank_tran=BankTran(self.bank_tran_ids.next_id(), now.date()))


def _old_bank_tran_id(original: Any, self: Any, leg: Leg, now: datetime) -> Leg | None:
    elsewhere: Leg | None = original(self, replace(leg, bank_tran=None), now)
    return None if elsewhere is None else replace(elsewhere, bank_tran=leg.bank_tran)


def _without_promise(original: Any, self: Any, leg: Leg, *args: Any) -> Leg:
    done: Leg = original(self, replace(leg, promised_at_ms=0), *args)
    return replace(done, promised_at_ms=leg.promised_at_ms)


MUTATIONS: dict[str, Mutation] = {
    "leg version": always(MemoryTransfers, "_is_version_same"),
    "leg condition": always(MemoryTransfers, "_is_unmoved"),
    "idempotency key condition": always(MemoryTransfers, "_is_key_free"),
    "day guard": always(MemoryTransfers, "_is_day_free"),
    "day guard of a later day": around(MemoryTransfers, "save", _without_hold),
    "release of the day": lambda: patch.object(MemoryTransfers, "_release", lambda *_: None),
    "same redemption id": around(LegMover, "_named", _another_redemption_id),
    "same bank_tran_id": around(LegMover, "_named", _another_bank_tran_id),
    "horizon": lambda: patch.object(effects, "horizon_passed", lambda *_: True),
    "intent before effect": around(MemoryTransfers, "save", _without_intent),
    "unknown is not refused": _believed(Verdict.REFUSED, *_CALLS),
    "unknown is not done": _believed(Verdict.DONE, *_CALLS),
    "no reversal while the deposit is unknown": _believed(Verdict.REFUSED, DepositCalls),
    "a repeated id says nothing": lambda: patch.object(
        deposit_answers,
        "_UNKNOWN_BANK_CODES",
        deposit_answers._UNKNOWN_BANK_CODES - {"822"},
    ),
    "an id is good for its day": around(LegMover, "_before_deposit", _old_bank_tran_id),
    "send within": lambda: patch.object(effect_mover, "SEND_WITHIN_MS", _NEVER_MS),
    "deposit window": lambda: patch.object(
        moving, "deposit_open_from", lambda moment: moment.astimezone(SEOUL)
    ),
    "promise": around(LegMover, "_done", _without_promise),
}
"""Each guard by its name; while one is switched off, the simulation must fail."""

DOUBLY_PROTECTED: dict[str, Mutation] = {
    "leg state": always(MemoryTransfers, "_is_state_same"),
    "posting condition": always(MemoryTransfers, "_is_unposted"),
}
"""Guards behind which another one stands that is as strong."""
