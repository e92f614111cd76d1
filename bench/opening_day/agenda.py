"""When each person's page does its next thing: a wheel of ticks."""

import numpy as np

from bench.opening_day.arrays import Floats, Ids


class Agenda:
    """Who is due in which tick; as far ahead as any page ever waits."""

    def __init__(self, tick_s: float, ahead_s: float) -> None:
        self._tick_s = tick_s
        self._wheel: list[list[Ids]] = [[] for _ in range(int(ahead_s / tick_s) + 3)]
        self._tick = 0
        self.waiting = 0

    def add(self, people: Ids, in_s: Floats) -> None:
        """Let each person come again after so many seconds, at the end of that tick."""
        if not len(people):
            return
        size = len(self._wheel)
        ahead = np.clip(np.ceil(in_s / self._tick_s).astype(np.int64), 1, size - 1)
        order = np.argsort(ahead, kind="stable")
        people, ahead = people[order], ahead[order]
        edges = np.flatnonzero(np.diff(ahead)) + 1
        starts = [0, *edges.tolist()]
        for start, end in zip(starts, [*starts[1:], len(people)], strict=True):
            self._wheel[(self._tick + int(ahead[start])) % size].append(people[start:end])
        self.waiting += len(people)

    def due(self) -> Ids:
        """Go on to the next tick and return who is due in it."""
        self._tick = (self._tick + 1) % len(self._wheel)
        lists = self._wheel[self._tick]
        if not lists:
            return np.empty(0, np.int32)
        self._wheel[self._tick] = []
        people = np.concatenate(lists) if len(lists) > 1 else lists[0]
        self.waiting -= len(people)
        return people
