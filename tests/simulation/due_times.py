"""When records are due: what the index of due ones holds, read off the items that are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Place[K]:
    """A record's place in the index; ``due_ms`` is None if nothing moves it by itself."""

    key: K
    lane: str
    due_ms: int | None


class DueTimes[K]:
    """Due records by lane. ``place`` reads one; ``on_due`` is told each time that is written."""

    def __init__(self, place: Callable[[Any], Place[K]]) -> None:
        self.on_due: Callable[[int], None] = lambda _: None
        self._place = place
        self._due: dict[str, dict[K, int]] = {}

    def note(self, record: object) -> None:
        """Note a record as it is written."""
        place = self._place(record)
        lane = self._due.setdefault(place.lane, {})
        if place.due_ms is None:
            lane.pop(place.key, None)
            return
        lane[place.key] = place.due_ms
        self.on_due(place.due_ms)

    def due(self, lane_name: str, until_ms: int, limit: int) -> list[K]:
        """Return due records of a lane, the longest overdue first."""
        lane = self._due.get(lane_name, {})
        found = [key for key, due_ms in lane.items() if due_ms <= until_ms]
        return sorted(found, key=lane.__getitem__)[:limit]

    def first_ms(self) -> int | None:
        """Return when the next record is due; None if nothing is left to do."""
        return min((min(lane.values()) for lane in self._due.values() if lane), default=None)

    def lanes(self, until_ms: int) -> list[str]:
        """Return the lanes of due records."""
        return [
            name
            for name, lane in self._due.items()
            if any(due_ms <= until_ms for due_ms in lane.values())
        ]
