"""The lanes of a running stack: opened, shut, and what is known of their workers."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from modupoint.issuers import ISSUERS
from query.lanes import LANE_BATCH_SIZE
from tests.stack.cloud import Cloud
from tests.stack.partners import Partners
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

    from tests.stack.bring_up import Stack

WORKER = "AskIssuer"
_LOOK_EVERY_S = 0.5
_DURATION_MS = re.compile(r"^REPORT .*?\tDuration: ([0-9.]+) ms")


@dataclass(frozen=True, slots=True)
class Invocation:
    """A worker's invocation as Lambda reported it; seconds of the Unix epoch."""

    began_s: float
    ended_s: float

    @property
    def took_s(self) -> float:
        """How long the worker was busy."""
        return self.ended_s - self.began_s


class Lanes:
    """All lanes of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._cloud = Cloud(stack)
        self._partners = Partners.at(stack.partners_url)
        self._lambda: LambdaClient = self._cloud.client("lambda")
        self._group = f"/aws/lambda/{stack.stack_name}-{WORKER}"

    @cached_property
    def _mappings(self) -> dict[str, Mapping[str, Any]]:
        found = self._lambda.list_event_source_mappings()["EventSourceMappings"]
        mappings: list[Mapping[str, Any]] = [*found]
        by_queue = {str(one["EventSourceArn"]): one for one in mappings}
        return {
            code: next(one for queue, one in by_queue.items() if queue.endswith(f"-lookup-{code}"))
            for code in ISSUERS
        }

    def shut(self) -> None:
        """Let messages wait in every lane."""
        for code in ISSUERS:
            self._lambda.update_event_source_mapping(UUID=self._id(code), Enabled=False)

    def open(self, issuers: Iterable[str] = ISSUERS, batch_size: int = LANE_BATCH_SIZE) -> None:
        """Let workers take messages, so many at once at most."""
        for code in issuers:
            self._lambda.update_event_source_mapping(
                UUID=self._id(code), BatchSize=batch_size, Enabled=True
            )

    def let_answer_in(self, seconds: float) -> None:
        """Let every issuer answer after so long, always the same."""
        for code in ISSUERS:
            self._partners.fault(code, latency_ms=round(seconds * 1000))

    def calls(self) -> int:
        """Return how many calls the partners have had."""
        return self._partners.last_call()

    def until_called(self, calls: int) -> None:
        """Wait until the partners have had so many calls; asking them leaves the stack alone."""
        eventually(lambda: self.calls() >= calls, f"call {calls}", every_s=_LOOK_EVERY_S)

    def most_asked_at_once(self, issuer: str, after_call: int) -> int:
        """Return how many inquiries an issuer had open at once, at most."""
        found = self._partners.calls(
            partner=f"issuers/{issuer}", operation="inquiry", since=after_call
        )
        begins_s = [datetime.fromisoformat(one["received_at"]).timestamp() for one in found]
        return most_at_once(
            [
                Invocation(begin, begin + one["took_ms"] / 1000)
                for begin, one in zip(begins_s, found, strict=True)
            ]
        )

    def invocations_since(self, moment_s: float) -> list[Invocation]:
        """Return the workers' invocations since a moment; waits until there is one.

        Reading logs is work for the stack: look when what is measured is over.
        """
        return eventually(
            lambda: self._reported_since(moment_s) or None,
            "an invocation's report",
            every_s=_LOOK_EVERY_S,
        )

    def _reported_since(self, moment_s: float) -> list[Invocation]:
        pages = self._cloud.logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._group, startTime=int(moment_s * 1000), filterPattern="REPORT"
        )
        found = [reported(event) for page in pages for event in page["events"]]
        return [one for one in found if one is not None and one.began_s >= moment_s]

    def _id(self, issuer: str) -> str:
        return str(self._mappings[issuer]["UUID"])


def most_at_once(invocations: Sequence[Invocation]) -> int:
    """Return how many of some invocations went on at the same time, at most."""
    moments = sorted(
        [(one.began_s, 1) for one in invocations] + [(one.ended_s, -1) for one in invocations]
    )
    return max(accumulate(change for _, change in moments), default=0)


def now_s() -> float:
    """Return the time that logs are in."""
    return time.time()


def reported(event: FilteredLogEventTypeDef) -> Invocation | None:
    """Return the invocation that a line of a log reports, None if it reports none."""
    took = _DURATION_MS.search(event["message"])
    if took is None:
        return None
    ended_s = event["timestamp"] / 1000
    return Invocation(ended_s - float(took[1]) / 1000, ended_s)
