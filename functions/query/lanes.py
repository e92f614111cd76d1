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
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

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
_USUAL_ANSWER_MS = 500
_SLOW_LANE_S = 10
_SLOW_ANSWER_MS = 3_000
_REPORT_HOLDS_MS = 60_000
_QUEUEING_MS = 1_000


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


@dataclass(frozen=True, slots=True)
class Lane:
    """What is known of a lane. A lane nobody has written of yet is all defaults.

    ``backlog`` messages were waiting at ``seen_at_ms``, the first of them for
    ``waited_ms``, and ``drain_per_s`` of them can be answered each second.
    ``answer_ms`` is how long the issuer takes.
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
        return self._answer_ms(now_ms) + self._queued_ms(now_ms, self.backlog)

    def left_ms(self, now_ms: int, waited_ms: int) -> int:
        """How much longer a message waits for its answer that has waited so long.

        Queues are first in, first out, and the backlog lies between the message that
        was in front at the report and the report itself: of it, as much is ahead of a
        message as was sent before it.
        """
        sent_ms = now_ms - waited_ms
        in_front_ms = self.seen_at_ms - self.waited_ms
        if sent_ms >= self.seen_at_ms:
            ahead = float(self.backlog)
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
        left = max(0.0, ahead - self.drain_per_s * age_ms / 1000)
        return int(1000 * left / self.drain_per_s)

    def state(self, now_ms: int) -> LaneState:
        """Return what people are told of the lane."""
        if self.open_until_ms:
            return LaneState.DOWN
        slow = self.answer_ms > _SLOW_ANSWER_MS or self.eta_s(now_ms) > _SLOW_LANE_S
        return LaneState.SLOW if slow else LaneState.OK

    def seconds_to_recovery(self, now_ms: int) -> int:
        """Whole seconds until a resting lane tries its issuer again, at least 1."""
        return max(1, math.ceil((self.open_until_ms - now_ms + self.answer_ms) / 1000))


@dataclass(frozen=True, slots=True)
class BatchReport:
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
