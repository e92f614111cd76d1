"""A member's notices in the Members table, as their inbox shows them."""

from typing import TYPE_CHECKING, Any

from modupoint.aws import client
from query.notices import NOTICE_PREFIX, notice_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOTICES_PER_PAGE = 20


class Inbox:
    """The rows ``NOTICE#…``; their ids sort by age."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def page(self, member: str, cursor: str | None) -> dict[str, Any]:
        """Return a page of a member's notices as the public API shows it, newest first.

        Parameters
        ----------
        cursor
            A ``next_cursor``: the notice after which to go on; None for the newest.
        """
        items = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":first": {"S": NOTICE_PREFIX},
                ":last": {"S": f"{NOTICE_PREFIX}{cursor or '~'}"},
            },
            ScanIndexForward=False,
            # One more says whether there are more, and the cursor itself is found again.
            Limit=NOTICES_PER_PAGE + 2,
        )["Items"]
        notices = [notice_of(item) for item in items]
        older = [one for one in notices if one.notice_id != cursor]
        shown = older[:NOTICES_PER_PAGE]
        return {
            "notices": [one.shown() for one in shown],
            "next_cursor": shown[-1].notice_id if len(older) > NOTICES_PER_PAGE else None,
        }
