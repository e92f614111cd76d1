"""One partner's list of one day against our journal (R-T8). Pure.

Both sides are entries: points redeemed or given back at an issuer, won deposited
at the bank. What is not the same on both sides is a difference; it says what was
found and decides nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from transfer.postings import Cause, Posting


class DifferenceKind(StrEnum):
    """How a list and our journal can differ about one effect."""

    OURS_ONLY = "ours_only"
    THEIRS_ONLY = "theirs_only"
    AMOUNT_DIFFERS = "amount_differs"
    REVERSED_ON_ONE_SIDE = "reversed_on_one_side"
    """Both sides know the redemption, one of them gave the points back that day."""
    DUPLICATE = "duplicate"
    """The partner lists one effect more than once."""


class Entry(NamedTuple):
    """One effect as one side has it.

    ``reference`` is the partner's name of it (redemption id or bank transaction
    id), ``amount`` points or KRW.
    """

    cause: Cause
    reference: str
    amount: int


class Difference(NamedTuple):
    """What is not the same on both sides.

    ``ours`` and ``theirs`` are the amounts of the entries that it is about; in a
    duplicate ``theirs`` are those beyond the first.
    """

    kind: DifferenceKind
    cause: Cause
    reference: str
    ours: tuple[int, ...]
    theirs: tuple[int, ...]


class BookFigures(NamedTuple):
    """What one side's entries of a day add up to, in KRW, and how many they are."""

    entries: int
    redeemed: int
    reversed: int
    deposited: int

    @property
    def owed(self) -> int:
        """What the issuer owes for the day: less than nothing if more went back than was taken."""
        return self.redeemed - self.reversed


class Reconciliation(NamedTuple):
    """What comparing found. ``matched`` counts the entries that both sides have alike."""

    matched: int
    differences: tuple[Difference, ...]
    ours: BookFigures
    theirs: BookFigures


type _Amounts = Mapping[tuple[Cause, str], list[int]]


def entries_of(postings: Iterable[Posting]) -> list[Entry]:
    """Return journal entries as entries to compare."""
    return [Entry(one.cause, one.reference, one.amount) for one in postings]


def figures_of(entries: Iterable[Entry]) -> BookFigures:
    """Add up one side."""
    sums = _Sums()
    for entry in entries:
        sums.add(entry)
    return sums.figures()


class _Sums:
    """What one side adds up to so far."""

    def __init__(self) -> None:
        self.entries = 0
        self._totals: Counter[Cause] = Counter()

    def add(self, entry: Entry) -> None:
        self.entries += 1
        self._totals[entry.cause] += entry.amount

    def figures(self) -> BookFigures:
        totals = self._totals
        return BookFigures(
            self.entries, totals[Cause.REDEEMED], totals[Cause.REVERSED], totals[Cause.DEPOSITED]
        )


def reconcile(ours: list[Entry], theirs: Iterable[Entry]) -> Reconciliation:
    """Compare a day's entries of our journal with those of the partner's list (R-T8).

    The list is read once and never held: on an opening day it has a million lines.
    """
    ours_left = Counter(ours)
    theirs_left: list[Entry] = []
    theirs_seen = _Sums()
    for entry in theirs:
        theirs_seen.add(entry)
        if ours_left[entry]:
            ours_left[entry] -= 1
        else:
            theirs_left.append(entry)
    matched = theirs_seen.entries - len(theirs_left)
    differences = _differences(ours, +ours_left, theirs_left)
    return Reconciliation(matched, tuple(differences), figures_of(ours), theirs_seen.figures())


def _differences(
    ours: list[Entry], ours_left: Counter[Entry], theirs_left: list[Entry]
) -> list[Difference]:
    """Name what is left on either side, beside what is alike about the same references."""
    references = {entry.reference for entry in (*ours_left, *theirs_left)}
    about = [entry for entry in ours if entry.reference in references]
    alike = (Counter(about) - ours_left).elements()
    in_ours, in_theirs = _amounts(about), _amounts([*alike, *theirs_left])
    return [
        difference
        for effect in sorted(in_ours.keys() | in_theirs.keys())
        for difference in _compared(effect, in_ours, in_theirs)
    ]


def _amounts(entries: Iterable[Entry]) -> dict[tuple[Cause, str], list[int]]:
    by_effect: dict[tuple[Cause, str], list[int]] = defaultdict(list)
    for entry in entries:
        by_effect[entry.cause, entry.reference].append(entry.amount)
    return dict(by_effect)


def _compared(
    effect: tuple[Cause, str], in_ours: _Amounts, in_theirs: _Amounts
) -> list[Difference]:
    """Return what of an effect is not alike on both sides."""
    our_amounts = Counter(in_ours.get(effect, ()))
    their_amounts = Counter(in_theirs.get(effect, ()))
    alike = (our_amounts & their_amounts).total()
    ours = sorted((our_amounts - their_amounts).elements())
    theirs = sorted((their_amounts - our_amounts).elements())
    found: list[Difference] = []

    def differ(kind: DifferenceKind, ours: list[int], theirs: list[int]) -> None:
        found.append(Difference(kind, *effect, tuple(ours), tuple(theirs)))

    if ours and theirs and not alike:
        differ(DifferenceKind.AMOUNT_DIFFERS, [ours.pop(0)], [theirs.pop(0)])
    if ours:
        one_sided = _one_sided(effect, in_ours, in_theirs, DifferenceKind.OURS_ONLY)
        differ(one_sided, ours, [])
    if theirs and not alike and not found:
        one_sided = _one_sided(effect, in_ours, in_theirs, DifferenceKind.THEIRS_ONLY)
        differ(one_sided, [], [theirs.pop(0)])
    if theirs:
        differ(DifferenceKind.DUPLICATE, [], theirs)
    return found


def _one_sided(
    effect: tuple[Cause, str], in_ours: _Amounts, in_theirs: _Amounts, otherwise: DifferenceKind
) -> DifferenceKind:
    """Return what an effect is that one side alone has."""
    cause, reference = effect
    redemption = (Cause.REDEEMED, reference)
    if cause is Cause.REVERSED and (redemption in in_ours) == (redemption in in_theirs):
        # Redeemed on both sides, today or on an earlier day, which had its own comparison.
        return DifferenceKind.REVERSED_ON_ONE_SIDE
    return otherwise
