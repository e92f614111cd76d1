"""The partners' books for an audit, and differences planted in what they list (R-T8)."""

from __future__ import annotations

from copy import replace
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_bank import Bank
from tests.partners.partners_bank import new_id as new_bank_id
from tests.partners.partners_issuer import Redeemer, new_id, somebody

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners

SHINHAN = "MYSHINHAN"

_DAYS = count()


@pytest.fixture
def day(partners: Partners) -> str:
    """Move to a day of its own, whose list is this test's."""
    number = next(_DAYS)
    today = date(2040, 1, 1) + timedelta(days=number)
    partners.send("PUT", "/clock", {"now": f"{today.isoformat()}T12:00:00+09:00"})
    return today.strftime("%Y%m%d")


def _plant(partners: Partners, target: str, *differences: dict[str, Any]) -> None:
    body = {"differences": differences}
    reply = partners.send("PUT", f"/control/differences/{target}", body)
    assert reply.status == 200, reply.text


def _redeem(partners: Partners, number: int) -> tuple[Redeemer, list[str]]:
    keys = [new_id() for _ in range(number)]
    for key in keys:
        redeemer = Redeemer(partners, "shinhan", somebody())
        assert redeemer.redeem(key, (SHINHAN, 10)).status == 200
    return redeemer, keys


def _listed(redeemer: Redeemer, day: str) -> list[tuple[str, str, int, bool]]:
    return [
        (
            item["redemption_id"],
            item["status"],
            item["redeemed_amt"],
            item["reversed_at"] is not None,
        )
        for item in redeemer.day_list(day).json["items"]
    ]


def test_the_book_of_redemptions_leaves_nothing_out(partners: Partners) -> None:
    redeemer = Redeemer(partners, "shinhan", somebody())
    keys = [new_id(), new_id()]
    approved_at = redeemer.redeem(keys[0], (SHINHAN, 10)).json["approved_at"]
    redeemer.redeem(keys[0], (SHINHAN, 10))
    redeemer.redeem(keys[0], (SHINHAN, 11))
    redeemer.redeem(keys[1], (SHINHAN, 12))
    reversed_at = redeemer.reverse(keys[0]).json["reversed_at"]

    first, second = redeemer.book()

    assert (first["redemption_id"], second["redemption_id"]) == (keys[0], keys[1])
    assert first["items"] == [{"point_code": SHINHAN, "amount": 10}]
    assert (first["status"], first["redeemed_amt"], first["code"]) == ("REVERSED", 10, None)
    assert (first["approved_at"], first["reversed_at"]) == (approved_at, reversed_at)
    assert (first["attempts"], first["conflicts"], first["reversal_attempts"]) == (2, 1, 1)
    assert (second["status"], second["redeemed_amt"], second["code"]) == ("REFUSED", 0, "42203")
    assert redeemer.ci not in partners.send("GET", "/control/books/redemptions").text


def test_books_can_be_narrowed(partners: Partners) -> None:
    sub = somebody()
    for issuer, code in (("shinhan", SHINHAN), ("kb", "POINTREE")):
        Redeemer(partners, issuer, sub).redeem(new_id(), (code, 1))
    path = f"/control/books/redemptions?sub={sub}"

    both = partners.send("GET", path).json["redemptions"]

    assert [line["issuer"] for line in both] == ["shinhan", "kb"]
    for query, expected in [
        ("&issuer=kb", both[1:]),
        ("&limit=1", both[:1]),
        (f"&after={both[0]['seq']}", both[1:]),
        ("&issuer=bc", []),
    ]:
        assert partners.send("GET", path + query).json["redemptions"] == expected


def test_the_book_of_deposits_is_the_persons(partners: Partners) -> None:
    bank, sub, key = Bank(partners), somebody(), new_bank_id()
    target = bank.account(sub, "020")
    bank.deposited(target, key, amount="77")
    bank.deposited(bank.account(somebody(), "020"), new_bank_id())
    bank.deposited(replace(target, name="남다른"), new_bank_id())

    first, second = bank.book(sub)

    assert (first["bank_tran_id"], first["tran_amt"], first["bank_rsp_code"]) == (key, 77, "000")
    assert (first["account_num"], first["attempts"]) == (target.number, 1)
    assert second["bank_rsp_code"] == "815"
    day = first["bank_tran_date"]
    for query, number in [
        (f"&bank_tran_date={day}", 2),
        ("&bank_tran_date=20000101", 0),
        ("&bank_code_std=088", 0),
        (f"&after={first['seq']}", 1),
    ]:
        path = f"/control/books/deposits?sub={sub}{query}"
        assert len(partners.send("GET", path).json["deposits"]) == number


