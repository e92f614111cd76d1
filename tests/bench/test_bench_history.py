"""The bench's history: what is kept of a run, and what is said to have moved."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from bench.history import HISTORY, entry, keep, last, moved, refused
from tests.bench.report_samples import at_the_limit

if TYPE_CHECKING:
    from pathlib import Path

    from bench.history import Entry


def changed(*path: str, to: object) -> Entry:
    run = entry(at_the_limit())
    place: Any = run
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return run


def test_what_was_kept_is_read_again_and_the_newest_counts(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    assert last(file) is None
    keep(changed("commit", to="first"), file)
    keep(changed("commit", to="second"), file)
    assert last(file) == changed("commit", to="second")
    assert len(file.read_text().splitlines()) == 2


def test_a_run_is_kept_only_if_others_can_be_held_to_it() -> None:
    assert refused(entry(at_the_limit()), []) is None
    assert "commit" in str(refused(changed("commit", to="1234567-dirty"), []))
    assert "5 rounds" in str(refused(changed("rounds", to=5), []))
    assert "budget" in str(refused(entry(at_the_limit()), ["Ask's start takes 2 times its floor"]))


def test_nothing_has_moved_between_two_runs_of_one_commit() -> None:
    run = entry(at_the_limit())
    assert list(moved(run, copy.deepcopy(run))) == []
    assert list(moved(run, changed("starts", "Ask", to=1.12))) == []
    assert list(moved(run, changed("usd", "lookup_single", to=0.0000403))) == []


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("starts", "Ask"), 0.94, "starts Ask: 1.05 -> 0.94"),
        (("invocations", "Read"), 1.6, "invocations Read: 1.50 -> 1.60"),
        (("usd", "lookup_single"), 0.000044, "usd lookup_single: 4e-05 -> 4.4e-05"),
        (("calls", "Ask"), 2, "calls Ask: 1 -> 2"),
        (("layer_zip_mb",), 5.5, "layer_zip_mb: 5.0 -> 5.5"),
    ],
)
def test_what_a_change_did_is_a_line(path: tuple[str, ...], to: object, said: str) -> None:
    assert list(moved(entry(at_the_limit()), changed(*path, to=to))) == [said]


def test_a_handler_that_is_new_or_gone_is_no_change_of_a_figure() -> None:
    before, now = entry(at_the_limit()), entry(at_the_limit())
    del before["starts"]["Ask"]
    del now["starts"]["Read"]
    assert list(moved(before, now)) == []


def test_the_repositorys_own_history_is_read_and_compared() -> None:
    newest = last(HISTORY)
    assert newest is not None
    assert refused(newest, []) is None
    assert set(newest) == set(entry(at_the_limit()))
    assert list(moved(newest, newest)) == []
