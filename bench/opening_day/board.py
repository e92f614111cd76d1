"""The lanes' shared rows in simulated time; what they mean is ``query.lanes``' own code.

``query.lane_board`` keeps the same rows in DynamoDB. Here a report is a call, and who
reads them reads them as late as an environment's memory allows: everybody at once, every
five seconds, which is the worst case.
"""

from copy import replace
from dataclasses import dataclass

from query.lane_board import KEPT_MS
from query.lanes import PROBE_LEASE_MS, BatchReport, Lane

EPOCH_MS = 1_000_000_000
"""The opening, in the milliseconds the rules count in; late enough to have a past."""


def as_ms(now_s: float) -> int:
    """Return a moment of the day as the rules count."""
    return EPOCH_MS + round(now_s * 1000)


@dataclass(slots=True)
class _Row:
    true: Lane
    known: Lane


class Board:
    """Every lane's row, as it is and as environments know it."""

    def __init__(self, issuers: tuple[str, ...]) -> None:
        self._rows = {issuer: _Row(Lane(issuer), Lane(issuer)) for issuer in issuers}
        self._read_at_ms = 0
        self.opened = 0
        self.writes = 0

    def refresh(self, now_ms: int) -> bool:
        """Let environments read anew if what they know is too old; True if they did."""
        if now_ms - self._read_at_ms < KEPT_MS:
            return False
        self._read_at_ms = now_ms
        for row in self._rows.values():
            row.known = row.true
        return True

    def known(self) -> dict[str, Lane]:
        """Return every lane as environments know it."""
        return {issuer: row.known for issuer, row in self._rows.items()}

    def known_lane(self, issuer: str) -> Lane:
        """Return one lane as environments know it."""
        return self._rows[issuer].known

    def report(
        self, seen: BatchReport, issuer: str, backlog: int, workers: int, now_ms: int
    ) -> None:
        """Write what a worker saw, if it is news, and open the breaker if it has to."""
        row = self._rows[issuer]
        if not seen.worth_telling(row.known, now_ms, report_every_ms=0):
            return
        self.writes += 1
        row.true = replace(
            row.true,
            backlog=backlog,
            waited_ms=seen.waited_ms,
            drain_per_s=seen.drain_per_s(workers),
            answer_ms=seen.smoothed_answer_ms(row.known),
            seen_at_ms=now_ms,
            workers=workers,
            queued_since_ms=seen.queued_since_ms(row.known, now_ms),
            trouble=row.true.trouble + seen.trouble(row.known),
        )
        if row.true.should_open():
            self.open(issuer, now_ms)

    def open(self, issuer: str, now_ms: int) -> None:
        """Let a lane rest; whoever opens it knows at once."""
        row = self._rows[issuer]
        self.opened += 1
        row.true = replace(
            row.true,
            open_until_ms=now_ms + row.true.next_rest_ms(),
            rests=row.true.rests + 1,
            trouble=0,
            probe_until_ms=0,
        )
        row.known = row.true

    def take_probe(self, issuer: str, now_ms: int) -> bool:
        """Take the lease on the one probe of a lane that has rested."""
        row = self._rows[issuer]
        if row.true.open_until_ms == 0 or row.true.probe_until_ms > now_ms:
            return False
        row.true = replace(row.true, probe_until_ms=now_ms + PROBE_LEASE_MS)
        row.known = row.true
        return True

    def close(self, issuer: str) -> None:
        """Let a lane call its issuer again."""
        row = self._rows[issuer]
        row.true = replace(row.true, open_until_ms=0, rests=0, trouble=0, probe_until_ms=0)
        row.known = row.true
