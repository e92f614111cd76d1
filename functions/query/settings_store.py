"""A member's expiry settings in the Members table."""

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from modupoint.accounts import Account, account_of
from modupoint.aws import client
from modupoint.member_table import ACCOUNT_PREFIX, MEMBER, item_key
from modupoint.transactions import ConditionsFailedError, transact
from query.expiry_settings import EXPIRY, ExpirySettings, settings_of, settings_put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient


class Kept(Enum):
    """What came of a choice."""

    YES = auto()
    OVERTAKEN = auto()
    """The row was written meanwhile: the choice is to be made again, on what it is now."""
    NO_AGREEMENT = auto()
    NO_ACCOUNT = auto()


class DynamoSettings:
    """The rows ``EXPIRY`` as a member's own requests read and write them."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def read(self, member: str) -> ExpirySettings:
        """Return a member's row, read from the leader."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=item_key(member, EXPIRY), ConsistentRead=True
        ).get("Item")
        return ExpirySettings(member) if item is None else settings_of(item)

    def read_with_accounts(self, member: str) -> tuple[ExpirySettings, list[Account]]:
        """Return a member's row and accounts, the oldest first, in one query of the leader."""
        items: list[Mapping[str, Any]] = []
        items += self._dynamodb.query(
            TableName=self._table,
            # Besides accounts and row only a year's cash-outs, which are few and small.
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":first": {"S": ACCOUNT_PREFIX},
                ":last": {"S": EXPIRY},
            },
            ConsistentRead=True,
        )["Items"]
        by_sk = {item["sk"]["S"]: item for item in items}
        row = by_sk.get(EXPIRY)
        return (
            ExpirySettings(member) if row is None else settings_of(row),
            [account_of(one) for sk, one in by_sk.items() if sk.startswith(ACCOUNT_PREFIX)],
        )

    def keep(self, settings: ExpirySettings, account_id: str | None) -> Kept:
        """Store a choice if nobody wrote the row meanwhile and the member has agreed (R-M2).

        Parameters
        ----------
        account_id
            An account that the member must have, None for no such need.
        """
        checked = [(MEMBER, "attribute_exists(ci)", Kept.NO_AGREEMENT)]
        if account_id is not None:
            sk = f"{ACCOUNT_PREFIX}{account_id}"
            checked.append((sk, "attribute_exists(pk)", Kept.NO_ACCOUNT))
        checks = [self._check(settings.member, sk, condition) for sk, condition, _ in checked]
        try:
            transact(self._dynamodb, [*checks, {"Put": settings_put(self._table, settings)}])
        except ConditionsFailedError as error:
            refusals = [refusal for _, _, refusal in checked]
            return [*refusals, Kept.OVERTAKEN][min(error.failed)]
        return Kept.YES

    def _check(self, member: str, sk: str, condition: str) -> Any:  # noqa: ANN401 - a stub's own type
        return {
            "ConditionCheck": {
                "TableName": self._table,
                "Key": item_key(member, sk),
                "ConditionExpression": condition,
            }
        }
