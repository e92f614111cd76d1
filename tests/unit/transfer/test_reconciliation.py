"""What is found when a partner's list is held against our journal (R-T8)."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfer.postings import Cause
from transfer.reconciliation import (
    BookFigures,
    Difference,
    DifferenceKind,
    Entry,
    figures_of,
    reconcile,
)

TAKEN = Entry(Cause.REDEEMED, "r1", 500)
BACK = Entry(Cause.REVERSED, "r1", 500)
PAID = Entry(Cause.DEPOSITED, "M202600001U000000001", 500)


def more(entry: Entry, amount: int) -> Entry:
    return Entry(entry.cause, entry.reference, amount)


def found(
    kind: DifferenceKind, entry: Entry, ours: tuple[int, ...], theirs: tuple[int, ...]
) -> Difference:
    return Difference(kind, entry.cause, entry.reference, ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs", "matched", "differences"),
    [
        pytest.param([TAKEN, BACK], [TAKEN, BACK], 2, [], id="the same"),
        pytest.param(
            [TAKEN], [], 0, [found(DifferenceKind.OURS_ONLY, TAKEN, (500,), ())], id="missing"
        ),
        pytest.param(
            [], [TAKEN], 0, [found(DifferenceKind.THEIRS_ONLY, TAKEN, (), (500,))], id="extra"
        ),
        pytest.param(
            [PAID],
            [more(PAID, 499)],
            0,
            [found(DifferenceKind.AMOUNT_DIFFERS, PAID, (500,), (499,))],
            id="amount",
        ),
        pytest.param(
            [TAKEN, BACK],
            [TAKEN],
            1,
            [found(DifferenceKind.REVERSED_ON_ONE_SIDE, BACK, (500,), ())],
            id="reversed by us only",
        ),
        pytest.param(
            [TAKEN],
            [TAKEN, BACK],
            1,
            [found(DifferenceKind.REVERSED_ON_ONE_SIDE, BACK, (), (500,))],
            id="reversed by them only",
        ),
        pytest.param(
            [],
            [BACK],
            0,
            [found(DifferenceKind.REVERSED_ON_ONE_SIDE, BACK, (), (500,))],
            id="reversed by them only, redeemed on an earlier day",
        ),
        pytest.param(
            [],
            [TAKEN, BACK],
            0,
            [
                found(DifferenceKind.THEIRS_ONLY, TAKEN, (), (500,)),
                found(DifferenceKind.THEIRS_ONLY, BACK, (), (500,)),
            ],
            id="redeemed and reversed, and we know nothing of it",
        ),
        pytest.param(
            [PAID],
            [PAID, PAID, PAID],
            1,
            [found(DifferenceKind.DUPLICATE, PAID, (), (500, 500))],
            id="listed three times",
        ),
        pytest.param(
            [PAID],
            [more(PAID, 400), PAID],
            1,
            [found(DifferenceKind.DUPLICATE, PAID, (), (400,))],
            id="listed twice, once with our amount",
        ),
        pytest.param(
            [PAID],
            [more(PAID, 400), more(PAID, 400)],
            0,
            [
                found(DifferenceKind.AMOUNT_DIFFERS, PAID, (500,), (400,)),
                found(DifferenceKind.DUPLICATE, PAID, (), (400,)),
            ],
            id="listed twice, never with our amount",
        ),
        pytest.param(
            [],
            [PAID, PAID],
            0,
            [
                found(DifferenceKind.THEIRS_ONLY, PAID, (), (500,)),
                found(DifferenceKind.DUPLICATE, PAID, (), (500,)),
            ],
            id="extra, and listed twice",
        ),
    ],
)
def test_every_kind_of_difference_is_told_apart_r_t8(
    ours: list[Entry], theirs: list[Entry], matched: int, differences: list[Difference]
) -> None:
    result = reconcile(ours, theirs)
    assert (result.matched, list(result.differences)) == (matched, differences)


def test_one_difference_does_not_spoil_its_neighbours_r_t8() -> None:
    others = [Entry(Cause.REDEEMED, f"r{number}", number) for number in range(2, 9)]
    result = reconcile([TAKEN, *others], [*reversed(others)])
    assert result.matched == len(others)
    assert [one.reference for one in result.differences] == ["r1"]


def test_an_issuer_owes_what_was_taken_and_not_given_back_by_each_sides_books_r_t8() -> None:
    other = Entry(Cause.REDEEMED, "r2", 70)
    result = reconcile([TAKEN, other, BACK], [TAKEN, other])
    assert (result.ours.owed, result.theirs.owed) == (70, 570)


def test_a_day_of_returns_owes_less_than_nothing() -> None:
    assert reconcile([BACK], [BACK]).ours.owed == -500


def test_figures_count_entries_and_add_up_each_cause() -> None:
    assert figures_of([TAKEN, more(TAKEN, 7), BACK, PAID]) == BookFigures(
        entries=4, redeemed=507, reversed=500, deposited=500
    )


# Few names and amounts, so that the two sides meet.
entries = st.builds(
    Entry, st.sampled_from(Cause), st.sampled_from(["a", "b", "c"]), st.integers(0, 3)
)
lists = st.lists(entries, max_size=12)


@given(lists, lists)
def test_matches_and_differences_account_for_every_entry_once(
    ours: list[Entry], theirs: list[Entry]
) -> None:
    result = reconcile(ours, theirs)

    def of_differences(amounts: str) -> Counter[Entry]:
        return Counter(
            Entry(one.cause, one.reference, amount)
            for one in result.differences
            for amount in getattr(one, amounts)
        )

    left_over, unknown = of_differences("ours"), of_differences("theirs")
    assert left_over <= Counter(ours)
    assert unknown <= Counter(theirs)
    # What no difference is about is alike on both sides, and is what was matched.
    assert Counter(ours) - left_over == Counter(theirs) - unknown
    assert (Counter(ours) - left_over).total() == result.matched


@given(lists)
def test_the_same_list_in_any_order_differs_in_nothing(entries: list[Entry]) -> None:
    result = reconcile(entries, sorted(entries, key=lambda one: (one.amount, one.reference)))
    assert (result.matched, result.differences) == (len(entries), ())
    assert result.ours == result.theirs


@given(lists, lists)
def test_a_difference_is_named_once_so_that_it_opens_one_break(
    ours: list[Entry], theirs: list[Entry]
) -> None:
    names = [(one.kind, one.cause, one.reference) for one in reconcile(ours, theirs).differences]
    assert len(set(names)) == len(names)


@given(lists, lists)
def test_what_the_books_owe_differs_by_what_the_differences_say(
    ours: list[Entry], theirs: list[Entry]
) -> None:
    result = reconcile(ours, theirs)
    signs = {Cause.REDEEMED: 1, Cause.REVERSED: -1, Cause.DEPOSITED: 0}
    explained = sum(
        signs[one.cause] * (sum(one.ours) - sum(one.theirs)) for one in result.differences
    )
    assert result.ours.owed - result.theirs.owed == explained
