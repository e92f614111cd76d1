"""The legs in DynamoDB: a move is one conditional write, or one transaction."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from modupoint.clock import real_ms
from modupoint.transactions import ConditionsFailedError, put_on_condition, transact
from transfer.legs import Leg, LegKey
from transfer.ports import Saved
from transfer.postings import Posting
from transfer.transfer_items import (
    DUE_INDEX,
    OPERATOR_LANE,
    day_expires,
    day_key,
    lanes_of,
    leg_item,
    leg_key,
    leg_key_of,
    leg_of,
    posting_item,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_UNMOVED = "#state = :state AND version = :version"


class DynamoLegs:
    """The legs of the Transfers table."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def read(self, key: LegKey) -> Leg | None:
        """Return a leg, read from the leader; None if there is none."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=leg_key(key), ConsistentRead=True
        ).get("Item")
        return None if item is None else leg_of(item)

    def save(
        self,
        before: Leg,
        after: Leg,
        *,
        posting: Posting | None = None,
        hold: date | None = None,
        release: date | None = None,
    ) -> Saved:
        """Store a move: the leg if nobody moved it, with posting and day in the same breath."""
        put = {
            "TableName": self._table,
            "Item": leg_item(after),
            "ConditionExpression": _UNMOVED,
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {
                ":state": {"S": before.progress.state},
                ":version": {"N": str(before.progress.version)},
            },
        }
        others = [
            *([self._posted(posting)] if posting else []),
            *([self._held(after, hold)] if hold else []),
            *([self._released(after, release)] if release else []),
        ]
        if others:
            return self._transact([{"Put": put}, *others])
        return Saved.YES if put_on_condition(self._dynamodb, put) else Saved.OVERTAKEN

    def due(self, issuer: str, until_ms: int, limit: int) -> list[LegKey]:
        """Return legs of an issuer whose time has come, the longest overdue first.

        An index is a moment behind its table: what is missed now is found next time.
        """
        found: list[Any] = []
        for lane in lanes_of(issuer):
            found += self._dynamodb.query(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="lane = :lane AND due_at <= :until",
                ExpressionAttributeValues={":lane": {"S": lane}, ":until": {"N": str(until_ms)}},
                Limit=limit,
            )["Items"]
        found.sort(key=lambda item: int(item["due_at"]["N"]))
        return [leg_key_of(item) for item in found[:limit]]

    def with_operator(self) -> Iterator[LegKey]:
        """Give the legs that wait for a person, the longest waiting first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=DUE_INDEX,
            KeyConditionExpression="lane = :lane",
            ExpressionAttributeValues={":lane": {"S": OPERATOR_LANE}},
        )
        for page in pages:
            yield from (leg_key_of(item) for item in page["Items"])

    def _transact(self, writes: list[Any]) -> Saved:
        try:
            transact(self._dynamodb, writes)
        except ConditionsFailedError as error:
            if 0 in error.failed:
                return Saved.OVERTAKEN
            if "Update" in writes[min(error.failed)]:
                return Saved.DAY_TAKEN
            # A journal entry without its move cannot be: stop, and let a person see it.
            raise
        return Saved.YES

    def _posted(self, posting: Posting) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table,
                "Item": posting_item(posting),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _held(self, leg: Leg, day: date) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": day_key(leg.key.member, day),
                "UpdateExpression": (
                    "SET #issuer = :leg, expires_at = if_not_exists(expires_at, :expires)"
                ),
                "ConditionExpression": "attribute_not_exists(#issuer)",
                "ExpressionAttributeNames": {"#issuer": leg.key.issuer},
                "ExpressionAttributeValues": {
                    ":leg": {"S": leg.leg_id},
                    ":expires": day_expires(real_ms() // 1000),
                },
            }
        }

    def _released(self, leg: Leg, day: date) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": day_key(leg.key.member, day),
                "UpdateExpression": "REMOVE #issuer",
                "ExpressionAttributeNames": {"#issuer": leg.key.issuer},
            }
        }
