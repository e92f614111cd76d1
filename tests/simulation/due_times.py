"""When legs are due: what the index of due legs holds, read off the items that are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfer import transfer_items
from transfer.transfer_items import OPERATOR_LANE

if TYPE_CHECKING:
    from collections.abc import Callable

    from transfer.legs import Leg, LegKey


class DueTimes:
    """Due legs by issuer. ``on_due`` is told each time that is written, in ms."""

    def __init__(self, on_due: Callable[[int], None] = lambda _: None) -> None:
        self._on_due = on_due
        self._due: dict[str, dict[LegKey, int]] = {}

    def note(self, leg: Leg) -> None:
        """Note a leg as it is written."""
        lane = self._due.setdefault(leg.key.issuer, {})
        due = transfer_items._due(leg)
        if not due or due["lane"]["S"] == OPERATOR_LANE:
            lane.pop(leg.key, None)
            return
        lane[leg.key] = due_ms = int(due["due_at"]["N"])
        self._on_due(due_ms)

    def due(self, issuer: str, until_ms: int, limit: int) -> list[LegKey]:
        """Return due legs of an issuer, the longest overdue first."""
        lane = self._due.get(issuer, {})
        found = [key for key, due_ms in lane.items() if due_ms <= until_ms]
        return sorted(found, key=lane.__getitem__)[:limit]

    def first_ms(self) -> int | None:
        """Return when the next leg is due; None if nothing is left to do."""
        return min((min(lane.values()) for lane in self._due.values() if lane), default=None)

    def issuers(self, until_ms: int) -> list[str]:
        """Return the issuers of due legs."""
        return [
            issuer
            for issuer, lane in self._due.items()
            if any(due_ms <= until_ms for due_ms in lane.values())
        ]
