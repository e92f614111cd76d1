"""The expiry scan of a running stack from behind: its rows, its schedule and its queues."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from modupoint.ids import made_at_ms, new_id
from modupoint.issuers import ISSUERS
from query.lookup_message import LookupMessage
from query.member_scan import PATIENCE_MS
from tests.stack.workers import workers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.stack.cloud import Cloud

_WAITING: Final = "ApproximateNumberOfMessages"
_TAKEN: Final = "ApproximateNumberOfMessagesNotVisible"
_BATCH = 10
_FUNCTIONS = ("ScanExpiry", "CheckExpiry", "RefreshBalances")


class Depth(NamedTuple):
    """What a queue holds: messages to be had, and those being worked on or put off."""

    waiting: int
    taken: int


@dataclass(frozen=True)
class ScanLanes:
    """The queue of due rows, and the eleven lanes behind it."""

    cloud: Cloud
    stack_name: str
    state_dir: Path
    _sealed: dict[str, bytes] = field(default_factory=dict)

    def waiting(self) -> dict[str, int]:
        """Return how many messages of each issuer's lane are to be had now."""
        return {issuer: self._depth(url).waiting for issuer, url in self._lanes.items()}

    def put_off(self) -> int:
        """Return how many messages of all lanes are being worked on, or were put off."""
        return sum(self._depth(url).taken for url in self._lanes.values())

    def rows_wait(self) -> bool:
        """Say whether rows that were found due still wait for their worker."""
        return self._depth(self._rows) != Depth(0, 0)

    def due_at(self, members: Iterable[str], at_ms: int) -> None:
        """Let the next look at some members be due at a business time."""
        for member in members:
            self.cloud.dynamodb.update_item(
                TableName=self.cloud.outputs["MembersTable"],
                Key={"pk": {"S": member}, "sk": {"S": "EXPIRY"}},
                # A version of its own, so that a worker's write from before does not hold.
                UpdateExpression="SET step = :step, due_at = :due ADD version :one",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":step": {"S": "REFRESH"},
                    ":due": {"N": str(at_ms)},
                    ":one": {"N": "1"},
                },
            )

    def fill(self, issuer: str, members: Sequence[str]) -> None:
        """Send a lane what the scan publishes for some members, ten at a time."""
        for batch in batched(members, _BATCH, strict=False):
            entries: Any = [
                {"Id": str(place), "MessageBody": self._message(member)}
                for place, member in enumerate(batch)
            ]
            self.cloud.sqs.send_message_batch(QueueUrl=self._lanes[issuer], Entries=entries)

    def work(self, *, going: bool) -> None:
        """Let workers take from the eleven lanes, or let none."""
        functions = self.cloud.client("lambda")
        for mapping in self._mappings:
            functions.update_event_source_mapping(UUID=mapping, Enabled=going)

    def one_at_a_time(self) -> None:
        """Let the workers of the eleven lanes take one message instead of ten."""
        functions = self.cloud.client("lambda")
        for mapping in self._mappings:
            functions.update_event_source_mapping(UUID=mapping, BatchSize=1)

    def give_way(self) -> None:
        """Let the scan's processes have only the time that nobody else on this machine wants.

        Environments of Lambda share no processor; here they all share a few.
        """
        for function in _FUNCTIONS:
            for process in workers_of(self.state_dir, f"{self.stack_name}-{function}"):
                with suppress(OSError):
                    for thread in Path(f"/proc/{process}/task").iterdir():
                        os.sched_setscheduler(int(thread.name), os.SCHED_IDLE, os.sched_param(0))

    def find_due(self) -> None:
        """Run the every-minute schedule now."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=f"{self.stack_name}-ScanExpiry", Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()  # noqa: S101 - a broken stack

    def empty(self) -> bool:
        """Throw away what the queues hold; say whether they held nothing."""
        found = [
            url for url in (self._rows, *self._lanes.values()) if self._depth(url) != Depth(0, 0)
        ]
        for url in found:
            self.cloud.sqs.purge_queue(QueueUrl=url)
        return not found

    def _message(self, member: str) -> str:
        if member not in self._sealed:
            self._sealed[member] = self.cloud.sealed_ci(member)
        lookup_id = new_id("lkp")
        due_ms = made_at_ms(lookup_id) + PATIENCE_MS
        return LookupMessage(member, lookup_id, due_ms, self._sealed[member]).to_json()

    @cached_property
    def _mappings(self) -> list[str]:
        answer = self.cloud.client("lambda").list_event_source_mappings(
            FunctionName=f"{self.stack_name}-RefreshBalances"
        )
        found: list[str] = [one["UUID"] for one in answer["EventSourceMappings"]]
        assert len(found) == len(ISSUERS), found  # noqa: S101 - else a lane would stay open
        return found

    @cached_property
    def _lanes(self) -> dict[str, str]:
        return {issuer: self._queue(f"scan-{issuer}") for issuer in ISSUERS}

    @cached_property
    def _rows(self) -> str:
        return self._queue("expiry")

    def _queue(self, name: str) -> str:
        return self.cloud.sqs.get_queue_url(QueueName=f"{self.stack_name}-{name}")["QueueUrl"]

    def _depth(self, url: str) -> Depth:
        answer: Any = self.cloud.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=[_WAITING, _TAKEN]
        )
        return Depth(int(answer["Attributes"][_WAITING]), int(answer["Attributes"][_TAKEN]))
