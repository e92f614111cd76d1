"""DynamoDB writes under conditions: one item, or all of several or none.

A transaction that meets another on the same item is cancelled with
``TransactionConflict`` though nothing is wrong with it; one whose condition does
not hold says which of its writes it was.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONDITION_FAILED = "ConditionalCheckFailedException"
IN_A_TRANSACTION = "TransactionConflictException"
"""What a single write gets for an item that a transaction is writing."""
_CANCELED = "TransactionCanceledException"
_CONDITION = "ConditionalCheckFailed"
_TRANSIENT = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_TRIES = 6
_FIRST_PAUSE_S = 0.02


class ConditionsFailedError(Exception):
    """A transaction that wrote nothing, because conditions did not hold.

    ``failed`` has the places of those writes in the transaction, each with the
    item as it is, empty if it was not asked for.
    """

    def __init__(self, failed: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(f"conditions failed at {sorted(failed)}")
        self.failed = failed


def error_code(error: ClientError) -> str:
    """Return the code of a service's error."""
    return error.response["Error"]["Code"]


def put_new(dynamodb: "DynamoDBClient", table: str, item: Mapping[str, Any]) -> bool:
    """Write an item that is not there yet; False, and nothing written, if it is."""
    try:
        dynamodb.put_item(
            TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)"
        )
    except ClientError as error:
        if error_code(error) != CONDITION_FAILED:
            raise
        return False
    return True


def put_on_condition(dynamodb: "DynamoDBClient", put: Any) -> bool:  # noqa: ANN401 - a stub's own type
    """Write one item under its condition; False, and nothing written, if that does not hold.

    A transaction that is writing the item is waited for: what came of it decides.

    Raises
    ------
    botocore.exceptions.ClientError
        If the table is busy for longer than a few tries, or the request is wrong.
    """
    try:
        dynamodb.put_item(**put)
    except ClientError as error:
        if error_code(error) == CONDITION_FAILED:
            return False
        if error_code(error) != IN_A_TRANSACTION:
            raise
        try:
            transact(dynamodb, [{"Put": put}])
        except ConditionsFailedError:
            return False
    return True


def transact(
    dynamodb: "DynamoDBClient",
    writes: Sequence[Any],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Write all or nothing.

    Raises
    ------
    ConditionsFailedError
        If a condition does not hold.
    botocore.exceptions.ClientError
        If the table is busy for longer than a few tries, or the request is wrong.
    """
    for attempt in range(_TRIES):
        try:
            dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if error_code(error) != _CANCELED:
                raise
            reasons: list[Any] = error.response.get("CancellationReasons") or []
            codes = {reason.get("Code", "None") for reason in reasons}
            failed = {
                place: reason.get("Item") or {}
                for place, reason in enumerate(reasons)
                if reason.get("Code") == _CONDITION
            }
            if failed:
                raise ConditionsFailedError(failed) from None
            if not codes & _TRANSIENT or attempt == _TRIES - 1:
                raise
            pause(_FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))  # noqa: S311 - spreads retries
        else:
            return
