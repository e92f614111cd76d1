"""A member's accounts in the Members table."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from modupoint.accounts import Account, account_item, read_accounts
from modupoint.aws import client
from modupoint.ids import LONGEST_ID
from modupoint.member_table import ACCOUNT_PREFIX, MEMBER, item_key
from modupoint.transactions import (
    CONDITION_FAILED,
    ConditionsFailedError,
    error_code,
    transact,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAccounts:
    """The accounts of members."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def list(self, member: str) -> list[Account]:
        """Return a member's accounts, the oldest first."""
        return read_accounts(self._dynamodb, self._table, member)

    def add(self, member: str, account: Account) -> bool:
        """Keep an account; False if the member has no agreement under which to keep it."""
        put = {
            "TableName": self._table,
            "Item": {**item_key(member, _sk(account.account_id)), **account_item(account)},
        }
        agreed = {
            "TableName": self._table,
            "Key": item_key(member, MEMBER),
            "ConditionExpression": "attribute_exists(ci)",
        }
        try:
            transact(self._dynamodb, [{"Put": put}, {"ConditionCheck": agreed}])
        except ConditionsFailedError:
            return False
        return True

    def delete(self, member: str, account_id: str) -> bool:
        """Forget an account; False if the member has none of this id."""
        if len(account_id) > LONGEST_ID:
            return False
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=item_key(member, _sk(account_id)),
                ConditionExpression="attribute_exists(pk)",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            return False
        return True


def _sk(account_id: str) -> str:
    return f"{ACCOUNT_PREFIX}{account_id}"