@pytest.mark.parametrize(
    "path",
    [
        "books/redemptions?person=x",
        "books/redemptions?limit=many",
        "books/deposits?issuer=kb",
        "books/deposits?after=-1",
        "bank/accounts",
        "bank/accounts?name=x",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(partners: Partners, path: str) -> None:
    assert partners.send("GET", f"/control/{path}").status == 400


def test_an_issuers_list_can_differ_from_its_book(partners: Partners, day: str) -> None:
    redeemer, keys = _redeem(partners, 5)
    true = _listed(redeemer, day)
    assert true == [(key, "APPROVED", 10, False) for key in keys]
    book = redeemer.book()

    _plant(
        partners,
        "issuers/shinhan",
        {"kind": "missing", "id": keys[0]},
        {"kind": "amount", "id": keys[1], "amount": 11},
        {"kind": "status", "id": keys[2], "status": "REVERSED"},
        {"kind": "duplicate", "id": keys[3]},
        {"kind": "extra", "id": "theirs-only", "date": day, "amount": 5, "status": "APPROVED"},
        {"kind": "extra", "id": "of-no-day", "date": "20000101", "amount": 5, "status": "APPROVED"},
    )

    assert _listed(redeemer, day) == [
        (keys[1], "APPROVED", 11, False),
        (keys[2], "REVERSED", 10, True),
        (keys[3], "APPROVED", 10, False),
        (keys[3], "APPROVED", 10, False),
        (keys[4], "APPROVED", 10, False),
        ("theirs-only", "APPROVED", 5, False),
    ]
    # Only the list is bent.
    assert redeemer.book() == book
    assert redeemer.status(keys[0]).json["status"] == "APPROVED"
    assert redeemer.status("theirs-only").status == 404
    partners.send("DELETE", "/control/differences/issuers/shinhan")
    assert _listed(redeemer, day) == true


def test_a_list_can_hide_a_reversal(partners: Partners, day: str) -> None:
    redeemer, [key] = _redeem(partners, 1)
    redeemer.reverse(key)

    _plant(partners, "issuers/shinhan", {"kind": "status", "id": key, "status": "APPROVED"})

    assert _listed(redeemer, day) == [(key, "APPROVED", 10, False)]


def test_a_settlement_can_differ_from_the_banks_book(partners: Partners, day: str) -> None:
    bank, sub = Bank(partners), somebody()
    keys = [new_bank_id() for _ in range(5)]
    for key in keys:
        bank.deposited(bank.account(sub), key, amount="10")
    book = bank.book(sub)

    _plant(
        partners,
        "bank",
        {"kind": "missing", "id": keys[0]},
        {"kind": "amount", "id": keys[1], "amount": 11},
        {"kind": "status", "id": keys[2], "status": "415"},
        {"kind": "duplicate", "id": keys[3]},
        {"kind": "extra", "id": "M202600001UTHEIRS000", "date": day, "amount": 5, "status": "000"},
    )

    listed = [
        (line["bank_tran_id"], line["bank_tran_date"], line["tran_amt"], line["bank_rsp_code"])
        for line in bank.settlement(day)["items"]
    ]
    assert listed == [
        (keys[1], day, "11", "000"),
        (keys[2], day, "10", "415"),
        (keys[3], day, "10", "000"),
        (keys[3], day, "10", "000"),
        (keys[4], day, "10", "000"),
        ("M202600001UTHEIRS000", day, "5", "000"),
    ]
    assert bank.book(sub) == book
    assert bank.code(keys[0], day, "10") == "000"


def test_differences_outlive_the_process(own_partners: Partners) -> None:
    _plant(own_partners, "bank", {"kind": "missing", "id": "M202600001U000000000"})
    before = own_partners.send("GET", "/control/differences/bank").json

    own_partners.restart()

    assert own_partners.send("GET", "/control/differences/bank").json == before
    assert len(before["differences"]) == 1
    own_partners.send("DELETE", "/control/differences")
    assert own_partners.send("GET", "/control/differences/bank").json == {"differences": []}


@pytest.mark.parametrize(
    ("target", "difference", "status"),
    [
        ("issuers/shinhan", {"kind": "status", "id": "a", "status": "REFUSED"}, 400),
        ("bank", {"kind": "status", "id": "a", "status": "REVERSED"}, 400),
        ("bank", {"kind": "late", "id": "a"}, 400),
        ("bank", {"kind": "missing"}, 400),
        ("identity", {"kind": "missing", "id": "a"}, 404),
    ],
)
def test_a_difference_that_makes_no_sense_is_refused(
    partners: Partners, target: str, difference: dict[str, Any], status: int
) -> None:
    reply = partners.send("PUT", f"/control/differences/{target}", {"differences": [difference]})

    assert reply.status == status
