"""A lookup's price in the day and in the bench: the same counts cost the same."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

import pytest

from bench.cost import Invocation
from bench.lookup_cost import LANES, LookupCost, lookup_alone, lookup_in_rush
from bench.opening_day.ledger import Ledger
from bench.opening_day.money import money
from tests.opening_day.short_days import TIMES, structure

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKUPS = 1_000
DEPLOYED = structure()


def called(service: str, action: str, **more: Any) -> dict[str, Any]:
    return {"service": service, "action": action, "request": {}, "turn": None, **more}


def asked(messages: int) -> Invocation:
    partner = {"service": "partner", "action": "POST", "request": {"url": "http://x/issuers/kb"}}
    calls = [
        {**call, "turn": turn}
        for turn in range(messages)
        for call in (partner, called("dynamodb", "UpdateItem"))
    ]
    return Invocation(calls, 1.0 + 3.0 * messages, DEPLOYED.worker_memory_mb, over_http=False)


def over_http(*calls: dict[str, Any]) -> Invocation:
    return Invocation(list(calls), 5.0, DEPLOYED.api_memory_mb, over_http=True)


OPERATIONS = {
    "RequestLookup": over_http(called("dynamodb", "UpdateItem"), called("sns", "Publish")),
    # Eleven answers and the member's item.
    "ReadLookup": over_http(called("dynamodb", "Query", items=[{"text": {"S": "x" * 6_000}}])),
    "AskIssuer 1 message": asked(1),
    "AskIssuer 10 messages": asked(10),
}


@pytest.mark.parametrize(
    ("priced", "together"), [(lookup_alone, 1), (lookup_in_rush, 10)], ids=["alone", "rush"]
)
def test_the_day_and_the_bench_price_the_same_counts_alike(
    priced: Callable[[dict[str, Invocation]], LookupCost], together: int
) -> None:
    alike = priced(OPERATIONS)
    worker_s = asked(together).billed_s
    times = replace(
        TIMES,
        post_s=OPERATIONS["RequestLookup"].billed_s,
        read_s=OPERATIONS["ReadLookup"].billed_s,
    )
    batches = LOOKUPS * LANES / together
    ledger = Ledger()
    for name, count in {
        # The two requests before a lookup are the day's, not the lookup's.
        "requests": LOOKUPS * (1 + alike.polls),
        "posts": LOOKUPS,
        "reads": LOOKUPS * alike.polls,
        "messages": LOOKUPS * LANES,
        "batches": batches,
        "billed_s": batches * worker_s,
        "writes": LOOKUPS * LANES,
    }.items():
        ledger.add(name, count, 0.0)
    day_usd = money(ledger, DEPLOYED, times).total_usd / LOOKUPS
    # What is known of the lanes, and reports of them, are the bench's alone.
    assert day_usd == pytest.approx(alike.usd, rel=0.03)
    assert day_usd < alike.usd
