"""What the original was, on the same day: servers bought for ten times the average.

A request holds a thread until all eleven issuers have answered, and nobody can be told
anything before that. Who sees a spinner reloads; the server does not notice, and works
for a page that is gone. The people, their patience and the issuers are the same.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from bench.opening_day.agenda import Agenda
from bench.opening_day.arrays import NEVER, Floats, Ids, Small
from bench.opening_day.crowd import (
    OPEN_FOR_S,
    UNTOLD_RELOAD_AFTER_S,
    UNTOLD_RELOAD_MEAN_S,
    Crowd,
)
from bench.opening_day.issuers import IssuerMachine, Outage
from bench.opening_day.ledger import Ledger
from bench.opening_day.people import Fate

TIMES_THE_AVERAGE = 10
_ISSUER_TIMEOUT_S = 10.0
_CONNECTIONS_PER_THREAD = 50
"""Requests a server lets wait before it refuses more: 10,000 connections, 200 threads."""
_LONGEST_REQUEST_S = 12.0
_ENDS_AFTER_S = OPEN_FOR_S + 3 * 3600
_USUAL_REQUESTS = 4_000


@dataclass(frozen=True, slots=True)
class FleetDay:
    """The fleet's day: who got all their cards when, and the levels by ten seconds."""

    threads: int
    fate: Small
    comes_s: Floats
    answered_s: Floats
    ledger: Ledger

    def count(self, fate: Fate) -> int:
        """Return how many ended so; who left without an answer is LOST."""
        return int(np.count_nonzero(self.fate == fate))


def threads_for(people: int, issuers: tuple[str, ...], seed: int) -> int:
    """Return how many requests at once ten times the day's average needs."""
    machines = [IssuerMachine(code, (), seed + place) for place, code in enumerate(issuers)]
    holds_s = _hold_s(machines, _USUAL_REQUESTS, float(_USUAL_REQUESTS), 0.0)
    return int(np.ceil(people / OPEN_FOR_S * TIMES_THE_AVERAGE * float(holds_s.mean())))


def live_with_fixed_fleet(
    crowd: Crowd,
    issuers: tuple[str, ...],
    *,
    sized_for: int,
    outages: tuple[Outage, ...] = (),
    seed: int = 1,
    tick_s: float = 0.2,
) -> FleetDay:
    """Live the day with the original's fleet, bought for so many people in four hours."""
    threads = threads_for(sized_for, issuers, seed)
    return _Fleet(crowd, issuers, threads, outages, seed, tick_s).live()


