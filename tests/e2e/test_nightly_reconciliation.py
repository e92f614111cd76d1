"""The night's comparison over the deployed stack: planted differences, and what people do (R-T8)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import LEASE_MS
from modupoint.issuers import ISSUERS
from tests.stack.command_line import WHO, CommandLine
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.member import Member
    from tests.stack.partners import Partners
    from tests.stack.saver import Saver

PARTNERS = len(ISSUERS) + 1
# A stack may be used again, and what was compared once is done: another year each time.
_first_day = date(2027, 5, 12) + timedelta(weeks=secrets.randbelow(900))
_days = iter(_first_day + timedelta(weeks=number) for number in range(50))

EXTRA_REDEMPTION, EXTRA_DEPOSIT = "e0" * 16, "M202600001UEXTRA0001"


@dataclass(frozen=True)
class Operator:
    """A person who looks after the books."""

    line: CommandLine

    def compare(self, day: date, *more: str, status: int = 0) -> dict[str, Any]:
        """Compare a day."""
        answer: dict[str, Any] = self.line.ops(
            "reconcile", "--day", day.isoformat(), *more, status=status
        )
        return answer

    def breaks(self, day: date, *more: str) -> set[str]:
        """Return the breaks of a day, each without the day."""
        prefix = f"{day.isoformat()}#"
        return {
            row["break"].removeprefix(prefix)
            for row in self.line.ops("breaks", *more)
            if row["break"].startswith(prefix)
        }

    def owed(self, day: date) -> dict[tuple[str, int], tuple[int, int]]:
        """Return what issuers owe, by our books and by theirs, by issuer and revision."""
        return {
            (row["issuer"], row["revision"]): (row["owed"], row["owed_by_their_list"])
            for row in self.line.ops("settlements", "--day", day.isoformat())
        }


@pytest.fixture
def operator(stack: Stack, tmp_path: Path) -> Operator:
    return Operator(CommandLine.of(stack, tmp_path))


@pytest.fixture
def day(partners: Partners, cloud: Cloud) -> date:
    """Give a Wednesday that no other test knows, at noon, with nobody else's money on it.

    What other tests left for a later day is due once the clock is moved past it. It is
    paid on the day before: what is counted here are all of a day's deposits.
    """
    day = next(_days)
    noon = datetime(day.year, day.month, day.day, 12, 0, tzinfo=SEOUL)
    partners.set_clock(noon - timedelta(days=1))
    cloud.sweep_clean()
    eventually(lambda: not _under_way(cloud, partners), "a moment in which no leg is worked on")
    partners.set_clock(noon)
    return day


def _under_way(cloud: Cloud, partners: Partners) -> list[str]:
    """Return the legs that are due or that a worker holds."""
    until_ms = epoch_ms(partners.now()) + LEASE_MS
    return [
        item["sk"]["S"]
        for item in cloud.items("TransfersTable")
        if "due_at" in item and int(item["due_at"]["N"]) <= until_ms
    ]


@pytest.fixture
def plant(partners: Partners) -> Iterator[Callable[..., None]]:
    """Give what plants differences in a partner's list; they are taken out at the end."""

    def put(target: str, *differences: dict[str, Any]) -> None:
        reply = partners.http.send(
            "PUT", f"/control/differences/{target}", {"differences": differences}
        )
        assert reply.status == 200, reply.body

    yield put
    _take_out(partners)


def _take_out(partners: Partners) -> None:
    assert partners.http.send("DELETE", "/control/differences").status == 204


def _night_after(partners: Partners, day: date) -> None:
    partners.set_clock(datetime(day.year, day.month, day.day, 1, 0, tzinfo=SEOUL) + timedelta(1))


AMOUNTS = {"kb": 100, "shinhan": 101, "woori": 102, "bc": 103, "nonghyup": 104}


