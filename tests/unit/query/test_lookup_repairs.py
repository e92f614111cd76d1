"""When what seems lost is asked for again, and how often at most."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuers import ISSUERS
from query.inquiry import Status
from query.lanes import Lane
from query.lookups import (
    REPAIR_PARTLY_ANSWERED_AFTER_MS,
    REPAIR_UNANSWERED_AFTER_MS,
    REPAIRS_PER_LOOKUP,
    IssuerRecord,
    issuers_to_repair,
)
from tests.unit.query.lookup_samples import START_MS, a_lookup, a_member, a_record

LOOKUP = a_lookup()
QUICK = {code: Lane(code, answer_ms=500) for code in ISSUERS}
ONE_ANSWER = {"kb": a_record(LOOKUP)}


def lost(
    after_ms: int,
    records: dict[str, IssuerRecord] | None = None,
    *,
    repairs: int = 0,
    lanes: dict[str, Lane] | None = None,
) -> tuple[str, ...]:
    member = a_member(LOOKUP, repaired=LOOKUP.lookup_id if repairs else "", repairs=repairs)
    return issuers_to_repair(member, LOOKUP, records or {}, lanes or QUICK, START_MS + after_ms)


def test_a_publish_that_never_happened_is_repaired_as_a_whole_soon() -> None:
    first_ms = REPAIR_UNANSWERED_AFTER_MS + 2 * 500
    assert lost(first_ms) == ()
    assert lost(first_ms + 1) == tuple(ISSUERS)


def test_a_message_lost_alone_is_repaired_alone_and_later() -> None:
    first_ms = REPAIR_PARTLY_ANSWERED_AFTER_MS + 2 * 500
    assert lost(first_ms, ONE_ANSWER) == ()
    assert lost(first_ms + 1, ONE_ANSWER) == tuple(code for code in ISSUERS if code != "kb")


def test_a_lane_with_a_backlog_is_given_its_time() -> None:
    busy = Lane("bc", backlog=50, drain_per_s=10.0, answer_ms=500, seen_at_ms=START_MS + 11_001)
    found = lost(11_001, ONE_ANSWER, lanes={**QUICK, "bc": busy})
    assert "bc" not in found
    assert "hana" in found


def test_while_a_rush_ebbs_the_one_in_front_says_how_long_is_usual() -> None:
    ebbing = Lane(
        "bc",
        backlog=10,
        drain_per_s=10.0,
        answer_ms=500,
        seen_at_ms=START_MS + 20_000,
        waited_ms=15_000,
    )
    assert "bc" not in lost(20_000, ONE_ANSWER, lanes={**QUICK, "bc": ebbing})
    quiet = copy.replace(ebbing, waited_ms=0)
    assert "bc" in lost(20_000, ONE_ANSWER, lanes={**QUICK, "bc": quiet})


def test_each_repair_waits_as_much_longer_and_the_last_is_the_third() -> None:
    step_ms = REPAIR_UNANSWERED_AFTER_MS + 2 * 500
    for repairs in range(REPAIRS_PER_LOOKUP):
        assert lost((repairs + 1) * step_ms, repairs=repairs) == ()
        assert lost((repairs + 1) * step_ms + 1, repairs=repairs) == tuple(ISSUERS)
    assert lost(29_999, repairs=REPAIRS_PER_LOOKUP) == ()


def test_repairs_of_an_earlier_lookup_do_not_count() -> None:
    member = a_member(LOOKUP, repaired="lkp_earlier", repairs=REPAIRS_PER_LOOKUP)
    assert issuers_to_repair(member, LOOKUP, {}, QUICK, START_MS + 10_000) == tuple(ISSUERS)


def test_only_the_last_lookup_is_repaired() -> None:
    newer = a_lookup(made_ms=START_MS + 1)
    member = a_member(LOOKUP, newer)
    assert issuers_to_repair(member, LOOKUP, {}, QUICK, START_MS + 20_000) == ()


def test_past_the_deadline_nothing_is_repaired() -> None:
    assert lost(29_999) == tuple(ISSUERS)
    assert lost(30_000) == ()


def test_a_lookup_emptied_by_a_withdrawal_is_not_repaired_r_m2() -> None:
    emptied = copy.replace(LOOKUP, only=())
    assert issuers_to_repair(a_member(emptied), emptied, {}, QUICK, START_MS + 20_000) == ()


@given(
    answered=st.sets(st.sampled_from(list(ISSUERS))),
    after_ms=st.integers(0, 60_000),
    repairs=st.integers(0, 5),
)
def test_nobody_who_has_answered_is_asked_again(
    answered: set[str], after_ms: int, repairs: int
) -> None:
    records = {code: a_record(LOOKUP, Status.OK, issuer=code) for code in answered}
    found = lost(after_ms, records, repairs=repairs)
    assert not answered & set(found)
    assert after_ms > REPAIR_UNANSWERED_AFTER_MS or not found


@pytest.mark.parametrize("after_ms", [0, 1_000, 3_999])
def test_a_poll_right_after_the_start_repairs_nothing(after_ms: int) -> None:
    assert lost(after_ms) == ()
