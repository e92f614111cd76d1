"""Breaks in the Operations table: differences that only a person closes (R-T8).

PK ``BREAK``; SK ``<day>#<partner>#<kind>#<reference>#<cause>``. The key is the
difference itself, so a comparison that is repeated opens nothing twice, and
nothing again that an operator has closed.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from modupoint.aws import client
from modupoint.transactions import CONDITION_FAILED, error_code, put_new
from transfer.postings import Cause
from transfer.reconciliation import Difference, DifferenceKind
from transfer.transfer_items import KEPT_S

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PARTITION = "BREAK"
_OPEN = "OPEN"
_CLOSED = "CLOSED"
_ONLY_OPEN: dict[str, Any] = {
    "FilterExpression": "#state = :open",
    "ExpressionAttributeNames": {"#state": "state"},
}


class Break(NamedTuple):
    """A difference that was found, and what a person made of it. Times are business time in ms."""

    break_id: str
    day: date
    partner: str
    difference: Difference
    opened_at_ms: int
    closed_at_ms: int | None = None
    closed_by: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.closed_at_ms is None


class Closing(Enum):
    """How closing a break ended."""

    CLOSED = auto()
    NOT_OPEN = auto()
    """Somebody has closed it before; theirs holds."""
    NOT_FOUND = auto()


class DynamoBreaks:
    """The breaks of all days and partners."""

    def __init__(self, operations_table: str) -> None:
        self._table = operations_table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def open(self, day: date, partner: str, difference: Difference, now_ms: int) -> bool:
        """Open a break; False if there is one of this difference, open or closed."""
        item = {
            **_key(_break_id(day, partner, difference)),
            "day": {"S": day.isoformat()},
            "partner": {"S": partner},
            "kind": {"S": difference.kind},
            "cause": {"S": difference.cause},
            "reference": {"S": difference.reference},
            "ours": {"S": json.dumps(difference.ours)},
            "theirs": {"S": json.dumps(difference.theirs)},
            "state": {"S": _OPEN},
            "opened_at": {"N": str(now_ms)},
        }
        return put_new(self._dynamodb, self._table, item)

    def list(self, *, closed_too: bool = False) -> Iterator[Break]:
        """Give the open breaks, or all, the oldest day first."""
        for page in self._pages(_filter(closed_too=closed_too)):
            yield from map(_break_of, page["Items"])

    def count_open(self) -> int:
        """Return how many breaks wait for a person."""
        pages = self._pages({**_filter(closed_too=False), "Select": "COUNT"})
        return sum(page["Count"] for page in pages)

    def close(self, break_id: str, reason: str, who: str, now_ms: int) -> Closing:
        """Close an open break, with the reason and who says so."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(break_id),
                UpdateExpression=(
                    "SET #state = :closed, closed_at = :now, closed_by = :who, reason = :reason,"
                    " expires_at = :expires"
                ),
                ConditionExpression="#state = :open",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":open": {"S": _OPEN},
                    ":closed": {"S": _CLOSED},
                    ":now": {"N": str(now_ms)},
                    ":who": {"S": who},
                    ":reason": {"S": reason},
                    ":expires": {"N": str(now_ms // 1000 + KEPT_S)},
                },
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            found = self._dynamodb.get_item(
                TableName=self._table, Key=_key(break_id), ConsistentRead=True
            )
            return Closing.NOT_OPEN if "Item" in found else Closing.NOT_FOUND
        return Closing.CLOSED

    def _pages(self, narrowed: Mapping[str, Any]) -> Iterator[Any]:
        values = {":pk": {"S": _PARTITION}, **narrowed.get("ExpressionAttributeValues", {})}
        query: dict[str, Any] = {
            **narrowed,
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
        }
        yield from self._dynamodb.get_paginator("query").paginate(**query)


def _filter(*, closed_too: bool) -> dict[str, Any]:
    if closed_too:
        return {}
    return {**_ONLY_OPEN, "ExpressionAttributeValues": {":open": {"S": _OPEN}}}


def _break_id(day: date, partner: str, difference: Difference) -> str:
    about = f"{difference.kind}#{difference.reference}#{difference.cause}"
    return f"{day.isoformat()}#{partner}#{about}"


def _break_of(item: Mapping[str, Any]) -> Break:
    return Break(
        break_id=item["sk"]["S"],
        day=date.fromisoformat(item["day"]["S"]),
        partner=item["partner"]["S"],
        difference=Difference(
            DifferenceKind(item["kind"]["S"]),
            Cause(item["cause"]["S"]),
            item["reference"]["S"],
            tuple(json.loads(item["ours"]["S"])),
            tuple(json.loads(item["theirs"]["S"])),
        ),
        opened_at_ms=int(item["opened_at"]["N"]),
        closed_at_ms=int(item["closed_at"]["N"]) if "closed_at" in item else None,
        closed_by=item["closed_by"]["S"] if "closed_by" in item else None,
        reason=item["reason"]["S"] if "reason" in item else None,
    )


def _key(break_id: str) -> dict[str, Any]:
    return {"pk": {"S": _PARTITION}, "sk": {"S": break_id}}
