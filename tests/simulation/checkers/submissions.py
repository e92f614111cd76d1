"""Submissions: one transfer per key, one redemption per issuer and day, repeats alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modupoint.clock import at_ms
from tests.simulation.checkers.failure import require
from tests.simulation.checkers.keyed_requests import KeyedRequests
from tests.simulation.checkers.public_record import GIVEN_UP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modupoint.problems import Problem
    from tests.simulation.checkers.books import Books
    from tests.simulation.checkers.keyed_requests import Asked
    from tests.simulation.checkers.public_record import PublicRecord, SeenLeg, Shown

_CARRIED_OVER_MS = 120_000
"""A redemption sent before midnight may land after it, in the first two minutes."""


@dataclass(slots=True)
class Submissions:
    """Follows every request and its answer."""

    record: PublicRecord
    books: Books
    _keyed: KeyedRequests = field(default_factory=KeyedRequests)

    def asked(self, asked: Asked) -> None:
        """Follow a request that sets out now; the record is as of now."""
        asked.known = frozenset(self.record.legs)
        asked.live = frozenset(leg.leg_id for leg in self._live(asked.member))
        self._keyed.asked(asked)

    def accepted(self, asked: Asked, answer: Shown, *, replayed: bool) -> None:
        """Check an acceptance; the record is as of now."""
        first, shown = self._keyed.accepted(asked, answer)
        if not replayed:
            require(
                first is asked or shown["transfer_id"] == answer["transfer_id"],
                "idempotency",
                "two transfers under one key",
                asked.member,
            )
            for leg in answer["legs"]:
                self._is_the_days_only(self.record.legs[leg["leg_id"]])

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Check a refusal; the record is as of now."""
        self._keyed.refused(asked, problem)
        if problem.code == "already_transferred_today":
            for error in problem.errors:
                self._was_taken(asked, error["detail"].partition(":")[0])

    def _is_the_days_only(self, leg: SeenLeg) -> None:
        if leg.status in GIVEN_UP:
            # The answer was long on its way: the day is free again.
            return
        twins = [
            other
            for other in self._live(leg.person.member)
            if (other.issuer, other.requested_on) == (leg.issuer, leg.requested_on)
            and other is not leg
        ]
        require(
            not twins,
            "R-T2",
            f"accepted twice on {leg.requested_on}",
            *leg.subjects,
            *(subject for twin in twins for subject in twin.subjects),
        )
        taken = [
            one
            for one in self.books.issuers[leg.issuer].approved_on(leg.person.ci, leg.requested_on)
            if one.amount != leg.amount and not _carried_over(one.decided_ms)
        ]
        require(
            not taken,
            "R-T2",
            f"accepted on {leg.requested_on}, when points had been taken",
            *leg.subjects,
            *(one.redemption_id for one in taken),
        )

    def _was_taken(self, asked: Asked, issuer: str) -> None:
        """Check that another leg than the request's own had the issuer's day."""
        own = self._keyed.answer_to(asked)
        own_id = own["transfer_id"] if own else None
        require(
            any(
                leg.issuer == issuer and leg.transfer_id != own_id
                for leg in self.record.legs.values()
                if leg.person.member == asked.member
                and (leg.leg_id in asked.live or leg.leg_id not in asked.known)
            ),
            "R-T2",
            f"refused for {issuer}, which nobody had",
            asked.member,
        )

    def _live(self, member: str) -> Iterable[SeenLeg]:
        return [
            leg
            for leg in self.record.legs.values()
            if leg.person.member == member and leg.status not in GIVEN_UP
        ]


def _carried_over(decided_ms: int) -> bool:
    midnight = at_ms(decided_ms).replace(hour=0, minute=0, second=0, microsecond=0)
    return (at_ms(decided_ms) - midnight).total_seconds() * 1000 < _CARRIED_OVER_MS
