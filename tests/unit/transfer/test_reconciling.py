"""The nightly comparison: what is done, in which order, what a repeat does (R-T8)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from modupoint.clock import SEOUL
from transfer import reconciling
from transfer.legs import LegKey
from transfer.listed_entries import ListError
from transfer.postings import BANK, Cause, Posting
from transfer.reconciliation import BookFigures, Difference, DifferenceKind, Entry, Reconciliation
from transfer.reconciling import DayNotOverError, Ending, PartnerDay, Reconciler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=SEOUL)
DAY = date(2026, 11, 23)

type Book = tuple[date, str]


@dataclass
class World:
    """Journal, lists and what was written, in memory; ``down`` partners do not answer."""

    ours: dict[Book, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    theirs: dict[Book, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    down: dict[str, Exception] = field(default_factory=dict)
    asked: list[Book] = field(default_factory=list)
    breaks: dict[tuple[date, str, Difference], str] = field(default_factory=dict)
    owed: dict[Book, list[BookFigures]] = field(default_factory=lambda: defaultdict(list))
    finished: dict[Book, BookFigures] = field(default_factory=dict)
    dies_at: str = ""

    def both(self, day: date, partner: str, *entries: Entry) -> None:
        """Put entries into both books."""
        self.ours[day, partner] += entries
        self.theirs[day, partner] += entries

    def night(self, *partners: str, again: bool = False) -> list[PartnerDay]:
        """Run a night."""
        reconciler = self.reconciler()
        return reconciler.run(partners or ("kb",), reconciler.days(None), again=again)

    def reconciler(self) -> Reconciler:
        """Return the service over this world."""
        return Reconciler(self, self, self, self, lambda: NIGHT)

    def postings(self, day: date, partner: str) -> Iterable[Posting]:
        """Give our entries as the journal has them."""
        key = LegKey("M#1", "trf_1", partner)
        for one in self.ours[day, partner]:
            yield Posting(key, "leg_1", one.cause, partner, day, one.reference, one.amount, (), 0)

    def entries(self, partner: str, day: date, ends_s: float) -> Iterator[Entry]:
        """Give the partner's list; what is down breaks off after the last line."""
        assert ends_s > 0
        self.asked.append((day, partner))
        yield from self.theirs[day, partner]
        if partner in self.down:
            raise self.down[partner]

    def open(self, day: date, partner: str, difference: Difference, now_ms: int) -> bool:
        """Open a break once."""
        assert now_ms
        self._step("open")
        new = (day, partner, difference) not in self.breaks
        self.breaks.setdefault((day, partner, difference), "OPEN")
        return new

    def count_open(self) -> int:
        """Count open breaks."""
        return list(self.breaks.values()).count("OPEN")

    def write(self, day: date, issuer: str, found: Reconciliation, now_ms: int) -> bool:
        """Write what is owed, if it is new."""
        assert now_ms
        self._step("write")
        if self.owed[day, issuer] and self.owed[day, issuer][-1] == found.ours:
            return False
        self.owed[day, issuer].append(found.ours)
        return True

    def compared_with(self, day: date, partner: str) -> BookFigures | None:
        """Return the figures of the last finished comparison."""
        return self.finished.get((day, partner))

    def finish(self, day: date, partner: str, found: Reconciliation, now_ms: int) -> None:
        """Note a finished comparison."""
        assert now_ms
        self._step("finish")
        self.finished[day, partner] = found.ours

    def _step(self, name: str) -> None:
        if name == self.dies_at:
            raise RuntimeError(name)


@pytest.fixture
def world() -> World:
    return World()


def taken(reference: str, amount: int = 500) -> Entry:
    return Entry(Cause.REDEEMED, reference, amount)


def test_a_night_looks_at_yesterday_and_the_two_days_before(world: World) -> None:
    world.night()
    assert world.asked == [(DAY - timedelta(days=ago), "kb") for ago in range(3)]


def test_a_day_that_is_not_over_is_not_compared(world: World) -> None:
    reconciler = world.reconciler()
    assert reconciler.days(DAY) == [DAY]
    for early in (NIGHT.date(), date(2027, 1, 1)):
        with pytest.raises(DayNotOverError):
            reconciler.days(early)


def test_a_difference_opens_a_break_and_the_rest_matches(world: World) -> None:
    world.both(DAY, "kb", taken("r1"), taken("r2"))
    world.ours[DAY, "kb"].append(taken("r3"))
    done = world.night()[0]
    assert done == PartnerDay(DAY, "kb", Ending.COMPARED, matched=2, differences=1, opened=1)
    [(_, _, difference)] = world.breaks
    assert (difference.kind, difference.reference) == (DifferenceKind.OURS_ONLY, "r3")


