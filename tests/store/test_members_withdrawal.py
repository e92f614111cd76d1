"""Withdrawing the agreement erases, and nothing that is still under way comes back (R-M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.transactions import ConditionsFailedError
from query.inquiry import Finding, Status
from query.lookups import LOOKUPS_PER_MINUTE
from tests.store.lookup_steps import NOW_MS, a_lookup, agreed, answer_ok, at_once, balances, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from query.lookups import Lookup
    from tests.store.conftest import Store

WITHDRAWN_AT = "2026-11-22T12:00:00.000+09:00"


def withdraw(store: Store, member: str, make_id: Callable[[], str] = lambda: new_id("lkp")) -> None:
    store.members().withdraw_consent(
        member, WITHDRAWN_AT, make_id, ISSUERS, lambda: store.money().none_since(member)
    )


def items_of(store: Store, member: str) -> dict[str, dict[str, Any]]:
    items = aws.client("dynamodb").query(
        TableName=store.members_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": member}},
        ConsistentRead=True,
    )["Items"]
    return {item["sk"]["S"]: item for item in items}


def assert_nothing_is_left(store: Store, member: str) -> None:
    items = items_of(store, member)
    own = items.pop("MEMBER")
    assert "ci" not in own
    for item in items.values():
        assert set(item) == {"pk", "sk", "lookup_id", "expires_at"}
    page = store.members().read(member, consistent=True)
    assert (page.consent, page.records) == (None, {})


def test_ci_and_answers_go_and_the_proof_of_the_agreement_stays_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member, lookup = agreed(members, new_member()), a_lookup()
    start(members, member, lookup)
    answer_ok(members, member, lookup, 100)

    withdraw(store, member)

    assert_nothing_is_left(store, member)
    proof = items_of(store, member)["MEMBER"]["consent"]["M"]
    assert {name: value["S"] for name, value in proof.items()} == {
        "terms_version": "2026-11-01",
        "consented_at": "2026-11-22T11:00:00.000+09:00",
        "text_sha256": "0" * 64,
        "withdrawn_at": WITHDRAWN_AT,
    }


def test_after_a_withdrawal_no_lookup_can_be_read_or_started_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member, lookup = agreed(members, new_member()), a_lookup()
    start(members, member, lookup)

    withdraw(store, member)

    assert members.read(member, consistent=True).member.find(lookup.lookup_id) is None
    assert not start(members, member, a_lookup(NOW_MS + 600_000))


def test_a_late_answer_brings_nothing_back_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member, lookup = agreed(members, new_member()), a_lookup()
    start(members, member, lookup)
    withdraw(store, member)

    for issuer in ISSUERS:
        assert not members.write_answer(
            member, issuer, lookup.lookup_id, Finding(Status.OK, []), balances(1), NOW_MS
        )
    assert_nothing_is_left(store, member)


def test_a_late_answer_of_a_host_whose_clock_is_ahead_brings_nothing_back_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    of_the_withdrawal = new_id("lkp")
    member, made_ahead = agreed(members, new_member()), a_lookup()
    start(members, member, made_ahead)

    withdraw(store, member, lambda: of_the_withdrawal)

    assert not answer_ok(members, member, made_ahead, 1)
    assert_nothing_is_left(store, member)


def test_a_lookup_that_starts_during_the_withdrawal_brings_nothing_back_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    meanwhile: list[Lookup] = []

    def id_while_a_lookup_starts() -> str:
        made = new_id("lkp")
        if not meanwhile:
            meanwhile.append(a_lookup())
            assert start(members, member, meanwhile[0])
        return made

    withdraw(store, member, id_while_a_lookup_starts)

    assert not answer_ok(members, member, meanwhile[0], 1)
    assert_nothing_is_left(store, member)


def test_an_issuer_that_has_left_the_table_is_erased_too_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    members.write_answer(member, "gone", new_id("lkp"), Finding(Status.OK, []), balances(1), NOW_MS)

    withdraw(store, member)

    assert_nothing_is_left(store, member)
    assert "ISSUER#gone" in items_of(store, member)


def test_a_second_withdrawal_changes_nothing_that_matters_r_m2(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    withdraw(store, member)
    withdraw(store, member)
    assert_nothing_is_left(store, member)


def test_there_is_nothing_to_withdraw_of_a_stranger(
    store: Store, new_member: Callable[[], str]
) -> None:
    member = new_member()
    with pytest.raises(ConditionsFailedError):
        withdraw(store, member)
    assert items_of(store, member) == {}


def test_agreeing_again_starts_afresh_and_does_not_refill_the_minute(
    store: Store, new_member: Callable[[], str]
) -> None:
    members = store.members()
    member = agreed(members, new_member())
    for _ in range(LOOKUPS_PER_MINUTE):
        start(members, member, a_lookup())
    withdraw(store, member)
    agreed(members, member)

    assert not start(members, member, a_lookup())
    page = members.read(member, consistent=True)
    assert page.consent is not None
    assert all(page.member.find(one.lookup_id) is None for one in page.member.recent)

    later = a_lookup(NOW_MS + 60_000)
    assert start(members, member, later, join_newer_than_ms=NOW_MS - 600_000)
    assert answer_ok(members, member, later, 3)


def test_withdrawing_while_eleven_workers_write_leaves_nothing_behind_r_m2(
    racing_store: Store, new_member: Callable[[], str]
) -> None:
    members = racing_store.members()
    codes = list(ISSUERS)

    for _ in range(5):
        member, lookup = agreed(members, new_member()), a_lookup()
        start(members, member, lookup)

        def act(place: int, member: str = member, lookup_id: str = lookup.lookup_id) -> None:
            if place == len(codes):
                withdraw(racing_store, member)
            else:
                members.write_answer(
                    member, codes[place], lookup_id, Finding(Status.OK, []), balances(1), NOW_MS
                )

        at_once(len(codes) + 1, act)

        assert_nothing_is_left(racing_store, member)
