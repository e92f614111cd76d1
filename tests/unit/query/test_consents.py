"""Giving and withdrawing the agreement (R-M2)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest

from modupoint.clock import SEOUL
from modupoint.envelope import ci_owner, unseal
from modupoint.identity import Person
from modupoint.issuers import ISSUERS
from modupoint.money_in_flight import MoneyInFlightError
from modupoint.problems import Problem
from query.consents import Consents
from query.lookups import MemberRecord
from query.members import Consent
from query.terms import NEEDED, text_hash
from tests.unit.query.asking_fakes import FakeKeys

NOON = datetime(2026, 11, 15, 12, 0, 0, 7_000, tzinfo=SEOUL)
CURRENT = "2026-11-01"


class FakeMembers:
    """Keeps one agreement."""

    def __init__(self) -> None:
        self.given: list[tuple[str, Consent, bytes]] = []
        self.withdrawn: list[tuple[str, str, list[str]]] = []
        self.leftovers_erased: list[str] = []

    def erase_leftovers(self, member: str) -> None:
        self.leftovers_erased.append(member)

    def give_consent(self, member: str, consent: Consent, sealed_ci: bytes) -> None:
        self.given.append((member, consent, sealed_ci))

    def read_member(self, member: str) -> tuple[MemberRecord, Consent | None]:
        consents = [consent for owner, consent, _ in self.given if owner == member]
        return MemberRecord(None, ()), consents[-1] if consents else None

    def withdraw_consent(
        self, member: str, at: str, make_id: Any, issuers: Any, no_money_moves: Any
    ) -> None:
        assert make_id() < make_id()
        assert no_money_moves() == {"check": member}
        self.withdrawn.append((member, at, list(issuers)))


class FakeMoney:
    """Transfers of which none is open, or one."""

    def __init__(self, *, moving: bool = False) -> None:
        self.moving = moving

    def none_since(self, member: str) -> dict[str, Any]:
        if self.moving:
            raise MoneyInFlightError
        return {"check": member}


class FakeIdentity:
    """Knows one person by one token."""

    def userinfo(self, access_token: str, subject: str) -> Person:
        if (access_token, subject) != ("token", "person"):
            raise Problem("sign_in_required")
        return Person("C" * 88, "홍길동", "19900101")


def give(
    members: FakeMembers,
    version: str = CURRENT,
    token: str = "token",  # noqa: S107
) -> tuple[Consent, FakeKeys]:
    store: Any = members
    identity: Any = FakeIdentity()
    keys: Any = FakeKeys()
    given = Consents(store, lambda: NOON).give("M#1", version, token, "person", identity, keys)
    return given, keys


def test_version_time_and_hash_of_the_texts_are_kept_r_m2() -> None:
    members = FakeMembers()
    given, _ = give(members)
    assert given == Consent(CURRENT, "2026-11-15T12:00:00.007+09:00", text_hash(CURRENT))
    assert [(member, consent) for member, consent, _ in members.given] == [("M#1", given)]


def test_the_ci_is_kept_sealed_and_for_its_member_only_r_m2() -> None:
    members = FakeMembers()
    _, keys = give(members)
    [(_, _, sealed)] = members.given
    assert b"CCC" not in sealed
    assert unseal(keys, sealed, ci_owner("M#1")) == "C" * 88  # type: ignore[arg-type]


def test_neither_name_nor_date_of_birth_is_kept_r_m2() -> None:
    members = FakeMembers()
    give(members)
    assert "홍길동" not in repr(members.given)
    assert "19900101" not in repr(members.given)


def test_a_person_does_not_show_in_a_trace() -> None:
    assert repr(Person("CI", "홍길동", "19900101")) == "Person()"


def test_a_refused_sign_in_stores_nothing() -> None:
    members = FakeMembers()
    with pytest.raises(Problem):
        give(members, token="other")
    assert members.given == []


def test_a_version_that_is_not_ours_is_kept_without_a_hash() -> None:
    given, _ = give(FakeMembers(), version="2099-01-01")
    assert given.text_sha256 is None


def test_the_hash_is_one_of_texts_that_people_can_read_in_both_languages_r_m2() -> None:
    current = text_hash(CURRENT)
    assert current is not None
    assert len(current) == len(hashlib.sha256().hexdigest())
    assert NEEDED == ("service", "third_party_provision", "delegation")


def withdraw(members: FakeMembers, money: FakeMoney) -> None:
    store: Any = members
    transfers: Any = money
    Consents(store, lambda: NOON).withdraw("M#1", transfers)


def test_a_withdrawal_covers_every_issuer_and_is_dated_r_m2() -> None:
    members = FakeMembers()
    give(members)
    withdraw(members, FakeMoney())
    assert members.withdrawn == [("M#1", "2026-11-15T12:00:00.007+09:00", list(ISSUERS))]


def test_a_withdrawal_waits_while_money_is_in_flight_r_m2() -> None:
    members = FakeMembers()
    give(members)
    with pytest.raises(Problem) as refused:
        withdraw(members, FakeMoney(moving=True))
    assert (refused.value.code, refused.value.status) == ("transfer_in_flight", 409)
    assert members.withdrawn == []


def test_withdrawing_what_was_never_given_ends_what_a_cut_off_withdrawal_began_r_m2() -> None:
    members = FakeMembers()
    withdraw(members, FakeMoney(moving=True))
    assert members.withdrawn == []
    assert members.leftovers_erased == ["M#1"]
