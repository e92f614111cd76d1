"""Registering an account: the member's own, as identity provider and bank say (R-T1)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modupoint.envelope import unseal
from modupoint.identity import Person
from modupoint.partner import Outcome, PartnerAnswer
from modupoint.problems import Problem
from tests.unit.query.asking_fakes import FakeKeys
from tests.unit.transfer.leg_samples import MEMBER, NOON, answered, ended
from transfer.bank_api import BankAccount
from transfer.partner_calls import account_owner
from transfer.registration import MOST_ACCOUNTS, Registration
from transfer.submission_ports import Funds

ME = Person("C" * 88, "홍길동", "19900215")


class World:
    """A member with accounts, a bank that knows one holder, and who the member is."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.agreed = self.agrees_still = True
        self.person = ME
        self.holder: str | PartnerAnswer = "홍길동"
        self.asked: list[tuple[Any, ...]] = []
        self.keys: Any = FakeKeys()

    def read(self, member: str) -> Funds:
        assert member == MEMBER
        accounts = {one.account_id: one for one in self.kept}
        return Funds(b"sealed ci" if self.agreed else None, accounts, {})

    def add(self, member: str, account: Any) -> bool:
        assert member == MEMBER
        self.kept += [account] if self.agrees_still else []
        return self.agrees_still

    def next_id(self) -> str:
        return f"M202600001U{len(self.asked):09}"

    def real_name(self, tran_id: str, account: Any, birthdate: str, at: Any) -> PartnerAnswer:
        self.asked.append((account.bank_code, account.number, birthdate, at))
        if isinstance(self.holder, PartnerAnswer):
            return self.holder
        found = {"rsp_code": "A0000", "bank_rsp_code": "000", "bank_tran_id": tran_id}
        return answered({**found, "account_holder_name": self.holder})

    def userinfo(self, access_token: str, subject: str) -> Person:
        assert (access_token, subject) == ("token", "person")
        return self.person

    def register(self, number: str = "110-222-333444", name: str = "홍길동") -> Any:
        us: Any = self
        registration = Registration(us, us, us, us, self.keys, lambda: NOON)
        given = BankAccount("088", number, name)
        return registration.register(MEMBER, given, "token", "person", us)


def refused(world: World, **given: str) -> str:
    with pytest.raises(Problem) as raised:
        world.register(**given)
    return raised.value.code


def test_an_account_is_kept_masked_and_sealed_under_the_banks_spelling() -> None:
    world = World()
    world.person = Person("C" * 88, "John Smith", "19900215")
    world.holder = "JOHN SMITH"
    account = world.register(name=" john smith ")
    assert world.kept == [account]
    assert (account.bank_name, account.masked_number) == ("신한은행", "110*******44")
    assert (account.holder_name_masked, account.verified_at) == (
        "J*** S****",
        "2026-11-22T12:00:00.000+09:00",
    )
    content = json.loads(unseal(world.keys, account.sealed, account_owner(MEMBER)))
    assert content == {"number": "110222333444", "holder": "JOHN SMITH"}
    assert b"110222333444" not in account.sealed
    assert world.asked == [("088", "110222333444", "19900215", NOON)]


@pytest.mark.parametrize("number", ["110222333444", "110-222-333444", "110 222 333444"])
def test_the_same_account_is_kept_once_however_it_is_written(number: str) -> None:
    world = World()
    first = world.register()
    assert world.register(number) == first
    assert len(world.kept) == 1


def test_the_same_number_at_another_bank_is_another_account() -> None:
    world = World()
    world.register()
    world.kept[0] = world.kept[0]._replace(bank_code="004")
    world.register()
    assert len(world.kept) == 2


@pytest.mark.parametrize(
    "number", ["123456", "12345678901234567", "1234-567a", "", "１２３４５６７８"]
)
def test_what_is_no_account_number_is_not_asked_for(number: str) -> None:
    world = World()
    assert refused(world, number=number) == "invalid_request"
    assert world.asked == []


def test_without_an_agreement_nobody_is_asked_r_m2() -> None:
    world = World()
    world.agreed = False
    assert refused(world) == "consent_required"
    assert world.asked == []


def test_an_agreement_withdrawn_meanwhile_keeps_nothing_r_m2() -> None:
    world = World()
    world.agrees_still = False
    assert refused(world) == "consent_required"
    assert world.kept == []


def test_a_name_that_is_not_the_members_own_is_refused_without_asking_the_bank() -> None:
    world = World()
    assert refused(world, name="임꺽정") == "holder_name_mismatch"
    assert world.asked == []


def test_an_account_of_somebody_else_is_refused() -> None:
    world = World()
    world.holder = "임꺽정"
    assert refused(world) == "holder_name_mismatch"
    assert world.kept == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (answered({"rsp_code": "A0000", "bank_rsp_code": "415"}), "account_closed"),
        (answered({"rsp_code": "A0000", "bank_rsp_code": "815"}), "holder_name_mismatch"),
        (ended(Outcome.TIMED_OUT), "bank_unavailable"),
    ],
)
def test_what_the_bank_says_is_passed_on(answer: PartnerAnswer, code: str) -> None:
    world = World()
    world.holder = answer
    assert refused(world) == code
    assert world.kept == []


def test_an_eleventh_account_is_too_many_and_one_of_the_ten_is_given_again() -> None:
    world = World()
    numbers = [f"11022233344{place}" for place in range(MOST_ACCOUNTS)]
    first, *_ = [world.register(number) for number in numbers]
    assert refused(world, number="99988877766") == "too_many_accounts"
    assert world.register(numbers[0]) == first
    assert len(world.kept) == MOST_ACCOUNTS
