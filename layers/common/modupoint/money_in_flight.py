"""Whether a member's money is in flight: withdrawal of the agreement waits for it (R-M2).

The Transfers table belongs to the transfer context; this is what it promises to
others: an open leg has the attribute ``lane``, and ``submissions`` of the item
``MEMBER`` grows with each transfer.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from modupoint.member_table import item_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_COUNTER = "MEMBER"
_TRANSFERS = "TRANSFER#"


class MoneyInFlightError(Exception):
    """A leg of the member is neither final nor given up."""


class MoneyInFlight:
    """The Transfers table, as far as withdrawals need it."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def none_since(self, member: str) -> dict[str, Any]:
        """Return a check for a transaction: nothing was submitted since this was asked.

        Raises
        ------
        MoneyInFlightError
            If a leg is open.
        """
        # The counter first: what is submitted after it makes the check fail.
        counter = self._dynamodb.get_item(
            TableName=self._table, Key=item_key(member, _COUNTER), ConsistentRead=True
        ).get("Item")
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :transfers)",
            FilterExpression="attribute_exists(lane)",
            ExpressionAttributeValues={":pk": {"S": member}, ":transfers": {"S": _TRANSFERS}},
            ConsistentRead=True,
        )
        if any(page["Items"] for page in pages):
            raise MoneyInFlightError
        return {
            "ConditionCheck": {
                "TableName": self._table,
                "Key": item_key(member, _COUNTER),
                **_unchanged(counter),
            }
        }


def _unchanged(counter: Mapping[str, Any] | None) -> dict[str, Any]:
    if counter is None:
        return {"ConditionExpression": "attribute_not_exists(submissions)"}
    return {
        "ConditionExpression": "submissions = :seen",
        "ExpressionAttributeValues": {":seen": counter["submissions"]},
    }
