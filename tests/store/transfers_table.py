"""A Transfers table of a test's own, with the indexes of the deployed one."""

from __future__ import annotations

from uuid import uuid4

from modupoint import aws
from modupoint.due_index import DUE_INDEX
from transfer.transfer_items import BOOK_INDEX


def new_transfers_table() -> str:
    """Make an empty table on the present engine and return its name."""
    name = f"transfers-{uuid4().hex}"
    numbers = {"due_at"}
    attributes = ("pk", "sk", "lane", "due_at", "book")
    aws.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": one, "AttributeType": "N" if one in numbers else "S"}
            for one in attributes
        ],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": DUE_INDEX,
                "KeySchema": _keys("lane", "due_at"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
            {
                "IndexName": BOOK_INDEX,
                "KeySchema": _keys("book", "sk"),
                "Projection": {"ProjectionType": "ALL"},
            },
        ],
    )
    return name


def _keys(hashed: str, sorted_by: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hashed, "KeyType": "HASH"},
        {"AttributeName": sorted_by, "KeyType": "RANGE"},
    ]
