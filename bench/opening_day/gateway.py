"""What stands between a page and the code: the API's throttle, Lambda, SNS, DynamoDB."""

from dataclasses import dataclass

from bench.opening_day.preparation import Preparation
from bench.opening_day.quotas import (
    ENVIRONMENTS_PER_S,
    INVOCATIONS_PER_CONCURRENCY,
    QUOTAS,
    TABLE_DOUBLES_IN_S,
)
from bench.opening_day.structure import Structure


@dataclass(slots=True)
class Bucket:
    """A token bucket: so many a second, so many saved up."""

    per_s: float
    most: float
    left: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.most

    def refill(self, seconds: float) -> None:
        """Let time pass."""
        self.left = min(self.left + self.per_s * seconds, self.most)

    def take(self, wanted: int) -> int:
        """Take up to so many; returns how many there were."""
        given = min(wanted, int(self.left))
        self.left -= given
        return given


class Table:
    """An on-demand table: writes beyond what it takes wait, and it grows with its peak."""

    def __init__(self, warm_per_s: int | None) -> None:
        self.per_s = float(warm_per_s or QUOTAS["table_writes_per_s"].default)
        self._waiting = 0.0

    def write(self, units: float, seconds: float) -> None:
        """Write so many units within so many seconds."""
        if units > self.per_s * seconds / 2:
            # It follows twice the former peak: what it is asked for counts as one.
            self.per_s *= 2 ** (seconds / TABLE_DOUBLES_IN_S)
        self._waiting = max(0.0, self._waiting + units - self.per_s * seconds)

    @property
    def delay_s(self) -> float:
        """What a write waits for: retries until there is room."""
        return self._waiting / self.per_s


class Gateway:
    """Who gets through to a function in a tick, and who is told to come back."""

    def __init__(self, structure: Structure, prepared: Preparation) -> None:
        self._requests = Bucket(structure.api_requests_per_s, structure.api_burst)
        self._posts = Bucket(prepared.posts_per_s, 0)
        self._concurrency = prepared.lambda_concurrency
        self._reserved = structure.transfer_lane_concurrency * len(structure.issuers)
        self._api_scaled_to = 0.0
        self.api_busy = 0.0
        self.environments = prepared.warm_workers

    def pass_tick(self, seconds: float) -> None:
        """Let time pass."""
        self._requests.refill(seconds)
        self._posts.left = self._posts.per_s * seconds
        self._api_scaled_to += ENVIRONMENTS_PER_S * seconds

    def admit(self, requests: int, service_s: float, lanes_busy: int, tick_s: float) -> int:
        """Return how many of a tick's requests get a function.

        The throttle comes first; then as many as the account's concurrency leaves beside
        the lanes can serve in the tick, and no more invocations than go with it.
        """
        passed = self._requests.take(requests)
        free = self._concurrency - self._reserved - lanes_busy
        room = min(free, self._api_scaled_to) * tick_s / service_s
        invocations = self._concurrency * INVOCATIONS_PER_CONCURRENCY * tick_s
        served = max(0, min(passed, int(room), int(invocations)))
        self.api_busy = served * service_s / tick_s
        self._api_scaled_to = min(self._api_scaled_to, self._concurrency)
        return served

    def admit_posts(self, posts: int) -> int:
        """Return how many of them the route's own throttle lets pass."""
        return self._posts.take(posts)

    def start_workers(self, wanted: int, busy: int) -> tuple[int, int]:
        """Return how many more workers may start, and how many of them from nothing."""
        free = self._concurrency - self._reserved - busy - int(self.api_busy)
        workers = max(0, min(wanted, free))
        cold = max(0, busy + workers - self.environments)
        self.environments += cold
        return workers, cold
