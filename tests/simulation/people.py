"""Members with their agreements, accounts and points: the Members table in memory.

Every amount is another one than all before, so that a deposit in the bank's books
names the leg it was made for without anybody's word for it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from modupoint.accounts import Account, account_item
from modupoint.envelope import DataKeys, ci_owner, seal
from modupoint.issuers import ISSUERS
from modupoint.member_table import ACCOUNT_PREFIX, MEMBER, item_key
from transfer.partner_calls import account_owner
from transfer.submission_ports import Funds

if TYPE_CHECKING:
    from collections.abc import Iterable

_BANKS = ("004", "088", "020", "090", "092")


class _OneKey:
    """A data key that was always there."""

    def __init__(self) -> None:
        self._key = os.urandom(32)

    def current(self) -> tuple[str, bytes]:
        """Return the key and its id."""
        return "one", self._key

    def by_id(self, _: str) -> bytes:
        """Return the key."""
        return self._key


KEYS = cast("DataKeys", _OneKey())


@dataclass(frozen=True, slots=True)
class Person:
    """A member; ``numbers`` has bank code and account number by account id."""

    member: str
    ci: str
    holder: str
    numbers: dict[str, tuple[str, str]]


class Amounts:
    """Amounts of points, none given twice, each big enough to be split."""

    def __init__(self) -> None:
        self._next = count(100)

    def next(self, issuer: str) -> list[tuple[str, int]]:
        """Return one amount, in as many parts as the issuer has cashable points."""
        codes = [point.code for point in ISSUERS[issuer].points if point.cashable]
        whole = next(self._next)
        parts = [whole // len(codes)] * (len(codes) - 1)
        return list(zip(codes, [*parts, whole - sum(parts)], strict=True))


class People:
    """All members, as ``FundsReader`` and as both contexts' ``Agreements``."""

    def __init__(self, amounts: Amounts, members: Iterable[str], keys: DataKeys = KEYS) -> None:
        self._amounts = amounts
        self._accounts: dict[str, dict[str, Account]] = {}
        self._cis: dict[str, bytes] = {}
        self.persons = [self._person(*one, keys) for one in enumerate(members)]
        self.by_member = {person.member: person for person in self.persons}

    def read(self, member: str) -> Funds:
        """Return what a member has; the points are others each time they are looked at."""
        return Funds(
            sealed_ci=self._cis[member],
            accounts=self._accounts[member],
            cashable={code: self._amounts.next(code) for code in ISSUERS},
        )

    def sealed_ci(self, member: str) -> bytes | None:
        """Return a member's sealed CI; None without an agreement."""
        return self._cis.get(member)

    def has_agreed(self, member: str) -> bool:
        """Say whether the member's agreement stands."""
        return member in self._cis

    def has_account(self, member: str, account_id: str) -> bool:
        """Say whether the account is kept."""
        return account_id in self._accounts[member]

    def items(self) -> Iterable[dict[str, Any]]:
        """Return everybody as items of the Members table."""
        for person in self.persons:
            yield {**item_key(person.member, MEMBER), "ci": {"B": self._cis[person.member]}}
            for account_id, account in self._accounts[person.member].items():
                sk = f"{ACCOUNT_PREFIX}{account_id}"
                yield {**item_key(person.member, sk), **account_item(account)}

    def _person(self, number: int, member: str, keys: DataKeys) -> Person:
        holder = f"홍길동{number}"
        person = Person(
            member,
            f"CI-{number}",
            holder,
            {
                f"acc_{number:02}{place}": (
                    _BANKS[(number + place) % len(_BANKS)],
                    f"1100{number:03}{place}",
                )
                for place in range(2)
            },
        )
        self._cis[member] = seal(keys, person.ci, ci_owner(member))
        self._accounts[member] = {
            account_id: Account(
                account_id=account_id,
                bank_code=bank,
                bank_name=bank,
                masked_number="110*",
                holder_name_masked="홍*",
                verified_at="2026-01-01T00:00:00.000+09:00",
                sealed=seal(
                    keys, json.dumps({"number": digits, "holder": holder}), account_owner(member)
                ),
            )
            for account_id, (bank, digits) in person.numbers.items()
        }
        return person
