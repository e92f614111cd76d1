"""What members do: apply, apply again, on two devices, with a key used twice, and look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from modupoint.aws import AwsError
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from tests.simulation.checkers.keyed_requests import Asked
from tests.simulation.crossing import WorkerKilledError
from tests.simulation.visits import HOUR_MS, MINUTE_MS, Visits

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.people import Amounts, Person
    from tests.simulation.schedule import Schedule
    from tests.simulation.visits import Body, Wish
    from transfer.submission import Submission

_LOOKS_MS = (2_000, 3 * MINUTE_MS, 20 * MINUTE_MS, 20 * HOUR_MS)

# Minutes of the day around which promises, windows and guards change, and how often
# members come then.
_EDGES = (
    (0, 8),
    (24 * 60, 8),
    (30, 2),
    (23 * 60 + 30, 7),
    (23 * 60, 2),
    (22 * 60 + 30, 1),
    (20 * 60, 2),
)
_SPREAD_MIN = 12


class Audience(Protocol):
    """Who follows what members ask for and are told."""

    def asked(self, asked: Asked) -> None:
        """Follow a request that sets out."""

    def accepted(self, asked: Asked, answer: Body, *, replayed: bool) -> None:
        """Follow an acceptance."""

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Follow a refusal."""

    def look(self, member: str) -> object:
        """Look at all of a member's transfers."""


@dataclass(frozen=True, slots=True)
class Devices:
    """The members' devices. ``submission`` gives the API, on a process of its own."""

    schedule: Schedule
    rng: random.Random
    persons: list[Person]
    amounts: Amounts
    submission: Callable[[], Submission]
    audience: Audience

    def visit(self, day: int) -> None:
        """Let a member come on a day of the world, counted from its first."""
        person = self.rng.choice(self.persons)
        visits = Visits(self.schedule, self.rng, _EDGES, _SPREAD_MIN)
        visits.come(
            visits.start_ms(day),
            self._wishes(person),
            lambda key, body: self._asked(Asked(person.member, key, body)),
        )

    def _wishes(self, person: Person) -> list[Wish]:
        """Return what a member asks for in one visit."""
        rng = self.rng
        key, other_key = (f"key-{rng.getrandbits(64):x}" for _ in range(2))
        body = self._body(person)
        first = 0, key, body
        soon_ms = rng.choice((0, 0, 5, 30, 500, 5_000, 20 * MINUTE_MS, 10 * HOUR_MS))
        match rng.choices(("once", "repeat", "both", "other", "again"), (50, 12, 12, 12, 14))[0]:
            case "repeat":
                return [first, (soon_ms, key, body)]
            case "both":
                return [first, (soon_ms, other_key, self._body(person, list(_issuers(body))))]
            case "other":
                return [first, (soon_ms, key, self._body(person))]
            case "again":
                return [first, (soon_ms, other_key, self._body(person, list(_issuers(body))))]
            case _:
                return [first]

    def _body(self, person: Person, issuers: list[str] | None = None) -> Body:
        rng = self.rng
        account_id = rng.choice(list(person.numbers))
        if issuers is None:
            drawn = rng.random()
            if drawn < 0.05:
                return {"account_id": account_id, "all": True}
            how_many = 1 + int(drawn**3 * len(ISSUERS))
            issuers = rng.sample(list(ISSUERS), how_many)
        return {
            "account_id": account_id,
            "items": [
                {"issuer": issuer, "point_code": code, "amount": amount}
                for issuer in issuers
                for code, amount in self.amounts.next(issuer)
            ],
        }

    def _asked(self, asked: Asked) -> bool:
        """Ask once; returns whether there was an answer."""
        self.audience.asked(asked)
        try:
            answer, replayed = self.submission().submit(asked.member, asked.key, asked.body)
        except (WorkerKilledError, *AwsError):
            return False
        except Problem as problem:
            self.audience.refused(asked, problem)
            return problem.code != "internal_error"
        self.audience.accepted(asked, answer, replayed=replayed)
        for look_ms in _LOOKS_MS:
            delay_ms = int(look_ms * 2 * self.rng.random())
            self.schedule.after(delay_ms, lambda: self.audience.look(asked.member))
        return True


def _issuers(body: Body) -> dict[str, None]:
    return dict.fromkeys(item["issuer"] for item in body.get("items", [])) or dict.fromkeys(ISSUERS)
