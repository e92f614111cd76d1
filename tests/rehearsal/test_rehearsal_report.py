"""The report counts what happened."""

from __future__ import annotations

from rehearsal.audit import audit
from rehearsal.finding import Kind
from rehearsal.report import report, table
from tests.rehearsal.rehearsed import AMOUNT, Rehearsed


def test_a_clean_rehearsal_is_counted() -> None:
    evidence = Rehearsed().evidence()
    figures = report(evidence, audit(evidence), killed_workers=3, restarts=1)
    assert (figures["people"], figures["lookups"], figures["transfers"]) == (1, 1, 1)
    assert (figures["legs"], figures["won"]) == ({"DEPOSITED": 1}, AMOUNT)
    assert (figures["killed_workers"], figures["restarts"]) == (3, 1)
    assert [figures[kind] for kind in Kind] == [0, 0, 0]
    assert figures["errors"] == {"transfer no answer": 1}
    assert figures["first_card_s"] == {"count": 1, "p50": 0.01, "p95": 0.01}
    assert figures["all_cards_s"] == {"count": 1, "p50": 9.01, "p95": 9.01}
    assert "killed workers   3" in table(figures)


def test_what_is_found_is_counted_and_shown() -> None:
    evidence = Rehearsed().evidence(deposits=[], consent=None)
    figures = report(evidence, audit(evidence))
    assert figures["lost"] == 2
    assert "lost: an agreement" in table(figures)
