"""The drain goes from one due leg to the next, and leaves to operators what is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from modupoint.clock import SEOUL, epoch_ms
from rehearsal.drain import Drain

NOON = datetime(2026, 11, 24, 12, tzinfo=SEOUL)


@dataclass
class World:
    """Legs by the moments they are due at; a sweep moves those that are due."""

    dues: list[list[datetime]]
    lane: str = "kb#0"
    now_: datetime = NOON
    moved_to: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.now_

    def set_clock(self, moment: datetime) -> None:
        self.now_ = moment
        self.moved_to.append(moment)

    def items(self, _table: str) -> list[dict[str, Any]]:
        return [
            {"due_at": {"N": str(epoch_ms(leg[0]))}, "lane": {"S": self.lane}}
            for leg in self.dues
            if leg
        ] + [{"sk": {"S": "a leg that has ended"}}]

    def sweep(self) -> dict[str, int]:
        for leg in self.dues:
            if leg and leg[0] <= self.now_:
                leg.pop(0)
        return {}


def _drain(world: World) -> int:
    return Drain(cast("Any", world), cast("Any", world)).legs()


def test_legs_are_followed_through_their_inquiries_to_the_next_business_day() -> None:
    tomorrow = NOON + timedelta(hours=12, minutes=31)
    world = World([[NOON + timedelta(minutes=1), NOON + timedelta(minutes=5)], [tomorrow]])
    assert _drain(world) == 3
    assert world.dues == [[], []]
    assert world.moved_to[-1] >= tomorrow


def test_what_is_due_now_is_moved_before_the_clock_is() -> None:
    world = World([[NOON - timedelta(minutes=1)]])
    assert (_drain(world), world.moved_to) == (0, [])


def test_what_waits_for_an_operator_is_left_to_them() -> None:
    world = World([[NOON + timedelta(minutes=1)]], lane="OPERATOR")
    assert (_drain(world), world.moved_to) == (0, [])
