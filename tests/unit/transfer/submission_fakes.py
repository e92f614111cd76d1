"""What submitting a transfer talks to, in a few lines each."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from modupoint.accounts import Account
from modupoint.business_calendar import BusinessCalendar
from tests.unit.transfer.leg_samples import MEMBER, NOON
from transfer.legs import Leg
from transfer.submission import Submission
from transfer.submission_ports import Funds, UsedKey
from transfer.transfer_items import Transfer

ACCOUNT = Account(
    "acc_1", "004", "KB국민은행", "123*********34", "홍*동", "2026-11-01T09:00:00.000+09:00", b"box"
)
type Stored = tuple[Transfer, list[Leg]]


class FakeFunds:
    """One member's agreement, account and last known points."""

    def __init__(self, cashable: dict[str, list[tuple[str, int]]], *, agreed: bool = True) -> None:
        self.agreed = agreed
        self.cashable = cashable

    def read(self, member: str) -> Funds:
        accounts = {ACCOUNT.account_id: ACCOUNT} if member == MEMBER else {}
        return Funds(b"sealed ci" if self.agreed else None, accounts, self.cashable)


class FakeTransfers:
    """Keeps what is submitted; refuses next what it is told to."""

    def __init__(self) -> None:
        self.stored: dict[str, Stored] = {}
        self.keys: dict[str, UsedKey] = {}
        self.refusals: list[Exception] = []
        self.meanwhile: list[Stored] = []

    def used_key(self, member: str, idempotency_key: str) -> UsedKey | None:
        assert member == MEMBER
        return self.keys.get(idempotency_key)

    def submit(self, transfer: Transfer, legs: list[Leg], day: Any) -> None:
        assert {leg.guard_day for leg in legs} == {day}
        if self.refusals:
            for other in self.meanwhile:
                self._keep(*other)
            raise self.refusals.pop(0)
        self._keep(transfer, legs)

    def read(self, member: str, transfer_id: str) -> Stored | None:
        assert member == MEMBER
        return self.stored.get(transfer_id)

    def page(self, member: str, before: str | None, limit: int) -> tuple[list[Stored], bool]:
        assert member == MEMBER
        older = [one for key, one in sorted(self.stored.items()) if before is None or key < before]
        return older[::-1][:limit], len(older) > limit

    def _keep(self, transfer: Transfer, legs: list[Leg]) -> None:
        self.stored[transfer.transfer_id] = (transfer, legs)
        self.keys[transfer.idempotency_key] = UsedKey(transfer.transfer_id, transfer.body_sha256)


class FakeLanes:
    """Notes whose lanes were told; fails if it is told to."""

    def __init__(self, *, broken: bool = False) -> None:
        self.told: list[list[str]] = []
        self.broken = broken

    def send(self, legs: list[Leg]) -> None:
        if self.broken:
            raise ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, "Publish")
        self.told.append([leg.key.issuer for leg in legs])


class FakeCalendars:
    """The calendar without added days; counts how often it was wanted."""

    def __init__(self) -> None:
        self.asked = 0

    def calendar(self) -> BusinessCalendar:
        self.asked += 1
        return BusinessCalendar()


class Desk:
    """The service with all it talks to."""

    def __init__(self, funds: FakeFunds | None = None, *, broken_lanes: bool = False) -> None:
        self.funds = funds or FakeFunds({"kb": [("POINTREE", 500)]})
        self.transfers = FakeTransfers()
        self.lanes = FakeLanes(broken=broken_lanes)
        self.calendars = FakeCalendars()
        self.now = NOON
        self.service = Submission(
            self.funds, self.transfers, self.lanes, self.calendars, lambda: self.now
        )

    def submit(self, body: dict[str, Any], key: str = "key") -> tuple[dict[str, Any], bool]:
        return self.service.submit(MEMBER, key, body)

    def quote(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.service.quote(MEMBER, body)


def item(issuer: str, point_code: str, amount: Any) -> dict[str, Any]:
    """Return an item as members write it."""
    return {"issuer": issuer, "point_code": point_code, "amount": amount}


def asking(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the body that asks for some points, or for all."""
    wanted = {"items": list(items)} if items else {"all": True}
    return {"account_id": ACCOUNT.account_id, **wanted, **changes}


KB = item("kb", "POINTREE", 500)
