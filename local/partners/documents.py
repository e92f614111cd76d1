"""Small JSON documents by kind and key: settings, sessions and other single facts.

What needs a query of its own (calls, redemptions, deposits) has a table of its
own; everything else is a document.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from local.partners.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""

NEVER = float("inf")

_PUT = "INSERT OR REPLACE INTO documents (kind, key, body, expires_at) VALUES (?, ?, ?, ?)"


class Documents:
    """The documents of one kind.

    Parameters
    ----------
    store
        Where they are kept.
    kind
        Their name; one owner per kind.
    now
        Real time in epoch seconds, by which they expire.
    """

    def __init__(self, store: Store, kind: str, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._kind = kind
        self._now = now

    def load(self) -> dict[str, str]:
        """Read every living document, and forget the dead ones; blocks, for start-up only."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> dict[str, str]:
            connection.execute(
                "DELETE FROM documents WHERE kind = ? AND expires_at <= ?", (self._kind, now)
            )
            return dict(
                connection.execute("SELECT key, body FROM documents WHERE kind = ?", (self._kind,))
            )

        return self._store.submit(work).result()

    async def put(self, key: str, body: str, ttl_s: float = NEVER) -> None:
        """Keep a document for ``ttl_s`` seconds of real time, in place of any earlier one."""
        row = (self._kind, key, body, self._now() + ttl_s)
        await self._store.run(lambda connection: connection.execute(_PUT, row).rowcount)

    def post(self, key: str, body: str) -> None:
        """Keep a document for ever, written soon rather than now."""
        self._store.post(_PUT, (self._kind, key, body, NEVER))

    async def get(self, key: str) -> str | None:
        """Read a document; ``None`` if there is none or its time is over."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT body FROM documents WHERE kind = ? AND key = ? AND expires_at > ?",
                (self._kind, key, now),
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._store.run(work)

    async def take(self, key: str) -> str | None:
        """Read and remove a document in one step, so that only one caller ever gets it."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> str | None:
            rows = connection.execute(
                "DELETE FROM documents WHERE kind = ? AND key = ? RETURNING body, expires_at",
                (self._kind, key),
            ).fetchall()
            return str(rows[0][0]) if rows and rows[0][1] > now else None

        return await self._store.run(work)

    async def delete(self, key: str) -> bool:
        """Remove a document; say whether there was one."""
        parameters = (self._kind, key)
        return await self._store.run(
            lambda connection: (
                connection.execute(
                    "DELETE FROM documents WHERE kind = ? AND key = ?", parameters
                ).rowcount
                > 0
            )
        )

    async def clear(self) -> None:
        """Remove every document of this kind."""
        await self._store.run(
            lambda connection: (
                connection.execute("DELETE FROM documents WHERE kind = ?", (self._kind,)).rowcount
            )
        )
