"""Letting everything come to rest once the trouble is over: waits for states, never for time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from modupoint.clock import SEOUL, at_ms, epoch_ms
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from tests.stack.cloud import Cloud
    from tests.stack.command_line import CommandLine
    from tests.stack.member import Member
    from tests.stack.partners import Partners

_OPERATOR_LANE = "OPERATOR"
_LOOKUP_PATIENCE_S = 300.0
_LEGS_PATIENCE_S = 180.0
_MOST_MOVES = 80
"""Of the clock: a leg that is asked about ten times, and the days until the last is paid."""
_NOT_FOUND = 404


@dataclass(frozen=True)
class Drain:
    """The stack after the crowd has left."""

    cloud: Cloud
    partners: Partners

    def recover(self) -> None:
        """Make every partner well; business time stays as it is.

        What partners do late they do in real time, and we trust them to within a horizon of
        business time: the clock may not be moved before it is done.
        """
        self.partners.http.send("DELETE", "/control/faults")
        eventually(self._nothing_is_late, "effects that partners are late with", 60.0)

    def legs(self) -> int:
        """Move the clock from one due leg to the next until none is left; returns the moves.

        Legs that wait for an operator stay: they are no longer the system's to move.
        """
        for moves in range(_MOST_MOVES):
            eventually(self._nothing_is_due, "legs that are due to be moved", _LEGS_PATIENCE_S, 1.0)
            waiting = self._due()
            if not waiting:
                return moves
            now = self.partners.now()
            next_ms = max(min(waiting), epoch_ms(now) + 1000)
            self.partners.set_clock(at_ms(next_ms) + timedelta(seconds=1))
            self.cloud.sweep()
        return _MOST_MOVES

    def lookup(self, member: Member, lookup_id: str) -> Any:  # noqa: ANN401 - JSON
        """Read a lookup until it is done; None if it is not found."""
        if member.send("GET", f"/v1/lookups/{lookup_id}").status == _NOT_FOUND:
            return None
        return member.done(lookup_id, _LOOKUP_PATIENCE_S)

    def nights(self, line: CommandLine, first_day: datetime) -> list[Any]:
        """Let every night since pass and compare the books; return the breaks found (R-T8)."""
        day = first_day.astimezone(SEOUL).date()
        last = self.partners.now().date()
        night = datetime(last.year, last.month, last.day, 1, 5, tzinfo=SEOUL) + timedelta(days=1)
        self.partners.set_clock(night)
        while day <= last:
            line.ops("reconcile", "--day", day.isoformat())
            day += timedelta(days=1)
        breaks: list[Any] = line.ops("breaks")
        return breaks

    def _nothing_is_late(self) -> bool:
        return not self.partners.http.send("GET", "/control/late").json["pending"]

    def _due(self) -> list[int]:
        return [
            int(item["due_at"]["N"])
            for item in self.cloud.items("TransfersTable")
            if "due_at" in item and item["lane"]["S"] != _OPERATOR_LANE
        ]

    def _nothing_is_due(self) -> bool:
        now_ms = epoch_ms(self.partners.now())
        if all(due_ms > now_ms for due_ms in self._due()):
            return True
        self.cloud.sweep()
        return False
