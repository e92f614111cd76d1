"""What happened, in order: read only when something went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modupoint.clock import at_ms

if TYPE_CHECKING:
    from collections.abc import Callable


class Trace:
    """Everything that crossed a boundary, each with what it was about."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._lines: list[tuple[int, str, str, object]] = []

    def __call__(self, actor: str, subject: str, what: object) -> None:
        """Note that something happened; ``what`` is put into words only if it is read."""
        self._lines.append((self._now_ms(), actor, subject, what))

    def about(self, *subjects: str) -> str:
        """Return the lines about any of the subjects, oldest first."""
        return "\n".join(
            f"{at_ms(when_ms):%m-%d %H:%M:%S}.{when_ms % 1000:03} {actor:<10} {subject:<18} {what}"
            for when_ms, actor, subject, what in self._lines
            if not subjects or any(one in subject or one in str(what) for one in subjects)
        )
