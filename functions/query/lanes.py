"""The rules of a lane: how long it makes people wait and when it may call its issuer.

A lane is the queue and the workers of one issuer. What is known of it is one
row that its workers write and everybody reads. Pure; all times are real time
in milliseconds of the Unix epoch.

The breaker is a leaky bucket: a failed or slow call adds a drop, a healthy one
takes a drop away. Full, the lane rests: members get the last known balance at
once instead of waiting for a time-out. After the rest one worker sends a single
probe; it closes the breaker or doubles the rest.
"""

import math
from enum import Enum, StrEnum, auto
from typing import NamedTuple

TROUBLE_TO_OPEN = 5
"""Failures not made good by healthy answers that open the breaker."""
SLOW_CALL_MS = 5_000
"""A call that takes longer counts as trouble even if it brings an answer."""
FIRST_REST_MS = 10_000
LONGEST_REST_MS = 60_000
PROBE_LEASE_MS = 15_000
"""How long one worker alone may probe: longer than any call, so no probe is doubled."""

LANE_BATCH_SIZE = 10
"""Messages a worker takes at once (``BatchSize`` of the mappings in template.yaml)."""
MAPPING_STARTS_WITH = 5
"""Workers an SQS mapping has before it has seen a backlog."""
MAPPING_GROWS_PER_S = 300 / 60
"""Workers it adds while there is one (300 a minute, as there:
docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)."""
_USUAL_ANSWER_MS = 500
_SLOW_LANE_S = 10
_SLOW_ANSWER_MS = 3_000
_REPORT_HOLDS_MS = 60_000
_QUEUEING_MS = 1_000
_COME_ON_MS = 2_500
"""For how long after a report of a young rush as many are taken to come as before it.

As old as a report is on average when somebody goes by it. Whoever has waited less than
this says too little of how many come."""


class LaneState(StrEnum):
    """What ``GET /v1/status`` says of a lane."""

    OK = "OK"
    SLOW = "SLOW"
    DOWN = "DOWN"


class Gate(Enum):
    """Whether a worker may call the issuer now."""

    CALL = auto()
    PROBE = auto()
    REST = auto()


class _Ramp(NamedTuple):
    """How much a lane gets done while its mapping still adds workers, up to so many.

    Counted in the time that all of them would need for it.
    """

    workers: int

    @property
    def grows_ms(self) -> float:
        """How long the mapping adds workers."""
        return (1 - self._first_share) / self._share_per_ms

    def done_ms(self, age_ms: float) -> float:
        """Return what is done when the backlog is so old: the integral of the workers in place."""
        growing_ms = min(age_ms, self.grows_ms)
        share = self._first_share + self._share_per_ms * growing_ms / 2
        return age_ms - growing_ms + share * growing_ms

    def age_ms(self, done_ms: float) -> float:
        """Return how old the backlog is when so much is done: the inverse."""
        first = self._first_share
        growing_ms = 2 * done_ms / (first + math.sqrt(first**2 + 2 * self._share_per_ms * done_ms))
        if growing_ms < self.grows_ms:
            return growing_ms
        return self.grows_ms + done_ms - self.done_ms(self.grows_ms)

    @property
    def _first_share(self) -> float:
        return min(1.0, MAPPING_STARTS_WITH / self.workers)

    @property
    def _share_per_ms(self) -> float:
        return MAPPING_GROWS_PER_S / 1000 / self.workers


