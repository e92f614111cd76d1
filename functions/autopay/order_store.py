"""The orders in DynamoDB: a move is one conditional write, or one transaction."""

from typing import TYPE_CHECKING, Any

from autopay.order_items import (
    DUE_INDEX,
    OPERATOR_LANE,
    ORDER_PREFIX,
    lanes,
    order_item,
    order_key,
    order_key_of,
    order_of,
    registration_key,
)
from autopay.orders import FINAL, Order, OrderKey
from autopay.ports import ConsentMissingError, KeyUsedError, OrderOpenError, Saved, UsedKey
from modupoint.aws import client
from modupoint.idempotency import key_sk
from modupoint.member_table import MEMBER, item_key
from modupoint.transactions import ConditionsFailedError, put_on_condition, transact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

_UNMOVED = "#state = :state AND version = :version"
_KEY, _CONSENT, _REGISTRATION = range(3)


class DynamoOrders:
    """The Autopays table, and the agreement that an order depends on."""

    def __init__(self, table: str, members_table: str) -> None:
        self._table = table
        self._members_table = members_table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def read(self, key: OrderKey) -> Order | None:
        """Return an order, read from the leader; None if there is none."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=order_key(key), ConsistentRead=True
        ).get("Item")
        return None if item is None else order_of(item)

    def all(self, member: str) -> list[Order]:
        """Return a member's orders, newest first; ids are UUIDv7, so their order is age."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :orders)",
            ExpressionAttributeValues={":pk": {"S": member}, ":orders": {"S": ORDER_PREFIX}},
            ScanIndexForward=False,
            ConsistentRead=True,
        )
        return [order_of(item) for page in pages for item in page["Items"]]

    def save(self, before: Order, after: Order) -> Saved:
        """Store a move; one that ends the order frees its registration in the same breath."""
        put: Any = {
            "TableName": self._table,
            "Item": order_item(after),
            "ConditionExpression": _UNMOVED,
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {
                ":state": {"S": before.progress.state},
                ":version": {"N": str(before.progress.version)},
            },
        }
        if after.state not in FINAL:
            return Saved.YES if put_on_condition(self._dynamodb, put) else Saved.OVERTAKEN
        freed = {
            "TableName": self._table,
            "Key": registration_key(after.key.member, after.autopay_id),
        }
        try:
            transact(self._dynamodb, [{"Put": put}, {"Delete": freed}])
        except ConditionsFailedError:
            return Saved.OVERTAKEN
        return Saved.YES

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for, read from the leader."""
        item = self._dynamodb.get_item(
            TableName=self._table,
            Key=item_key(member, key_sk(idempotency_key)),
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            return None
        return UsedKey(item["order_id"]["S"], item["body_sha256"]["S"])

    def submit(self, order: Order, idempotency_key: str, body_sha256: str) -> None:
        """Store an order with all that must hold for it, in one transaction."""
        member = order.key.member
        item = order_item(order)
        key = {
            **item_key(member, key_sk(idempotency_key)),
            "order_id": {"S": order.key.order_id},
            "body_sha256": {"S": body_sha256},
            "expires_at": item["expires_at"],
        }
        registration = {
            **registration_key(member, order.autopay_id),
            "order_id": {"S": order.key.order_id},
        }
        agreed = {
            "TableName": self._members_table,
            "Key": item_key(member, MEMBER),
            "ConditionExpression": "attribute_exists(ci)",
        }
        # In the order of the places above; then what no condition can refuse.
        writes: list[Any] = [
            self._new(key),
            {"ConditionCheck": agreed},
            self._new(registration),
            self._new(item),
        ]
        try:
            transact(self._dynamodb, writes)
        except ConditionsFailedError as error:
            if _KEY in error.failed:
                raise KeyUsedError from None
            if _CONSENT in error.failed:
                raise ConsentMissingError from None
            if _REGISTRATION in error.failed:
                raise OrderOpenError from None
            raise

    def due(self, until_ms: int, limit: int) -> list[OrderKey]:
        """Return orders whose time has come, the longest overdue first."""
        found: list[Mapping[str, Any]] = []
        for lane in lanes():
            found += self._dynamodb.query(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="lane = :lane AND due_at <= :until",
                ExpressionAttributeValues={":lane": {"S": lane}, ":until": {"N": str(until_ms)}},
                Limit=limit,
            )["Items"]
        found.sort(key=lambda item: int(item["due_at"]["N"]))
        return [order_key_of(item) for item in found[:limit]]

    def with_operator(self) -> "Iterator[OrderKey]":
        """Give the orders that wait for a person, the longest waiting first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=DUE_INDEX,
            KeyConditionExpression="lane = :lane",
            ExpressionAttributeValues={":lane": {"S": OPERATOR_LANE}},
        )
        for page in pages:
            yield from (order_key_of(item) for item in page["Items"])

    def _new(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
