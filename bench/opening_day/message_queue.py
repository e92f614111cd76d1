"""A lane's queue: messages in the order they were sent, taken from the front."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from bench.opening_day.arrays import Ids, Small


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages for some people's lookups; ``lookup`` is which of a person's lookups."""

    person: Ids
    lookup: Small
    sent_s: float

    def __len__(self) -> int:
        return len(self.person)


class MessageQueue:
    """First in, first out. What several lanes get at once they share in memory."""

    def __init__(self) -> None:
        self._waiting: deque[Messages] = deque()
        self._taken_of_first = 0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def send(self, messages: Messages) -> None:
        """Put messages at the end."""
        if len(messages):
            self._waiting.append(messages)
            self._length += len(messages)

    def oldest_sent_s(self) -> float | None:
        """When the message in front was sent, None without one."""
        return self._waiting[0].sent_s if self._waiting else None

    def take(self, most: int) -> Messages:
        """Take up to so many from the front; they carry the oldest one's time."""
        people, lookups = [], []
        sent_s = self._waiting[0].sent_s if self._waiting else 0.0
        missing = min(most, self._length)
        self._length -= missing
        while missing:
            first, start = self._waiting[0], self._taken_of_first
            end = min(start + missing, len(first))
            people.append(first.person[start:end])
            lookups.append(first.lookup[start:end])
            missing -= end - start
            self._taken_of_first = end
            if end == len(first):
                self._waiting.popleft()
                self._taken_of_first = 0
        if len(people) == 1:
            return Messages(people[0], lookups[0], sent_s)
        if not people:
            return Messages(np.empty(0, np.int32), np.empty(0, np.int8), sent_s)
        return Messages(np.concatenate(people), np.concatenate(lookups), sent_s)
