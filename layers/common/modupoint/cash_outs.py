"""What came of a standing cash-out that was handed over to transfer (R-E3).

The Transfers table belongs to the transfer context; this is what it promises to
others. A hand-over's key has one record, which holds either the transfer it made or
the refusal it met: whichever is written first stays, so no message that is repeated,
redriven or late can make a second cash-out, or one that was given up. An open leg
has the attribute ``lane``; one without has ended in its ``state``.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from modupoint.aws import client
from modupoint.idempotency import LONGEST_KEY, key_sk
from modupoint.member_table import item_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOO_LATE = "too_late"
"""The refusal of a hand-over past its last day; the others are codes of problems."""

_NAMESPACE = "standing-cash-out/".ljust(LONGEST_KEY, "/")


class Course(StrEnum):
    """Where a hand-over stands."""

    PENDING = "PENDING"
    """Nothing has come of it yet: it waits, or was lost and may be sent again."""
    REFUSED = "REFUSED"
    """No transfer was made, and none will be under this key."""
    MOVING = "MOVING"
    """Accepted; cannot be undone, and has not ended."""
    DEPOSITED = "DEPOSITED"
    FAILED = "FAILED"
    """The issuer took no points."""
    REVERSED = "REVERSED"
    """The bank refused the deposit; the points went back."""


POINTS_ARE_THE_MEMBERS = frozenset({Course.REFUSED, Course.FAILED, Course.REVERSED})
"""Where a further attempt can take nothing twice."""

_ENDED = {str(course): course for course in (Course.DEPOSITED, Course.FAILED, Course.REVERSED)}


class CashOutOutcome(NamedTuple):
    """What came of a hand-over.

    ``reason`` is the code of the refusal, or why points were not taken or went back
    (``modupoint.leg_failures``). ``amount`` is KRW; times are business time in ms.
    What is not known yet is None.
    """

    course: Course
    reason: str | None = None
    transfer_id: str | None = None
    amount: int | None = None
    promised_at_ms: int | None = None
    deposited_at_ms: int | None = None


def submission_key(key: str) -> str:
    """Return the idempotency key under which a hand-over is submitted.

    Longer than that of any request (public API), so no member's own transfer has it.
    """
    return f"{_NAMESPACE}{key}"


class CashOuts:
    """The Transfers table, as far as standing cash-outs need it."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def outcome(self, member: str, key: str) -> CashOutOutcome:
        """Return what came of a member's hand-over, read from the leader."""
        record = self._dynamodb.get_item(
            TableName=self._table,
            Key=item_key(member, key_sk(submission_key(key))),
            ConsistentRead=True,
        ).get("Item")
        if record is None:
            return CashOutOutcome(Course.PENDING)
        if "refused" in record:
            return CashOutOutcome(Course.REFUSED, record["refused"]["S"])
        transfer_id = record["transfer_id"]["S"]
        # A hand-over is of one issuer, so its transfer has one leg.
        [leg] = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :legs)",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":legs": {"S": f"TRANSFER#{transfer_id}#LEG#"},
            },
            ConsistentRead=True,
        )["Items"]
        return _accepted(transfer_id, leg)


def _accepted(transfer_id: str, leg: Mapping[str, Any]) -> CashOutOutcome:
    return CashOutOutcome(
        course=Course.MOVING if "lane" in leg else _ENDED[leg["state"]["S"]],
        reason=leg["failure"]["S"] if "failure" in leg else None,
        transfer_id=transfer_id,
        amount=sum(amount for _, amount in json.loads(leg["items"]["S"])),
        promised_at_ms=int(leg["promised_at"]["N"]),
        deposited_at_ms=int(leg["deposited_at"]["N"]) if "deposited_at" in leg else None,
    )
