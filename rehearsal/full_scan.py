"""Whether a member who looks up notices that the expiry scan is at work (R-E2).

Members with alerts are due, and the every-minute function and its worker send the lanes what
they send every night. On one machine they fill lanes more slowly than the lanes' workers
empty them; so the same messages are put into the lanes directly as well, before a round and
through it: for a lane, one message is as good as another. A round in which a lane ran dry
is void.

At full pace the scan takes all of a small machine, and on AWS nothing of anybody's: there no
environment shares a processor. Two things keep the two apart. Whoever waits behind a scan
waits for the issuer, once for each message before them, so issuers take 1.5 s, in all
rounds; what the machine costs does not grow with them. And both workers of each lane are
always busy, but take one message at a time and the time that nobody else wants here.

What is measured is the time from a member's request until the last and until the first
issuer's answer to our worker. Beside it stand the way to the issuer alone, which is where a
lookup would wait behind a scan, and the bystander, which shares nothing with the scan but
the machine.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modupoint.clock import epoch_ms
from modupoint.issuers import ISSUERS
from rehearsal.comparison import Comparison, Held, Measure
from rehearsal.scan_lanes import ScanLanes
from tests.stack.member import Member
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from random import Random

    from rehearsal.rounds import Visit
    from rehearsal.stage import Stage
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

HIGHEST_RATIO = 1.05
"""Issue 5, done when 3: as fast, give or take what a ratio can tell on one machine."""
SCANNED = 60
"""Members with alerts."""
FULL = 120
"""Each lane has twice as many messages when a round begins, and is filled up below so many."""
ISSUER_MS = 1_500
"""How long issuers take in all rounds; people come no faster, or they would wait for each other."""
LEAST_PACE = 0.5
"""Of what busy workers can get done: a scan that is starved disturbs nobody."""
_WORKERS = 2 * len(ISSUERS)
"""Two a lane (``ScanMapping`` of the template)."""
_LOOKS_EVERY_S = 1.0
_PATIENCE_S = 300.0
_AT_ONCE = 6
_NEVER_MS = 10**14
_NEWEST = 500
_CALLS = 20_000


@dataclass
class FullScan:
    """The scan's lanes of all eleven issuers, full for as long as it is on.

    ``members`` are the keys of whom it looks at, ``keys`` what partners call them.
    """

    lanes: ScanLanes
    partners: Partners
    members: list[str]
    keys: frozenset[str]
    _over: threading.Event = field(default_factory=threading.Event)
    _filler: threading.Thread | None = None
    _lowest: int = 0
    _since: int = 0
    _began_s: float = 0.0

    def silent(self) -> list[str]:
        """Return nobody: a scan silences no issuer."""
        return []

    def on(self) -> None:
        """Let everybody be due, fill every lane, and let the scan begin."""
        self.lanes.due_at(self.members, epoch_ms(self.partners.now()))
        self.lanes.find_due()
        self._fill()
        self._since = self.partners.last_call()
        self._began_s = time.monotonic()
        self._lowest = min(self.lanes.waiting().values())
        self.lanes.work(going=True)
        self._over.clear()
        self._filler = threading.Thread(target=self._keep_full, name="scan", daemon=True)
        self._filler.start()

    def held(self) -> Held:
        """Tell how full the lanes were, and how much the scan got done."""
        took_s = time.monotonic() - self._began_s
        backlog = self.lanes.waiting()
        lowest = min(self._lowest, *backlog.values())
        answers = self._answers()
        pace = answers * ISSUER_MS / (1000 * took_s * _WORKERS)
        figures = {
            "backlog": backlog,
            "lowest_backlog": lowest,
            "put_off": self.lanes.put_off(),
            "scan_answers": answers,
            "scan_pace": round(pace, 2),
        }
        return Held(figures, void(lowest, pace))

    def off(self) -> None:
        """Let nobody be due, and return when the scan is at rest."""
        self._over.set()
        if self._filler is not None:
            self._filler.join()
        self.lanes.work(going=False)
        self.lanes.due_at(self.members, _NEVER_MS)
        eventually(self._at_rest, "a scan at rest", _PATIENCE_S, _LOOKS_EVERY_S)

    def _keep_full(self) -> None:
        while not self._over.is_set():
            self.lanes.give_way()
            self._fill()
            self._over.wait(_LOOKS_EVERY_S)

    def _fill(self) -> None:
        for issuer, waiting in self.lanes.waiting().items():
            self._lowest = min(self._lowest, waiting)
            if waiting < FULL:
                self.lanes.fill(issuer, (self.members * FULL)[: 2 * FULL - waiting])

    def _at_rest(self) -> bool:
        open_calls = self.partners.calls(operation="inquiry", limit=_NEWEST)
        return self.lanes.empty() and all(one["outcome"] != "open" for one in open_calls)

    def _answers(self) -> int:
        calls = self.partners.calls(operation="inquiry", since=self._since, limit=_CALLS)
        return sum(one["outcome"] == "answered" and one["person_key"] in self.keys for one in calls)


def void(lowest: int, pace: float) -> str:
    """Say why a round with a scan was none; empty if it was one.

    Parameters
    ----------
    lowest
        The fewest messages that waited in any of its lanes.
    pace
        What it got done, as a share of what workers do who are always busy.
    """
    if not lowest:
        return "a lane of the scan ran dry"
    return "" if pace >= LEAST_PACE else "the scan was not at work"


def _scans(stage: Stage, cloud: Cloud, _dice: Random) -> FullScan:
    """Let members agree and switch alerts on; the look that brings at once is not waited for."""
    api, partners = stage.http(stage.stack.api_url), stage.partners

    def alerted(_place: int) -> Member:
        member = Member(api, partners).agree()
        reply = member.send("PUT", "/v1/me/expiry-alerts", {"enabled": True, "lead_months": 1})
        assert reply.status == 200, reply.body  # noqa: S101, PLR2004 - a stack that is not well
        return member

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        members = list(pool.map(alerted, range(SCANNED)))
    keys = frozenset(partners.person(one.sub)["person_key"] for one in members)
    lanes = ScanLanes(cloud, stage.stack.stack_name, stage.bring_up.state_dir)
    lanes.one_at_a_time()
    for issuer in ISSUERS:
        partners.fault(issuer, latency_ms=ISSUER_MS)
    scan = FullScan(lanes, partners, [one.key for one in members], keys)
    scan.off()
    return scan


def _all_cards(visit: Visit) -> list[int]:
    return [max(card.answered_ms for card in visit.cards)]


def _first_card(visit: Visit) -> list[int]:
    return [min(card.answered_ms for card in visit.cards)]


def _until_asked(visit: Visit) -> list[int]:
    return [card.asked_ms for card in visit.cards]


def _issuer(visit: Visit) -> list[int]:
    return [card.answered_ms - card.asked_ms for card in visit.cards]


def _bystander(visit: Visit) -> list[int]:
    return [visit.bystander_ms]


FULL_SCAN = Comparison(
    name="full-scan",
    without="quiet",
    changed="scan",
    measures=(
        Measure("all_cards_p50", _all_cards, 0.50, HIGHEST_RATIO),
        Measure("all_cards_p95", _all_cards, 0.95),
        Measure("first_card_p50", _first_card, 0.50, HIGHEST_RATIO),
        Measure("first_card_p95", _first_card, 0.95),
        Measure("until_asked_p50", _until_asked, 0.50),
        Measure("until_asked_p95", _until_asked, 0.95),
        Measure("issuer_p50", _issuer, 0.50),
        Measure("bystander_p50", _bystander, 0.50),
        Measure("bystander_p95", _bystander, 0.95),
    ),
    change=_scans,
    every_s=ISSUER_MS / 1000,
)
