"""Moving records through effects at partners: the loop that every context's mover shares.

Every call to a partner follows a stored intent that already holds its id; every
answer becomes one conditional write. A crash, a repeated message or a second
worker finds the record and goes on from there, so nothing here needs to know why
it was started. What differs, a context says in the methods it overrides.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from modupoint.clock import Clock, epoch_ms
from modupoint.effects import (
    SEND_WITHIN_MS,
    Action,
    Effect,
    Finding,
    IllegalMoveError,
    Progress,
    as_asked,
    next_action,
)
from modupoint.telemetry import logger


class Record(Protocol):
    """Something that moves: a leg of a transfer, an order."""

    @property
    def progress(self) -> Progress:
        """Where it stands."""


class EffectCalls[R](Protocol):
    """One kind of effect at a partner."""

    def send(self, record: R, /) -> Finding:
        """Call for the effect, with the id that the record has stored."""

    def ask(self, record: R, /) -> Finding:
        """Ask what became of the call, under the same id. Says nothing by itself."""


class EffectMover[K, R: Record](ABC):
    """Moves records as far as they go now.

    ``partners`` has the calls of each effect by its name. ``moves`` are the legal
    changes of state. ``monotonic`` gives seconds that no clock setting moves.
    """

    def __init__(
        self,
        partners: Mapping[str, EffectCalls[R]],
        moves: frozenset[tuple[str, str]],
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._partners = partners
        self._clock = clock
        self._moves = moves
        self._monotonic = monotonic

    def run(self, key: K, begin_within_s: float = math.inf) -> None:
        """Move one record until it is final, waits for its time, or another worker has it.

        Parameters
        ----------
        begin_within_s
            A step, at most one call to a partner, that is later than this is not begun:
            whoever has only so much time is never cut off in a call. What is left is
            due, and the sweep finds it.
        """
        started_s = self._monotonic()
        record = self.read(key)
        while record is not None and self._monotonic() - started_s <= begin_within_s:
            record = self._step(record)

    @abstractmethod
    def read(self, key: K) -> R | None:
        """Return a record as it is now; None if there is none."""

    @abstractmethod
    def effect_of(self, record: R) -> Effect | None:
        """Return the effect that a record is in; None if it is in none."""

    def outside_effects(self, record: R, now: datetime) -> R | None:  # noqa: ARG002 - for those who need it
        """Move a record that is in no effect; returns it moved, or None to stop."""
        return None

    def instead_of_sending(self, record: R, effect: Effect, now: datetime) -> R | None:  # noqa: ARG002
        """Return where a record goes instead of being sent now, None to send it."""
        return None

    @abstractmethod
    def intent(self, record: R, effect: Effect, now: datetime) -> R:
        """Return a record with the intent of a call, and the id it will use."""

    @abstractmethod
    def store(self, before: R, after: R) -> R | None:
        """Store a move without anything else; None if another worker has the record."""

    def store_intent(self, before: R, after: R, effect: Effect) -> R | None:  # noqa: ARG002
        """Store an intent; what is not ``after`` itself is not sent."""
        return self.store(before, after)

    @abstractmethod
    def settle(self, record: R, effect: Effect, finding: Finding) -> R | None:
        """Store what a call or an inquiry found; None to stop."""

    @abstractmethod
    def named_in_logs(self, record: R) -> dict[str, str]:
        """Return how logs name a record: nothing personal."""

    def checked(self, before: R, after: R) -> None:
        """Refuse a change of state that no table allows.

        Raises
        ------
        IllegalMoveError
            If it is not among the legal moves.
        """
        if (before.progress.state, after.progress.state) not in self._moves:
            raise IllegalMoveError(f"{before.progress.state} to {after.progress.state}")

    def _step(self, record: R) -> R | None:
        started_s = self._monotonic()
        now = self._clock()
        effect = self.effect_of(record)
        if effect is None:
            return self.outside_effects(record, now)
        match next_action(effect, record.progress, epoch_ms(now)):
            case Action.SEND:
                return self._send(record, effect, now, started_s)
            case Action.ASK:
                finding = self._partners[effect.name].ask(record)
                found = as_asked(effect, record.progress, finding, epoch_ms(now))
                return self.settle(record, effect, found)
            case Action.WAIT:
                return None

    def _send(self, record: R, effect: Effect, now: datetime, started_s: float) -> R | None:
        elsewhere = self.instead_of_sending(record, effect, now)
        if elsewhere is not None:
            return self.store(record, elsewhere)
        after = self.intent(record, effect, now)
        stored = self.store_intent(record, after, effect)
        if stored is not after:
            return stored
        if (self._monotonic() - started_s) * 1000 > SEND_WITHIN_MS:
            # Somebody may soon ask whether this call took effect: it must not go out late.
            logger.warning("intent too old to send", extra=self.named_in_logs(record))
            return None
        return self.settle(after, effect, self._partners[effect.name].send(after))
