"""What clients asked and were told, one line each, written before anybody acts on it.

The journal is the audit's first witness: it lies outside the system, is only appended
to, and outlives whatever is killed meanwhile.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ASKING = -1
"""The status of a line written before a request that moves money goes out."""
NO_ANSWER = 0
"""The status of a request that got none; ``error`` says why."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it.

    ``at_ms`` and ``told_ms`` are real time in milliseconds of the Unix epoch. ``key`` is
    the request's idempotency key. ``body`` is what was asked, ``told`` what was answered,
    without the texts for people.
    """

    at_ms: int
    told_ms: int
    sub: str
    what: str
    status: int
    key: str | None = None
    body: Any = None
    told: Any = None
    error: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the answer was a success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own range


class Journal:
    """An append-only file of exchanges; several processes and threads may write to it."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def append(self, exchange: Exchange) -> None:
        """Write one line with one call, so that no two lines mix."""
        line = json.dumps(asdict(exchange), ensure_ascii=False, separators=(",", ":")) + "\n"
        os.write(self._descriptor, line.encode())

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def read_journal(file: Path) -> list[Exchange]:
    """Return all lines, in the order in which people were told."""
    lines = file.read_text().splitlines()
    return sorted((Exchange(**json.loads(line)) for line in lines), key=lambda one: one.told_ms)


def without_texts(told: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an answer without its messages, which nobody audits and which are most of it."""
    if isinstance(told, list):
        return [without_texts(one) for one in told]
    if isinstance(told, dict):
        return {
            name: without_texts(one)
            for name, one in told.items()
            if name not in {"message", "expirations", "detail", "title", "type"}
        }
    return told
