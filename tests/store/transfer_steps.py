"""What tests of transfers do all the time: agree, register, submit, look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from modupoint import aws
from modupoint.accounts import Account
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from tests.store.lookup_steps import agreed
from tests.unit.transfer.leg_samples import NOON_MS, TODAY, a_leg
from transfer.account_store import DynamoAccounts
from transfer.legs import Leg, LegItem, LegKey
from transfer.transfer_items import ShownAccount, Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tests.store.conftest import Store

ELEVEN = tuple(ISSUERS)
TOMORROW = TODAY + timedelta(days=1)


def an_account(account_id: str | None = None) -> Account:
    return Account(
        account_id or new_id("acc"),
        "004",
        "KB국민은행",
        "123*********34",
        "홍*동",
        "2026-11-01T09:00:00.000+09:00",
        b"sealed account",
    )


def with_account(store: Store, member: str, account_id: str = "acc_1") -> str:
    """Let a member agree and register an account."""
    agreed(store.members(), member)
    assert DynamoAccounts(store.members_table).add(member, an_account(account_id))
    return member


def an_application(
    member: str,
    issuers: Iterable[str] = ("kb",),
    *,
    key: str | None = None,
    day: date = TODAY,
    account_id: str = "acc_1",
) -> tuple[Transfer, list[Leg]]:
    """Return a transfer as a member's application makes it, not yet stored."""
    transfer_id = new_id("trf")
    shown = ShownAccount(account_id, "004", "KB국민은행", "123*********34", "홍*동")
    transfer = Transfer(member, transfer_id, NOON_MS, shown, key or new_id("key"), "0" * 64)
    legs = []
    for issuer in issuers:
        leg_id = new_id("leg")
        legs.append(
            a_leg(
                key=LegKey(member, transfer_id, issuer),
                leg_id=leg_id,
                items=(LegItem("POINTREE", 500),),
                redemption_id=leg_id.removeprefix("leg_").replace("-", ""),
                guard_day=day,
            )
        )
    return transfer, legs


def submitted(
    store: Store, member: str, issuers: Iterable[str] = ("kb",), **changes: Any
) -> tuple[Transfer, list[Leg]]:
    """Store an application."""
    transfer, legs = an_application(member, issuers, **changes)
    store.transfers().submit(transfer, legs, legs[0].guard_day)
    return transfer, legs


def a_stored_leg(store: Store, member: str, issuer: str = "kb", **changes: Any) -> Leg:
    """Return the leg of a transfer that was just submitted."""
    _, [leg] = submitted(store, with_account(store, member), (issuer,), **changes)
    return leg


def items_of(store: Store, member: str) -> dict[str, dict[str, Any]]:
    """Return everything the Transfers table has of a member, by sort key."""
    items = aws.client("dynamodb").query(
        TableName=store.transfers_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": member}},
        ConsistentRead=True,
    )["Items"]
    return {item["sk"]["S"]: item for item in items}


def holders(store: Store, member: str, day: date = TODAY) -> dict[str, str]:
    """Return which leg holds each issuer's redemption of a day."""
    item = items_of(store, member).get(f"DAY#{day.isoformat()}", {})
    return {name: value["S"] for name, value in item.items() if name in ISSUERS}
