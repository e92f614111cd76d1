"""The record of every request a partner received and what became of it.

Tests and the opening-day rehearsal count in it: how often an issuer was asked,
by which request ids, and whether an answer went out. A person appears under a
redacted key and, where known, the sub; never under the CI.
"""

from __future__ import annotations

import time
from collections import Counter
from copy import replace
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from local.partners.clock import SEOUL

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from local.partners.clock import Clock
    from local.partners.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY,
    partner TEXT NOT NULL,
    operation TEXT NOT NULL,
    received_at REAL NOT NULL,
    partner_time TEXT NOT NULL,
    api_tran_id TEXT,
    person_key TEXT,
    sub TEXT,
    outcome TEXT NOT NULL,
    http_status INTEGER,
    code TEXT,
    took_ms INTEGER
);
"""

# A rehearsal makes some hundred thousand calls; beyond that the oldest go.
KEPT_LIMIT = 500_000
TRIM_EVERY = 10_000

OPEN = "open"


@dataclass
class Call:
    """One request.

    ``received_at`` is real time in epoch seconds, ``partner_time`` the partners'
    clock. ``outcome`` is ``open`` until something became of it, then
    ``answered``, ``refused``, ``over_capacity``, ``stopped`` or ``fault:{kind}``.
    ``http_status`` is ``None`` where no answer went out.
    """

    seq: int
    partner: str
    operation: str
    received_at: float
    partner_time: str
    api_tran_id: str | None = None
    person_key: str | None = None
    sub: str | None = None
    outcome: str = OPEN
    http_status: int | None = None
    code: str | None = None
    took_ms: int | None = None

    def public(self) -> dict[str, Any]:
        """Write the call for the control interface, its time as RFC 3339."""
        received = datetime.fromtimestamp(self.received_at, SEOUL)
        return {**asdict(self), "received_at": received.isoformat(timespec="milliseconds")}


_COLUMNS = ", ".join(column.name for column in fields(Call))
_MARKS = ", ".join("?" for _ in fields(Call))
_INSERT = f"INSERT INTO calls ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608 - our own field names
_SELECT = f"SELECT {_COLUMNS} FROM calls"  # noqa: S608 - our own field names


@dataclass(frozen=True)
class Filter:
    """Which calls to look at; ``None`` looks at all."""

    partner: str | None = None
    operation: str | None = None
    person_key: str | None = None
    since: float | None = None
    after_seq: int | None = None

    def matches(self, call: Call) -> bool:
        """Say whether a call is meant."""
        return (
            (self.partner is None or call.partner == self.partner)
            and (self.operation is None or call.operation == self.operation)
            and (self.person_key is None or call.person_key == self.person_key)
            and (self.since is None or call.received_at >= self.since)
            and (self.after_seq is None or call.seq > self.after_seq)
        )

    def where(self) -> tuple[str, tuple[object, ...]]:
        """Write the same as an SQL condition and its parameters."""
        conditions: tuple[tuple[str, object], ...] = (
            ("partner = ?", self.partner),
            ("operation = ?", self.operation),
            ("person_key = ?", self.person_key),
            ("received_at >= ?", self.since),
            ("seq > ?", self.after_seq),
        )
        given = [(text, value) for text, value in conditions if value is not None]
        text = " AND ".join(text for text, _ in given)
        return (f" WHERE {text}" if text else ""), tuple(value for _, value in given)


@dataclass
class Found:
    """Calls that matched: the newest of them, and counts over all of them."""

    calls: list[Call]
    total: int = 0
    by_outcome: Counter[str] = field(default_factory=Counter)
    by_partner: Counter[str] = field(default_factory=Counter)

    def count(self, partner: str, outcome: str, number: int) -> None:
        """Add to the counts."""
        self.total += number
        self.by_outcome[outcome] += number
        self.by_partner[partner] += number


class Calls:
    """The record; open calls are in memory, finished ones in the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[int, Call] = {}
        last = store.submit(
            lambda connection: connection.execute("SELECT max(seq) FROM calls").fetchone()[0]
        ).result()
        self._seq = int(last or 0)

    def open(self, partner: str, operation: str) -> Call:
        """Note that a request came in."""
        self._seq += 1
        partner_time = self._clock.now().isoformat(timespec="seconds")
        call = Call(self._seq, partner, operation, time.time(), partner_time)
        self._open[call.seq] = call
        if self._seq % TRIM_EVERY == 0:
            self._store.post("DELETE FROM calls WHERE seq <= ?", (self._seq - KEPT_LIMIT,))
        return call

    def close(self, call: Call) -> None:
        """Note what became of it."""
        call.took_ms = round((time.time() - call.received_at) * 1000)
        # A call forgotten while it was open stays forgotten.
        if self._open.pop(call.seq, None) is not None:
            self._store.post(_INSERT, tuple(getattr(call, name.name) for name in fields(Call)))

    async def find(self, wanted: Filter, limit: int) -> Found:
        """Find calls, newest last.

        Parameters
        ----------
        wanted
            Which.
        limit
            How many of the newest to return; the counts are over all.
        """
        # Taken in the same breath as the search is queued: what is open now is not
        # in the store by then. What will become of it may be decided, but has not
        # happened.
        pending = [
            replace(call, outcome=OPEN) for call in self._open.values() if wanted.matches(call)
        ]
        found = await self._store.run(lambda connection: _search(connection, wanted, limit))
        for call in pending:
            found.count(call.partner, call.outcome, 1)
        found.calls = _newest((*found.calls, *pending), limit)
        return found

    async def clear(self) -> None:
        """Forget every call, those still open included; numbering goes on."""
        self._open.clear()
        await self._store.run(lambda connection: connection.execute("DELETE FROM calls").rowcount)


def _search(connection: sqlite3.Connection, wanted: Filter, limit: int) -> Found:
    where, parameters = wanted.where()
    rows = connection.execute(
        f"{_SELECT}{where} ORDER BY seq DESC LIMIT ?", (*parameters, limit)
    ).fetchall()
    found = Found([Call(*row) for row in rows])
    grouped = connection.execute(
        f"SELECT partner, outcome, count(*) FROM calls{where} GROUP BY 1, 2",  # noqa: S608 - fixed conditions
        parameters,
    )
    for partner, outcome, number in grouped:
        found.count(partner, outcome, number)
    return found


def _newest(calls: Iterable[Call], limit: int) -> list[Call]:
    return sorted(calls, key=lambda call: call.seq)[-limit:] if limit else []
