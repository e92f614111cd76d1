"""How the cost grows from a thousand to a hundred million lookups a month.

What a lookup costs falls a little with the rate, since messages begin to come together;
how many come together at which rate is taken from the day that was lived. What stands
still costs as well: alarms, keys, and mappings that ask their empty queues.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bench.cost import SQS_REQUEST
from bench.opening_day.ledger import MINUTE_S, Ledger
from bench.opening_day.money import money
from bench.opening_day.quotas import MAPPING_STARTS_WITH
from bench.opening_day.service_times import ServiceTimes
from bench.opening_day.structure import Structure
from bench.template import ROOT

MONTHLY = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
MONTH_S = 30 * 24 * 3600
BUSY_TIMES_AVERAGE = 5
"""Lookups come in the day's busy hours."""
_LONG_POLL_S = 20
# USD a month (background knowledge).
_ALARM, _KEY, _SECRET = 0.10, 1.00, 0.40
_REQUESTS_PER_LOOKUP = 2.0


@dataclass(frozen=True, slots=True)
class Month:
    """A month of so many lookups: USD by part, and what stands still."""

    lookups: int
    batch_size: float
    by_part: dict[str, float]
    standing: dict[str, float]

    @property
    def per_lookup_usd(self) -> float:
        """What a lookup costs, without what stands still."""
        return sum(self.by_part.values()) / self.lookups

    @property
    def total_usd(self) -> float:
        """All of it."""
        return sum(self.by_part.values()) + sum(self.standing.values())


def growth(day: Ledger, structure: Structure, times: ServiceTimes) -> list[Month]:
    """Return a month of each size, by what was seen in a day."""
    polls = day.total("reads") / max(day.total("posts"), 1)
    standing = standing_usd(structure)
    return [_month(lookups, polls, day, structure, times, standing) for lookups in MONTHLY]


def _month(
    lookups: int,
    polls: float,
    day: Ledger,
    structure: Structure,
    times: ServiceTimes,
    standing: dict[str, float],
) -> Month:
    size = _batch_size(day, lookups / MONTH_S * BUSY_TIMES_AVERAGE)
    messages = lookups * len(structure.issuers)
    batches = messages / size
    wait_s = _worker_s(day, size)
    counted = Ledger()
    for name, count in {
        "requests": lookups * (1 + polls + _REQUESTS_PER_LOOKUP),
        "posts": lookups,
        "reads": lookups * polls,
        "messages": messages,
        "batches": batches,
        "billed_s": batches * wait_s,
        "writes": messages,
    }.items():
        counted.add(name, count, 0.0)
    parts = {name: sum(hours) for name, hours in money(counted, structure, times).by_hour.items()}
    return Month(lookups, size, parts, standing)


def _batch_size(day: Ledger, lookups_per_s: float) -> float:
    """Return how many messages came together in the day's minutes of such a rate."""
    rates, sizes, _ = _minutes(day)
    order = np.argsort(rates)
    # Nobody comes together with nobody.
    return float(np.interp(lookups_per_s, [0.0, *rates[order]], [1.0, *sizes[order]]))


def _worker_s(day: Ledger, size: float) -> float:
    """Return how long the day's batches of such a size took."""
    _, sizes, took_s = _minutes(day)
    order = np.argsort(sizes)
    return float(np.interp(size, sizes[order], took_s[order]))


def _minutes(day: Ledger) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return lookups a second, messages a batch and seconds a batch of each full minute."""
    full = slice(None, -1) if len(day.by_minute("batches")) > 1 else slice(None)
    posts, batches = day.by_minute("posts")[full], day.by_minute("batches")[full]
    seen = batches > 0
    messages, billed_s = day.by_minute("messages")[full], day.by_minute("billed_s")[full]
    per_batch = 1 / batches[seen]
    return posts[seen] / MINUTE_S, messages[seen] * per_batch, billed_s[seen] * per_batch


def standing_usd(structure: Structure, template: Path = ROOT / "template.yaml") -> dict[str, float]:
    """Return what a month costs in which nobody comes: no compute at all."""
    text = template.read_text(encoding="utf-8")
    issuers = len(structure.issuers)
    queues = _made(text, "AWS::Lambda::EventSourceMapping", issuers)
    empty_polls = queues * MAPPING_STARTS_WITH * MONTH_S / _LONG_POLL_S
    return {
        "alarms": _made(text, "AWS::CloudWatch::Alarm", issuers) * _ALARM,
        "keys and secrets": text.count("AWS::KMS::Key\n") * _KEY
        + text.count("AWS::SecretsManager::Secret\n") * _SECRET,
        "empty queues asked": empty_polls * SQS_REQUEST,
    }


def _made(text: str, kind: str, issuers: int) -> int:
    """Return how many resources of a type the template makes, its loops expanded."""
    content: dict[str, Any] = yaml.load(text, _Plain)  # noqa: S506 - a safe one
    found = 0
    for name, resource in content["Resources"].items():
        if not name.startswith("Fn::ForEach"):
            found += resource["Type"] == kind
            continue
        over, body = resource[1], resource[2]
        times = len(over) if isinstance(over, list) else issuers
        found += times * sum(one["Type"] == kind for one in body.values())
    return found


class _Plain(yaml.SafeLoader):
    """YAML whose intrinsic functions do not matter here."""


_Plain.add_multi_constructor("!", lambda _loader, _tag, _node: None)
