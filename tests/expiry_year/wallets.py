"""What the issuers know: which points each member has, and when they expire."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

CODES = {True: "CASH", False: "GIFT"}


@dataclass(slots=True)
class Lot:
    """Points that expire together. Only cashable ones can be transferred (R-P3)."""

    month: str
    amount: int
    cashable: bool


class Wallets:
    """Every member's points at every issuer; what expires first goes first."""

    def __init__(self) -> None:
        self._lots: defaultdict[tuple[str, str], list[Lot]] = defaultdict(list)
        self.expired: defaultdict[tuple[str, str, str], int] = defaultdict(int)

    def add(self, member: str, issuer: str, lot: Lot) -> None:
        self._lots[member, issuer].append(lot)

    def take(self, member: str, issuer: str, amount: int) -> list[Lot] | None:
        """Take cashable points, the next to expire first; None, and none taken, if too few."""
        lots = self._of(member, issuer, cashable=True)
        if sum(lot.amount for lot in lots) < amount:
            return None
        taken = []
        for lot in lots:
            part = min(lot.amount, amount)
            amount -= part
            lot.amount -= part
            taken.append(Lot(lot.month, part, cashable=True))
        return [lot for lot in taken if lot.amount]

    def spend(self, member: str, issuer: str, amount: int) -> None:
        """Let the member use up to so many points in a shop."""
        have = sum(lot.amount for lot in self._of(member, issuer, cashable=True))
        self.take(member, issuer, min(amount, have))

    def expire(self, month: str) -> None:
        """Let what was valid until the end of a month be gone."""
        for (member, issuer), lots in self._lots.items():
            for lot in lots:
                if lot.month <= month:
                    if lot.cashable:
                        self.expired[member, issuer, lot.month] += lot.amount
                    lot.amount = 0

    def expiring(self, member: str) -> dict[tuple[str, str], tuple[int, int]]:
        """Return by issuer and month how many points expire, and how many of them are cashable."""
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for (owner, issuer), lots in self._lots.items():
            for lot in lots:
                if owner == member and lot.amount:
                    found[issuer, lot.month][0] += lot.amount
                    found[issuer, lot.month][1] += lot.amount * lot.cashable
        return {key: (both[0], both[1]) for key, both in found.items()}

    def balances(self, member: str, issuer: str) -> list[dict[str, Any]]:
        """Return what the issuer answers, as the Members table keeps it."""
        return [
            self._balance(self._of(member, issuer, cashable=kind), cashable=kind)
            for kind in (True, False)
            if self._of(member, issuer, cashable=kind)
        ]

    def _balance(self, lots: list[Lot], *, cashable: bool) -> dict[str, Any]:
        total = sum(lot.amount for lot in lots)
        by_month: defaultdict[str, int] = defaultdict(int)
        for lot in lots:
            by_month[lot.month] += lot.amount
        months = [(month, amount) for month, amount in sorted(by_month.items()) if amount]
        return {
            "code": CODES[cashable],
            "name": {"ko": "점", "en": "points"},
            "cashable": cashable,
            "remaining": total,
            "transferable": total if cashable else 0,
            "expiring": months[0][1] if months else 0,
            "expiring_month": months[0][0] if months else None,
            "expirations": [{"month": month, "amount": amount} for month, amount in months],
        }

    def _of(self, member: str, issuer: str, *, cashable: bool) -> list[Lot]:
        lots = [lot for lot in self._lots[member, issuer] if lot.cashable is cashable]
        return sorted(lots, key=lambda lot: lot.month)
