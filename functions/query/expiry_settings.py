"""What a member wants done about points that expire, and when to look again (R-E2, R-E3).

Pure. One row per member, ``EXPIRY``: alerts, standing cash-out, and how far this
month's look is. It has a lane, and so a place in the index of what is due, only
while one of the two is on: a member who did not ask is never scanned. Each write
counts ``version`` up by one and holds only on the version it was made from.

All times are business time in milliseconds of the Unix epoch.
"""

from collections.abc import Mapping
from copy import replace
from enum import StrEnum
from typing import Any, NamedTuple
from zlib import crc32

from modupoint.member_table import item_key

EXPIRY = "EXPIRY"
"""The row's sort key."""
SCAN_SHARDS = 8
"""A partition of an index takes a thousand writes a second."""
LONGEST_LEAD_MONTHS = 6
CASHOUT_LEAD_MONTHS = 1
"""How long before their expiry points are cashed out for a member without alerts."""

_REFRESH_HOLDS_MS = 60 * 60_000
"""Balances asked for within this time are not asked for again because a switch moved."""

type Item = Mapping[str, Any]


class Step(StrEnum):
    """What is to be done when the row is due."""

    REFRESH = "REFRESH"
    """Ask the issuers anew."""
    DECIDE = "DECIDE"
    """Tell and plan by what they answered."""


class Alerts(NamedTuple):
    """Whether to tell the member, and how many months (1 to 6) ahead; None if never chosen."""

    enabled: bool = False
    lead_months: int | None = None

    def shown(self) -> dict[str, Any]:
        """Return the choice as the public API shows it."""
        return {"enabled": self.enabled, "lead_months": self.lead_months}


class AutoCashout(NamedTuple):
    """Whether to turn expiring points into cash; to which account, and from how many won."""

    enabled: bool = False
    account_id: str | None = None
    minimum_amount: int | None = None

    def shown(self) -> dict[str, Any]:
        """Return the choice as the public API shows it."""
        return {
            "enabled": self.enabled,
            "account_id": self.account_id,
            "minimum_amount": self.minimum_amount,
        }


class ExpirySettings(NamedTuple):
    """The row; version 0 is a member who never chose.

    ``refreshed_id`` is the lookup id under which balances were asked for last, and
    ``refresh_asked_ms`` when; empty and 0 before the first time.
    """

    member: str
    alerts: Alerts = Alerts()
    cashout: AutoCashout = AutoCashout()
    step: Step = Step.REFRESH
    due_at_ms: int = 0
    version: int = 0
    refreshed_id: str = ""
    refresh_asked_ms: int = 0

    @property
    def active(self) -> bool:
        """Whether there is anything to scan for."""
        return self.alerts.enabled or self.cashout.enabled

    @property
    def lead_months(self) -> int:
        """How many months ahead of this month points count as expiring; 0 while nothing is on."""
        if self.alerts.enabled and self.alerts.lead_months is not None:
            return self.alerts.lead_months
        return CASHOUT_LEAD_MONTHS if self.cashout.enabled else 0

    def with_alerts(self, alerts: Alerts, now_ms: int) -> "ExpirySettings":
        """Return the row with other alerts."""
        return self._chosen(replace(self, alerts=alerts), now_ms)

    def with_cashout(self, cashout: AutoCashout, now_ms: int) -> "ExpirySettings":
        """Return the row with another standing cash-out."""
        return self._chosen(replace(self, cashout=cashout), now_ms)

    def moved(self, step: Step, due_at_ms: int) -> "ExpirySettings":
        """Return the row with a step done: what comes next, and when."""
        return replace(self, step=step, due_at_ms=due_at_ms, version=self.version + 1)

    def asked(self, refreshed_id: str, now_ms: int, due_at_ms: int) -> "ExpirySettings":
        """Return the row once balances were asked for: decide when they had time to come."""
        waiting = self.moved(Step.DECIDE, due_at_ms)
        return replace(waiting, refreshed_id=refreshed_id, refresh_asked_ms=now_ms)

    def _chosen(self, wanted: "ExpirySettings", now_ms: int) -> "ExpirySettings":
        """Due at once if more is wanted than before, so that this month's points are not missed."""
        if not _wants_more(self, wanted):
            return replace(wanted, version=self.version + 1)
        just_asked = now_ms - _REFRESH_HOLDS_MS < self.refresh_asked_ms <= now_ms
        # Balances still on their way are waited for; nobody asks twice by toggling a switch.
        waits = self.active and self.step is Step.DECIDE
        due_at_ms = self.due_at_ms if just_asked and waits else now_ms
        return wanted.moved(Step.DECIDE if just_asked else Step.REFRESH, due_at_ms)


