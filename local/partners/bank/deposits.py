"""The bank's book of deposits, and the ids it has seen (partner contracts, section 2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from local.partners.bank.codes import DEPOSITED, IN_PROGRESS, NOT_FOUND, REPEATED
from local.partners.late import is_taken_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from local.partners.store import Store

DEPOSIT = "deposit"

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_tran_ids (
    bank_tran_id TEXT NOT NULL,
    bank_tran_date TEXT NOT NULL,
    PRIMARY KEY (bank_tran_id, bank_tran_date)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deposits (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bank_tran_id TEXT NOT NULL,
    bank_tran_date TEXT NOT NULL,
    bank_code_std TEXT NOT NULL,
    account_num TEXT NOT NULL,
    account_holder_name TEXT NOT NULL,
    tran_amt INTEGER NOT NULL,
    print_content TEXT NOT NULL,
    req_client_num TEXT NOT NULL,
    bank_rsp_code TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 1,
    UNIQUE (bank_tran_id, bank_tran_date)
);
CREATE INDEX IF NOT EXISTS deposits_by_account ON deposits (account_num, bank_code_std);
CREATE INDEX IF NOT EXISTS deposits_by_day ON deposits (bank_tran_date, seq);
"""


class DepositOrder(BaseModel):
    """A deposit the bank is asked for; ``bank_tran_date`` is the day it came in."""

    model_config = ConfigDict(frozen=True)

    bank_tran_id: str
    bank_tran_date: str
    bank_code_std: str
    account_num: str
    account_holder_name: str
    tran_amt: int
    print_content: str
    req_client_num: str
    # Two requests under one id are two orders.
    api_tran_id: str

    @property
    def key(self) -> str:
        """What names a deposit for ever."""
        return f"{self.bank_tran_id}/{self.bank_tran_date}"


@dataclass(frozen=True)
class Deposit:
    """A line of the book; ``bank_rsp_code`` is final, 000 if the money came in.

    ``attempts`` counts the requests under its id, all but the first of which
    were told 822.
    """

    seq: int
    bank_tran_id: str
    bank_tran_date: str
    bank_code_std: str
    account_num: str
    account_holder_name: str
    tran_amt: int
    print_content: str
    req_client_num: str
    bank_rsp_code: str
    decided_at: str
    attempts: int

    def public(self) -> dict[str, Any]:
        """Write it for the control interface."""
        return asdict(self)


_COLUMNS = ", ".join(column.name for column in fields(Deposit))
_SELECT = f"SELECT {_COLUMNS} FROM deposits"  # noqa: S608 - our own field names
_INSERT = """
INSERT INTO deposits (bank_tran_id, bank_tran_date, bank_code_std, account_num,
                      account_holder_name, tran_amt, print_content, req_client_num,
                      bank_rsp_code, decided_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Wanted:
    """Which deposits to look at; ``None`` looks at all."""

    bank_code_std: str | None = None
    account_nums: Sequence[str] | None = None
    bank_tran_date: str | None = None
    after: int = 0

    def where(self) -> tuple[str, tuple[object, ...]]:
        """Write it as an SQL condition and its parameters."""
        marks = ", ".join("?" for _ in self.account_nums or ())
        conditions: tuple[tuple[str, Sequence[object] | None], ...] = (
            ("seq > ?", (self.after,)),
            ("bank_code_std = ?", self.bank_code_std and (self.bank_code_std,)),
            ("bank_tran_date = ?", self.bank_tran_date and (self.bank_tran_date,)),
            (f"account_num IN ({marks})", self.account_nums),
        )
        given = [(text, values) for text, values in conditions if values is not None]
        text = " AND ".join(text for text, _ in given)
        return f" WHERE {text}", tuple(value for _, values in given for value in values)


class Deposits:
    """Every deposit the bank was asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, order: DepositOrder, code: str, stamp: str, text: str) -> str:
        """Enter a deposit that an account answers with ``code``.

        Parameters
        ----------
        order
            What was asked.
        code
            The account's answer, which becomes the deposit's.
        stamp
            When, ``YYYYMMDDhhmmss``.
        text
            The order as it may be waiting under the late effects.

        Returns
        -------
        str
            ``code``, or 822 if the id was used that day.
        """
        return await self._store.run(lambda connection: _take(connection, order, code, stamp, text))

    async def use_id(self, bank_tran_id: str, bank_tran_date: str) -> bool:
        """Use an id for something that is no deposit; say whether it was new that day."""
        return await self._store.run(
            lambda connection: _use_id(connection, bank_tran_id, bank_tran_date)
        )

    async def result(self, bank_tran_id: str, bank_tran_date: str) -> tuple[Deposit | None, str]:
        """Return a deposit and its code; without one, 804 if it was taken in, else 701."""

        def work(connection: sqlite3.Connection) -> tuple[Deposit | None, str]:
            found = _find(connection, bank_tran_id, bank_tran_date)
            if found is not None:
                return found, found.bank_rsp_code
            taken_in = is_taken_in(connection, DEPOSIT, f"{bank_tran_id}/{bank_tran_date}")
            return None, IN_PROGRESS if taken_in else NOT_FOUND

        return await self._store.run(work)

    async def select(self, wanted: Wanted, limit: int) -> list[Deposit]:
        """List deposits, oldest first."""
        where, parameters = wanted.where()
        sql = f"{_SELECT}{where} ORDER BY seq LIMIT ?"
        return await self._store.run(
            lambda connection: [
                Deposit(*row) for row in connection.execute(sql, (*parameters, limit))
            ]
        )

    async def balance(self, bank: str, number: str) -> int:
        """Return what has come into an account, in won."""
        return await self._store.run(
            lambda connection: int(
                connection.execute(
                    "SELECT coalesce(sum(tran_amt), 0) FROM deposits"
                    " WHERE bank_code_std = ? AND account_num = ? AND bank_rsp_code = ?",
                    (bank, number, DEPOSITED),
                ).fetchone()[0]
            )
        )


def _find(connection: sqlite3.Connection, bank_tran_id: str, bank_tran_date: str) -> Deposit | None:
    row = connection.execute(
        f"{_SELECT} WHERE bank_tran_id = ? AND bank_tran_date = ?", (bank_tran_id, bank_tran_date)
    ).fetchone()
    return None if row is None else Deposit(*row)


def _use_id(connection: sqlite3.Connection, bank_tran_id: str, bank_tran_date: str) -> bool:
    if is_taken_in(connection, DEPOSIT, f"{bank_tran_id}/{bank_tran_date}"):
        return False
    return _is_new(connection, (bank_tran_id, bank_tran_date))


def _is_new(connection: sqlite3.Connection, named: tuple[str, str]) -> bool:
    """Use an id up, and say whether that was the first time that day."""
    used = connection.execute("INSERT OR IGNORE INTO bank_tran_ids VALUES (?, ?)", named)
    return used.rowcount > 0


def _take(
    connection: sqlite3.Connection, order: DepositOrder, code: str, stamp: str, text: str
) -> str:
    named = (order.bank_tran_id, order.bank_tran_date)
    if is_taken_in(connection, DEPOSIT, order.key, before=text) or not _is_new(connection, named):
        connection.execute(
            "UPDATE deposits SET attempts = attempts + 1"
            " WHERE bank_tran_id = ? AND bank_tran_date = ?",
            named,
        )
        return REPEATED
    asked = order.model_dump(exclude={"api_tran_id"})
    connection.execute(_INSERT, (*asked.values(), code, stamp))
    return code
