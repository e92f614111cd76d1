"""A machine that everything shares, where the system runs on one and not on AWS.

On Lambda every invocation has processors of its own. On a laptop the emulator, its
functions and the partners have two between them: whoever comes waits for the work of all
who came before, and workers that begin together go on side by side and end together. What
each kind of work costs is what it takes from the whole machine when nothing but it goes on
(``bench.model_check``).
"""

from dataclasses import dataclass

import numpy as np

from bench.opening_day.arrays import Counts, Floats


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of request. Seconds.

    ``costs_s`` is the machine's time that one takes from all others; ``takes_s`` is how
    long one takes while nothing else goes on, its waits for nothing in particular included.
    """

    costs_s: float
    takes_s: float


class Machine:
    """What is asked of it is done in order; ``batch_costs_s[n]`` is for ``n`` messages."""

    def __init__(self, post: Work, read: Work, batch_costs_s: tuple[float, ...]) -> None:
        self._post = post
        self._read = read
        self._batch_costs_s = np.array(batch_costs_s)
        self._behind_s = 0.0

    def pass_time(self, seconds: float) -> None:
        """Work off what waits."""
        self._behind_s = max(0.0, self._behind_s - seconds)

    def post(self, requests: int) -> Floats:
        """Return in how many seconds each of some lookups is accepted."""
        return self._do(np.full(requests, self._post.costs_s)) + np.float32(self._post.takes_s)

    def read(self, requests: int) -> tuple[Floats, Floats]:
        """Return in how many seconds each of some polls is looked up, and is shown."""
        waits_s = self._do(np.full(requests, self._read.costs_s))
        return waits_s, waits_s + np.float32(self._read.takes_s)

    def begin(self, sizes: Counts) -> Floats:
        """Return how long each of some batches, of so many messages, waits for all others."""
        costs_s = self._batch_costs_s[sizes]
        self._behind_s += float(costs_s.sum())
        waits_s: Floats = (self._behind_s - costs_s).astype(np.float32)
        return waits_s

    def _do(self, costs_s: np.ndarray) -> Floats:
        done_s = self._behind_s + np.cumsum(costs_s)
        if len(done_s):
            self._behind_s = float(done_s[-1])
        waits_s: Floats = (done_s - costs_s).astype(np.float32)
        return waits_s
