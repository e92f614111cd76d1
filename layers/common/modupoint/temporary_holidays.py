"""Closing days the table cannot know: announced weeks ahead, added by the operator (R-T4).

One row per day in the operations table, all under one key, so that one query
reads them. Environments keep what they read for a minute.
"""

import threading
from datetime import date
from typing import TYPE_CHECKING

from modupoint.aws import AwsError, client, error_name
from modupoint.business_calendar import BusinessCalendar
from modupoint.clock import real_ms
from modupoint.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_PARTITION = "HOLIDAY"
KEPT_MS = 60_000
"""How old what an environment knows of these days may be."""


class TemporaryHolidays:
    """The closing days the operator added, as this environment knows them."""

    def __init__(self, operations_table: str) -> None:
        self._table = operations_table
        self._dynamodb: DynamoDBClient = client("dynamodb")
        self._calendar: BusinessCalendar | None = None
        self._asked_at_ms = 0
        self._asking = threading.Lock()

    def calendar(self) -> BusinessCalendar:
        """Return the business calendar with these days; at most one query in 60 s.

        A query that fails leaves the days known before for another 60 s: they are
        announced weeks ahead, so an hour's delay promises nobody a wrong day.

        Raises
        ------
        botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError
            If the query fails and none has succeeded before.
        """
        # A batch asks ten times at once: one of them reads, the others wait for it.
        with self._asking:
            now_ms = real_ms()
            if self._calendar is None:
                self._calendar = BusinessCalendar(self.list())
                self._asked_at_ms = now_ms
            elif now_ms - self._asked_at_ms > KEPT_MS:
                self._asked_at_ms = now_ms
                try:
                    self._calendar = BusinessCalendar(self.list())
                except AwsError as error:
                    logger.warning("old temporary holidays", extra={"error": error_name(error)})
            return self._calendar

    def list(self) -> dict[date, str]:
        """Read the days in their order, each with its Korean name; one query."""
        items = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _PARTITION}},
        )["Items"]
        return {date.fromisoformat(item["sk"]["S"]): item["name"]["S"] for item in items}

    def add(self, day: date, name: str) -> None:
        """Close a day, or name it anew; every environment knows within 60 s.

        Raises
        ------
        OutsideCalendarError
            If the calendar does not reach that day: a mistyped year, most likely.
        """
        BusinessCalendar().is_business_day(day)
        self._dynamodb.put_item(TableName=self._table, Item={**_key(day), "name": {"S": name}})

    def remove(self, day: date) -> bool:
        """Open a day again; False if it was not closed here."""
        answer = self._dynamodb.delete_item(
            TableName=self._table, Key=_key(day), ReturnValues="ALL_OLD"
        )
        return "Attributes" in answer


def _key(day: date) -> dict[str, "AttributeValueTypeDef"]:
    return {"pk": {"S": _PARTITION}, "sk": {"S": day.isoformat()}}
