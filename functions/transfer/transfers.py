"""Transfers in DynamoDB: submitted in one transaction, read in one query."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from modupoint.clock import real_ms
from modupoint.idempotency import key_sk
from modupoint.ids import LONGEST_ID
from modupoint.member_table import ACCOUNT_PREFIX, MEMBER, item_key
from modupoint.transactions import ConditionsFailedError, transact
from transfer import transfer_items
from transfer.legs import Leg
from transfer.submission_ports import (
    AccountGoneError,
    AlreadyTransferredError,
    ConsentMissingError,
    KeyUsedError,
    UsedKey,
)
from transfer.transfer_items import (
    TRANSFER_PREFIX,
    Item,
    Transfer,
    day_expires,
    day_key,
    is_leg,
    leg_item,
    leg_of,
    transfer_item,
    transfer_of,
    transfer_sk,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A header and eleven legs, each well under a kilobyte, for as many as are asked.
_ITEMS_PER_TRANSFER = 12
_KEY, _CONSENT, _ACCOUNT, _DAY = range(4)


class DynamoTransfers:
    """The Transfers table, and what of the Members table a transfer depends on."""

    def __init__(self, table: str, members_table: str) -> None:
        self._table = table
        self._members_table = members_table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        """Return what a key was used for, read from the leader."""
        item = self._dynamodb.get_item(
            TableName=self._table,
            Key=item_key(member, key_sk(idempotency_key)),
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            return None
        return UsedKey(item["transfer_id"]["S"], item["body_sha256"]["S"])

    def submit(self, transfer: Transfer, legs: list[Leg], day: date) -> None:
        """Store a transfer with all that must hold for it, in one transaction."""
        member = transfer.member
        key = {
            **item_key(member, key_sk(transfer.idempotency_key)),
            "transfer_id": {"S": transfer.transfer_id},
            "body_sha256": {"S": transfer.body_sha256},
            "expires_at": {"N": str(transfer.requested_at_ms // 1000 + transfer_items.KEPT_S)},
        }
        # In the order of the places above; then what no condition can refuse.
        writes: list[Any] = [
            self._new(key),
            self._there(MEMBER, member, "attribute_exists(ci)"),
            self._there(
                f"{ACCOUNT_PREFIX}{transfer.account.account_id}", member, "attribute_exists(pk)"
            ),
            self._day(member, day, legs),
            self._new(transfer_item(transfer)),
            *(self._new(leg_item(leg)) for leg in legs),
            self._counted(member),
        ]
        try:
            transact(self._dynamodb, writes)
        except ConditionsFailedError as error:
            failed = error.failed
            if _KEY in failed:
                raise KeyUsedError from None
            if _CONSENT in failed:
                raise ConsentMissingError from None
            if _ACCOUNT in failed:
                raise AccountGoneError from None
            if _DAY in failed:
                raise AlreadyTransferredError(self._taken(member, day, legs)) from None
            raise

    def read(self, member: str, transfer_id: str) -> tuple[Transfer, list[Leg]] | None:
        """Return a transfer and its legs, read from the leader."""
        if len(transfer_id) > LONGEST_ID:
            return None
        items = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :transfer)",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":transfer": {"S": transfer_sk(transfer_id)},
            },
            ConsistentRead=True,
        )["Items"]
        # The beginning of an id is no id.
        return next((one for one in _whole(items) if one[0].transfer_id == transfer_id), None)

    def page(
        self, member: str, before: str | None, limit: int
    ) -> tuple[list[tuple[Transfer, list[Leg]]], bool]:
        """Return transfers, newest first; ids are UUIDv7, so their order is age."""
        wanted = limit + 1
        items: list[Any] = []
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": member},
                ":first": {"S": TRANSFER_PREFIX},
                # The header sorts directly before its legs: what is below it is older.
                ":last": {"S": transfer_sk(before) if before else f"{TRANSFER_PREFIX}~"},
            },
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Limit": wanted * _ITEMS_PER_TRANSFER,
        }
        found: list[tuple[Transfer, list[Leg]]] = []
        while True:
            answer = self._dynamodb.query(**query)
            items += answer["Items"]
            found = [one for one in _whole(items) if one[0].transfer_id != before]
            if len(found) >= wanted or "LastEvaluatedKey" not in answer:
                return found[:limit], len(found) > limit
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _new(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _there(self, sk: str, member: str, condition: str) -> dict[str, Any]:
        return {
            "ConditionCheck": {
                "TableName": self._members_table,
                "Key": item_key(member, sk),
                "ConditionExpression": condition,
            }
        }

    def _day(self, member: str, day: date, legs: list[Leg]) -> dict[str, Any]:
        names = {f"#i{place}": leg.key.issuer for place, leg in enumerate(legs)}
        values = {f":l{place}": {"S": leg.leg_id} for place, leg in enumerate(legs)}
        sets = [f"#i{place} = :l{place}" for place in range(len(legs))]
        return {
            "Update": {
                "TableName": self._table,
                "Key": day_key(member, day),
                "UpdateExpression": f"SET {', '.join(sets)}, expires_at = :expires",
                "ConditionExpression": " AND ".join(
                    f"attribute_not_exists({name})" for name in names
                ),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {
                    **values,
                    ":expires": day_expires(real_ms() // 1000),
                },
            }
        }

    def _counted(self, member: str) -> dict[str, Any]:
        # Withdrawing the agreement checks that nothing was submitted since it looked
        # (modupoint.money_in_flight).
        return {
            "Update": {
                "TableName": self._table,
                "Key": item_key(member, transfer_items.MEMBER),
                "UpdateExpression": "ADD submissions :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }

    def _taken(self, member: str, day: date, legs: list[Leg]) -> list[str]:
        item = self._dynamodb.get_item(
            TableName=self._table, Key=day_key(member, day), ConsistentRead=True
        ).get("Item", {})
        return [leg.key.issuer for leg in legs if leg.key.issuer in item]


def _whole(items: Iterable[Item]) -> Iterator[tuple[Transfer, list[Leg]]]:
    """Put headers and legs together, in whichever direction they were read."""
    for _, group in groupby(items, key=_transfer_id):
        together = list(group)
        headers = [item for item in together if not is_leg(item)]
        if headers:
            legs = sorted(
                (leg_of(item) for item in together if is_leg(item)),
                key=lambda leg: leg.leg_id,
            )
            yield transfer_of(headers[0]), legs


def _transfer_id(item: Item) -> str:
    sk: str = item["sk"]["S"]
    return sk.removeprefix(TRANSFER_PREFIX).partition("#")[0]
