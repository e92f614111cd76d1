"""What tests of expiry settings and notices do all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modupoint import aws
from modupoint.text import text
from query.expiry_settings import Alerts
from query.notices import Notice, NoticeKind, Subject, notice_item

if TYPE_CHECKING:
    from tests.store.conftest import Store

NOW_MS = 1_795_000_000_000
ALERTS = Alerts(enabled=True, lead_months=3)


def a_notice(member: str, amount: int = 300) -> Notice:
    words = text("알림", "Notice")
    return Notice.new(member, NoticeKind.EXPIRING, Subject("kb", "2026-12"), amount, words, NOW_MS)


def put(store: Store, item: dict[str, Any]) -> None:
    aws.client("dynamodb").put_item(TableName=store.members_table, Item=item)


def told(store: Store, member: str, count: int) -> list[str]:
    """Put notices into a member's inbox; returns their ids, the newest first."""
    notices = [a_notice(member, amount) for amount in range(count)]
    for one in notices:
        put(store, notice_item(one))
    return [one.notice_id for one in reversed(notices)]
