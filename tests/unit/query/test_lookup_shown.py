"""What a member is shown of a lookup: statuses, stale balances, totals, when to ask again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.clock import SEOUL, epoch_ms
from modupoint.issuers import ISSUERS
from query.inquiry import Reason, Status
from query.lanes import Lane
from query.lookups import IssuerRecord, Lookup, pending_issuers, poll_aim_ms, show
from query.response_models import LookupModel
from tests.unit.query.lookup_samples import START_MS, a_balance, a_lookup, a_record, an_id

LOOKUP = a_lookup(only=("kb",))
EARLIER = an_id(START_MS - 3_600_000)
LATER = an_id(START_MS + 60_000)


def shown(
    record: IssuerRecord | None = None,
    *,
    lookup: Lookup = LOOKUP,
    lanes: dict[str, Lane] | None = None,
    after_ms: int = 1_000,
) -> dict[str, Any]:
    records = {} if record is None else {record.issuer: record}
    answer = show(lookup, records, lanes or {}, START_MS + after_ms)
    LookupModel.model_validate(answer)
    return answer


def result(record: IssuerRecord | None = None, **options: Any) -> dict[str, Any]:
    one: dict[str, Any] = shown(record, **options)["results"]["kb"]
    return one


def time_of(milliseconds: int) -> str:
    moment = datetime(1970, 1, 1, 9, tzinfo=SEOUL) + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds")


def test_an_answer_is_shown_with_its_points_and_time() -> None:
    assert result(a_record(LOOKUP, Status.OK, a_balance())) == {
        "status": "OK",
        "as_of": time_of(START_MS + 500),
        "stale": False,
        "eta_seconds": 0,
        "points": [a_balance()],
        "message": None,
    }


def test_without_any_answer_ever_there_is_a_wait_and_nothing_else() -> None:
    assert result() == {
        "status": "PENDING",
        "as_of": None,
        "stale": False,
        "eta_seconds": 1,
        "points": [],
        "message": None,
    }


def test_until_the_answer_comes_the_last_known_balance_is_shown_as_stale_r_p6() -> None:
    before = a_record(EARLIER, Status.OK, a_balance(), answered_ms=START_MS - 3_599_000)
    one = result(before)
    assert (one["status"], one["stale"], one["points"]) == ("PENDING", True, [a_balance()])
    assert one["as_of"] == time_of(START_MS - 3_599_000)


def test_a_failure_shows_the_last_known_balance_with_its_own_time_r_p6() -> None:
    failed = a_record(
        LOOKUP,
        Status.UNAVAILABLE,
        a_balance(),
        reason=Reason.MAINTENANCE,
        balances_ms=START_MS - 86_400_000,
    )
    one = result(failed)
    assert (one["status"], one["stale"], one["points"]) == ("UNAVAILABLE", True, [a_balance()])
    assert one["as_of"] == time_of(START_MS - 86_400_000)


def test_a_failure_with_nothing_known_is_not_stale_r_p6() -> None:
    one = result(a_record(LOOKUP, Status.UNAVAILABLE, reason=Reason.NO_ANSWER))
    assert (one["stale"], one["as_of"], one["points"]) == (False, None, [])


def test_an_issuer_that_never_answers_is_timed_out_at_the_deadline_and_not_before() -> None:
    assert result(after_ms=29_999)["status"] == "PENDING"
    assert result(after_ms=30_000)["status"] == "TIMED_OUT"


def test_what_timed_out_shows_the_last_known_balance_as_stale_r_p6() -> None:
    one = result(a_record(EARLIER, Status.OK, a_balance()), after_ms=30_000)
    assert (one["status"], one["stale"], one["points"]) == ("TIMED_OUT", True, [a_balance()])


def test_an_answer_after_the_deadline_still_counts() -> None:
    late = a_record(LOOKUP, Status.OK, a_balance(), answered_ms=START_MS + 40_000)
    assert result(late, after_ms=50_000)["status"] == "OK"


def test_an_older_lookup_shows_the_newer_answer_of_a_later_one() -> None:
    assert result(a_record(LATER, Status.OK, a_balance()))["status"] == "OK"


@pytest.mark.parametrize(
    "status", [Status.NOT_MEMBER, Status.DORMANT, Status.SUSPENDED, Status.CORPORATE]
)
def test_what_an_issuer_says_of_a_member_is_fresh_and_explained_r_p4(status: Status) -> None:
    one = result(a_record(LOOKUP, status, a_balance(transferable=0)))
    assert (one["status"], one["stale"]) == (status.value, False)
    assert one["message"]["ko"]
    assert one["message"]["en"]


def test_a_dormant_member_is_told_whom_to_call_and_what_to_do_r_p4() -> None:
    message = result(a_record(LOOKUP, Status.DORMANT, a_balance(transferable=0)))["message"]
    for words in (message["ko"], message["en"]):
        assert ISSUERS["kb"].phone in words
    assert "Release the dormant card first" in message["en"]
    assert "휴면을 해제" in message["ko"]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_failure_is_explained_in_its_own_words(reason: Reason) -> None:
    def words(why: Reason) -> dict[str, str]:
        message: dict[str, str] = result(a_record(LOOKUP, Status.UNAVAILABLE, reason=why))[
            "message"
        ]
        return message

    assert set(words(reason)) == {"ko", "en"}
    assert [words(other) for other in Reason].count(words(reason)) == 1


def test_an_old_failures_reason_does_not_explain_a_new_wait() -> None:
    failed_before = a_record(EARLIER, Status.UNAVAILABLE, reason=Reason.MAINTENANCE)
    assert result(failed_before)["message"] is None
    assert "TIMED" not in str(result(failed_before, after_ms=30_000)["message"])
    assert result(failed_before, after_ms=30_000)["message"] == result(after_ms=30_000)["message"]


@given(
    st.dictionaries(
        st.sampled_from(list(ISSUERS)),
        st.sampled_from([None, Status.OK, Status.UNAVAILABLE, Status.NOT_MEMBER]),
    ),
    st.integers(0, 40_000),
)
def test_one_issuers_answer_changes_no_other_issuers_r_p6(
    statuses: dict[str, Status | None], after_ms: int
) -> None:
    lookup = a_lookup()
    records = {
        code: a_record(lookup, status, issuer=code, reason=Reason.BUSY)
        for code, status in statuses.items()
        if status is not None
    }
    together = show(lookup, records, {}, START_MS + after_ms)["results"]
    assert list(together) == list(ISSUERS)
    for code in ISSUERS:
        alone = {code: records[code]} if code in records else {}
        assert together[code] == show(lookup, alone, {}, START_MS + after_ms)["results"][code]


def test_a_lookup_is_done_when_nobody_is_awaited() -> None:
    running = shown()
    done = shown(a_record(LOOKUP, Status.OK, a_balance()))
    assert (running["status"], done["status"]) == ("RUNNING", "DONE")
    assert running["retry_after_ms"] > 0
    assert done["retry_after_ms"] == 0


@given(st.integers(0, 10_000), st.floats(0.1, 100), st.integers(100, 8_000), st.integers(0, 29_999))
def test_polling_is_paced_within_its_bounds_and_near_the_soonest_answer(
    backlog: int, drain_per_s: float, answer_ms: int, after_ms: int
) -> None:
    lane = Lane("kb", backlog, drain_per_s, answer_ms, START_MS)
    answer = shown(lanes={"kb": lane}, after_ms=after_ms)
    aim_ms = min(max(answer["results"]["kb"]["eta_seconds"] * 700, 700, after_ms // 8), 120_000)
    assert 0.85 * aim_ms - 1 <= answer["retry_after_ms"] <= 1.15 * aim_ms
    assert 594 <= answer["retry_after_ms"] <= 138_000


@given(st.integers(1, 3_600), st.integers(0, 3_600_000))
def test_nobody_asks_more_often_than_eight_times_in_what_they_have_waited(
    soonest_s: int, waited_ms: int
) -> None:
    aim_ms = poll_aim_ms(soonest_s, waited_ms)
    assert aim_ms >= min(waited_ms // 8, 120_000)
    # The two reasons to wait do not add up: the opening day's simulation counts on it.
    assert aim_ms == max(poll_aim_ms(soonest_s, 0), poll_aim_ms(1, waited_ms))


def test_polls_are_spread_so_that_nobody_asks_in_step() -> None:
    assert len({shown()["retry_after_ms"] for _ in range(50)}) > 10


def test_the_wait_shown_shrinks_by_what_was_waited() -> None:
    lane = Lane("kb", backlog=200, drain_per_s=10.0, answer_ms=500, seen_at_ms=START_MS)
    etas = [
        result(lanes={"kb": lane}, after_ms=after_ms)["eta_seconds"]
        for after_ms in range(0, 29_000, 1_000)
    ]
    assert etas == sorted(etas, reverse=True)
    assert (etas[0], etas[-1]) == (21, 1)


def test_the_deadline_is_shown_in_business_time_even_if_that_is_moved() -> None:
    moved = a_lookup(requested_ms=START_MS - 86_400_000, patience_ms=42_000, only=("kb",))
    answer = shown(lookup=moved)
    assert answer["requested_at"] == time_of(START_MS - 86_400_000)
    assert answer["deadline_at"] == time_of(START_MS - 86_400_000 + 42_000)
    assert answer["status"] == "RUNNING"


amounts = st.integers(0, 10**7)


@given(st.lists(st.tuples(st.sampled_from(list(ISSUERS)), amounts, amounts, amounts), max_size=8))
def test_totals_count_what_is_shown(held: list[tuple[str, int, int, int]]) -> None:
    lookup, by_issuer = a_lookup(), dict[str, list[dict[str, Any]]]()
    for issuer, remaining, transferable, expiring in held:
        balance = a_balance(
            remaining=remaining,
            transferable=transferable,
            expiring=expiring,
            expiring_month="2026-12",
        )
        by_issuer.setdefault(issuer, []).append(balance)
    # Fresh, stale and timed-out balances all count: they are on the page.
    records = {
        code: a_record([lookup.lookup_id, EARLIER][place % 2], Status.OK, *rows, issuer=code)
        for place, (code, rows) in enumerate(by_issuer.items())
    }
    assert show(lookup, records, {}, START_MS + 60_000)["totals"] == {
        "remaining": sum(one[1] for one in held),
        "transferable": sum(one[2] for one in held),
        "expiring_next_month": sum(one[3] for one in held),
    }


@pytest.mark.parametrize(
    ("requested", "next_month"),
    [
        ("2026-11-30T23:59:59.999+09:00", "2026-12"),
        ("2026-12-01T00:00:00.000+09:00", "2027-01"),
        ("2026-12-31T23:59:59.999+09:00", "2027-01"),
        ("2027-01-01T00:00:00.000+09:00", "2027-02"),
        ("2026-01-31T12:00:00.000+09:00", "2026-02"),
        ("2028-02-29T12:00:00.000+09:00", "2028-03"),
        ("2026-10-31T12:00:00.000+09:00", "2026-11"),
        # Still November in London.
        ("2026-12-01T08:59:59.999+09:00", "2027-01"),
    ],
)
def test_the_next_month_is_the_calendars_in_seoul_r_p5(requested: str, next_month: str) -> None:
    lookup = a_lookup(requested_ms=epoch_ms(datetime.fromisoformat(requested)), only=("kb",))
    months = ["2026-02", "2026-11", "2026-12", "2027-01", "2027-02", "2028-03"]
    rows = [{"month": month, "amount": 10**place} for place, month in enumerate(months)]
    record = a_record(lookup, Status.OK, a_balance(expirations=rows))

    totals = show(lookup, {"kb": record}, {}, START_MS)["totals"]

    assert totals["expiring_next_month"] == 10 ** months.index(next_month)


def test_an_amount_that_is_listed_and_told_apart_counts_once_r_p5() -> None:
    balance = a_balance(
        expiring=300,
        expiring_month="2026-12",
        expirations=[{"month": "2026-12", "amount": 300}, {"month": "2027-03", "amount": 45}],
    )
    assert shown(a_record(LOOKUP, Status.OK, balance))["totals"]["expiring_next_month"] == 300


def test_pending_are_those_without_an_answer_as_new_as_the_lookup() -> None:
    lookup = a_lookup(only=("kb", "bc", "hana"))
    records = {
        "kb": a_record(lookup, Status.OK, a_balance()),
        "bc": a_record(EARLIER, Status.OK, a_balance(), issuer="bc"),
    }
    assert pending_issuers(lookup, records, START_MS) == ("bc", "hana")
    assert pending_issuers(lookup, records, lookup.due_ms) == ()
