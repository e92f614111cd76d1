"""The Members table as the expiry scan reads and writes it.

``EXPIRY`` what a member wants, ``CASHOUT#<issuer>#<month>`` a standing cash-out,
``NOTICE#<id>`` the inbox and outbox, ``TOLD#<month>#<kind>#<issuer>`` what was told.
All of them lie in the index ``due`` while they have something left to do.
"""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from modupoint.accounts import account_of
from modupoint.aws import client
from modupoint.due_index import due_in
from modupoint.member_table import ACCOUNT_PREFIX, MEMBER, item_key
from modupoint.transactions import (
    CONDITION_FAILED,
    IN_A_TRANSACTION,
    ConditionsFailedError,
    error_code,
    transact,
)
from query.cash_out import CASHOUT_PREFIX, CashOut, cash_out_item, cash_out_of, cash_out_sk
from query.expiry import Known, Resolution
from query.expiry_queue import DueRow
from query.expiry_settings import EXPIRY, ExpirySettings, settings_of, settings_put
from query.members import Members
from query.notices import (
    TOLD_PREFIX,
    Notice,
    Subject,
    event_is_due,
    notice_item,
    notice_key,
    notice_of,
    told_item,
    told_of,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RESOLUTIONS_PER_TRANSACTION = 40
"""A transaction holds a hundred writes; a resolution is two."""

type Item = Mapping[str, Any]


class DynamoExpiry:
    """The rows of members about expiring points."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._members = Members(table)
        self._dynamodb: DynamoDBClient = client("dynamodb")

    def due(self, lane: str, until_ms: int, limit: int) -> list[DueRow]:
        """Return rows of a lane whose time has come, the longest overdue first."""
        found = due_in(self._dynamodb, self._table, lane, until_ms, limit)
        return [DueRow(item["pk"]["S"], item["sk"]["S"]) for item in found]

    def settings(self, member: str) -> ExpirySettings | None:
        """Return what a member wants; None if they never chose, or have left."""
        item = self._item(member, EXPIRY)
        return None if item is None else settings_of(item)

    def sealed_ci(self, member: str) -> bytes | None:
        """Return what issuers know a member by; None without an agreement."""
        record, _ = self._members.read_member(member)
        return record.sealed_ci

    def known(self, member: str, this_month: str) -> Known | None:
        """Return all that decisions rest on, read from the leader: three queries."""
        own = self._between(member, ACCOUNT_PREFIX, EXPIRY)
        settings = next((item for item in own if item["sk"]["S"] == EXPIRY), None)
        page = self._members.read(member, consistent=True)
        if settings is None or page.consent is None:
            return None
        told = self._between(member, f"{TOLD_PREFIX}{this_month}", f"{TOLD_PREFIX}~")
        accounts = [account_of(item) for item in own if _is(item, ACCOUNT_PREFIX)]
        return Known(
            settings=settings_of(settings),
            records=page.records,
            accounts={one.account_id: one for one in accounts},
            cash_outs=tuple(cash_out_of(item) for item in own if _is(item, CASHOUT_PREFIX)),
            told=frozenset(map(told_of, told)),
        )

    def save(self, settings: ExpirySettings) -> bool:
        """Store the row made from the version before; False if somebody was faster."""
        return self._put(settings_put(self._table, settings))

    def forget(self, settings: ExpirySettings) -> None:
        """Delete the row of a member who has left, if it is still this one."""
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=item_key(settings.member, EXPIRY),
                **_unchanged(settings.version),
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise

    def resolve(self, settings: ExpirySettings, new: Iterable[Resolution]) -> bool:
        """Store the row with all that is new, each once; False if somebody was faster.

        What does not fit into one transaction goes before, on the same condition: a
        crash in between leaves the row due, and the rest new.
        """
        *before, last = list(batched(new, RESOLUTIONS_PER_TRANSACTION, strict=False)) or [()]
        before_version = settings.version - 1
        unmoved = self._check(settings.member, EXPIRY, **_unchanged(before_version))
        moved: Any = {"Put": settings_put(self._table, settings)}
        if not before and not last:
            return self.save(settings)
        return all(
            self._transact([row, *(write for one in some for write in self._writes(one))])
            for some, row in [*((some, unmoved) for some in before), (last, moved)]
        )

    def cash_out(self, member: str, subject: Subject) -> CashOut | None:
        """Return a cash-out, read from the leader."""
        item = self._item(member, cash_out_sk(subject))
        return None if item is None else cash_out_of(item)

    def move(
        self,
        cash_out: CashOut,
        notice: Notice | None = None,
        wanted: ExpirySettings | None = None,
    ) -> bool:
        """Store a cash-out made from the version before; False if somebody was faster."""
        put = {
            "TableName": self._table,
            "Item": cash_out_item(cash_out),
            **_unchanged(cash_out.version - 1),
        }
        member = cash_out.member
        others: list[Any] = []
        if notice is not None:
            # Rows of a member who has left are being deleted: none may come after that.
            agreed = self._check(member, MEMBER, ConditionExpression="attribute_exists(ci)")
            others += [agreed, self._new(notice_item(notice))]
        if wanted is not None:
            others.append(self._check(member, EXPIRY, **_unchanged(wanted.version)))
        return self._transact([{"Put": put}, *others]) if others else self._put(put)

    def untold(self, member: str, notice_id: str) -> Notice | None:
        """Return a notice whose event is still to be sent."""
        sk = notice_key(member, notice_id)["sk"]["S"]
        item = self._item(member, sk)
        return notice_of(item) if item is not None and event_is_due(item) else None

    def told(self, notice: Notice) -> None:
        """Take a notice whose event was sent out of the index of what is due."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=notice_key(notice.member, notice.notice_id),
                UpdateExpression="REMOVE lane, due_at",
                # An erased notice must not come back as an empty row.
                ConditionExpression="attribute_exists(pk)",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise

    def _item(self, member: str, sk: str) -> Item | None:
        return self._dynamodb.get_item(
            TableName=self._table, Key=item_key(member, sk), ConsistentRead=True
        ).get("Item")

    def _between(self, member: str, first: str, last: str) -> list[Item]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": member},
                ":first": {"S": first},
                ":last": {"S": last},
            },
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def _writes(self, one: Resolution) -> list[Any]:
        notice, cash_out = one.notice, one.cash_out
        # The cash-out announced is the marker that it was.
        marker = (
            told_item(notice.member, notice.kind, notice.subject)
            if cash_out is None
            else cash_out_item(cash_out)
        )
        return [self._new(marker), self._new(notice_item(notice))]

    def _new(self, item: Item) -> Any:  # noqa: ANN401 - a stub's own type
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _check(self, member: str, sk: str, **condition: Any) -> Any:  # noqa: ANN401 - a stub's own type
        return {
            "ConditionCheck": {"TableName": self._table, "Key": item_key(member, sk), **condition}
        }

    def _put(self, put: Any) -> bool:  # noqa: ANN401 - a stub's own type
        try:
            self._dynamodb.put_item(**put)
        except ClientError as error:
            if error_code(error) not in (CONDITION_FAILED, IN_A_TRANSACTION):
                raise
            return False
        return True

    def _transact(self, writes: list[Any]) -> bool:
        try:
            transact(self._dynamodb, writes)
        except ConditionsFailedError:
            return False
        return True


def _is(item: Item, prefix: str) -> bool:
    sk: str = item["sk"]["S"]
    return sk.startswith(prefix)


def _unchanged(version: int) -> dict[str, Any]:
    return {
        "ConditionExpression": "version = :before",
        "ExpressionAttributeValues": {":before": {"N": str(version)}},
    }
