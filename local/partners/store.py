"""The one SQLite file in which all partners keep what must outlive a restart.

A single thread owns the connection and commits whatever has queued up as one
transaction. The event loop therefore never waits for the disk, a burst of
writes costs one commit, and no two writers can ever meet.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import queue
import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

LOG = logging.getLogger(__name__)

# A batch is bounded so that one caller's answer never waits for a whole backlog.
BATCH_LIMIT = 500


class StateInUseError(RuntimeError):
    """Another process already keeps its state in this directory."""


@dataclass
class _Job[T]:
    """One piece of work for the thread that owns the connection."""

    work: Callable[[sqlite3.Connection], T]
    done: Future[T] = field(default_factory=Future)

    def attempt(self, connection: sqlite3.Connection) -> Callable[[], None]:
        """Do the work in a savepoint; return what tells the caller, after the commit."""
        connection.execute("SAVEPOINT job")
        try:
            result = self.work(connection)
        except Exception as error:  # noqa: BLE001 - handed on to whoever asked for the work
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            return partial(self.done.set_exception, error)
        connection.execute("RELEASE job")
        return partial(self.done.set_result, result)

    def fail(self, error: BaseException) -> None:
        """Tell the caller that the transaction as a whole did not commit."""
        self.done.set_exception(error)


class Store:
    """Durable state, written by one thread.

    Parameters
    ----------
    directory
        Where ``partners.sqlite3`` lives; made if absent.
    schemas
        One idempotent script per module that keeps tables of its own.

    Raises
    ------
    StateInUseError
        If another process holds the directory: two sets of partners over one
        file would each believe their own memory.
    """

    def __init__(self, directory: Path, schemas: Iterable[str]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = (directory / "partners.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StateInUseError(f"another process keeps its partners in {directory}") from None
        self._connection = sqlite3.connect(
            directory / "partners.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL loses nothing when the process dies, only when the machine does.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        for schema in schemas:
            self._connection.executescript(schema)
        self._jobs: queue.SimpleQueue[_Job[object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="partner-store", daemon=True)
        self._thread.start()

    def submit[T](self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue work, done atomically and in the order it was queued.

        Returns
        -------
        Future
            Resolved once the work is committed.
        """
        job = _Job(work)
        # The queue holds jobs of every result type; each future keeps its own.
        self._jobs.put(job)  # type: ignore[arg-type]
        return job.done

    async def run[T](self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work and wait, without holding the event loop, until it is committed."""
        return await asyncio.wrap_future(self.submit(work))

    def post(self, statement: str, parameters: tuple[object, ...]) -> None:
        """Write soon: for records nobody's answer depends on."""
        written = self.submit(lambda connection: connection.execute(statement, parameters).rowcount)
        written.add_done_callback(_log_failure)

    def close(self) -> None:
        """Commit what is queued and let go of the file."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()
        self._lock.close()

    def _serve(self) -> None:
        stopping = False
        while not stopping:
            batch: list[_Job[object]] = []
            job = self._jobs.get()
            while job is not None:
                if job.done.set_running_or_notify_cancel():
                    batch.append(job)
                if self._jobs.empty() or len(batch) >= BATCH_LIMIT:
                    break
                job = self._jobs.get()
            else:
                stopping = True
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Job[object]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            tell = [job.attempt(self._connection) for job in batch]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            for job in batch:
                job.fail(error)
            return
        for told in tell:
            told()


def _log_failure(written: Future[int]) -> None:
    if not written.cancelled() and (error := written.exception()) is not None:
        LOG.error("a record was not written", exc_info=error)
