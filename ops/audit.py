"""Who changed what, when and why, in the Operations table.

PK ``AUDIT``; SK an id that sorts by time. A record is written before anything is
changed and its outcome after it: what a broken connection leaves is a record
without an outcome, never a change without a record.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modupoint.aws import client, error_name
from modupoint.clock import at_ms, real_ms, rfc3339
from modupoint.ids import new_id
from ops.output import Row, Shown
from ops.refusal import RefusedError
from transfer.transfer_items import KEPT_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

_PARTITION = "AUDIT"
_RESULT_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to do: the command, what it is done to, and why."""

    who: str
    what: str
    on: str
    reason: str


class Audit:
    """The records of all that operators changed."""

    def __init__(self, operations_table: str) -> None:
        self._table = operations_table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def recorded(self, act: Act, do: "Callable[[], Shown]") -> Shown:
        """Do something between two writes of its record; what it raises is recorded and raised."""
        key = self._begun(act)
        try:
            result = do()
        except RefusedError as error:
            self._ended(key, "refused", str(error))
            raise
        except Exception as error:
            self._ended(key, "failed", error_name(error))
            raise
        self._ended(key, "done", json.dumps(result, ensure_ascii=False))
        return result

    def newest(self, limit: int) -> list[Row]:
        """Return the newest records, the last one first. Times are real."""
        items = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _PARTITION}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )["Items"]
        return [_shown(item) for item in items]

    def _begun(self, act: Act) -> dict[str, Any]:
        now_ms = real_ms()
        key = {"pk": {"S": _PARTITION}, "sk": {"S": new_id("aud")}}
        record: dict[str, Any] = {
            **key,
            "who": {"S": act.who},
            "what": {"S": act.what},
            "on": {"S": act.on},
            "reason": {"S": act.reason},
            "at": {"N": str(now_ms)},
            "expires_at": {"N": str(now_ms // 1000 + KEPT_S)},
        }
        self._dynamodb.put_item(
            TableName=self._table,
            Item=record,
            ConditionExpression="attribute_not_exists(pk)",
        )
        return key

    def _ended(self, key: dict[str, Any], outcome: str, result: str) -> None:
        self._dynamodb.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression="SET outcome = :outcome, #result = :result",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(outcome)",
            ExpressionAttributeNames={"#result": "result"},
            ExpressionAttributeValues={
                ":outcome": {"S": outcome},
                ":result": {"S": result[:_RESULT_CHARS]},
            },
        )


def _shown(item: Mapping[str, Any]) -> Row:
    return {
        "at": rfc3339(at_ms(int(item["at"]["N"]))),
        "who": item["who"]["S"],
        "what": item["what"]["S"],
        "on": item["on"]["S"],
        "reason": item["reason"]["S"],
        "outcome": item.get("outcome", {}).get("S", "not known"),
    }
