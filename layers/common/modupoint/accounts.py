"""A member's bank account as it is kept and shown.

The number and the holder's name lie sealed; what is shown was masked when the
account was checked.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from modupoint.member_table import ACCOUNT_PREFIX

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Account(NamedTuple):
    """An account whose holder the bank has confirmed (R-T1).

    ``sealed`` holds JSON ``{"number", "holder"}``, bound to the member.
    ``verified_at`` is RFC 3339.
    """

    account_id: str
    bank_code: str
    bank_name: str
    masked_number: str
    holder_name_masked: str
    verified_at: str
    sealed: bytes

    def shown(self) -> dict[str, str]:
        """Return the account as the public API shows it."""
        return {
            "account_id": self.account_id,
            "bank_code": self.bank_code,
            "bank_name": self.bank_name,
            "masked_number": self.masked_number,
            "holder_name_masked": self.holder_name_masked,
            "verified_at": self.verified_at,
        }


def account_item(account: Account) -> dict[str, Any]:
    """Return an account's attributes, without its key."""
    texts = {name: {"S": value} for name, value in account.shown().items() if name != "account_id"}
    return {**texts, "sealed": {"B": account.sealed}}


def account_of(item: Mapping[str, Any]) -> Account:
    """Return the account an item holds."""
    return Account(
        account_id=item["sk"]["S"].removeprefix(ACCOUNT_PREFIX),
        bank_code=item["bank_code"]["S"],
        bank_name=item["bank_name"]["S"],
        masked_number=item["masked_number"]["S"],
        holder_name_masked=item["holder_name_masked"]["S"],
        verified_at=item["verified_at"]["S"],
        sealed=item["sealed"]["B"],
    )


def read_accounts(dynamodb: "DynamoDBClient", members_table: str, member: str) -> list[Account]:
    """Return a member's accounts, the oldest first, read from the leader."""
    items: list[Mapping[str, Any]] = []
    items += dynamodb.query(
        TableName=members_table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :accounts)",
        ExpressionAttributeValues={":pk": {"S": member}, ":accounts": {"S": ACCOUNT_PREFIX}},
        ConsistentRead=True,
    )["Items"]
    return [account_of(item) for item in items]