def scan_lane(member: str) -> str:
    """Return the index key under which a member's row is due."""
    return f"SCAN#{crc32(member.encode()) % SCAN_SHARDS}"


SCAN_LANES = tuple(f"SCAN#{shard}" for shard in range(SCAN_SHARDS))
"""The index keys of all members' rows."""


def settings_item(settings: ExpirySettings) -> dict[str, Any]:
    """Return the row's item; it lies in the index of what is due only while it is active."""
    alerts, cashout = settings.alerts, settings.cashout
    optional: dict[str, Any] = {
        "lead_months": _n(alerts.lead_months),
        "account_id": None if cashout.account_id is None else {"S": cashout.account_id},
        "minimum_amount": _n(cashout.minimum_amount),
        "lane": {"S": scan_lane(settings.member)} if settings.active else None,
    }
    return {
        **item_key(settings.member, EXPIRY),
        "alerts_enabled": {"BOOL": alerts.enabled},
        "cashout_enabled": {"BOOL": cashout.enabled},
        "step": {"S": settings.step.value},
        "due_at": _n(settings.due_at_ms),
        "version": _n(settings.version),
        "refreshed_id": {"S": settings.refreshed_id},
        "refresh_asked": _n(settings.refresh_asked_ms),
        **{name: value for name, value in optional.items() if value is not None},
    }


def settings_of(item: Item) -> ExpirySettings:
    """Return the row an item holds."""
    return ExpirySettings(
        member=item["pk"]["S"],
        alerts=Alerts(item["alerts_enabled"]["BOOL"], _number(item, "lead_months")),
        cashout=AutoCashout(
            item["cashout_enabled"]["BOOL"],
            item["account_id"]["S"] if "account_id" in item else None,
            _number(item, "minimum_amount"),
        ),
        step=Step(item["step"]["S"]),
        due_at_ms=int(item["due_at"]["N"]),
        version=int(item["version"]["N"]),
        refreshed_id=item["refreshed_id"]["S"],
        refresh_asked_ms=int(item["refresh_asked"]["N"]),
    )


def settings_put(table: str, settings: ExpirySettings) -> dict[str, Any]:
    """Return the write of a row made from the version before: ``put_item``'s arguments.

    In a transaction it stands as ``{"Put": settings_put(…)}``.
    """
    before = settings.version - 1
    put: dict[str, Any] = {"TableName": table, "Item": settings_item(settings)}
    if before == 0:
        return {**put, "ConditionExpression": "attribute_not_exists(pk)"}
    return {
        **put,
        "ConditionExpression": "version = :before",
        "ExpressionAttributeValues": {":before": _n(before)},
    }


def _wants_more(before: ExpirySettings, after: ExpirySettings) -> bool:
    if after.alerts.enabled and not before.alerts.enabled:
        return True
    if after.cashout.enabled and not before.cashout.enabled:
        return True
    if after.lead_months > before.lead_months:
        return True
    # The one before may be gone: what waited for another account is planned now.
    if after.cashout.enabled and after.cashout.account_id != before.cashout.account_id:
        return True
    less_is_enough = (after.cashout.minimum_amount or 0) < (before.cashout.minimum_amount or 0)
    return after.cashout.enabled and less_is_enough


def _n(number: int | None) -> dict[str, str] | None:
    return None if number is None else {"N": str(number)}


def _number(item: Item, name: str) -> int | None:
    return int(item[name]["N"]) if name in item else None