@dataclass(frozen=True)
class Books:
    """A day on which five issuers paid somebody, and one took back what could not be paid."""

    day: date
    saver: Saver
    redemptions: dict[str, str]
    deposits: dict[str, str]
    given_back: str

    def plant_all(self, plant: Callable[..., None]) -> set[str]:
        """Plant every kind of difference and return the breaks that must come of it."""
        on = f"{self.day:%Y%m%d}"
        taken, paid = self.redemptions, self.deposits
        plant("issuers/kb", {"kind": "missing", "id": taken["kb"]},
              {"kind": "status", "id": self.given_back, "status": "APPROVED"})  # fmt: skip
        plant("issuers/shinhan", {"kind": "extra", "id": EXTRA_REDEMPTION, "date": on,
                                  "amount": 7, "status": "APPROVED"})  # fmt: skip
        plant("issuers/woori", {"kind": "amount", "id": taken["woori"], "amount": 1})
        plant("issuers/bc", {"kind": "status", "id": taken["bc"], "status": "REVERSED"})
        plant("issuers/nonghyup", {"kind": "duplicate", "id": taken["nonghyup"]})
        plant(
            "bank",
            {"kind": "missing", "id": paid["kb"]},
            {"kind": "status", "id": paid["shinhan"], "status": "400"},
            {"kind": "amount", "id": paid["woori"], "amount": 1},
            {"kind": "duplicate", "id": paid["bc"]},
            {"kind": "extra", "id": EXTRA_DEPOSIT, "date": on, "amount": 9, "status": "000"},
        )
        return {
            f"kb#ours_only#{taken['kb']}#REDEEMED",
            f"kb#reversed_on_one_side#{self.given_back}#REVERSED",
            f"shinhan#theirs_only#{EXTRA_REDEMPTION}#REDEEMED",
            f"woori#amount_differs#{taken['woori']}#REDEEMED",
            f"bc#reversed_on_one_side#{taken['bc']}#REVERSED",
            f"nonghyup#duplicate#{taken['nonghyup']}#REDEEMED",
            f"bank#ours_only#{paid['kb']}#DEPOSITED",
            f"bank#ours_only#{paid['shinhan']}#DEPOSITED",
            f"bank#amount_differs#{paid['woori']}#DEPOSITED",
            f"bank#duplicate#{paid['bc']}#DEPOSITED",
            f"bank#theirs_only#{EXTRA_DEPOSIT}#DEPOSITED",
        }


@pytest.fixture
def books(day: date, saver: Saver, new_member: Callable[[], Member], partners: Partners) -> Books:
    transfer_id = saver.submit(**AMOUNTS)
    saver.until(transfer_id, **dict.fromkeys(AMOUNTS, "DEPOSITED"))
    redemptions = {
        one["issuer"]: one["redemption_id"] for one in partners.redemptions(saver.member.sub)
    }
    paid = {one["tran_amt"]: one["bank_tran_id"] for one in partners.deposits(saver.member.sub)}
    deposits = {issuer: paid[amount] for issuer, amount in AMOUNTS.items()}

    unlucky = new_member()
    account = unlucky.register("088")
    partners.change_account(partners.account(unlucky.sub, "088"), state="CLOSED")
    item = {"issuer": "kb", "point_code": ISSUERS["kb"].points[0].code, "amount": 200}
    body = {"account_id": account["account_id"], "items": [item]}
    unlucky.until_legs(unlucky.submit(body)["transfer_id"], {"kb": "REVERSED"})
    [given_back] = partners.redemptions(unlucky.sub)

    _night_after(partners, day)
    return Books(day, saver, redemptions, deposits, given_back["redemption_id"])


def test_books_that_agree_open_nothing_and_say_what_is_owed_r_t8(
    operator: Operator, books: Books
) -> None:
    answer = operator.compare(books.day)
    assert (len(answer["compared"]), answer["failed"]) == (PARTNERS, [])
    assert {one["partner"]: one["matched"] for one in answer["compared"] if one["matched"]} == {
        "kb": 3, "shinhan": 1, "woori": 1, "bc": 1, "nonghyup": 1, "bank": 5,
    }  # fmt: skip
    assert operator.breaks(books.day) == set()
    assert operator.owed(books.day) == {
        (issuer, 1): (AMOUNTS.get(issuer, 0), AMOUNTS.get(issuer, 0)) for issuer in ISSUERS
    }


