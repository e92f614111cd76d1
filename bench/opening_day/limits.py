"""Which limit binds first: what the day asked of each, beside what there is."""

from dataclasses import dataclass

from bench.opening_day.issuers import inquiries_per_s
from bench.opening_day.ledger import Ledger
from bench.opening_day.preparation import Preparation
from bench.opening_day.quotas import QUOTAS
from bench.opening_day.structure import Structure

_SOME_ROOM = 1.25
"""What is asked for is a quarter more than what the day needed."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: ``needed`` is what it takes to serve the busiest minute at once.

    As many workers as issuers can answer; more would only wait for the issuers.
    """

    name: str
    needed: float
    available: float
    default: float | None
    unit: str
    remedy: str

    @property
    def load(self) -> float:
        """How much of it was asked for; above 1 people wait for it."""
        return self.needed / self.available

    def binds_at(self, scale: float) -> float:
        """At which scale it binds, left as it is by default, if this was so much asked."""
        return scale * (self.default or self.available) / self.needed

    @property
    def to_ask_for(self) -> int | None:
        """What to ask AWS for, None if the default will do or AWS has no say in it."""
        wanted = self.needed * _SOME_ROOM
        if self.default is None or wanted <= self.default:
            return None
        step: int = 10 ** max(len(str(int(wanted))) - 2, 0)
        return -(-int(wanted) // step) * step


def limits(ledger: Ledger, structure: Structure, prepared: Preparation) -> list[Limit]:
    """Return every limit, the most loaded first."""
    lookups = ledger.peak_per_s("posts")
    asked = ledger.peak_per_s("came")
    found = [_of_issuer(code, max(asked, lookups)) for code in structure.issuers]
    answerable = [min(max(asked, lookups), inquiries_per_s(code)) for code in structure.issuers]
    lanes = sum(answerable) / _messages_per_worker_s(ledger)
    api = ledger.highest("API concurrency")
    money = structure.transfer_lane_concurrency * len(structure.issuers)
    requests = ledger.peak_per_s("requests")
    # Answers are written as fast as lanes bring them, not as fast as people come.
    writes = ledger.peak_per_s("writes") + lookups
    found += [
        _of_quota("lambda_concurrency", lanes + api + money, prepared.lambda_concurrency),
        _of_quota("api_requests_per_s", requests, structure.api_requests_per_s),
        _of_quota("sns_publishes_per_s", max(asked, lookups), prepared.sns_publishes_per_s),
        _of_quota("table_writes_per_s", writes, structure.warm_writes_per_s),
        _of_quota("table_reads_per_s", ledger.peak_per_s("reads"), structure.warm_reads_per_s),
    ]
    return sorted(found, key=lambda limit: limit.load, reverse=True)


def _messages_per_worker_s(ledger: Ledger) -> float:
    """Return what a worker does in a second of the busiest minute, when batches are full."""
    messages, billed_s = ledger.by_minute("messages"), ledger.by_minute("billed_s")
    busiest = int(messages.argmax())
    return float(messages[busiest] / billed_s[busiest])


def _of_issuer(code: str, asked_per_s: float) -> Limit:
    return Limit(
        f"issuer {code}",
        asked_per_s,
        inquiries_per_s(code),
        None,
        "inquiries/s",
        f"agree on a rate with {code}, and set LaneConcurrency to it",
    )


def _of_quota(name: str, needed: float, granted: float | None) -> Limit:
    quota = QUOTAS[name]
    return Limit(name, needed, granted or quota.default, quota.default, quota.unit, quota.remedy)