def test_a_repeat_of_the_night_asks_nobody_who_has_answered(world: World) -> None:
    world.both(DAY, "kb", taken("r1"))
    world.down["shinhan"] = ListError("timed_out")
    world.night("kb", "shinhan")
    world.down.clear()
    world.asked.clear()

    done = world.night("kb", "shinhan")
    assert {partner for _, partner in world.asked} == {"shinhan"}
    assert [one.ending for one in done] == [Ending.UNCHANGED] * 3 + [Ending.COMPARED] * 3


def test_a_repeat_opens_nothing_twice_and_closes_nothing_r_t8(world: World) -> None:
    world.ours[DAY, "kb"].append(taken("r1"))
    world.night()
    before = dict(world.breaks)
    for again in (False, True):
        opened = sum(one.opened for one in world.night(again=again))
        assert (opened, world.breaks) == (0, before)

    # Even when the difference is gone: whoever closes it looks at it first.
    world.theirs[DAY, "kb"].append(taken("r1"))
    assert world.night(again=True)[0].differences == 0
    assert world.breaks == before


def test_an_entry_posted_late_has_its_day_compared_again(world: World) -> None:
    older = DAY - timedelta(days=2)
    world.both(older, "kb", taken("r1"))
    world.night()
    world.asked.clear()
    world.both(older, "kb", taken("r2"))

    done = world.night()
    assert world.asked == [(older, "kb")]
    assert [one.ending for one in done] == [Ending.UNCHANGED, Ending.UNCHANGED, Ending.COMPARED]
    assert [figures.owed for figures in world.owed[older, "kb"]] == [500, 1000]


def test_again_compares_what_is_done(world: World) -> None:
    world.night()
    world.asked.clear()
    world.night(again=True)
    assert len(world.asked) == 3


@pytest.mark.parametrize(
    ("error", "cause"),
    [(ListError("malformed: amount"), "malformed: amount"), (KeyError("x"), "KeyError")],
)
def test_one_partners_failure_does_not_stop_the_others(
    world: World, error: Exception, cause: str
) -> None:
    world.down["shinhan"] = error
    world.both(DAY, "kb", taken("r1"))
    done = world.night("shinhan", "kb", BANK)
    assert {one.partner for one in done if one.ending is Ending.FAILED} == {"shinhan"}
    assert {one.cause for one in done if one.ending is Ending.FAILED} == {cause}
    assert (DAY, "kb") in world.finished
    assert (DAY, BANK) in world.finished
    assert (DAY, "shinhan") not in world.finished


def test_a_list_that_breaks_off_opens_no_break(world: World) -> None:
    world.ours[DAY, "kb"].append(taken("r1"))
    world.theirs[DAY, "kb"].append(taken("r2"))
    world.down["kb"] = ListError("timed_out")
    world.night()
    assert not world.breaks


def test_what_issuers_owe_is_written_and_the_bank_owes_nothing(world: World) -> None:
    world.both(DAY, "kb", taken("r1"), Entry(Cause.REVERSED, "r2", 200))
    world.both(DAY, BANK, Entry(Cause.DEPOSITED, "U1", 500))
    world.night("kb", BANK)
    assert [figures.owed for figures in world.owed[DAY, "kb"]] == [300]
    assert (DAY, BANK) not in world.owed


@pytest.mark.parametrize("step", ["open", "write", "finish"])
def test_a_run_that_breaks_off_anywhere_is_made_whole_by_the_next(world: World, step: str) -> None:
    world.ours[DAY, "kb"].append(taken("r1"))
    whole = World(ours=world.ours)
    whole.night()

    world.dies_at = step
    assert {one.ending for one in world.night()[:1]} == {Ending.FAILED}
    assert (DAY, "kb") not in world.finished
    world.dies_at = ""
    world.night()
    assert (world.breaks, world.owed, world.finished) == (whole.breaks, whole.owed, whole.finished)


def test_a_list_that_differs_in_everything_stays_unfinished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "BREAKS_AT_MOST", 3)
    world.ours[DAY, "kb"] += [taken(f"r{number}") for number in range(4)]
    done = world.night()[0]
    assert (done.ending, done.cause) == (Ending.FAILED, "TooManyDifferencesError")
    assert len(world.breaks) == 3
    assert (DAY, "kb") not in world.finished
    assert (DAY, "kb") not in world.owed
