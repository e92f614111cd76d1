"""What the audit goes by: the journal, last answers, tables and books, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.journal import without_texts
from tests.stack.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from rehearsal.journal import Exchange
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

BANK = "088"
_CALLS = 50_000

type Json = Any


@dataclass(frozen=True, slots=True)
class Account:
    """All there is of one person, once everything has come to rest.

    ``lookups`` are the answers to a last reading of every lookup they were told of, None
    for one that is not found. ``items`` are those of the Transfers table by sort key,
    ``remembered`` the lookups that the member's item still knows, oldest first.
    ``standing`` is what each issuer now says, ``redemptions`` and ``deposits`` the books.
    """

    sub: str
    key: str
    consent: Json
    lookups: dict[str, Json]
    remembered: tuple[str, ...]
    transfer_list: list[Json]
    accounts: list[Json]
    bank_account: Json
    items: dict[str, Json]
    standing: dict[str, Json]
    redemptions: list[Json]
    deposits: list[Json]

    def transfers(self) -> list[Json]:
        """Return all transfers, as the API lists them."""
        return self.transfer_list


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything. ``inquiries`` are the issuers' own records of what they were asked."""

    journal: list[Exchange]
    people: dict[str, Account]
    inquiries: list[Json]
    dead_letters: dict[str, int] = field(default_factory=dict)
    breaks: list[Json] = field(default_factory=list)

    def redemptions(self, sub: str, /) -> list[Json]:
        """Return an issuer's book of somebody."""
        return self.people[sub].redemptions

    def deposits(self, sub: str, /) -> list[Json]:
        """Return the bank's book of somebody."""
        return self.people[sub].deposits

    def transfer_items(self, member: str, /) -> dict[str, Json]:
        """Return what is kept of somebody's transfers."""
        return next(one.items for one in self.people.values() if one.key == member)


def people_of(journal: list[Exchange]) -> list[str]:
    """Return everybody who signed in, in order."""
    return list(dict.fromkeys(one.sub for one in journal if one.what == "sign_in"))


def lookups_of(journal: list[Exchange]) -> dict[str, list[str]]:
    """Return the lookups each person was told of, oldest first."""
    told: dict[str, list[str]] = {}
    for one in journal:
        if one.what == "lookup" and one.accepted and one.told is not None:
            known = told.setdefault(one.sub, [])
            if one.told["lookup_id"] not in known:
                known.append(one.told["lookup_id"])
    return told


def collect(
    journal: list[Exchange],
    api: Http,
    partners: Partners,
    cloud: Cloud,
    done: Callable[[Member, str], Json],
    breaks: list[Json],
) -> Evidence:
    """Ask everybody concerned; ``done`` reads a lookup until it is done, None if not found."""
    lookups = lookups_of(journal)
    people = {}
    for sub in people_of(journal):
        member = Member(api, partners, sub)
        me = member.send("GET", "/v1/me")
        items = cloud.items_of(member.key)
        registers = [items.get("MEMBER", {}).get(f"recent_{place}") for place in range(1, 7)]
        person = partners.person(sub)
        people[sub] = Account(
            sub=sub,
            key=member.key,
            consent=me.json["consent"] if me.status == 200 else None,  # noqa: PLR2004 - HTTP's own
            lookups={one: without_texts(done(member, one)) for one in lookups.get(sub, [])},
            remembered=tuple(
                one["M"]["id"]["S"] for one in registers if one and one["M"]["id"]["S"]
            ),
            transfer_list=member.transfers(),
            accounts=member.send("GET", "/v1/accounts").json["accounts"],
            bank_account=partners.account(sub, BANK),
            items=cloud.transfer_items(member.key),
            standing=person["issuers"],
            redemptions=partners.redemptions(sub),
            deposits=partners.deposits(sub),
        )
    inquiries = partners.calls(operation="inquiry", limit=_CALLS)
    return Evidence(journal, people, inquiries, breaks=breaks)
