"""The lanes: a queue, workers that come and go as Lambda scales them, and an issuer.

A worker's batch is an event of its own: who is in it, when each answer is there, when
the worker is free again. Only the moment it starts is rounded, to the end of a tick.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from bench.opening_day.arrays import Counts, Flags, Floats, Ids
from bench.opening_day.board import Board, as_ms
from bench.opening_day.issuers import IssuerMachine
from bench.opening_day.message_queue import MessageQueue, Messages
from bench.opening_day.people import People
from bench.opening_day.quotas import MAPPING_GROWS_PER_S, MAPPING_STARTS_WITH, QUOTAS
from bench.opening_day.service_times import DISPATCH_S, TABLE_WRITE_S, ServiceTimes
from bench.opening_day.structure import Structure
from query.asking import CALL_TIMEOUT_S, PROBE_TIMEOUT_S
from query.lanes import SLOW_CALL_MS, BatchReport, Gate

_LONGEST_BATCH_S = 40
_REPORTS_FROM_A_WORKER_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the batches of one tick will have to report when they end."""

    ends_s: float
    report: BatchReport


@dataclass(frozen=True, slots=True)
class Batches:
    """What a lane did in a tick: its batches, their messages, and what the workers took.

    ``billed_s`` is the sum of the batches' durations; ``writes`` are answers stored.
    """

    batches: int = 0
    messages: int = 0
    writes: int = 0
    billed_s: float = 0.0


