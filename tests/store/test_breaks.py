"""Breaks, settlements and the record of what is done, as the table keeps them (R-T8)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from tests.store.lookup_steps import at_once
from transfer.breaks import Break, Closing, DynamoBreaks
from transfer.postings import Cause
from transfer.reconciliation import (
    BookFigures,
    Difference,
    DifferenceKind,
    Reconciliation,
)
from transfer.settlements import DynamoSettlements, Settlement

if TYPE_CHECKING:
    from tests.store.conftest import Store

DAY = date(2026, 11, 23)
NOW_MS = 1_795_449_600_000
MISSING = Difference(DifferenceKind.OURS_ONLY, Cause.REDEEMED, "r1", (500,), ())
NOTHING = BookFigures(0, 0, 0, 0)


def breaks_of(store: Store) -> DynamoBreaks:
    return DynamoBreaks(store.operations_table)


def settlements_of(store: Store) -> DynamoSettlements:
    return DynamoSettlements(store.operations_table)


def rows(store: Store) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = aws.client("dynamodb").scan(
        TableName=store.operations_table, ConsistentRead=True
    )["Items"]
    return items


def compared(redeemed: int, given_back: int = 0, by_them: int | None = None) -> Reconciliation:
    ours = BookFigures(2, redeemed, given_back, 0)
    theirs = BookFigures(2, ours.owed if by_them is None else by_them, 0, 0)
    return Reconciliation(2, (), ours, theirs)


def test_a_break_is_kept_as_it_was_found(store: Store) -> None:
    breaks = breaks_of(store)
    assert breaks.open(DAY, "kb", MISSING, NOW_MS)
    assert list(breaks.list()) == [
        Break("2026-11-23#kb#ours_only#r1#REDEEMED", DAY, "kb", MISSING, NOW_MS)
    ]
    assert breaks.count_open() == 1


def test_a_repeat_opens_no_second_break_and_changes_nothing_r_t8(store: Store) -> None:
    breaks = breaks_of(store)
    breaks.open(DAY, "kb", MISSING, NOW_MS)
    before = rows(store)
    assert not breaks.open(DAY, "kb", MISSING, NOW_MS + 1)
    assert rows(store) == before


def test_two_effects_of_one_redemption_are_two_breaks(store: Store) -> None:
    breaks = breaks_of(store)
    reversal = Difference(DifferenceKind.OURS_ONLY, Cause.REVERSED, "r1", (500,), ())
    assert breaks.open(DAY, "kb", MISSING, NOW_MS)
    assert breaks.open(DAY, "kb", reversal, NOW_MS)
    assert breaks.count_open() == 2


def test_a_closed_break_says_by_whom_and_why_and_stays_closed_r_t8(store: Store) -> None:
    breaks = breaks_of(store)
    breaks.open(DAY, "kb", MISSING, NOW_MS)
    [one] = breaks.list()
    assert breaks.close(one.break_id, "listed a day late", "ops-1", NOW_MS + 5) is Closing.CLOSED

    [closed] = breaks.list(closed_too=True)
    assert (closed.reason, closed.closed_by, closed.closed_at_ms, closed.is_open) == (
        "listed a day late",
        "ops-1",
        NOW_MS + 5,
        False,
    )
    assert closed.difference == MISSING
    assert list(breaks.list()) == []
    assert breaks.count_open() == 0
    assert not breaks.open(DAY, "kb", MISSING, NOW_MS + 9)
    assert breaks.count_open() == 0


def test_the_first_closing_holds(store: Store) -> None:
    breaks = breaks_of(store)
    breaks.open(DAY, "kb", MISSING, NOW_MS)
    [one] = breaks.list()
    breaks.close(one.break_id, "first", "ops-1", NOW_MS)
    assert breaks.close(one.break_id, "second", "ops-2", NOW_MS) is Closing.NOT_OPEN
    [closed] = breaks.list(closed_too=True)
    assert closed.reason == "first"


def test_a_break_nobody_opened_cannot_be_closed(store: Store) -> None:
    assert breaks_of(store).close("2026-11-23#kb#x#y", "?", "ops", NOW_MS) is Closing.NOT_FOUND
    assert rows(store) == []


def test_an_open_break_never_expires_and_a_closed_one_after_years(store: Store) -> None:
    breaks = breaks_of(store)
    breaks.open(DAY, "kb", MISSING, NOW_MS)
    [row] = rows(store)
    assert "expires_at" not in row
    breaks.close(row["sk"]["S"], "r", "ops", NOW_MS)
    [row] = rows(store)
    assert int(row["expires_at"]["N"]) > NOW_MS // 1000 + 5 * 365 * 24 * 3600


def test_of_two_operators_one_closes_and_of_two_runs_one_opens(racing_store: Store) -> None:
    breaks = breaks_of(racing_store)
    opened = at_once(8, lambda _: breaks.open(DAY, "kb", MISSING, NOW_MS))
    assert sorted(opened) == [False] * 7 + [True]
    [one] = breaks.list()
    closed = at_once(8, lambda place: breaks.close(one.break_id, "r", f"ops-{place}", NOW_MS))
    assert closed.count(Closing.CLOSED) == 1
    assert closed.count(Closing.NOT_OPEN) == 7


def test_more_breaks_than_a_page_are_counted(imitated_store: Store) -> None:
    breaks = breaks_of(imitated_store)
    amounts = (10**11,) * 20_000  # A fifth of a megabyte: five rows fill a page.
    for number in range(7):
        difference = Difference(
            DifferenceKind.DUPLICATE, Cause.DEPOSITED, f"U{number}", (), amounts
        )
        breaks.open(DAY, "bank", difference, NOW_MS)
    assert breaks.count_open() == 7
    assert len(list(breaks.list())) == 7


def test_breaks_of_every_kind_come_back_as_they_were(store: Store) -> None:
    breaks = breaks_of(store)
    differences = {
        Difference(kind, cause, "".join(map(chr, range(33, 97))), (0, 7), (10**12 - 1,))
        for kind in DifferenceKind
        for cause in Cause
    }
    for one in differences:
        breaks.open(DAY, "kb", one, NOW_MS)
    assert {one.difference for one in breaks.list()} == differences


def test_what_an_issuer_owes_is_written_once_for_the_same_figures_r_t8(store: Store) -> None:
    settlements = settlements_of(store)
    assert settlements.write(DAY, "kb", compared(900, 100), NOW_MS)
    assert not settlements.write(DAY, "kb", compared(900, 100), NOW_MS + 1)
    assert list(settlements.of(DAY, "kb")) == [Settlement(DAY, "kb", 1, 900, 100, 800, 800, NOW_MS)]


def test_other_figures_are_the_next_revision_and_the_old_one_stays(store: Store) -> None:
    settlements = settlements_of(store)
    for redeemed in (900, 1000, 900):
        settlements.write(DAY, "kb", compared(redeemed), NOW_MS)
    assert [(one.revision, one.owed) for one in settlements.of(DAY, "kb")] == [
        (1, 900),
        (2, 1000),
        (3, 900),
    ]


def test_figures_of_their_list_alone_are_a_revision_too(store: Store) -> None:
    settlements = settlements_of(store)
    settlements.write(DAY, "kb", compared(900, by_them=700), NOW_MS)
    settlements.write(DAY, "kb", compared(900), NOW_MS)
    assert [one.owed_by_their_list for one in settlements.of(DAY, "kb")] == [700, 900]


def test_settlements_of_a_day_are_those_of_every_issuer_and_no_other_day(store: Store) -> None:
    settlements = settlements_of(store)
    for issuer in ("kb", "bc"):
        settlements.write(DAY, issuer, compared(5), NOW_MS)
        settlements.write(date(2026, 11, 24), issuer, compared(6), NOW_MS)
    assert [(one.issuer, one.owed) for one in settlements.of(DAY)] == [("bc", 5), ("kb", 5)]


def test_runs_at_once_write_every_revision_once(racing_store: Store) -> None:
    settlements = settlements_of(racing_store)
    written = at_once(4, lambda _: settlements.write(DAY, "kb", compared(900), NOW_MS))
    assert sorted(written) == [False, False, False, True]
    assert len(list(settlements.of(DAY, "kb"))) == 1


def test_a_finished_day_is_known_with_the_figures_it_was_compared_with(store: Store) -> None:
    settlements = settlements_of(store)
    assert settlements.compared_with(DAY, "kb") is None
    found = compared(900, 100, by_them=7)
    settlements.finish(DAY, "kb", found, NOW_MS)
    assert settlements.compared_with(DAY, "kb") == found.ours
    assert settlements.compared_with(DAY, "bank") is None


@pytest.mark.parametrize("entries", [1, 2])
def test_figures_differ_by_the_number_of_entries_too(store: Store, entries: int) -> None:
    settlements = settlements_of(store)
    found = Reconciliation(0, (), BookFigures(entries, 0, 0, 0), NOTHING)
    settlements.finish(DAY, "kb", found, NOW_MS)
    assert (settlements.compared_with(DAY, "kb") == BookFigures(1, 0, 0, 0)) is (entries == 1)
