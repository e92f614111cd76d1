"""Requests under idempotency keys: a key is for one body, and gives one answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.simulation.checkers.failure import require

if TYPE_CHECKING:
    from modupoint.problems import Problem

type Shown = dict[str, Any]

_GUARD = "idempotency"


@dataclass(slots=True, eq=False)
class Asked:
    """A request for a transfer or an order.

    ``known`` are the legs or orders there were when it was made, ``live`` the member's
    that stood.
    """

    member: str
    key: str
    body: dict[str, Any]
    known: frozenset[str] = frozenset()
    live: frozenset[str] = frozenset()


@dataclass(slots=True)
class KeyedRequests:
    """Follows every request and its answer."""

    _asked: dict[tuple[str, str], list[Asked]] = field(default_factory=dict)
    _accepted: dict[tuple[str, str], tuple[Asked, Shown]] = field(default_factory=dict)

    def asked(self, asked: Asked) -> None:
        """Follow a request that sets out now."""
        self._asked.setdefault((asked.member, asked.key), []).append(asked)

    def accepted(self, asked: Asked, answer: Shown) -> tuple[Asked, Shown]:
        """Check an acceptance; returns the first one under its key."""
        first, shown = self._accepted.setdefault((asked.member, asked.key), (asked, answer))
        require(
            first.body == asked.body,
            _GUARD,
            f"{first.body} and {asked.body} were accepted under one key",
            asked.member,
        )
        require(shown == answer, _GUARD, f"first {shown}, then {answer}", asked.member)
        return first, shown

    def answer_to(self, asked: Asked) -> Shown | None:
        """Return what the same request was given before; None if nothing."""
        first = self._accepted.get((asked.member, asked.key))
        return first[1] if first and first[0].body == asked.body else None

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Check that a key that was refused had been used for something else."""
        if problem.code == "idempotency_key_reused":
            others = self._asked[asked.member, asked.key]
            require(
                any(other.body != asked.body for other in others),
                _GUARD,
                "a key was refused that was used for nothing else",
                asked.member,
            )
