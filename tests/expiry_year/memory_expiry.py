"""The Members table in memory, as far as the expiry scan knows it.

It keeps the very items that the real store writes. Each condition is a method of its
own, so that a test can switch it off.
"""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

from modupoint.accounts import account_item, account_of
from modupoint.member_table import ACCOUNT_PREFIX, item_key
from query.cash_out import CASHOUT_PREFIX, CashOut, cash_out_item, cash_out_of, cash_out_sk
from query.expiry import Known, Resolution
from query.expiry_queue import DueRow
from query.expiry_settings import EXPIRY, ExpirySettings, settings_item, settings_of
from query.notices import (
    NOTICE_PREFIX,
    TOLD_PREFIX,
    Notice,
    Subject,
    event_is_due,
    notice_item,
    notice_of,
    told_item,
    told_of,
)
from query.settings_store import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from modupoint.accounts import Account
    from query.lookups import IssuerRecord

type Item = dict[str, Any]
type Key = tuple[str, str]
type Written = CashOut | Notice | ExpirySettings


class MemoryExpiry:
    """An ``ExpiryStore``, what the settings' own requests write, and the index ``due``.

    ``on_due`` is told when a row will be due, ``on_write`` what was written.
    """

    def __init__(
        self,
        on_due: Callable[[int], None] = lambda _: None,
        on_write: Callable[[Written], None] = lambda _: None,
    ) -> None:
        self.rows: dict[Key, Item] = {}
        self.ci: dict[str, bytes] = {}
        self.records: dict[str, dict[str, IssuerRecord]] = {}
        self._due: dict[Key, tuple[str, int]] = {}
        self._on_due = on_due
        self._written = on_write
        self._tombstones: dict[tuple[str, str], str] = {}

    # What the scan uses.

    def due(self, lane: str, until_ms: int, limit: int) -> list[DueRow]:
        found = [
            (due_ms, key)
            for key, (own, due_ms) in self._due.items()
            if own == lane and due_ms <= until_ms
        ]
        return [DueRow(*key) for _, key in sorted(found)[:limit]]

    def settings(self, member: str) -> ExpirySettings | None:
        item = self.rows.get((member, EXPIRY))
        return None if item is None else settings_of(item)

    def sealed_ci(self, member: str) -> bytes | None:
        return self.ci.get(member)

    def known(self, member: str, this_month: str) -> Known | None:
        settings = self.settings(member)
        if settings is None or member not in self.ci:
            return None
        told = [told_of(one) for one in self.of(member, TOLD_PREFIX)]
        return Known(
            settings,
            dict(self.records.get(member, {})),
            {one.account_id: one for one in self.accounts(member)},
            tuple(self.cash_outs(member)),
            frozenset(one for one in told if one[1].month >= this_month),
        )

    def save(self, settings: ExpirySettings) -> bool:
        if not self._is_unmoved(settings.member, EXPIRY, settings.version - 1):
            return False
        self._put(settings_item(settings))
        self._written(settings)
        return True

    def forget(self, settings: ExpirySettings) -> None:
        if self._is_unmoved(settings.member, EXPIRY, settings.version):
            self.delete((settings.member, EXPIRY))

    def resolve(self, settings: ExpirySettings, new: Iterable[Resolution]) -> bool:
        new = list(new)
        markers = [
            told_item(one.notice.member, one.notice.kind, one.notice.subject)
            if one.cash_out is None
            else cash_out_item(one.cash_out)
            for one in new
        ]
        if not all(self._is_new(one) for one in markers) or not self.save(settings):
            return False
        for marker, one in zip(markers, new, strict=True):
            self._put(marker)
            self._put(notice_item(one.notice))
            self._written(one.notice)
            if one.cash_out is not None:
                self._written(one.cash_out)
        return True

    def cash_out(self, member: str, subject: Subject) -> CashOut | None:
        item = self.rows.get((member, cash_out_sk(subject)))
        return None if item is None else cash_out_of(item)

    def move(
        self,
        cash_out: CashOut,
        notice: Notice | None = None,
        wanted: ExpirySettings | None = None,
    ) -> bool:
        member = cash_out.member
        if not self._is_unmoved(member, cash_out_sk(cash_out.subject), cash_out.version - 1):
            return False
        if notice is not None and not self._has_agreed(member):
            return False
        if wanted is not None and not self._is_unmoved(member, EXPIRY, wanted.version):
            return False
        self._put(cash_out_item(cash_out))
        self._written(cash_out)
        if notice is not None:
            self._put(notice_item(notice))
            self._written(notice)
        return True

    def untold(self, member: str, notice_id: str) -> Notice | None:
        item = self.rows.get((member, f"{NOTICE_PREFIX}{notice_id}"))
        return notice_of(item) if item is not None and event_is_due(item) else None

    def told(self, notice: Notice) -> None:
        key = (notice.member, f"{NOTICE_PREFIX}{notice.notice_id}")
        if key in self.rows:
            kept = {name: one for name, one in self.rows[key].items() if name not in _PLACE}
            self._put(kept)

    # What the member's own requests use.

    def read(self, member: str) -> ExpirySettings:
        return self.settings(member) or ExpirySettings(member)

    def keep(self, settings: ExpirySettings, account_id: str | None) -> Kept:
        if not self._has_agreed(settings.member):
            return Kept.NO_AGREEMENT
        account = (settings.member, f"{ACCOUNT_PREFIX}{account_id}")
        if account_id is not None and account not in self.rows:
            return Kept.NO_ACCOUNT
        key = (settings.member, EXPIRY)
        present = settings_of(self.rows[key]).version if key in self.rows else 0
        if present != settings.version - 1:
            return Kept.OVERTAKEN
        self._put(settings_item(settings))
        self._written(settings)
        return Kept.YES

    def register(self, member: str, account: Account) -> None:
        sk = f"{ACCOUNT_PREFIX}{account.account_id}"
        self._put({**item_key(member, sk), **account_item(account)})

    def answered(self, member: str, record: IssuerRecord) -> None:
        """Keep an issuer's answer if it is newer than what is there."""
        records = self.records.setdefault(member, {})
        if record.lookup_id <= self._tombstones.get((member, record.issuer), ""):
            return
        present = records.get(record.issuer)
        if present is None or present.lookup_id < record.lookup_id:
            if record.balances is None and present is not None:
                record = replace(
                    record, balances=present.balances, balances_at_ms=present.balances_at_ms
                )
            records[record.issuer] = record

    def withdraw(self, member: str, issuers: Iterable[str], newest_id: str) -> None:
        """End an agreement, as one transaction does it; ``erase`` has to follow."""
        self.ci.pop(member, None)
        self.delete((member, EXPIRY))
        self.records.pop(member, None)
        for issuer in issuers:
            self._tombstones[member, issuer] = newest_id

    def erase(self, member: str) -> None:
        """Delete whatever a withdrawal has left."""
        for key in [key for key in self.rows if key[0] == member]:
            self.delete(key)

    # What tests look at.

    def of(self, member: str, prefix: str) -> list[Item]:
        return [
            item
            for (owner, sk), item in self.rows.items()
            if owner == member and sk.startswith(prefix)
        ]

    def accounts(self, member: str) -> list[Account]:
        return [account_of(item) for item in self.of(member, ACCOUNT_PREFIX)]

    def cash_outs(self, member: str) -> list[CashOut]:
        return [cash_out_of(item) for item in self.of(member, CASHOUT_PREFIX)]

    def notices(self, member: str) -> list[Notice]:
        return [notice_of(item) for item in self.of(member, NOTICE_PREFIX)]

    @property
    def is_due(self) -> dict[Key, tuple[str, int]]:
        return self._due

    def delete(self, key: Key) -> None:
        self.rows.pop(key, None)
        self._due.pop(key, None)

    def _put(self, item: Item) -> None:
        key = (item["pk"]["S"], item["sk"]["S"])
        self.rows[key] = item
        self._due.pop(key, None)
        if "lane" in item:
            due_ms = int(item["due_at"]["N"])
            self._due[key] = (item["lane"]["S"], due_ms)
            self._on_due(due_ms)

    def _is_unmoved(self, member: str, sk: str, version: int) -> bool:
        present = self.rows.get((member, sk))
        return present is not None and int(present["version"]["N"]) == version

    def _is_new(self, item: Item) -> bool:
        return (item["pk"]["S"], item["sk"]["S"]) not in self.rows

    def _has_agreed(self, member: str) -> bool:
        return member in self.ci


_PLACE = ("lane", "due_at")
