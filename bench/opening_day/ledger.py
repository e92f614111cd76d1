"""What a day leaves behind: counts by minute, levels by ten seconds."""

from dataclasses import dataclass, field

import numpy as np

MINUTE_S = 60.0
LOOK_EVERY_S = 10.0


@dataclass(slots=True)
class Ledger:
    """Counts of one day. ``counts[name]`` is by minute, ``levels[name]`` by ten seconds."""

    counts: dict[str, list[float]] = field(default_factory=dict)
    levels: dict[str, list[float]] = field(default_factory=dict)
    looked_at_s: list[float] = field(default_factory=list)
    _looked_s: float = -LOOK_EVERY_S

    def add(self, name: str, count: float, now_s: float) -> None:
        """Count something that happened now."""
        minutes = self.counts.setdefault(name, [])
        minute = int(now_s / MINUTE_S)
        while len(minutes) <= minute:
            minutes.append(0.0)
        minutes[minute] += count

    def is_time_to_look(self, now_s: float) -> bool:
        """Whether levels are to be noted now."""
        return now_s - self._looked_s >= LOOK_EVERY_S - 1e-6

    def look(self, now_s: float, levels: dict[str, float]) -> None:
        """Note levels."""
        self._looked_s = now_s
        self.looked_at_s.append(now_s)
        for name, level in levels.items():
            self.levels.setdefault(name, []).append(level)

    def total(self, name: str) -> float:
        """Return a count over the whole day."""
        return sum(self.counts.get(name, ()))

    def peak_per_s(self, name: str) -> float:
        """Return a count's highest minute, a second."""
        return max(self.counts.get(name, ()), default=0.0) / MINUTE_S

    def highest(self, name: str) -> float:
        """Return a level's highest value."""
        return max(self.levels.get(name, ()), default=0.0)

    def by_minute(self, name: str) -> np.ndarray:
        """Return a count's minutes, as long as the longest of all."""
        longest = max(map(len, self.counts.values()), default=0)
        minutes = self.counts.get(name, [])
        return np.array(minutes + [0.0] * (longest - len(minutes)))
