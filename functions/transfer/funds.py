"""What a member has that a transfer needs, in one query of the Members table."""

import json
from typing import TYPE_CHECKING, Any

from modupoint.accounts import account_of
from modupoint.aws import client
from modupoint.member_table import ACCOUNT_PREFIX, ISSUER_PREFIX, MEMBER
from transfer.submission_ports import Funds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient


class MembersFunds:
    """The Members table as transfers read it."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def read(self, member: str) -> Funds:
        """Return agreement, accounts and last known cashable points, from the leader."""
        items: list[Mapping[str, Any]] = []
        items += self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":first": {"S": ACCOUNT_PREFIX},
                ":last": {"S": MEMBER},
            },
            ConsistentRead=True,
        )["Items"]
        by_sk = {item["sk"]["S"]: item for item in items}
        accounts = [account_of(one) for sk, one in by_sk.items() if sk.startswith(ACCOUNT_PREFIX)]
        return Funds(
            sealed_ci=by_sk.get(MEMBER, {}).get("ci", {}).get("B"),
            accounts={account.account_id: account for account in accounts},
            cashable={
                sk.removeprefix(ISSUER_PREFIX): _cashable(json.loads(item["balances"]["S"]))
                for sk, item in by_sk.items()
                if sk.startswith(ISSUER_PREFIX) and "balances" in item
            },
        )


def _cashable(balances: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return codes and amounts; what is not transferable (R-P3, R-P4) was stored as 0."""
    return [(one["code"], one["transferable"]) for one in balances if one["cashable"]]
