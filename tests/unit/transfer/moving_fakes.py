"""A store of legs, partners that follow a script, and a clock that stands still."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from modupoint.effects import Finding, Verdict
from tests.unit.transfer.leg_samples import NOON, TODAY
from transfer.legs import EFFECTS, Leg, LegKey
from transfer.moving import LegMover
from transfer.ports import Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from transfer.postings import Posting

DONE = Finding(Verdict.DONE, partner_time="20261122115900")
UNKNOWN = Finding(Verdict.UNKNOWN)
NOT_DONE = Finding(Verdict.NOT_DONE)
NOT_FOUND = Finding(Verdict.NOT_FOUND)


def refused(code: str) -> Finding:
    """Return a definite refusal."""
    return Finding(Verdict.REFUSED, code=code)


class OneLeg:
    """A store of one leg, with the days that other legs hold."""

    def __init__(self, leg: Leg, taken: tuple[date, ...] = ()) -> None:
        self.leg = leg
        self.days = {leg.guard_day: leg.leg_id, **dict.fromkeys(taken, "another leg")}
        self.postings: list[Posting] = []
        self.path: list[str] = [leg.state.value]
        self.before_save: Callable[[Leg], None] = lambda _: None

    def read(self, key: LegKey) -> Leg | None:
        return self.leg if key == self.leg.key else None

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        self.before_save(after)
        if self.leg.progress != before.progress:
            return Saved.OVERTAKEN
        if hold is not None and hold in self.days:
            return Saved.DAY_TAKEN
        if hold is not None:
            self.days[hold] = after.leg_id
        if release is not None:
            assert self.days.pop(release) == after.leg_id
        self.postings += [posting] if posting else []
        self.leg = after
        self.path.append(after.state.value)
        return Saved.YES


class Script:
    """A partner's answers in turn; fails a test that calls more often, or leaves any."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, Finding]] = []
        self.calls: list[tuple[str, Leg]] = []
        self.before_answer: Callable[[Leg], None] = lambda _: None

    def send(self, leg: Leg) -> Finding:
        return self._next("send", leg)

    def ask(self, leg: Leg) -> Finding:
        return self._next("ask", leg)

    def _next(self, call: str, leg: Leg) -> Finding:
        assert self.answers, f"nobody expects {call} in {leg.state}"
        expected, finding = self.answers.pop(0)
        assert call == expected, f"{call} in {leg.state}"
        self.calls.append((call, leg))
        self.before_answer(leg)
        return finding


@dataclass
class World:
    """A leg, its store, its partners and the time.

    ``monotonic_s`` is what each look at the monotonic clock adds.
    """

    store: OneLeg
    now: datetime = NOON
    monotonic_s: float = 0.0
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.partners = {effect.name: Script() for effect in EFFECTS}
        self._monotonic = 0.0

    def expect(self, effect: str, *calls: tuple[str, Finding]) -> World:
        """Script what a partner is called for and answers."""
        self.partners[effect].answers += calls
        return self

    def run(self) -> Leg:
        """Let a worker take the leg; what was expected has happened then."""
        LegMover(self.store, self.partners, self, lambda: self.now, self._passed).run(
            self.store.leg.key
        )
        assert not [script.answers for script in self.partners.values() if script.answers]
        return self.store.leg

    def later(self, **by: int) -> World:
        """Let time pass."""
        self.now += timedelta(**by)
        return self

    def until_due(self) -> World:
        """Let time pass until the leg has something to do."""
        wait_ms = self.store.leg.progress.not_before_ms - int(self.now.timestamp() * 1000)
        return self.later(milliseconds=max(wait_ms, 0))

    def next_id(self) -> str:
        self.given.append(f"M202600001U{len(self.given) + 1:09}")
        return self.given[-1]

    def _passed(self) -> float:
        self._monotonic += self.monotonic_s
        return self._monotonic


def a_world(leg: Leg, taken: tuple[date, ...] = (), now: datetime = NOON) -> World:
    """Return a world of one leg."""
    return World(OneLeg(leg, taken), now)


def overtaken(world: World) -> Callable[[Leg], None]:
    """Return what moves the leg elsewhere in the meantime."""

    def move(_: Leg) -> None:
        leg = world.store.leg
        progress = replace(leg.progress, version=leg.progress.version + 1)
        world.store.leg = replace(leg, progress=progress)

    return move


YESTERDAY = TODAY - timedelta(days=1)
