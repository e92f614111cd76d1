"""A member who asks for one transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from modupoint.problems import Problem
from tests.crashes.course import Request
from tests.simulation.checkers.failure import CheckFailedError
from tests.simulation.checkers.keyed_requests import Asked
from tests.simulation.people import Amounts, People
from tests.simulation.transfer_life import TransferLife, due_leg_times

if TYPE_CHECKING:
    from tests.crashes.stores import Engine
    from tests.simulation.crossing import Crossing
    from tests.simulation.stage import Stage

_KEY = "key"


class TransferPlay:
    """The transfer, and how its legs must end."""

    def __init__(self, stage: Stage, engine: Engine, issuers: tuple[str, ...], ends: str) -> None:
        self._engine = engine
        self._issuers = issuers
        self._ends = ends
        amounts = Amounts()
        # Courses share the tables of an engine: each has a member of its own.
        self._people = people = People(amounts, [f"M#{uuid4().hex}"])
        due_times = due_leg_times()
        stores = engine.transfer_stores(people, due_times)
        self._life = TransferLife(stage, stores, people, due_times, issuers)
        self.machinery = self._life.machinery
        self.requests = [Request("api", 0, self._ask)]
        self._body: dict[str, Any] = {
            "account_id": next(iter(people.persons[0].numbers)),
            "items": [
                {"issuer": issuer, "point_code": code, "amount": amount}
                for issuer in issuers
                for code, amount in amounts.next(issuer)
            ],
        }

    def end(self) -> None:
        """Check books, answers and ledger, and that all legs ended as they should."""
        watch = self._life.watch
        watch.end(self._engine.postings(self._people))
        ends = {leg.status for leg in watch.record.legs.values()}
        if ends != {self._ends}:
            raise CheckFailedError("ends", f"{ends} instead of {self._ends}")
        if len(watch.record.legs) != len(self._issuers):
            raise CheckFailedError("idempotency", "more legs than were asked for")

    def _ask(self, cross: Crossing) -> bool:
        asked = Asked(self._people.persons[0].member, _KEY, self._body)
        watch = self._life.watch
        watch.asked(asked)
        try:
            answer, replayed = self._life.api(cross).submit(asked.member, asked.key, asked.body)
        except Problem as problem:
            watch.refused(asked, problem)
            return problem.code != "internal_error"
        watch.accepted(asked, answer, replayed=replayed)
        return True
