"""What an auditor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened to somebody."""

    LOST = "lost"
    DOUBLED = "doubled"
    UNTRUE = "untrue"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: to whom, what, and what shows it."""

    kind: Kind
    sub: str
    what: str
    detail: str
