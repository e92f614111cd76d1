"""Answers in the store: only the newest counts, whatever the order they come in (R-P6)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modupoint import aws
from query.inquiry import Finding, Reason, Status, unavailable
from query.lookups import IssuerRecord
from tests.store.lookup_steps import NOW_MS, a_lookup, agreed, answer_ok, at_once, balances, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.members import Members
    from tests.store.conftest import Store


def record_of(members: Members, member: str) -> IssuerRecord | None:
    return members.read(member, consistent=True).records.get("kb")


def test_the_real_engine_is_not_an_imitation(racing_store: Store) -> None:
    table = aws.client("dynamodb").describe_table(TableName=racing_store.members_table)["Table"]
    assert ":ddblocal:" in table["TableArn"]


def test_an_answer_is_kept_with_its_balances_and_their_time(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member, lookup = store.members(), new_member(), a_lookup()

    assert answer_ok(members, member, lookup, 100)

    assert record_of(members, member) == IssuerRecord(
        "kb", lookup.lookup_id, Status.OK, None, NOW_MS, balances(100), NOW_MS
    )


def test_a_failure_keeps_the_last_known_balances_and_their_time_r_p6(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member, known, failed = store.members(), new_member(), a_lookup(), a_lookup()
    answer_ok(members, member, known, 100)

    members.write_answer(
        member, "kb", failed.lookup_id, unavailable(Reason.MAINTENANCE), None, NOW_MS + 9
    )

    assert record_of(members, member) == IssuerRecord(
        "kb",
        failed.lookup_id,
        Status.UNAVAILABLE,
        Reason.MAINTENANCE,
        NOW_MS + 9,
        balances(100),
        NOW_MS,
    )


def test_an_answer_after_a_failure_has_no_reason_left_r_p6(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member, failed, good = store.members(), new_member(), a_lookup(), a_lookup()
    members.write_answer(member, "kb", failed.lookup_id, unavailable(Reason.BUSY), None, NOW_MS)
    answer_ok(members, member, good, 7)

    record = record_of(members, member)
    assert record is not None
    assert (record.status, record.reason, record.balances) == (Status.OK, None, balances(7))


def test_who_is_no_member_any_more_has_no_balances_any_more_r_p4(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member, before, after = store.members(), new_member(), a_lookup(), a_lookup()
    answer_ok(members, member, before, 100)
    members.write_answer(
        member, "kb", after.lookup_id, Finding(Status.NOT_MEMBER, []), "[]", NOW_MS
    )

    record = record_of(members, member)
    assert record is not None
    assert record.balances == "[]"


def test_an_answer_expires_one_day_so_that_nothing_is_kept_for_ever(
    store: Store, new_member: Callable[[], str]
) -> None:
    members, member = store.members(), new_member()
    answer_ok(members, member, a_lookup(), 1)

    item = aws.client("dynamodb").get_item(
        TableName=store.members_table, Key={"pk": {"S": member}, "sk": {"S": "ISSUER#kb"}}
    )["Item"]
    year_s = 366 * 24 * 3600
    assert aws_now_s() + year_s < int(item["expires_at"]["N"]) < aws_now_s() + 2 * year_s


def aws_now_s() -> int:
    """TTL is real time, whatever the business clock says."""
    return a_lookup().started_ms // 1000


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_in_every_order_the_newest_of_three_answers_stays(
    store: Store, new_member: Callable[[], str], order: tuple[int, ...]
) -> None:
    members, member = store.members(), new_member()
    lookups = [a_lookup() for _ in range(3)]

    written = {place: answer_ok(members, member, lookups[place], place) for place in order}

    record = record_of(members, member)
    assert record is not None
    assert (record.lookup_id, record.balances) == (lookups[2].lookup_id, balances(2))
    assert written == {place: all(order.index(place) < order.index(n) for n in range(place + 1, 3)) for place in order}  # fmt: skip


def test_the_same_answer_twice_is_written_once(store: Store, new_member: Callable[[], str]) -> None:
    members, member, lookup = store.members(), new_member(), a_lookup()
    assert answer_ok(members, member, lookup, 1)
    assert not answer_ok(members, member, lookup, 2)

    record = record_of(members, member)
    assert record is not None
    assert record.balances == balances(1)


def test_workers_that_write_the_same_and_older_answers_at_once_end_with_the_newest(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    members, member = racing_store.members(), new_member()
    lookups = [a_lookup() for _ in range(8)]

    # Every answer twice, all sixteen at once.
    written = at_once(16, lambda place: answer_ok(members, member, lookups[place % 8], place % 8))

    record = record_of(members, member)
    assert record is not None
    assert (record.lookup_id, record.balances) == (lookups[7].lookup_id, balances(7))
    assert sum(written[7::8]) == 1


def end_of(members: Members, member: str) -> list[IssuerRecord]:
    return sorted(
        members.read(member, consistent=True).records.values(), key=lambda one: one.issuer
    )


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_interleaving_of_doubled_reordered_and_late_answers_reads_the_same(
    imitated_store: Store, new_member: Callable[[], str], data: st.DataObject
) -> None:
    members = imitated_store.members()
    lookups = [a_lookup() for _ in range(2)]
    answers = [(issuer, place) for issuer in ("kb", "bc") for place in range(2)]
    doubled = data.draw(
        st.permutations(answers + data.draw(st.lists(st.sampled_from(answers), max_size=4)))
    )

    def replay(order: list[tuple[str, int]]) -> list[IssuerRecord]:
        member = agreed(members, new_member())
        for lookup in lookups:
            start(members, member, lookup)
        for issuer, place in order:
            members.write_answer(
                member,
                issuer,
                lookups[place].lookup_id,
                Finding(Status.OK, []),
                balances(place),
                NOW_MS + place,
            )
        return end_of(members, member)

    assert replay(doubled) == replay(answers)


def test_reading_leaves_accounts_and_notices_out(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    for sk in ("ACCOUNT#1", "NOTICE#1"):
        aws.client("dynamodb").put_item(
            TableName=store.members_table, Item={"pk": {"S": member}, "sk": {"S": sk}}
        )
    answer_ok(members, member, a_lookup(), 1)

    assert list(members.read(member, consistent=True).records) == ["kb"]
