"""Erasing what a member has beside agreement and answers (R-M2).

Accounts, expiry settings, planned cash-outs, notices and the markers that they were
told: as many rows as there are, so they go after the transaction that ends the
agreement. Without an agreement nothing puts them back, and erasing twice does no harm.
"""

from collections.abc import Iterator
from itertools import batched
from typing import TYPE_CHECKING, Any

from modupoint.member_table import ACCOUNT_PREFIX, ISSUER_PREFIX, MEMBER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DELETES_PER_CALL = 25

_ERASED = (
    # Accounts, cash-outs, settings: whatever sorts before the answers.
    {":first": ACCOUNT_PREFIX, ":last": ISSUER_PREFIX},
    # Notices and markers: whatever sorts after the member's own item.
    {":first": f"{MEMBER}~", ":last": "~"},
)


def erase_rows(dynamodb: "DynamoDBClient", table: str, member: str) -> None:
    """Delete all rows of a member but agreement and answers."""
    deletes: Iterator[Any] = (
        {"DeleteRequest": {"Key": key}} for key in _keys(dynamodb, table, member)
    )
    for batch in batched(deletes, _DELETES_PER_CALL, strict=False):
        left: Any = {table: list(batch)}
        while left:
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _keys(dynamodb: "DynamoDBClient", table: str, member: str) -> Iterator[Any]:
    for bounds in _ERASED:
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ProjectionExpression="pk, sk",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                **{name: {"S": value} for name, value in bounds.items()},
            },
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]
