"""The lanes' workers: one function, woken by eleven queues.

A batch is an event of its own: who is in it, when each answer is there, when its worker
is free again. Only the moment it starts is rounded, to the end of a tick. All batches
that start in one tick are worked out in the same arrays.
"""

from dataclasses import dataclass

import numpy as np

from bench.opening_day.arrays import Counts, Flags, Floats
from bench.opening_day.board import Board, as_ms
from bench.opening_day.gateway import Gateway
from bench.opening_day.lane import Lane
from bench.opening_day.machine import Machine
from bench.opening_day.message_queue import Messages
from bench.opening_day.people import People
from bench.opening_day.service_times import ServiceTimes
from query.inquiring import CALL_TIMEOUT_S, PROBE_TIMEOUT_S
from query.lanes import LANE_BATCH_SIZE, SLOW_CALL_MS, BatchReport, Gate

_SLOW_S = SLOW_CALL_MS / 1000


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one lane's workers take in a tick; the first ``cold`` of them start from nothing."""

    place: int
    messages: Messages
    batches: int
    cold: int
    gate: Gate

    @property
    def largest(self) -> int:
        return -(-len(self.messages) // self.batches)


@dataclass(frozen=True, slots=True)
class Worked:
    """What all lanes did in a tick. ``billed_s`` is the sum of the batches' durations."""

    batches: int = 0
    messages: int = 0
    writes: int = 0
    throttled: int = 0
    billed_s: float = 0.0


class Workers:
    """The workers of all lanes."""

    def __init__(
        self,
        lanes: list[Lane],
        times: ServiceTimes,
        tick_s: float,
        machine: Machine | None = None,
    ) -> None:
        self._lanes = lanes
        self._machine = machine
        self._times = times
        self._tick_s = tick_s
        self.superseded = 0
        """Messages of lookups that their members had already started over."""
        self.dropped = 0
        """Messages past their lookup's deadline."""

    def work(
        self, now_s: float, people: People, board: Board, gateway: Gateway, storing_s: float
    ) -> Worked:
        """Start as many batches as there are messages, mapping and account allow.

        Parameters
        ----------
        storing_s
            What the table makes every write wait.
        """
        all_taken, throttled = self._take(now_s, board, gateway)
        if not all_taken:
            return Worked(throttled=throttled)
        counts = np.array([len(one.messages) for one in all_taken])
        batches = np.array([one.batches for one in all_taken])
        ends_at = np.cumsum(counts).tolist()
        whom = np.concatenate([one.messages.person for one in all_taken])
        lookup = np.concatenate([one.messages.lookup for one in all_taken])
        places = np.repeat(np.array([one.place for one in all_taken]), counts)
        starts = _batch_starts(counts, batches)
        took, failed = self._ask(now_s, all_taken, ends_at, board, starts)
        cpu_s = [self._times.worker_cpu_s[one.largest] for one in all_taken]
        early_s = [self._early_s(now_s, one) for one in all_taken]
        begins_s = np.repeat(np.array(cpu_s) - np.array(early_s), counts).astype(np.float32)
        begins_s += np.float32(now_s + self._times.dispatch_s)
        if self._machine is not None:
            sizes = np.diff(starts, append=len(whom))
            begins_s += np.repeat(self._machine.begin(sizes), sizes)
        self._start_cold(begins_s, all_taken, starts)
        current = lookup == people.lookup[whom]
        self.superseded += len(whom) - int(np.count_nonzero(current))
        late = current & (people.due_s[whom] <= now_s)
        writes = len(whom)
        if late.any():
            took[late] = 0
            current &= ~late
            writes -= int(np.count_nonzero(late))
            self.dropped += len(whom) - writes
        answered_s = begins_s + took + np.float32(self._times.table_write_s + storing_s)
        people.answer(places[current], whom[current], answered_s[current])
        if failed is not None:
            people.unavailable[whom[failed & current]] += 1
        ends_s = np.maximum.reduceat(answered_s, starts)
        self._occupy(ends_s, batches, all_taken, now_s)
        began_s = now_s + self._times.dispatch_s - np.repeat(np.array(early_s), batches)
        billed_s = float((ends_s - began_s).sum())
        return Worked(int(batches.sum()), len(whom), writes, throttled, billed_s)

    def _take(self, now_s: float, board: Board, gateway: Gateway) -> tuple[list[_Taken], int]:
        """Take messages lane by lane; nobody is first every time when concurrency is short."""
        busy = sum(lane.busy for lane in self._lanes)
        lanes = len(self._lanes)
        turn = int(now_s / self._tick_s) % lanes
        taken, throttled = [], 0
        for place in (*range(turn, lanes), *range(turn)):
            lane = self._lanes[place]
            wanted = min(lane.free_workers(), len(lane.queue))
            if not wanted:
                continue
            workers, cold = gateway.start_workers(wanted, busy)
            if not workers:
                throttled += wanted
                continue
            messages = lane.queue.take(workers * LANE_BATCH_SIZE)
            gate = board.known_lane(lane.code).gate(as_ms(now_s))
            if gate is Gate.PROBE and not (
                lane.probe_ends is None and board.take_probe(lane.code, as_ms(now_s))
            ):
                gate = Gate.REST
            taken.append(_Taken(place, messages, workers, min(cold, workers), gate))
            busy += workers
        return taken, throttled

    def _ask(
        self,
        now_s: float,
        all_taken: list[_Taken],
        ends_at: list[int],
        board: Board,
        starts: Counts,
    ) -> tuple[Floats, Flags | None]:
        """Return how long each message's answer takes, and whether it is none."""
        took = np.empty(ends_at[-1], np.float32)
        failed: Flags | None = None
        begin, batch = 0, 0
        for one, end in zip(all_taken, ends_at, strict=True):
            own = took[begin:end]
            lane = self._lanes[one.place]
            answers = self._ask_one(now_s, one, lane, own)
            if not answers:
                failed = np.zeros(len(took), np.bool_) if failed is None else failed
                failed[begin:end] = True
            batch += one.batches
            if one.gate is Gate.CALL:
                self._note(now_s, one, lane, own, own[starts[batch - 1] - begin :], board)
            begin = end
        if took.max() >= CALL_TIMEOUT_S:
            unanswered = took >= np.float32(CALL_TIMEOUT_S)
            failed = unanswered if failed is None else failed | unanswered
            np.minimum(took, np.float32(CALL_TIMEOUT_S), out=took)
        return took, failed

    def _ask_one(self, now_s: float, one: _Taken, lane: Lane, took: Floats) -> bool:
        """Fill in how long a lane's answers take; False if there will be none."""
        dead = lane.issuer.is_dead(now_s)
        if one.gate is Gate.REST:
            took[:] = 0
            return False
        if one.gate is Gate.PROBE:
            # One message asks and its batch waits; so does, here, the lane for a tick.
            took_s = PROBE_TIMEOUT_S if dead else float(lane.issuer.answer_s(1, self._tick_s)[0])
            lane.probe_ends = (now_s + took_s, not dead)
            took[:] = took_s
            return not dead
        took[:] = CALL_TIMEOUT_S if dead else lane.issuer.answer_s(len(took), self._tick_s)
        return True

    def _note(
        self, now_s: float, one: _Taken, lane: Lane, took: Floats, last: Floats, board: Board
    ) -> None:
        """Keep for later what the last of the batches will report."""
        slow = int(np.count_nonzero(took > _SLOW_S)) if lane.issuer.may_be_slow(now_s) else 0
        if not slow and now_s < lane.next_report_s and not board.known_lane(lane.code).trouble:
            return
        longest_s = min(float(last.max()), CALL_TIMEOUT_S)
        batch_s = self._times.worker_cpu_s[one.largest] + longest_s + self._times.table_write_s
        report = BatchReport(
            healthy=len(took) - slow,
            failed=slow,
            answer_ms=int(min(float(last.sum()) / len(last), CALL_TIMEOUT_S) * 1000),
            batch_ms=int(batch_s * 1000),
            waited_ms=max(0, int((now_s - one.messages.sent_s) * 1000)),
        )
        lane.will_report(now_s + self._times.dispatch_s + batch_s, report, now_s)

    def _start_cold(self, begins_s: Floats, all_taken: list[_Taken], starts: Counts) -> None:
        """Environments that did not exist a moment ago are late by their start."""
        begin, batch = 0, 0
        for one in all_taken:
            batch += one.batches
            end = begin + len(one.messages)
            if one.cold:
                first_warm = batch - one.batches + one.cold
                cold_until = end if one.cold == one.batches else int(starts[first_warm])
                begins_s[begin:cold_until] += np.float32(self._times.worker_start_s)
            begin = end

    def _early_s(self, now_s: float, one: _Taken) -> float:
        """Return how long before the tick's end a lane's batches began.

        Where messages wait for workers, a worker begins when its last batch ends: on
        average half a tick before that is noticed.
        """
        return self._tick_s / 2 if one.messages.sent_s < now_s - self._tick_s else 0.0

    def _occupy(
        self, ends_s: Floats, batches: Counts, all_taken: list[_Taken], now_s: float
    ) -> None:
        """Keep a worker for each batch until it ends."""
        ticks = np.ceil((ends_s - np.float32(now_s)) / np.float32(self._tick_s)).astype(np.int64)
        last = np.cumsum(batches).tolist()
        begin = 0
        for one, end in zip(all_taken, last, strict=True):
            self._lanes[one.place].occupy(np.bincount(ticks[begin:end]).tolist())
            begin = end


def _batch_starts(counts: Counts, batches: Counts) -> Counts:
    """Return where each batch starts, if a lane's batches share its messages alike."""
    small, more = counts // batches, counts % batches
    first = np.cumsum(batches) - batches
    within = np.arange(int(batches.sum())) - np.repeat(first, batches)
    sizes = np.repeat(small, batches) + (within < np.repeat(more, batches))
    starts: Counts = np.cumsum(sizes) - sizes
    return starts
