"""Records that wait for a person, or wait too long: legs, orders.

What an operator does with them is the same for all; what is a record's own, a
subclass says.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar, Protocol

from modupoint.clock import Clock, epoch_ms
from modupoint.effects import IllegalMoveError, Progress
from ops.output import Row, as_time
from ops.refusal import RefusedError

RESUMED = "resumed"
_NOT_HERE = "not with the operator"
_MINUTE_MS = 60_000


class Owned(Protocol):
    """A key that says whose record it is."""

    @property
    def member(self) -> str:
        """The member's key."""


class Stuckable[K: Owned](Protocol):
    """Something that moves and can get stuck."""

    @property
    def key(self) -> K:
        """Where it lies."""

    @property
    def progress(self) -> Progress:
        """Where it stands."""

    @property
    def requested_at_ms(self) -> int:
        """When its member asked for it."""


class StuckRecords[K: Owned, R: Stuckable[Any]](ABC):
    """Records of one kind as an operator sees and moves them. ``clock`` is business time."""

    KIND: ClassVar[str]
    """What one is called."""
    WITH_OPERATOR: ClassVar[frozenset[str]]
    """The states that only an operator ends."""
    FINAL: ClassVar[frozenset[str]]
    MOVES: ClassVar[frozenset[tuple[str, str]]]
    """Every legal change of state."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @abstractmethod
    def read(self, key: K) -> R | None:
        """Return a record as it is now; None if there is none."""

    @abstractmethod
    def save(self, before: R, after: R) -> bool:
        """Store a move; False if somebody else has moved the record."""

    @abstractmethod
    def with_operator(self) -> Iterator[K]:
        """Give the records that wait for a person, the longest waiting first."""

    @abstractmethod
    def due(self, until_ms: int, limit: int) -> Iterable[K]:
        """Return records whose time has come, the longest overdue first."""

    @abstractmethod
    def name(self, key: K) -> str:
        """Return how an operator names a record."""

    @abstractmethod
    def particulars(self, record: R) -> Mapping[str, Any]:
        """Return what a row says of this kind of record beside what all rows say."""

    @abstractmethod
    def resumed(self, record: R, now_ms: int) -> R:
        """Return a record with another round of tries."""

    def stuck(self, overdue_minutes: int, limit: int) -> list[Row]:
        """Return records with the operator, then records that have been due for so long."""
        keys = list(islice(self.with_operator(), limit))
        waiting = [
            one for one in map(self.read, keys) if one and one.progress.state in self.WITH_OPERATOR
        ]
        until_ms = epoch_ms(self._clock()) - overdue_minutes * _MINUTE_MS
        late = [
            one
            for one in map(self.read, self.due(until_ms, limit))
            # The index is a moment behind: a record may have gone on.
            if one and one.progress.state not in self.FINAL
            if one.progress.not_before_ms <= until_ms
        ]
        return [
            *(self._row("with operator", one) for one in waiting),
            *(self._row("overdue", one) for one in late),
        ][:limit]

    def found(self, name: str, key: K | None) -> R:
        """Return a record by its key, else by its name among those with the operator.

        Raises
        ------
        RefusedError
            If there is no such record.
        """
        record = self.read(key or self._key(name))
        if record is None:
            raise RefusedError(f"no such {self.KIND}")
        return record

    def resume(self, names: list[str], *, everything: bool) -> list[Row]:
        """Give records with the operator another round of tries; the next sweep takes them.

        Parameters
        ----------
        names
            As ``stuck`` has them.
        everything
            All records with the operator instead.

        Raises
        ------
        RefusedError
            If it is not said which of the two.
        """
        if bool(names) == everything:
            raise RefusedError(f"name {self.KIND}s, or say --all")
        by_name = {self.name(key): key for key in self.with_operator()}
        return [
            {
                self.KIND: name,
                "outcome": self._resume(by_name[name]) if name in by_name else _NOT_HERE,
            }
            for name in (list(by_name) if everything else names)
        ]

    def _resume(self, key: K) -> str:
        record = self.read(key)
        if record is None or record.progress.state not in self.WITH_OPERATOR:
            return _NOT_HERE
        after = self.resumed(record, epoch_ms(self._clock()))
        move = (record.progress.state, after.progress.state)
        if move not in self.MOVES:
            raise IllegalMoveError(" to ".join(move))
        if not self.save(record, after):
            return "somebody else has just moved it"
        return f"{RESUMED}: {after.progress.state}"

    def _key(self, name: str) -> K:
        for key in self.with_operator():
            if self.name(key) == name:
                return key
        raise RefusedError(f"not with the operator: say whose {self.KIND} it is with --member")

    def _row(self, why: str, record: R) -> Row:
        progress = record.progress
        return {
            "why": why,
            self.KIND: self.name(record.key),
            "state": str(progress.state),
            **self.particulars(record),
            "tries": progress.tries,
            "requested": as_time(record.requested_at_ms),
            "last_call": as_time(progress.sent_at_ms),
            "due": as_time(progress.not_before_ms),
            "member": record.key.member,
        }
