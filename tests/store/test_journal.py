"""The journal by partner's book and by leg, from the table as it is deployed (R-T7, R-T8)."""

from __future__ import annotations

from copy import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from modupoint import aws
from tests.store.transfers_table import new_transfers_table
from transfer.journal import DynamoJournal
from transfer.legs import LegKey
from transfer.postings import BANK, Cause, Line, Posting
from transfer.transfer_items import BOOK_SHARDS, posting_item

if TYPE_CHECKING:
    from tests.store.conftest import Store

DAY = date(2026, 11, 23)
NOW_MS = 1_795_449_600_000


@pytest.fixture
def table(store: Store) -> str:
    assert store.operations_table
    return new_transfers_table()


def entry(number: int, partner: str = "kb", day: date = DAY) -> Posting:
    return Posting(
        key=LegKey(f"M#{number:032x}", f"trf_{number}", "kb"),
        leg_id=f"leg_{uuid4()}",
        cause=Cause.DEPOSITED if partner == BANK else Cause.REDEEMED,
        partner=partner,
        book_day=day,
        reference=f"r{number}",
        amount=100 + number,
        lines=(Line("receivable:kb", 100 + number), Line("points:kb", -100 - number)),
        posted_at_ms=NOW_MS + number,
    )


def post(table: str, *postings: Posting, **more: Any) -> None:
    for one in postings:
        item = {**posting_item(one), **more}
        aws.client("dynamodb").put_item(TableName=table, Item=item)


def test_a_book_holds_its_own_partner_and_day_whatever_the_shard_r_t8(table: str) -> None:
    ours = [entry(number) for number in range(40)]
    post(table, *ours, entry(50, partner=BANK), entry(51, day=date(2026, 11, 24)))
    assert len({posting_item(one)["book"]["S"] for one in ours}) == BOOK_SHARDS
    journal = DynamoJournal(table)
    found = sorted(journal.postings(DAY, "kb"), key=lambda one: one.posted_at_ms)
    assert found == ours
    assert [one.reference for one in journal.postings(DAY, BANK)] == ["r50"]
    assert list(journal.postings(DAY, "bc")) == []


def test_every_page_of_a_shard_is_read(table: str) -> None:
    # Rows of a third of a megabyte: a page of a query holds three of them.
    wide = {"padding": {"S": "x" * 350_000}}
    post(table, *(entry(number) for number in range(20)), **wide)
    assert len(list(DynamoJournal(table).postings(DAY, "kb"))) == 20


def test_a_legs_entries_come_in_the_order_they_were_made_r_t7(table: str) -> None:
    redeemed = entry(1)
    deposited = replace(redeemed, cause=Cause.DEPOSITED, partner=BANK, posted_at_ms=NOW_MS + 99)
    other_issuer = replace(redeemed, key=replace(redeemed.key, issuer="kbx"))
    post(table, deposited, redeemed, other_issuer, entry(2))
    assert DynamoJournal(table).of_leg(redeemed.key) == [redeemed, deposited]
