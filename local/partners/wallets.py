"""What a person has at an issuer at this moment: what they began with, and what moved since.

Balances are told (by the sample file, by chance, by the control interface) and
never written back; redemptions and reversals are movements beside them. So a
balance told anew counts from the moment it was told, and taking that back
brings the old balance with everything that moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.partners.holdings import Standing, spend
from local.partners.people import ci_of, key_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from local.partners.catalogue import Issuer
    from local.partners.people import People
    from local.partners.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS point_movements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    issuer TEXT NOT NULL,
    person_key TEXT NOT NULL,
    point_code TEXT NOT NULL,
    amt INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS point_movements_by_person ON point_movements (person_key, issuer);
CREATE TABLE IF NOT EXISTS point_marks (
    person_key TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) WITHOUT ROWID;
"""

_SPENT = """
SELECT point_code, sum(amt) FROM point_movements
WHERE person_key = :person_key AND issuer = :issuer AND seq > coalesce(
    (SELECT seq FROM point_marks WHERE person_key = :person_key AND :told), 0)
GROUP BY point_code
"""
_MARK = """
INSERT OR REPLACE INTO point_marks
SELECT ?, coalesce(max(seq), 0) FROM point_movements WHERE person_key = ?
"""


class Wallets:
    """What everybody has at every issuer."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        # Most people never redeem anything, and cost no look at the disk.
        self._moved: set[str] = store.submit(
            lambda connection: {
                str(key)
                for (key,) in connection.execute("SELECT DISTINCT person_key FROM point_movements")
            }
        ).result()

    def told(self, ci: str, issuer: Issuer) -> Standing:
        """Return a person's status and balances, movements apart."""
        return self._people.statement(ci, issuer)

    async def read(self, ci: str, issuer: Issuer) -> Standing:
        """Return a person's status and balances as they are now."""
        standing = self._people.statement(ci, issuer)
        person_key = key_of(ci)
        if person_key not in self._moved:
            return standing
        return await self._store.run(
            lambda connection: present(connection, issuer.code, person_key, standing)
        )

    def expect_movement(self, person_key: str) -> None:
        """Note that somebody's points are about to move."""
        self._moved.add(person_key)

    async def count_from_now(self, sub: str) -> None:
        """Let the balances told of a person be those of this moment."""
        person_key = key_of(ci_of(sub))
        await self._store.run(
            lambda connection: connection.execute(_MARK, (person_key, person_key)).rowcount
        )


def present(
    connection: sqlite3.Connection, issuer: str, person_key: str, standing: Standing
) -> Standing:
    """Bring told balances up to date, inside a transaction."""
    asked = {"issuer": issuer, "person_key": person_key, "told": standing.told}
    spent: Mapping[str, int] = dict(connection.execute(_SPENT, asked))
    balances = tuple(
        spend(balance, spent.get(balance.point_code, 0)) for balance in standing.balances
    )
    return standing.model_copy(update={"balances": balances})


def move(
    connection: sqlite3.Connection, issuer: str, person_key: str, amounts: Iterable[tuple[str, int]]
) -> None:
    """Take points away, or give them back where the amount is negative."""
    connection.executemany(
        "INSERT INTO point_movements (issuer, person_key, point_code, amt) VALUES (?, ?, ?, ?)",
        [(issuer, person_key, point_code, amt) for point_code, amt in amounts],
    )