class Lane:
    """One issuer's lane."""

    def __init__(
        self, place: int, issuer: IssuerMachine, code: str, structure: Structure, tick_s: float
    ) -> None:
        self.code = code
        self.queue = MessageQueue()
        self.busy = 0
        self.dropped = 0
        self.duplicates = 0
        self._place = place
        self._issuer = issuer
        self._most = min(structure.lane_concurrency, QUOTAS["mapping_concurrency"].default)
        self._batch_size = structure.batch_size
        self._scaled_to = float(MAPPING_STARTS_WITH)
        self._tick_s = tick_s
        self._frees: list[int] = [0] * int(_LONGEST_BATCH_S / tick_s)
        self._tick = 0
        self._seen: deque[_Seen] = deque()
        self._next_report_s = 0.0
        self._probe_ends: tuple[float, bool] | None = None

    def pass_tick(self, now_s: float, board: Board) -> None:
        """Let time pass: workers end, the mapping scales, the issuer works, reports go out."""
        self._tick = (self._tick + 1) % len(self._frees)
        self.busy -= self._frees[self._tick]
        self._frees[self._tick] = 0
        grows = MAPPING_GROWS_PER_S * self._tick_s
        if len(self.queue):
            self._scaled_to = min(self._scaled_to + grows, self._most)
        else:
            self._scaled_to = max(self._scaled_to - grows, MAPPING_STARTS_WITH, self.busy)
        self._issuer.pass_time(self._tick_s)
        self._end_probe(now_s, board)
        if self._seen and self._seen[0].ends_s <= now_s:
            self._report(now_s, board)

    def free_workers(self) -> int:
        """Return how many more batches the mapping would start."""
        return max(int(min(self._scaled_to, self._most)) - self.busy, 0)

    def work(
        self,
        now_s: float,
        workers: int,
        cold: int,
        people: People,
        board: Board,
        times: ServiceTimes,
        storing_s: float,
    ) -> Batches:
        """Start batches with what waits.

        Parameters
        ----------
        workers
            How many may start, of which the first ``cold`` start from nothing.
        storing_s
            What the table makes every write wait.
        """
        taken = self.queue.take(workers * self._batch_size)
        if not len(taken):
            return Batches()
        batches = min(workers, len(taken))
        current = taken.lookup == people.lookup[taken.person]
        in_time = ~current | (people.due_s[taken.person] > now_s)
        starts, size = _split(len(taken), batches)
        begins_s = now_s + DISPATCH_S + times.worker_cpu_s[size]
        known = board.known()[self.code]
        gate = known.gate(as_ms(now_s))
        if gate is Gate.PROBE and self._may_probe(now_s, board):
            took, failed = self._probe(now_s, len(taken))
        elif gate is Gate.CALL:
            took, failed = self._call(now_s, len(taken), taken, begins_s, starts)
        else:
            took, failed = np.zeros(len(taken), np.float32), np.ones(len(taken), np.bool_)
        took[~in_time] = 0
        begins = np.full(len(taken), begins_s, np.float32)
        if cold:
            begins[: starts[cold] if cold < batches else None] += times.worker_start_s
        at_s = begins + took + np.float32(TABLE_WRITE_S + storing_s)
        self._answer(people, taken, current & in_time, at_s, failed)
        ends_s = np.maximum.reduceat(at_s, starts)
        self._occupy(ends_s, now_s)
        self.dropped += int(np.count_nonzero(~in_time))
        writes = int(np.count_nonzero(in_time))
        return Batches(batches, len(taken), writes, float((ends_s - now_s - DISPATCH_S).sum()))

    def _call(
        self, now_s: float, calls: int, taken: Messages, begins_s: float, starts: Counts
    ) -> tuple[Floats, Flags]:
        if self._issuer.is_dead(now_s):
            took = np.full(calls, CALL_TIMEOUT_S, np.float32)
        else:
            took = self._issuer.answer_s(calls, self._tick_s).copy()
        failed = took >= CALL_TIMEOUT_S
        np.minimum(took, np.float32(CALL_TIMEOUT_S), out=took)
        slow = int(np.count_nonzero(took > SLOW_CALL_MS / 1000))
        own = took[starts[-1] :]
        batch_s = begins_s - now_s - DISPATCH_S + float(own.max()) + TABLE_WRITE_S
        report = BatchReport(
            healthy=calls - slow,
            failed=slow,
            answer_ms=int(own.mean() * 1000),
            batch_ms=int(batch_s * 1000),
            waited_ms=int((now_s - taken.sent_s) * 1000),
        )
        self._seen.append(_Seen(now_s + DISPATCH_S + batch_s, report))
        return took, failed

    def _may_probe(self, now_s: float, board: Board) -> bool:
        return self._probe_ends is None and board.take_probe(self.code, as_ms(now_s))

    def _probe(self, now_s: float, messages: int) -> tuple[Floats, Flags]:
        """Let one message ask; its batch waits for it, and so does, here, the whole tick."""
        dead = self._issuer.is_dead(now_s)
        took_s = PROBE_TIMEOUT_S if dead else float(self._issuer.answer_s(1, self._tick_s)[0])
        self._probe_ends = (now_s + took_s, not dead)
        return np.full(messages, took_s, np.float32), np.full(messages, dead, np.bool_)

    def _end_probe(self, now_s: float, board: Board) -> None:
        if self._probe_ends is None or self._probe_ends[0] > now_s:
            return
        if self._probe_ends[1]:
            board.close(self.code)
        else:
            board.open(self.code, as_ms(now_s))
        self._probe_ends = None

    def _report(self, now_s: float, board: Board) -> None:
        """Send what a worker has seen, as often as one of them would."""
        ended = []
        while self._seen and self._seen[0].ends_s <= now_s:
            ended.append(self._seen.popleft().report)
        last = ended[-1]
        failed = sum(one.failed for one in ended)
        if failed == 0 and now_s < self._next_report_s:
            return
        self._next_report_s = now_s + _REPORTS_FROM_A_WORKER_EVERY_S / max(self.busy, 1)
        seen = BatchReport(
            healthy=sum(one.healthy for one in ended),
            failed=failed,
            answer_ms=last.answer_ms,
            batch_ms=last.batch_ms,
            waited_ms=last.waited_ms,
        )
        board.report(seen, self.code, len(self.queue), self._most, as_ms(now_s))

    def _answer(
        self, people: People, taken: Messages, counts: Flags, at_s: Floats, failed: Flags
    ) -> None:
        whom: Ids = taken.person
        self.duplicates += len(whom) - int(np.count_nonzero(counts))
        if counts.all():
            people.answer(self._place, whom, at_s)
        else:
            people.answer(self._place, whom[counts], at_s[counts])
        if failed.any():
            people.unavailable[whom[counts & failed]] += 1

    def _occupy(self, ends_s: Floats, now_s: float) -> None:
        """Keep a worker for each batch until it ends."""
        self.busy += len(ends_s)
        size = len(self._frees)
        ticks = np.minimum(np.ceil((ends_s - now_s) / self._tick_s).astype(np.int64), size - 1)
        for ahead, workers in enumerate(np.bincount(ticks).tolist()):
            if workers:
                self._frees[(self._tick + max(ahead, 1)) % size] += workers


def _split(messages: int, batches: int) -> tuple[Counts, int]:
    """Return where each batch starts if they share alike, and the largest one's size."""
    size, more = divmod(messages, batches)
    order = np.arange(batches)
    return order * size + np.minimum(order, more), size + (more > 0)