class Lane(NamedTuple):
    """What is known of a lane. A lane nobody has written of yet is all defaults.

    ``backlog`` messages were waiting at ``seen_at_ms``, the first of them for
    ``waited_ms``, and ``drain_per_s`` of them can be answered each second.
    ``answer_ms`` is how long the issuer takes. ``workers`` are those that drain needs;
    the mapping adds them from ``queued_since_ms`` on, when the backlog began (0: none).
    ``rests`` counts the rests in a row; ``open_until_ms`` is 0 while closed.
    """

    issuer: str
    backlog: int = 0
    drain_per_s: float = 0.0
    answer_ms: int = _USUAL_ANSWER_MS
    seen_at_ms: int = 0
    trouble: int = 0
    open_until_ms: int = 0
    probe_until_ms: int = 0
    rests: int = 0
    waited_ms: int = 0
    workers: int = 0
    queued_since_ms: int = 0

    def gate(self, now_ms: int) -> Gate:
        """Whether the issuer may be called: always, by one probe, or not at all."""
        if self.open_until_ms == 0:
            return Gate.CALL
        if now_ms < self.open_until_ms or now_ms < self.probe_until_ms:
            return Gate.REST
        return Gate.PROBE

    def should_open(self) -> bool:
        """Whether the trouble seen so far opens the breaker."""
        return self.open_until_ms == 0 and self.trouble >= TROUBLE_TO_OPEN

    def next_rest_ms(self) -> int:
        """How long the next rest lasts: doubled each time in a row, to a limit."""
        # An issuer that is down for days rests some thousand times in a row.
        doublings = min(self.rests, LONGEST_REST_MS.bit_length())
        return min(FIRST_REST_MS << doublings, LONGEST_REST_MS)

    def wait_ms(self, now_ms: int) -> int:
        """How long a message sent now waits for its answer.

        What was waiting drains on between two reports; a report that nobody
        renewed has lost its meaning, because an idle lane reports nothing.
        """
        return self.left_ms(now_ms, 0)

    def left_ms(self, now_ms: int, waited_ms: int) -> int:
        """How much longer a message waits for its answer that has waited so long.

        Queues are first in, first out, and the backlog lies between the message that
        was in front at the report and the report itself: of it, as much is ahead of a
        message as was sent before it. While a rush is young, those count as well who came
        between the report and the message.
        """
        sent_ms = now_ms - waited_ms
        in_front_ms = self.seen_at_ms - self.waited_ms
        if sent_ms >= self.seen_at_ms:
            ahead = float(self.backlog + self._came_by(sent_ms))
        elif sent_ms <= in_front_ms:
            ahead = 0.0
        else:
            ahead = self.backlog * (sent_ms - in_front_ms) / self.waited_ms
        queued_ms = self._queued_ms(now_ms, ahead)
        asked_for_ms = 0 if queued_ms else max(0, waited_ms - self.in_front_ms(now_ms))
        return queued_ms + max(0, self._answer_ms(now_ms) - asked_for_ms)

    def in_front_ms(self, now_ms: int) -> int:
        """How long the message in front has waited; 0 in a lane without a backlog."""
        return self.waited_ms if self._queued_ms(now_ms, self.backlog) else 0

    def eta_s(self, now_ms: int, waited_ms: int = 0) -> int:
        """Whole seconds until the answer of a message that has waited ``waited_ms``; at least 1."""
        return max(1, math.ceil(self.left_ms(now_ms, waited_ms) / 1000))

    def _answer_ms(self, now_ms: int) -> int:
        return 0 if self.gate(now_ms) is Gate.REST else self.answer_ms

    def _queued_ms(self, now_ms: int, ahead: float) -> int:
        """How long the lane still works on what was so far ahead at the report."""
        age_ms = now_ms - self.seen_at_ms
        if age_ms > _REPORT_HOLDS_MS or self.drain_per_s <= 0:
            return 0
        done_ms = self._ramp.done_ms(self.seen_at_ms - self.queued_since_ms)
        through_ms = self._ramp.age_ms(done_ms + 1000 * ahead / self.drain_per_s)
        return max(0, round(self.queued_since_ms + through_ms - now_ms))

    @property
    def _ramp(self) -> _Ramp:
        return _Ramp(max(self.workers, 1))

    def _came_by(self, sent_ms: int) -> float:
        """How many came between the report and a message, while the mapping still grew."""
        grown = self.seen_at_ms - self.queued_since_ms > self._ramp.grows_ms
        if grown or self.waited_ms < _COME_ON_MS:
            return 0
        return self.backlog * min(sent_ms - self.seen_at_ms, _COME_ON_MS) / self.waited_ms

    def state(self, now_ms: int) -> LaneState:
        """Return what people are told of the lane."""
        if self.open_until_ms:
            return LaneState.DOWN
        slow = self.answer_ms > _SLOW_ANSWER_MS or self.eta_s(now_ms) > _SLOW_LANE_S
        return LaneState.SLOW if slow else LaneState.OK

    def seconds_to_recovery(self, now_ms: int) -> int:
        """Whole seconds until a resting lane tries its issuer again, at least 1."""
        return max(1, math.ceil((self.open_until_ms - now_ms + self.answer_ms) / 1000))


class BatchReport(NamedTuple):
    """What one worker saw of its lane in one batch.

    ``failed`` counts failed and slow calls, ``healthy`` the others. ``waited_ms``
    is how long the oldest message had waited in the queue.
    """

    healthy: int
    failed: int
    answer_ms: int
    batch_ms: int
    waited_ms: int

    def trouble(self, lane: Lane) -> int:
        """Return the drops to add to the lane's bucket, which is never left below empty.

        Workers add at the same time, so the bucket can be found below empty; the
        next report fills it up to empty again.
        """
        filled = max(lane.trouble, 0) + self.failed - self.healthy
        return max(filled, 0) - lane.trouble

    def smoothed_answer_ms(self, lane: Lane) -> int:
        """Return the lane's answer time, moved a third of the way to what was seen."""
        return (2 * lane.answer_ms + self.answer_ms) // 3

    def drain_per_s(self, concurrency: int) -> float:
        """Messages a second that the whole lane answers when all its workers take full batches."""
        return concurrency * LANE_BATCH_SIZE * 1000 / max(self.batch_ms, 1)

    def queued_since_ms(self, lane: Lane, now_ms: int) -> int:
        """Return since when the lane has a backlog: as known, or since its oldest message."""
        if lane.queued_since_ms and now_ms - lane.seen_at_ms <= _REPORT_HOLDS_MS:
            return lane.queued_since_ms
        return now_ms - self.batch_ms - self.waited_ms if self.waited_ms > _QUEUEING_MS else 0

    def worth_telling(self, lane: Lane, now_ms: int, report_every_ms: int) -> bool:
        """Whether the lane's row would say something else after this batch.

        A quiet lane writes nothing, so that a lookup at night costs no more than
        its answers.
        """
        if self.trouble(lane) != 0:
            return True
        if now_ms - lane.seen_at_ms < report_every_ms:
            return False
        moved = abs(self.answer_ms - lane.answer_ms) * 2 > lane.answer_ms
        return moved or self.waited_ms > _QUEUEING_MS
