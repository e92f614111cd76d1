"""Everybody's lookup: what was started, what has been answered, what was seen."""

from enum import IntEnum

import numpy as np

from bench.opening_day.arrays import NEVER, Counts, Flags, Floats, Ids
from bench.opening_day.crowd import Crowd


class Fate(IntEnum):
    """Where a person is; each is in one of these at every moment."""

    NOT_COME = 0
    WAITING = 1
    ANSWERED = 2
    GAVE_UP = 3
    """Left by themselves while cards were missing; what was asked is answered all the same."""
    SHED = 4
    """Left before any request of theirs was accepted."""
    LOST = 5
    """Told TIMED_OUT, or still without all cards when the day is over."""


class People:
    """The people of a day, one place in each array for one person.

    All times are seconds since the opening, NEVER where it has not happened.
    ``answered_s[person, lane]`` is when an answer to the current lookup is (or will be)
    there. ``shown_s`` is the wait that was shown when the first lookup was accepted.
    """

    def __init__(self, crowd: Crowd, lanes: int) -> None:
        people = len(crowd)
        self.comes_s = crowd.comes_s
        self.endures_s = crowd.endures_s
        self.fate = np.zeros(people, np.int8)
        self.lookup = np.zeros(people, np.int8)
        self.failures = np.zeros(people, np.int8)
        self.repairs = np.zeros(people, np.int8)
        self.starts_over = np.ones(people, np.bool_)
        self.unavailable = np.zeros(people, np.int8)
        self.accepted_s = np.full(people, NEVER, np.float32)
        self.started_s = np.full(people, NEVER, np.float32)
        self.due_s = np.full(people, NEVER, np.float32)
        self.first_seen_s = np.full(people, NEVER, np.float32)
        self.all_seen_s = np.full(people, NEVER, np.float32)
        self.shown_s = np.zeros(people, np.int16)
        self.answered_s = np.full((people, lanes), NEVER, np.float32)

    def __len__(self) -> int:
        return len(self.comes_s)

    def count(self, fate: Fate) -> int:
        """Return how many are there now."""
        return int(np.count_nonzero(self.fate == fate))

    def start_lookup(self, people: Ids, now_s: float, patience_s: float, shown_s: Counts) -> None:
        """Begin a fresh lookup of each person."""
        first = np.isinf(self.accepted_s[people])
        newly = people[first]
        self.accepted_s[newly] = now_s
        self.shown_s[newly] = shown_s[first] if len(shown_s) > 1 else shown_s[0]
        self.lookup[people] += 1
        self.started_s[people] = now_s
        self.due_s[people] = now_s + patience_s
        self.repairs[people] = 0
        self.answered_s[people] = NEVER

    def answer(self, lanes: Counts, people: Ids, at_s: Floats) -> None:
        """Write answers to current lookups; of two for one card the earlier counts."""
        known = self.answered_s[people, lanes]
        self.answered_s[people, lanes] = np.minimum(known, at_s)

    def look(
        self, people: Ids, now_s: float | Floats, shown_s: float | Floats
    ) -> tuple[Flags, Flags]:
        """Show each person at ``shown_s`` what is there at ``now_s``; one moment or one each.

        Returns
        -------
        Which cards are pending (people by lanes), and who is done.
        """
        pending = self.answered_s[people] > np.asarray(now_s, np.float32).reshape(-1, 1)
        missing = pending.sum(axis=1)
        sees_one = (missing < pending.shape[1]) & np.isinf(self.first_seen_s[people])
        at_s = np.broadcast_to(np.asarray(shown_s, np.float32), people.shape)
        self.first_seen_s[people[sees_one]] = at_s[sees_one]
        done = missing == 0
        self.all_seen_s[people[done]] = at_s[done]
        return pending, done
