"""One opening day of this system, lived tick by tick.

Every person and every message is simulated; nothing stands for many. Within a tick all
that happens is worked off in arrays, and takes effect at the tick's end. A person's page
asks when the server told it to, reloads when its owner loses patience, and backs off when
it is refused, as ``web`` does.
"""

from dataclasses import dataclass

import numpy as np

from bench.opening_day.agenda import Agenda
from bench.opening_day.arrays import Counts, Flags, Floats, Ids
from bench.opening_day.board import Board, as_ms
from bench.opening_day.crowd import (
    NEW_TAB_SHARE,
    OPEN_FOR_S,
    REQUESTS_BEFORE_A_LOOKUP,
    TOLD_RELOAD_MEAN_S,
    Crowd,
)
from bench.opening_day.gateway import Gateway, Table
from bench.opening_day.issuers import AS_ASSUMED, Answering, IssuerMachine, Outage
from bench.opening_day.lane import Lane
from bench.opening_day.ledger import Ledger
from bench.opening_day.machine import Machine
from bench.opening_day.message_queue import Messages
from bench.opening_day.people import Fate, People
from bench.opening_day.preparation import Preparation
from bench.opening_day.promises import Promises
from bench.opening_day.service_times import ServiceTimes
from bench.opening_day.structure import Structure
from bench.opening_day.workers import Workers
from query.lookups import REPAIRS_PER_LOOKUP

TICK_S = 0.2
_LONGEST_DAY_S = OPEN_FOR_S + 3 * 3600
_LONGEST_PAUSE_S = 600.0
_RULES_HOLD_S = 1.0
# The page's own: web/src/api/failure.ts and web/src/lookup/machine.ts.
_BUSY_WAIT_S = 10.0
_BACK_OFF_MOST_S = 15.0
_BACK_OFF_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Lived:
    """A day that is over."""

    people: People
    ledger: Ledger
    issuers: tuple[str, ...]
    breakers_opened: int
    superseded: int
    dropped: int


