"""Names for deposits: ten characters of the organisation, ``U``, and nine of ours.

No name may come twice: the bank would answer for the other deposit. Chance does
not promise that, so the nine are a number counted in the operations table, taken
a block at a time (ADR 11).
"""

import secrets
import threading
from typing import TYPE_CHECKING

from modupoint.aws import client
from modupoint.partner_secrets import Secret

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PARTITION = "BANK_TRAN_ID"
_SORT_KEY = "NEXT"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 9
_NAMES = len(_DIGITS) ** _LENGTH
_BLOCK = 100


class CountedBankTranIds:
    """Ids from a counter that all environments share."""

    def __init__(self, operations_table: str, secret: Secret) -> None:
        self._table = operations_table
        self._secret = secret
        self._next = self._end = 0
        self._taking = threading.Lock()

    def next_id(self) -> str:
        """Return a ``bank_tran_id`` that was never given before."""
        with self._taking:
            if self._next == self._end:
                self._end = self._reserve()
                self._next = self._end - _BLOCK
            number, self._next = self._next, self._next + 1
        organisation: str = self._secret.read()["organisation"]
        return f"{organisation}U{_in_base_36(number % _NAMES)}"

    def _reserve(self) -> int:
        dynamodb: DynamoDBClient = client("dynamodb")
        answer = dynamodb.update_item(
            TableName=self._table,
            Key={"pk": {"S": _PARTITION}, "sk": {"S": _SORT_KEY}},
            # A table that starts anew starts elsewhere: the bank may remember the old one.
            UpdateExpression="SET #next = if_not_exists(#next, :start) + :block",
            ExpressionAttributeNames={"#next": "next"},
            ExpressionAttributeValues={
                ":start": {"N": str(secrets.randbelow(_NAMES))},
                ":block": {"N": str(_BLOCK)},
            },
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["next"]["N"])


def _in_base_36(number: int) -> str:
    digits = ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
