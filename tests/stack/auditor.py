"""Whether what members are told, our ledger and the partners' books say the same of their money."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.stack.member import Transfer

DEPOSITED = "000"
_UNDECIDED = frozenset({"ACCEPTED", "CHECKING", "WITH_OPERATOR"})


class Told(Protocol):
    """Who was told of transfers: a member, or a record of what they were told."""

    @property
    def sub(self) -> str:
        """Whom the partners know."""
        ...

    @property
    def key(self) -> str:
        """Whom the tables know."""
        ...

    def transfers(self) -> list[Transfer]:
        """Return all their transfers."""
        ...


class Books(Protocol):
    """The partners' books, as ``Partners`` reads them."""

    def redemptions(self, sub: str, /) -> list[dict[str, Any]]:
        """Return every redemption asked for, refusals included."""
        ...

    def deposits(self, sub: str, /) -> list[dict[str, Any]]:
        """Return every deposit tried, failures included."""
        ...


class Tables(Protocol):
    """The tables, as ``Cloud`` reads them."""

    def transfer_items(self, member: str, /) -> dict[str, dict[str, Any]]:
        """Return what is kept of a member's transfers, by sort key."""
        ...


@dataclass(frozen=True)
class Auditor:
    """Reads the public answers, the ledger and the partners' books, and nothing between them."""

    partners: Books
    cloud: Tables

    def check(self, member: Told, account: dict[str, Any]) -> None:
        """Hold all transfers of a member, none of them undecided, to the books (R-T7).

        Parameters
        ----------
        account
            The one account at its bank that all of them go to.
        """
        transfers = member.transfers()
        legs = [leg for transfer in transfers for leg in transfer["legs"]]
        assert not [leg for leg in legs if leg["status"] in _UNDECIDED]
        for transfer in transfers:
            _check_totals(transfer)
        taken = self._redeemed(member, legs)
        arrived = self._deposited(member, account, legs)
        self._check_ledger(member, legs, taken, arrived)

    def _redeemed(self, member: Told, legs: list[Any]) -> list[dict[str, Any]]:
        """Hold the issuers' books to the legs; return the redemptions that took effect."""
        book = self.partners.redemptions(member.sub)
        taken = [one for one in book if one["status"] != "REFUSED"]
        assert _amounts(taken, "issuer", "redeemed_amt", "status") == _counted(
            (
                leg["issuer"],
                leg["amount"],
                "REVERSED" if leg["status"] == "REVERSED" else "APPROVED",
            )
            for leg in legs
            if leg["status"] != "FAILED"
        )
        assert not [one for one in book if one["conflicts"]], "an id was used for something else"
        return taken

    def _deposited(
        self, member: Told, account: dict[str, Any], legs: list[Any]
    ) -> list[dict[str, Any]]:
        """Hold the bank's book to the legs; return the deposits that took effect."""
        book = self.partners.deposits(member.sub)
        arrived = [one for one in book if one["bank_rsp_code"] == DEPOSITED]
        assert _amounts(arrived, "bank_code_std", "account_num", "tran_amt") == _counted(
            (account["bank_code_std"], account["account_num"], leg["amount"])
            for leg in legs
            if leg["status"] == "DEPOSITED"
        )
        return arrived

    def _check_ledger(
        self, member: Told, legs: list[Any], taken: list[Any], arrived: list[Any]
    ) -> None:
        items = self.cloud.transfer_items(member.key)
        postings = [item for sk, item in items.items() if sk.startswith("LEDGER#")]
        balances: Counter[str] = Counter()
        for posting in postings:
            lines = json.loads(posting["lines"]["S"])
            assert sum(amount for _, amount in lines) == 0, "both sides of an entry are the same"
            for account, amount in lines:
                balances[account] += amount
        deposited = sum(one["tran_amt"] for one in arrived)
        owed: Counter[str] = Counter()
        for one in taken:
            if one["status"] == "APPROVED":
                owed[one["issuer"]] += one["redeemed_amt"]
        expected = {
            "deposit:member": deposited,
            "clearing:bank": -deposited,
            **{f"receivable:{issuer}": amount for issuer, amount in owed.items()},
            **{f"points:{issuer}": -amount for issuer, amount in owed.items()},
        }
        assert {name: one for name, one in balances.items() if one} == {
            name: one for name, one in expected.items() if one
        }
        assert _references(postings, "DEPOSITED") == sorted(one["bank_tran_id"] for one in arrived)
        for cause, effective in (
            ("REDEEMED", taken),
            ("REVERSED", [one for one in taken if one["status"] == "REVERSED"]),
        ):
            ids = sorted(one["redemption_id"] for one in effective)
            assert _references(postings, cause) == ids
        assert {posting["leg_id"]["S"] for posting in postings} <= {leg["leg_id"] for leg in legs}


def _check_totals(transfer: Transfer) -> None:
    legs = transfer["legs"]

    def total(*statuses: str) -> int:
        return sum(leg["amount"] for leg in legs if leg["status"] in statuses)

    assert transfer["totals"] == {
        "requested": sum(leg["amount"] for leg in legs),
        "redeemed": total("REDEEMED", "SCHEDULED", "DEPOSITED", "REVERSED"),
        "deposited": total("DEPOSITED"),
        "in_flight": total("REDEEMED", "SCHEDULED"),
        "reversed": total("REVERSED"),
        "failed": total("FAILED"),
    }


def _amounts(lines: list[dict[str, Any]], *fields: str) -> Counter[tuple[Any, ...]]:
    return _counted(tuple(line[field] for field in fields) for line in lines)


def _counted(rows: Iterable[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter(rows)


def _references(postings: list[dict[str, Any]], cause: str) -> list[str]:
    return sorted(one["reference"]["S"] for one in postings if one["cause"]["S"] == cause)
