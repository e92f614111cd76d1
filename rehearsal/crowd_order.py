"""What the crowd's process is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrowdOrder:
    """Addresses, how many people at a time, which seed, and where to write.

    They arrive within ``arrive_s`` seconds, and no more come once the file ``closing`` is there.
    """

    api_url: str
    partners_url: str
    people: int
    arrive_s: float
    seed: int
    journal: str
    closing: str