class Day:
    """A day that goes on as long as anybody waits."""

    def __init__(
        self,
        crowd: Crowd,
        structure: Structure,
        prepared: Preparation,
        times: ServiceTimes,
        *,
        outages: tuple[Outage, ...] = (),
        seed: int = 1,
        tick_s: float = TICK_S,
        answering: Answering = AS_ASSUMED,
        machine: Machine | None = None,
    ) -> None:
        self._structure = prepared.applied(structure)
        self._times = times
        self._tick_s = tick_s
        self._machine = machine
        issuers = self._structure.issuers
        self._people = People(crowd, len(issuers))
        self._agenda = Agenda(tick_s, _LONGEST_PAUSE_S)
        self._board = Board(issuers)
        self._promises = Promises(issuers)
        self._gateway = Gateway(self._structure, prepared)
        self._table = Table(self._structure.warm_writes_per_s)
        self._ledger = Ledger()
        self._draw = np.random.default_rng(seed)
        self._lanes = [
            Lane(
                IssuerMachine(code, outages, seed + place, answering),
                code,
                self._structure,
                tick_s,
            )
            for place, code in enumerate(issuers)
        ]
        self._workers = Workers(self._lanes, times, tick_s, machine)
        self._came = 0
        self._writes = 0.0
        self._reloads = 0

    def live(self) -> Lived:
        """Live the day to its end."""
        tick, rules_from_s = 0, -_RULES_HOLD_S
        while not self._is_over(tick * self._tick_s):
            tick += 1
            now_s = tick * self._tick_s
            read_anew = self._board.refresh(as_ms(now_s))
            changing = self._promises.longest_eta_s > 1 and now_s - rules_from_s >= _RULES_HOLD_S
            if read_anew or changing:
                self._promises.renew(self._board.known(), now_s)
                rules_from_s = now_s
            self._gateway.pass_tick(self._tick_s)
            if self._machine is not None:
                self._machine.pass_time(self._tick_s)
            for lane in self._lanes:
                lane.pass_tick(now_s, self._board)
            self._serve(now_s)
            self._work(now_s)
            self._table.write(self._writes, self._tick_s)
            self._ledger.add("reloads", self._reloads, now_s)
            self._writes, self._reloads = 0.0, 0
            if self._ledger.is_time_to_look(now_s):
                self._look(now_s)
        self._close(tick * self._tick_s)
        return Lived(
            self._people,
            self._ledger,
            self._structure.issuers,
            self._board.opened,
            self._workers.superseded,
            self._workers.dropped,
        )

    def _is_over(self, now_s: float) -> bool:
        nobody_waits = self._agenda.waiting == 0 and not any(len(one.queue) for one in self._lanes)
        return now_s >= _LONGEST_DAY_S or (self._came == len(self._people) and nobody_waits)

    def _serve(self, now_s: float) -> None:
        people = self._people
        came = int(np.searchsorted(people.comes_s, np.float32(now_s), "right"))
        newcomers = np.arange(self._came, came, dtype=np.int32)
        self._came = came
        people.fate[newcomers] = Fate.WAITING
        self._ledger.add("came", len(newcomers), now_s)
        due = self._agenda.due()
        asking = np.concatenate((due, newcomers)) if len(newcomers) else due
        if not len(asking):
            return
        asking = asking[people.fate[asking] == Fate.WAITING]
        before = REQUESTS_BEFORE_A_LOOKUP * len(newcomers)
        posts = int(np.count_nonzero(people.starts_over[asking]))
        service_s = self._times.read_s + (self._times.post_s - self._times.read_s) * posts / max(
            len(asking), 1
        )
        busy = sum(lane.busy for lane in self._lanes)
        admitted = self._gateway.admit(len(asking) + before, service_s, busy, self._tick_s)
        self._ledger.add("requests", len(asking) + before, now_s)
        admitted = max(0, admitted - before)
        if admitted < len(asking):
            asking = self._draw.permutation(asking)
            self._refuse(asking[admitted:], now_s)
            asking = asking[:admitted]
        starts = people.starts_over[asking]
        posting, reading = asking[starts], asking[~starts]
        admitted = self._gateway.admit_posts(len(posting))
        if admitted < len(posting):
            self._refuse(posting[admitted:], now_s)
            posting = posting[:admitted]
        people.failures[posting] = people.failures[reading] = 0
        self._start(posting, now_s)
        self._read(reading, now_s)

    def _refuse(self, people: Ids, now_s: float) -> None:
        """429 or 503: the page comes back by itself, its owner perhaps not."""
        self._ledger.add("refused", len(people), now_s)
        everyone = self._people
        leaves = now_s - everyone.comes_s[people] > everyone.endures_s[people]
        never_in = np.isinf(everyone.accepted_s[people])
        everyone.fate[people[leaves & never_in]] = Fate.SHED
        everyone.fate[people[leaves & ~never_in]] = Fate.GAVE_UP
        stays = people[~leaves]
        everyone.failures[stays] = np.minimum(everyone.failures[stays] + 1, 10)
        doubled = np.exp2(everyone.failures[stays].astype(np.float32) - 1)
        spread = 1 + self._draw.random(len(stays), np.float32) * np.float32(_BACK_OFF_SPREAD)
        pause_s = np.minimum(doubled, np.float32(_BACK_OFF_MOST_S)) * spread
        self._agenda.add(stays, np.maximum(pause_s, np.float32(_BUSY_WAIT_S)))

    def _start(self, people: Ids, now_s: float) -> None:
        if not len(people):
            return
        everyone = self._people
        everyone.starts_over[people] = False
        age_s = now_s - everyone.started_s[people]
        joins = (age_s >= 0) & (age_s < self._promises.joins_within_s)
        self._read(people[joins], now_s)
        fresh = people[~joins]
        if not len(fresh):
            return
        self._ledger.add("posts", len(fresh), now_s)
        delay_s = self._table.delay_s
        accepted_s = now_s + delay_s + self._times.table_write_s + self._times.publish_s
        later_s: float | Floats = delay_s
        if self._machine is not None:
            later_s = delay_s + self._machine.post(len(fresh))
        promises = self._promises
        longest = np.array([promises.longest_eta_s])
        everyone.start_lookup(fresh, now_s, promises.patience_s, longest)
        self._writes += len(fresh)
        messages = Messages(fresh, everyone.lookup[fresh], accepted_s)
        for lane in self._lanes:
            lane.queue.send(messages)
        soonest = np.full(len(fresh), promises.soonest_eta_s)
        no_wait_s = np.zeros(len(fresh), np.float32)
        self._come_again(fresh, soonest, no_wait_s, later_s)

    def _read(self, people: Ids, now_s: float) -> None:
        if not len(people):
            return
        self._ledger.add("reads", len(people), now_s)
        everyone = self._people
        looks_s: float | Floats = now_s
        later_s: float | Floats = 0.0
        if self._machine is not None:
            waits_s, later_s = self._machine.read(len(people))
            looks_s = now_s + waits_s
        pending, done = everyone.look(people, looks_s, now_s + later_s)
        everyone.fate[people[done]] = Fate.ANSWERED
        self._ledger.add("answered", int(np.count_nonzero(done)), now_s)
        waits = ~done
        people, pending = people[waits], pending[waits]
        later_s = later_s if isinstance(later_s, float) else later_s[waits]
        timed_out = now_s >= everyone.due_s[people]
        everyone.fate[people[timed_out]] = Fate.LOST
        leaves = now_s - everyone.comes_s[people] > everyone.endures_s[people]
        everyone.fate[people[leaves & ~timed_out]] = Fate.GAVE_UP
        stays = ~(leaves | timed_out)
        people, pending = people[stays], pending[stays]
        later_s = later_s if isinstance(later_s, float) else later_s[stays]
        waited_s = (now_s - everyone.started_s[people]).astype(np.float32)
        self._repair(people, pending, waited_s, now_s)
        if self._promises.longest_eta_s == 1:
            soonest = np.ones(len(people), np.int64)
        else:
            etas = self._promises.etas(waited_s)
            etas[~pending] = np.iinfo(np.int16).max
            soonest = etas.min(axis=1)
        self._come_again(people, soonest, waited_s, later_s)

    def _repair(self, people: Ids, pending: Flags, waited_s: Floats, now_s: float) -> None:
        """Ask again for what the rules take for lost."""
        everyone, after_s = self._people, self._promises.repair_after_s
        late = (waited_s > self._promises.soonest_repair_s) & (
            everyone.repairs[people] < REPAIRS_PER_LOOKUP
        )
        if not late.any():
            return
        people, pending, waited_s = people[late], pending[late], waited_s[late]
        nothing = pending.all(axis=1).astype(np.int64)
        limits = after_s[:, everyone.repairs[people].astype(np.int64), nothing].T
        lost = pending & (waited_s[:, None] > limits)
        repaired = lost.any(axis=1)
        if not repaired.any():
            return
        everyone.repairs[people[repaired]] += 1
        self._writes += int(np.count_nonzero(repaired))
        self._ledger.add("repairs", int(np.count_nonzero(repaired)), now_s)
        for place, lane in enumerate(self._lanes):
            whom = people[lost[:, place]]
            lane.queue.send(Messages(whom, everyone.lookup[whom], now_s))

    def _come_again(
        self, people: Ids, soonest: Counts, waited_s: Floats, later_s: float | Floats
    ) -> None:
        """Poll when told to, or reload before that."""
        if not len(people):
            return
        pause_s = self._promises.next_poll_s(soonest, waited_s, self._draw)
        patient = self._draw.exponential(TOLD_RELOAD_MEAN_S, len(people)).astype(np.float32)
        reloads = patient < pause_s
        if reloads.any():
            pause_s = np.where(reloads, patient, pause_s)
            again = people[reloads]
            over = again[self._draw.random(len(again)) < NEW_TAB_SHARE]
            self._people.starts_over[over] = True
            self._reloads += len(again)
        self._agenda.add(people, pause_s + np.asarray(later_s + self._times.network_s, np.float32))

    def _work(self, now_s: float) -> None:
        did = self._workers.work(
            now_s, self._people, self._board, self._gateway, self._table.delay_s
        )
        self._writes += did.writes
        for name in ("batches", "messages", "writes", "throttled", "billed_s"):
            self._ledger.add(name, getattr(did, name), now_s)

    def _look(self, now_s: float) -> None:
        levels = {
            "waiting": float(self._agenda.waiting),
            "lane concurrency": float(sum(lane.busy for lane in self._lanes)),
            "API concurrency": self._gateway.api_busy,
            "table delay": self._table.delay_s,
        }
        for lane in self._lanes:
            oldest = lane.queue.oldest_sent_s()
            levels[f"age {lane.code}"] = 0.0 if oldest is None else max(0.0, now_s - oldest)
            levels[f"backlog {lane.code}"] = float(len(lane.queue))
        self._ledger.look(now_s, levels)

    def _close(self, now_s: float) -> None:
        """Whoever still waits for a card that nobody will bring is lost."""
        people = self._people
        waiting = people.fate == Fate.WAITING
        self._ledger.add("left waiting", int(np.count_nonzero(waiting)), now_s)
        people.fate[waiting] = Fate.LOST
