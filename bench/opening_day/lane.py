"""One issuer's lane: its queue, how many workers Lambda lets it have, what it reports."""

from collections import deque
from dataclasses import dataclass

from bench.opening_day.board import Board, as_ms
from bench.opening_day.issuers import IssuerMachine
from bench.opening_day.message_queue import MessageQueue
from bench.opening_day.quotas import MAPPING_GROWS_PER_S, MAPPING_STARTS_WITH, QUOTAS
from bench.opening_day.structure import Structure
from query.lane_board import REPORT_EVERY_MS
from query.lanes import BatchReport

LONGEST_BATCH_S = 40


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a worker will have to report when its batch ends."""

    ends_s: float
    report: BatchReport


class Lane:
    """A lane; ``busy`` are its workers, ``probe_ends`` when its probe comes back and how."""

    def __init__(
        self, issuer: IssuerMachine, code: str, structure: Structure, tick_s: float
    ) -> None:
        self.code = code
        self.issuer = issuer
        self.queue = MessageQueue()
        self.busy = 0
        self.next_report_s = 0.0
        self.probe_ends: tuple[float, bool] | None = None
        self._most = min(structure.lane_concurrency, QUOTAS["mapping_concurrency"].default)
        self._scaled_to = float(min(MAPPING_STARTS_WITH, self._most))
        self._tick_s = tick_s
        self._frees: list[int] = [0] * int(LONGEST_BATCH_S / tick_s)
        self._tick = 0
        self._seen: deque[_Seen] = deque()

    def pass_tick(self, now_s: float, board: Board) -> None:
        """Let time pass: workers end, the mapping scales, the issuer works, reports go out."""
        self._tick = (self._tick + 1) % len(self._frees)
        self.busy -= self._frees[self._tick]
        self._frees[self._tick] = 0
        grows = MAPPING_GROWS_PER_S * self._tick_s
        if len(self.queue):
            self._scaled_to = min(self._scaled_to + grows, self._most)
        elif self._scaled_to > MAPPING_STARTS_WITH:
            self._scaled_to = max(self._scaled_to - grows, MAPPING_STARTS_WITH, self.busy)
        self.issuer.pass_time(self._tick_s)
        if self.probe_ends is not None:
            self._end_probe(now_s, board)
        if self._seen and self._seen[0].ends_s <= now_s:
            self._report(now_s, board)

    def free_workers(self) -> int:
        """Return how many more batches the mapping would start."""
        return max(int(self._scaled_to) - self.busy, 0)

    def occupy(self, workers_by_ticks: list[int]) -> None:
        """Keep workers until their batches end; ``[n]`` is how many for ``n`` ticks."""
        size = len(self._frees)
        for ahead, workers in enumerate(workers_by_ticks):
            if workers:
                self.busy += workers
                self._frees[(self._tick + min(max(ahead, 1), size - 1)) % size] += workers

    def will_report(self, ends_s: float, report: BatchReport, now_s: float) -> None:
        """Note what one of the workers, each of which reports every few seconds, has seen."""
        self._seen.append(_Seen(ends_s, report))
        self.next_report_s = now_s + REPORT_EVERY_MS / 1000 / max(self.busy, 1)

    def _report(self, now_s: float, board: Board) -> None:
        while self._seen and self._seen[0].ends_s <= now_s:
            seen = self._seen.popleft().report
            board.report(seen, self.code, len(self.queue), self._most, as_ms(now_s))

    def _end_probe(self, now_s: float, board: Board) -> None:
        if self.probe_ends is None or self.probe_ends[0] > now_s:
            return
        if self.probe_ends[1]:
            board.close(self.code)
        else:
            board.open(self.code, as_ms(now_s))
        self.probe_ends = None
