"""The journal in the Transfers table, as reconciliation and operators read it."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from modupoint.aws import client
from transfer.legs import LegKey
from transfer.postings import Posting
from transfer.transfer_items import BOOK_INDEX, BOOK_SHARDS, book, posting_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoJournal:
    """Journal entries, by the partner's book they belong to or by their leg."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def postings(self, day: date, partner: str) -> Iterator[Posting]:
        """Give the entries of a partner's book of a day, all shards, all pages.

        An index is a moment behind its table: a day is read when it has been over
        for a while, and again on the two nights after it.
        """
        pages = self._dynamodb.get_paginator("query")
        for shard in range(BOOK_SHARDS):
            for page in pages.paginate(
                TableName=self._table,
                IndexName=BOOK_INDEX,
                KeyConditionExpression="book = :book",
                ExpressionAttributeValues={":book": {"S": book(day, partner, shard)}},
            ):
                yield from map(posting_of, page["Items"])

    def of_leg(self, key: LegKey) -> list[Posting]:
        """Return a leg's entries in the order they were made, read from the leader."""
        items = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :ledger)",
            ExpressionAttributeValues={
                ":pk": {"S": key.member},
                ":ledger": {"S": f"LEDGER#{key.transfer_id}#{key.issuer}#"},
            },
            ConsistentRead=True,
        )["Items"]
        return sorted(map(posting_of, items), key=lambda one: one.posted_at_ms)
