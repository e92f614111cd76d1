"""The nightly comparison of our journal with every partner's list (R-T8).

A partner's day is done in an order that may break off anywhere: breaks, then what
is owed, then the note that it is done. Repeating it writes nothing twice, moves
no money and closes no break.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from modupoint.aws import error_name
from modupoint.clock import Clock, epoch_ms
from modupoint.telemetry import logger
from transfer.listed_entries import ListError
from transfer.postings import BANK, Posting
from transfer.reconciliation import (
    BookFigures,
    Difference,
    Entry,
    Reconciliation,
    entries_of,
    figures_of,
    reconcile,
)

DAYS = 3
"""Yesterday and the two days before: an effect found out late is posted to its own day."""

RUN_S = 780.0
"""How long pages of lists are asked for; the function has two minutes more."""

BREAKS_AT_MOST = 1_000
"""A list that differs in more than this is wrong as a whole: its run stays unfinished."""


class TooManyDifferencesError(Exception):
    """A list and our journal have next to nothing in common."""


class DayNotOverError(Exception):
    """A day whose lists still grow, which cannot be compared."""


class Journal(Protocol):
    """Our journal."""

    def postings(self, day: date, partner: str) -> Iterable[Posting]:
        """Give the entries of a partner's book of a day."""


class Lists(Protocol):
    """The partners' own lists."""

    def entries(self, partner: str, day: date, ends_s: float) -> Iterable[Entry]:
        """Give a partner's list of a day, whole, or raise ``ListError`` on the way."""


class Breaks(Protocol):
    """The breaks."""

    def open(self, day: date, partner: str, difference: Difference, now_ms: int) -> bool:
        """Open a break; False if there is one of this difference."""

    def count_open(self) -> int:
        """Return how many wait for a person."""


class Settlements(Protocol):
    """What is owed, and what is done."""

    def write(self, day: date, issuer: str, found: Reconciliation, now_ms: int) -> bool:
        """Write what an issuer owes for a day; False if just that is written already."""

    def compared_with(self, day: date, partner: str) -> BookFigures | None:
        """Return our figures that a partner's day was last compared with."""

    def finish(self, day: date, partner: str, found: Reconciliation, now_ms: int) -> None:
        """Note that a partner's day is compared."""


class Ending(StrEnum):
    """How a partner's day ended."""

    COMPARED = "compared"
    UNCHANGED = "unchanged"
    """Compared before, and our journal of that day has not grown since."""
    FAILED = "failed"


class PartnerDay(NamedTuple):
    """What became of comparing one partner's day; ``cause`` says why it failed."""

    day: date
    partner: str
    ending: Ending
    matched: int = 0
    differences: int = 0
    opened: int = 0
    cause: str | None = None


class Reconciler:
    """What the nightly schedule does. ``monotonic`` gives seconds that no clock setting moves."""

    def __init__(
        self,
        journal: Journal,
        lists: Lists,
        breaks: Breaks,
        settlements: Settlements,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journal = journal
        self._lists = lists
        self._breaks = breaks
        self._settlements = settlements
        self._clock = clock
        self._monotonic = monotonic

    def days(self, wanted: date | None) -> list[date]:
        """Return the days to look at: the one wanted, else the last three that are over.

        Raises
        ------
        DayNotOverError
            If the day wanted is today or later.
        """
        today = self._clock().date()
        if wanted is None:
            return [today - timedelta(days=ago) for ago in range(1, DAYS + 1)]
        if wanted >= today:
            raise DayNotOverError(wanted.isoformat())
        return [wanted]

    def run(
        self, partners: Iterable[str], days: list[date], *, again: bool = False
    ) -> list[PartnerDay]:
        """Compare what is not done yet, or with ``again`` everything.

        The partners are asked side by side: one that is slow, broken or silent
        costs the others nothing.
        """
        asked = list(partners)
        ends_s = self._monotonic() + RUN_S

        def all_days(partner: str) -> list[PartnerDay]:
            return [self._tried(day, partner, ends_s, again=again) for day in days]

        with ThreadPoolExecutor(len(asked), thread_name_prefix="reconcile") as pool:
            return [one for found in pool.map(all_days, asked) for one in found]

    def _tried(self, day: date, partner: str, ends_s: float, *, again: bool) -> PartnerDay:
        try:
            done = self._compare(day, partner, ends_s, again=again)
        except Exception as error:  # noqa: BLE001 - the other partners' days are to be compared
            cause = error.cause if isinstance(error, ListError) else error_name(error)
            done = PartnerDay(day, partner, Ending.FAILED, cause=cause)
        log = logger.error if done.ending is Ending.FAILED else logger.info
        log(
            "partner day",
            extra={
                "day": day.isoformat(),
                "partner": partner,
                "ending": done.ending.value,
                "matched": done.matched,
                "differences": done.differences,
                "opened": done.opened,
                "cause": done.cause,
            },
        )
        return done

    def _compare(self, day: date, partner: str, ends_s: float, *, again: bool) -> PartnerDay:
        ours = entries_of(self._journal.postings(day, partner))
        if not again and self._settlements.compared_with(day, partner) == figures_of(ours):
            return PartnerDay(day, partner, Ending.UNCHANGED)
        found = reconcile(ours, self._lists.entries(partner, day, ends_s))
        now_ms = epoch_ms(self._clock())
        opened = sum(
            self._breaks.open(day, partner, one, now_ms)
            for one in found.differences[:BREAKS_AT_MOST]
        )
        if len(found.differences) > BREAKS_AT_MOST:
            raise TooManyDifferencesError
        if partner != BANK:
            self._settlements.write(day, partner, found, now_ms)
        self._settlements.finish(day, partner, found, now_ms)
        return PartnerDay(
            day, partner, Ending.COMPARED, found.matched, len(found.differences), opened
        )
