"""The sealed CI of members who have agreed, in the Members table."""

from typing import TYPE_CHECKING

from modupoint.aws import client
from modupoint.member_table import MEMBER, item_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class MemberAgreements:
    """The Members table as orders read it."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def sealed_ci(self, member: str) -> bytes | None:
        """Return a member's sealed CI, read from the leader; None without an agreement."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=item_key(member, MEMBER), ConsistentRead=True
        ).get("Item", {})
        return item["ci"]["B"] if "ci" in item else None
