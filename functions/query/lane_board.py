"""The lanes' shared rows: what workers report, everybody reads, and the breakers go by.

One row per issuer in the operations table, all under one key, so that one query
reads them. Environments keep what they read for a few seconds; a worker that
sees trouble writes at once and reads the shared state back with the same call.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from modupoint.aws import client
from modupoint.clock import real_ms
from modupoint.transactions import CONDITION_FAILED, error_code
from query.lanes import PROBE_LEASE_MS, BatchReport, Lane

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PARTITION = "LANE"
KEPT_MS = 5_000
"""How old what an environment knows of a lane may be."""
REPORT_EVERY_MS = 5_000
"""How often a worker reports a busy but healthy lane."""


class _Moved(NamedTuple):
    """Where a breaker is now, and whether it was us who moved it there."""

    lane: Lane
    moved: bool


class LaneBoard:
    """The lanes, as this environment knows them.

    Reads are eventually consistent: what they say is a few seconds old anyway.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")
        self._all: dict[str, Lane] = {}
        self._all_read_at_ms = 0
        self._own: dict[str, tuple[int, Lane]] = {}

    def lanes(self) -> dict[str, Lane]:
        """Return every lane that was ever reported, by issuer code; one query in 5 s."""
        now_ms = real_ms()
        if now_ms - self._all_read_at_ms > KEPT_MS:
            items = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": _PARTITION}},
            )["Items"]
            self._all = {lane.issuer: lane for lane in map(_lane, items)}
            self._all_read_at_ms = now_ms
        return self._all

    def lane(self, issuer: str) -> Lane:
        """Return one lane for its worker; one read in 5 s."""
        known = self._own.get(issuer)
        now_ms = real_ms()
        if known is None or now_ms - known[0] > KEPT_MS:
            item = self._dynamodb.get_item(TableName=self._table, Key=_key(issuer)).get("Item")
            return self._know(_lane(item) if item else Lane(issuer))
        return known[1]

    def report(self, lane: Lane, seen: BatchReport, backlog: int, concurrency: int) -> Lane:
        """Write what a worker saw and return the lane as all workers' reports make it."""
        now_ms = real_ms()
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(lane.issuer),
            UpdateExpression=(
                "SET backlog = :backlog, waited_ms = :waited, drain_per_s = :drain, "
                "answer_ms = :answer, seen_at = :now, workers = :workers, queued_since = :since "
                "ADD trouble :trouble"
            ),
            ExpressionAttributeValues={
                ":backlog": {"N": str(backlog)},
                ":waited": {"N": str(seen.waited_ms)},
                ":drain": {"N": f"{seen.drain_per_s(concurrency):.3f}"},
                ":answer": {"N": str(seen.smoothed_answer_ms(lane))},
                ":now": {"N": str(now_ms)},
                ":workers": {"N": str(concurrency)},
                ":since": {"N": str(seen.queued_since_ms(lane, now_ms))},
                ":trouble": {"N": str(seen.trouble(lane))},
            },
            ReturnValues="ALL_NEW",
        )
        return self._know(_lane(answer["Attributes"]))

    def report_trouble(self, lane: Lane, seen: BatchReport) -> Lane:
        """Add what the scan saw to the breaker's bucket, and say nothing of members' waits."""
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(lane.issuer),
            UpdateExpression="ADD trouble :trouble",
            ExpressionAttributeValues={":trouble": {"N": str(seen.trouble(lane))}},
            ReturnValues="ALL_NEW",
        )
        return self._know(_lane(answer["Attributes"]))

    def open(self, lane: Lane) -> Lane:
        """Let a lane rest; whoever is first decides for how long."""
        return self._move(
            lane,
            "SET open_until = :until, rests = :rests, trouble = :none, probe_until = :none",
            "(attribute_not_exists(open_until) OR open_until = :seen)",
            {
                ":until": real_ms() + lane.next_rest_ms(),
                ":rests": lane.rests + 1,
                ":none": 0,
                ":seen": lane.open_until_ms,
            },
        ).lane

    def take_probe(self, lane: Lane) -> bool:
        """Take the lease on the one probe of a lane that has rested; False if another has it."""
        now_ms = real_ms()
        return self._move(
            lane,
            "SET probe_until = :until",
            "open_until = :seen AND probe_until <= :now",
            {":until": now_ms + PROBE_LEASE_MS, ":seen": lane.open_until_ms, ":now": now_ms},
        ).moved

    def close(self, lane: Lane) -> Lane:
        """Let a lane call its issuer again after a healthy probe."""
        return self._move(
            lane,
            "SET open_until = :none, rests = :none, trouble = :none, probe_until = :none",
            "open_until = :seen",
            {":none": 0, ":seen": lane.open_until_ms},
        ).lane

    def _move(self, lane: Lane, update: str, condition: str, values: dict[str, int]) -> _Moved:
        """Move the breaker if it still is where it was seen."""
        numbers: dict[str, Any] = {name: {"N": str(value)} for name, value in values.items()}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(lane.issuer),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=numbers,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            old: Any = error.response.get("Item")
            found = _lane(old) if old else Lane(lane.issuer)
            return _Moved(self._know(found), moved=False)
        return _Moved(self._know(_lane(answer["Attributes"])), moved=True)

    def _know(self, lane: Lane) -> Lane:
        self._own[lane.issuer] = (real_ms(), lane)
        return lane


def _key(issuer: str) -> dict[str, Any]:
    return {"pk": {"S": _PARTITION}, "sk": {"S": issuer}}


def _lane(item: Any) -> Lane:  # noqa: ANN401 - an item as DynamoDB gives it
    def number(name: str, default: int) -> int:
        return int(item[name]["N"]) if name in item else default

    unknown = Lane(item["sk"]["S"])
    return Lane(
        issuer=unknown.issuer,
        backlog=number("backlog", 0),
        drain_per_s=float(item["drain_per_s"]["N"]) if "drain_per_s" in item else 0.0,
        answer_ms=number("answer_ms", unknown.answer_ms),
        waited_ms=number("waited_ms", 0),
        seen_at_ms=number("seen_at", 0),
        trouble=number("trouble", 0),
        open_until_ms=number("open_until", 0),
        probe_until_ms=number("probe_until", 0),
        rests=number("rests", 0),
        workers=number("workers", 0),
        queued_since_ms=number("queued_since", 0),
    )
