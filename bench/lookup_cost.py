"""What a lookup of eleven issuers costs, each of which answers in 300 ms, and its parts.

Counted is what a lookup itself takes, from ``POST /v1/lookups`` to the page's last poll:
signing in, the agreement and the page are not a lookup's. *Alone*, each lane's message comes
to a warm worker at once, and each invocation finds what it knows of the lanes too old.
*In the rush*, each worker takes ten messages at once, and a message waits for the batch
before its own; what is known of the lanes is shared, and each environment reports now
and then.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from bench.cost import (
    QUEUE_REQUESTS_PER_BATCH,
    READ_UNIT,
    SQS_REQUEST,
    WRITE_UNIT,
    Invocation,
    Parts,
    added,
    times,
)
from bench.opening_day.service_times import DISPATCH_S, NETWORK_S, PUBLISH_S
from modupoint.issuers import ISSUERS
from query.lane_board import REPORT_EVERY_MS
from query.lanes import LANE_BATCH_SIZE
from query.lookups import POLL_SPREAD, poll_aim_ms

LANES = len(ISSUERS)
ONE = "AskIssuer 1 message"
TEN = f"AskIssuer {LANE_BATCH_SIZE} messages"
POST = "RequestLookup"
POLL = "ReadLookup"

_BOARD_READ: Parts = {"DynamoDB reads": READ_UNIT / 2}
"""The lanes' rows are small and read eventually consistent."""
_REPORT: Parts = {"DynamoDB writes": WRITE_UNIT, "SNS and SQS": SQS_REQUEST}
"""A report asks the queue how long it is and writes the lane's row."""
_SOONEST_S = 1
"""The wait shown for a lane without a backlog, in whole seconds."""
_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class LookupCost:
    """A lookup's price in USD, by what AWS bills.

    ``polls`` is how often the page asks after its submission, ``all_cards_s`` when the
    last answer is there.
    """

    parts: Parts
    polls: float
    all_cards_s: float

    @property
    def usd(self) -> float:
        """All parts together."""
        return sum(self.parts.values())


def lookup_alone(operations: Mapping[str, Invocation]) -> LookupCost:
    """Price a lookup whose messages come one at a time.

    Parameters
    ----------
    operations
        ``RequestLookup``, ``ReadLookup`` and ``AskIssuer 1 message``.
    """
    worker = operations[ONE]
    all_cards_s = PUBLISH_S + DISPATCH_S + worker.billed_s
    asked = polls(all_cards_s)
    parts = added(
        operations[POST].parts(),
        times(asked, operations[POLL].parts()),
        times(LANES, added(worker.parts(), _received())),
        times(1 + asked + LANES, _BOARD_READ),
    )
    return LookupCost(parts, asked, all_cards_s)


def lookup_in_rush(operations: Mapping[str, Invocation]) -> LookupCost:
    """Price a lookup whose messages come together with those of nine others.

    Parameters
    ----------
    operations
        ``RequestLookup``, ``ReadLookup`` and ``AskIssuer 10 messages``.
    """
    worker = operations[TEN]
    all_cards_s = PUBLISH_S + DISPATCH_S + 2 * worker.billed_s
    asked = polls(all_cards_s)
    reports_per_batch = min(worker.billed_s * 1000 / REPORT_EVERY_MS, 1)
    batch = added(worker.parts(), _received(), times(reports_per_batch, _REPORT))
    parts = added(
        operations[POST].parts(),
        times(asked, operations[POLL].parts()),
        times(LANES / LANE_BATCH_SIZE, batch),
    )
    return LookupCost(parts, asked, all_cards_s)


def polls(all_cards_s: float) -> float:
    """Return how often a page asks until all cards are there, on average over many pages.

    The pace is the server's own (``query.lookups``); the page keeps to it.
    """
    draw = random.Random(1)  # noqa: S311 - pages, not secrets
    return sum(_polls_of_a_page(all_cards_s, draw) for _ in range(_PAGES)) / _PAGES


def _polls_of_a_page(all_cards_s: float, draw: random.Random) -> int:
    waited_s, asked = 0.0, 0
    while waited_s < all_cards_s:
        pause_ms = poll_aim_ms(_SOONEST_S, int(waited_s * 1000)) * draw.uniform(*POLL_SPREAD)
        waited_s += pause_ms / 1000 + NETWORK_S
        asked += 1
    return asked


def _received() -> Parts:
    return {"SNS and SQS": QUEUE_REQUESTS_PER_BATCH * SQS_REQUEST}
