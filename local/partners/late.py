"""Effects that land after their caller has given up, whatever happens to the process meanwhile.

A partner that is late has taken the request and will do what it asks; that a
process ends is no reason not to. So what is needed to do it is on disk before
the waiting begins, and what was waiting is taken up again at the next start.
Doing it twice is harmless: every such effect is known by its id.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.partners.bodies import json_answer
from local.partners.clock import SEOUL
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable

    from local.partners.clock import Clock
    from local.partners.store import Store

    type Perform = Callable[[str], Awaitable[web.Response]]
    type Landing = asyncio.Task[web.Response | Refusal | None]

SCHEMA = """
CREATE TABLE IF NOT EXISTS late_effects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    taken_in INTEGER NOT NULL,
    due_at REAL NOT NULL,
    due_by_clock REAL NOT NULL
);
"""

# How often it is looked whether the partners' clock was moved past an effect.
POLL_S = 0.05

_INSERT = """
INSERT INTO late_effects (kind, key, body, taken_in, due_at, due_by_clock)
VALUES (?, ?, ?, ?, ?, ?) RETURNING seq
"""
_TAKEN_IN = """
SELECT 1 FROM late_effects AS earlier
WHERE kind = :kind AND key = :key AND taken_in AND NOT EXISTS (
    SELECT 1 FROM late_effects AS own
    WHERE own.kind = :kind AND own.key = :key AND own.body = :before AND own.seq <= earlier.seq)
"""


@dataclass(frozen=True)
class LastingEffect:
    """An effect that can be done from what was written down of it.

    ``kind`` says who can do it, ``key`` by which id it is known, ``body`` is all
    there is to know of it.
    """

    kind: str
    key: str
    body: str
    perform: Perform

    async def __call__(self) -> web.Response:
        """Do it."""
        return await self.perform(self.body)


@dataclass
class _Waiting:
    """One effect that has not landed; due when either clock says so."""

    seq: int
    effect: LastingEffect
    taken_in: bool
    due_at: float
    due_by_clock: float
    released: bool = False
    landing: Landing | None = None

    def public(self) -> dict[str, Any]:
        """Write it for the control interface."""
        due = datetime.fromtimestamp(self.due_at, SEOUL)
        return {
            "kind": self.effect.kind,
            "key": self.effect.key,
            "taken_in": self.taken_in,
            "due_at": due.isoformat(timespec="milliseconds"),
        }


@dataclass
class LateEffects:
    """The effects that have yet to land."""

    store: Store
    clock: Clock
    real: Callable[[], float] = time.time
    _performs: dict[str, Perform] = field(default_factory=dict)
    _waiting: dict[int, _Waiting] = field(default_factory=dict)
    _stopping: bool = False

    def register(self, kind: str, perform: Perform) -> None:
        """Say who does the effects of a kind; ``perform`` must stand being repeated."""
        self._performs[kind] = perform

    def effect(self, kind: str, key: str, body: str) -> LastingEffect:
        """Describe an effect of a registered kind."""
        return LastingEffect(kind, key, body, self._performs[kind])

    async def begin(self, effect: LastingEffect, ms: float, *, taken_in: bool) -> Landing:
        """Do an effect ``ms`` from now, by real time or the partners', whichever comes first.

        Returns
        -------
        Landing
            Once nothing can keep the effect from landing; its result is what came
            of it, or ``None`` if the process ends first.
        """
        seconds = ms / 1000
        due = (self.real() + seconds, self.clock.now().timestamp() + seconds)
        row = (effect.kind, effect.key, effect.body, taken_in, *due)
        seq = await self.store.run(lambda connection: _insert(connection, row))
        return self._wait(_Waiting(seq, effect, taken_in, *due))

    async def start(self) -> None:
        """Take up what was waiting when the process ended."""
        rows = await self.store.run(
            lambda connection: connection.execute(
                "SELECT seq, kind, key, body, taken_in, due_at, due_by_clock FROM late_effects"
            ).fetchall()
        )
        for seq, kind, key, body, taken_in, *due in rows:
            self._wait(_Waiting(seq, self.effect(kind, key, body), bool(taken_in), *due))

    async def stop(self) -> None:
        """Stop waiting; what has not landed will after the next start."""
        self._stopping = True
        await self._settled()

    async def release(self) -> int:
        """Let everything land now; return how many there were."""
        waiting = list(self._waiting.values())
        for one in waiting:
            one.released = True
        await self._settled()
        return len(waiting)

    def pending(self) -> list[dict[str, Any]]:
        """List what has not landed, the oldest first."""
        return [one.public() for one in self._waiting.values()]

    def _wait(self, waiting: _Waiting) -> Landing:
        self._waiting[waiting.seq] = waiting
        waiting.landing = asyncio.create_task(self._land(waiting))
        return waiting.landing

    async def _settled(self) -> None:
        landing = [one.landing for one in self._waiting.values() if one.landing is not None]
        await asyncio.gather(*landing)

    async def _land(self, waiting: _Waiting) -> web.Response | Refusal | None:
        while not self._is_due(waiting):
            if self._stopping:
                return None
            await asyncio.sleep(POLL_S)
        result: web.Response | Refusal
        try:
            result = await waiting.effect()
        except Refusal as refusal:
            result = refusal
        # Forgotten only once it has landed: ending in between repeats it.
        await self.store.run(
            lambda connection: (
                connection.execute(
                    "DELETE FROM late_effects WHERE seq = ?", (waiting.seq,)
                ).rowcount
            )
        )
        del self._waiting[waiting.seq]
        return result

    def _is_due(self, waiting: _Waiting) -> bool:
        return (
            waiting.released
            or self.real() >= waiting.due_at
            or self.clock.now().timestamp() >= waiting.due_by_clock
        )


class LateControl:
    """``/control/late``."""

    def __init__(self, late: LateEffects) -> None:
        self._late = late

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.get("/control/late", self.read),
            web.post("/control/late/release", self.release),
        ]

    async def read(self, _: web.Request) -> web.Response:
        """List what has not landed."""
        return json_answer({"pending": self._late.pending()})

    async def release(self, _: web.Request) -> web.Response:
        """Let everything land, and answer once it has."""
        return json_answer({"released": await self._late.release()})


def is_taken_in(connection: sqlite3.Connection, kind: str, key: str, before: str = "") -> bool:
    """Say whether a partner owns up to an effect that has not landed.

    Parameters
    ----------
    connection
        A transaction.
    kind, key
        Which effect.
    before
        The body of one that may itself be waiting: only those taken in earlier
        count, so that of several the first is the one that lands.
    """
    asked = {"kind": kind, "key": key, "before": before}
    return connection.execute(_TAKEN_IN, asked).fetchone() is not None


def _insert(connection: sqlite3.Connection, row: tuple[object, ...]) -> int:
    [seq] = connection.execute(_INSERT, row).fetchone()
    return int(seq)
