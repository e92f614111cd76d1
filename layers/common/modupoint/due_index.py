"""The sparse index ``due``: every row with something left to do (architecture decision 8).

A row is in it while it has the attributes ``lane`` (a partition, sharded) and
``due_at`` (business time in ms). It holds keys only: the row says what is to be done.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DUE_INDEX = "due"


def due_in(
    dynamodb: "DynamoDBClient", table: str, lane: str, until_ms: int, limit: int
) -> list[Mapping[str, Any]]:
    """Return keys of a lane's rows whose time has come, the longest overdue first.

    An index is a moment behind its table: what is missed now is found next time.
    """
    found: list[Mapping[str, Any]] = []
    found += dynamodb.query(
        TableName=table,
        IndexName=DUE_INDEX,
        KeyConditionExpression="lane = :lane AND due_at <= :until",
        ExpressionAttributeValues={":lane": {"S": lane}, ":until": {"N": str(until_ms)}},
        Limit=limit,
    )["Items"]
    return found
