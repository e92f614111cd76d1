"""What members do: apply, apply again, on two devices, with a key used twice, and look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from modupoint.aws import AwsError
from modupoint.clock import epoch_ms
from modupoint.issuers import ISSUERS
from modupoint.problems import Problem
from tests.simulation.checkers.submissions import Asked
from tests.simulation.crossing import WorkerKilledError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.simulation.people import Amounts, Person
    from tests.simulation.schedule import Schedule
    from transfer.submission import Submission

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_TRIES = 3
_LOOKS_MS = (2_000, 3 * _MINUTE_MS, 20 * _MINUTE_MS, 20 * _HOUR_MS)

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
_ANY_TIME = 12

type Body = dict[str, Any]


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
        midnight = self.schedule.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + timedelta(days=day, milliseconds=self._time_of_day_ms())
        start_ms = max(epoch_ms(at), self.schedule.now_ms)
        for later_ms, key, body in self._wishes(person):
            delay_ms = start_ms + later_ms - self.schedule.now_ms
            self.schedule.start(self._asking(person.member, key, body), delay_ms)

    def _time_of_day_ms(self) -> int:
        weights = [*(weight for _, weight in _EDGES), _ANY_TIME]
        edge = self.rng.choices([*(minute for minute, _ in _EDGES), None], weights)[0]
        if edge is None:
            return self.rng.randrange(24 * _HOUR_MS)
        spread_ms = int(self.rng.random() ** 2 * 12 * _MINUTE_MS)
        return max(edge * _MINUTE_MS + self.rng.choice((-1, 1)) * spread_ms, 0)

    def _wishes(self, person: Person) -> list[tuple[int, str, Body]]:
        """Return what a member asks for in one visit: delay in ms, key, body."""
        rng = self.rng
        key, other_key = (f"key-{rng.getrandbits(64):x}" for _ in range(2))
        body = self._body(person)
        first = 0, key, body
        soon_ms = rng.choice((0, 0, 5, 30, 500, 5_000, 20 * _MINUTE_MS, 10 * _HOUR_MS))
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

    def _asking(self, member: str, key: str, body: Body) -> Callable[[], None]:
        def ask() -> None:
            for _ in range(_TRIES):
                if self._asked(Asked(member, key, body)):
                    return
                self.schedule.pause(self.rng.choice((200, 2_000, 2 * _MINUTE_MS)))

        return ask

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