class _Fleet:
    def __init__(
        self,
        crowd: Crowd,
        issuers: tuple[str, ...],
        threads: int,
        outages: tuple[Outage, ...],
        seed: int,
        tick_s: float,
    ) -> None:
        self._crowd = crowd
        self._tick_s = tick_s
        self._threads = threads
        self._machines = [
            IssuerMachine(code, outages, seed + place) for place, code in enumerate(issuers)
        ]
        self._draw = np.random.default_rng(seed)
        self._fate = np.zeros(len(crowd), np.int8)
        self._answered_s = np.full(len(crowd), NEVER, np.float32)
        self._request = np.zeros(len(crowd), np.int32)
        self._agenda = Agenda(tick_s, 600.0)
        self._queue: deque[tuple[Ids, Ids]] = deque()
        self._queued = 0
        self._busy = 0
        self._ends: list[list[tuple[Ids, Ids]]] = [
            [] for _ in range(int(_LONGEST_REQUEST_S / tick_s) + 2)
        ]
        self._ledger = Ledger()

    def live(self) -> FleetDay:
        came, tick = 0, 0
        comes_s = self._crowd.comes_s
        while tick * self._tick_s < _ENDS_AFTER_S:
            tick += 1
            now_s = tick * self._tick_s
            self._finish(tick, now_s)
            until = int(np.searchsorted(comes_s, np.float32(now_s), "right"))
            newcomers = np.arange(came, until, dtype=np.int32)
            came = until
            self._fate[newcomers] = Fate.WAITING
            again = self._agenda.due()
            again = again[self._fate[again] == Fate.WAITING]
            leaves = now_s - comes_s[again] > self._crowd.endures_s[again]
            self._fate[again[leaves]] = Fate.LOST
            self._ask(np.concatenate((again[~leaves], newcomers)), now_s)
            self._serve(tick, now_s)
            if self._ledger.is_time_to_look(now_s):
                self._look(now_s)
                if came == len(comes_s) and not np.any(self._fate == Fate.WAITING):
                    break
        self._fate[self._fate == Fate.WAITING] = Fate.LOST
        return FleetDay(self._threads, self._fate, comes_s, self._answered_s, self._ledger)

    def _look(self, now_s: float) -> None:
        levels = {
            "waiting": float(np.count_nonzero(self._fate == Fate.WAITING)),
            "queued": float(self._queued),
            "busy": float(self._busy),
        }
        self._ledger.look(now_s, levels)

    def _ask(self, people: Ids, now_s: float) -> None:
        """Send a request for each; all will reload if nothing comes."""
        if not len(people):
            return
        self._ledger.add("requests", len(people), now_s)
        room = self._threads * _CONNECTIONS_PER_THREAD - self._queued
        accepted, refused = people[: max(room, 0)], people[max(room, 0) :]
        self._ledger.add("refused", len(refused), now_s)
        self._request[accepted] += 1
        if len(accepted):
            self._queue.append((accepted, self._request[accepted]))
            self._queued += len(accepted)
        patience_s = self._draw.exponential(UNTOLD_RELOAD_MEAN_S, len(people))
        self._agenda.add(people, (UNTOLD_RELOAD_AFTER_S + patience_s).astype(np.float32))

    def _serve(self, tick: int, now_s: float) -> None:
        for machine in self._machines:
            machine.pass_time(self._tick_s)
        free = min(self._threads - self._busy, self._queued)
        if free <= 0:
            return
        people, requests = self._take(free)
        holds_s = _hold_s(self._machines, len(people), self._tick_s, now_s)
        self._busy += len(people)
        ticks = np.maximum(np.ceil(holds_s / self._tick_s).astype(np.int64), 1)
        for ahead in np.unique(ticks).tolist():
            mine = ticks == ahead
            self._ends[(tick + ahead) % len(self._ends)].append((people[mine], requests[mine]))

    def _take(self, free: int) -> tuple[Ids, Ids]:
        people, requests = [], []
        self._queued -= free
        while free:
            whom, which = self._queue[0]
            people.append(whom[:free])
            requests.append(which[:free])
            if len(whom) > free:
                self._queue[0] = (whom[free:], which[free:])
                break
            free -= len(whom)
            self._queue.popleft()
        return np.concatenate(people), np.concatenate(requests)

    def _finish(self, tick: int, now_s: float) -> None:
        slot = tick % len(self._ends)
        for people, requests in self._ends[slot]:
            self._busy -= len(people)
            there = (self._fate[people] == Fate.WAITING) & (self._request[people] == requests)
            self._ledger.add("for nobody", int(np.count_nonzero(~there)), now_s)
            answered = people[there]
            self._fate[answered] = Fate.ANSWERED
            self._answered_s[answered] = now_s
        self._ends[slot] = []


def _hold_s(machines: list[IssuerMachine], requests: int, within_s: float, now_s: float) -> Floats:
    """Return how long each request holds its thread: until the slowest issuer has answered."""
    slowest = np.zeros(requests, np.float32)
    for machine in machines:
        if machine.is_dead(now_s):
            slowest[:] = _ISSUER_TIMEOUT_S
        else:
            np.maximum(slowest, machine.answer_s(requests, within_s), out=slowest)
    return np.minimum(slowest, np.float32(_ISSUER_TIMEOUT_S))