def test_every_planted_difference_opens_its_break_and_nothing_moves_r_t8(
    operator: Operator, books: Books, partners: Partners, plant: Callable[..., None]
) -> None:
    expected = books.plant_all(plant)
    last_call = partners.last_call()

    answer = operator.compare(books.day)
    assert operator.breaks(books.day) == expected
    assert sum(one["opened"] for one in answer["compared"]) == len(expected)
    assert answer["open_breaks"] >= len(expected)
    assert not partners.calls(since=last_call, sub=books.saver.member.sub)
    books.saver.audit()
    assert operator.owed(books.day)["woori", 1] == (102, 1)

    # A repeat, by schedule or by force, opens none twice.
    assert operator.compare(books.day)["unchanged"] == PARTNERS
    again = operator.compare(books.day, "--again")
    assert sum(one["opened"] for one in again["compared"]) == 0
    assert (operator.breaks(books.day), len(operator.owed(books.day))) == (
        expected,
        len(ISSUERS),
    )

    # And none is closed because the difference has gone.
    _take_out(partners)
    mended = operator.compare(books.day, "--again")
    assert sum(one["differences"] for one in mended["compared"]) == 0
    assert operator.breaks(books.day) == expected
    assert operator.owed(books.day)["woori", 2] == (102, 102)
    books.saver.audit()


def test_only_a_person_with_a_reason_closes_a_break_r_t8(
    operator: Operator, books: Books, plant: Callable[..., None]
) -> None:
    plant("issuers/kb", {"kind": "missing", "id": books.redemptions["kb"]})
    operator.compare(books.day)
    [about] = operator.breaks(books.day)
    break_id = f"{books.day.isoformat()}#{about}"

    assert "--reason" in operator.line.ops("close-break", break_id, status=2)
    assert operator.breaks(books.day) == {about}

    operator.line.ops("close-break", break_id, "--reason", "kb listed it a day late")
    assert operator.breaks(books.day) == set()
    assert operator.breaks(books.day, "--all") == {about}
    record = operator.line.ops("audit", "--limit", "1")[0]
    assert (record["who"], record["what"], record["on"], record["reason"], record["outcome"]) == (
        WHO,
        "close-break",
        break_id,
        "kb listed it a day late",
        "done",
    )

    operator.compare(books.day, "--again")
    assert operator.breaks(books.day) == set(), "what a person closed stays closed"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "internal"},
        {"kind": "unavailable", "retry_after_seconds": 1},
        {"kind": "cut_before_effect"},
        {"kind": "hang"},
        {"kind": "malformed", "body": "wrong_types"},
        {"kind": "malformed", "body": "truncated_json"},
    ],
    ids=lambda fault: fault.get("body", fault["kind"]),
)
def test_one_partners_trouble_costs_the_others_nothing_and_is_made_up_for(
    operator: Operator, day: date, partners: Partners, fault: dict[str, Any]
) -> None:
    _night_after(partners, day)
    partners.spoil("issuers/kb", fault)
    answer = operator.compare(day, status=1)
    assert [one["partner"] for one in answer["failed"]] == ["kb"]
    assert answer["failed"][0]["cause"]
    assert len(answer["compared"]) == PARTNERS - 1

    partners.heal()
    _night_after(partners, day)
    answer = operator.compare(day)
    assert [one["partner"] for one in answer["compared"]] == ["kb"]
    assert answer["unchanged"] == PARTNERS - 1


def test_a_day_that_is_not_over_is_not_compared(operator: Operator, day: date) -> None:
    assert operator.line.ops("reconcile", "--day", day.isoformat(), status=1) == "day_not_over\n"


def test_the_schedules_own_event_looks_at_the_last_three_days(
    operator: Operator, day: date, partners: Partners
) -> None:
    _night_after(partners, day)
    answer = operator.line.ops("reconcile")
    assert answer["failed"] == []
    assert {one["day"] for one in answer["compared"]} == {
        (day - timedelta(days=ago)).isoformat() for ago in range(3)
    }
