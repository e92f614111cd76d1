"""What dies half-way is made good: a worker with a batch in hand, a request before its publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modupoint.clock import epoch_ms
from modupoint.ids import made_at_ms, new_id
from query.lookups import PATIENCE_MS, Lookup
from query.members import Members
from tests.stack.member import statuses
from tests.stack.polling import eventually
from tests.stack.workers import kill, running, workers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.member import Member
    from tests.stack.partners import Partners

WORKERS_PER_LANE = 2
"""``MaximumConcurrency`` of a local stack's lanes."""


@pytest.fixture
def members(cloud: Cloud, in_process: None) -> Members:  # noqa: ARG001
    """Give the product's own access to the deployed table."""
    return Members(cloud.outputs["MembersTable"])


@pytest.fixture
def warm_again(new_member: Callable[[], Member]) -> Iterator[None]:
    """Leave no lane without a worker: the next test is not about their start."""
    yield
    eventually(
        lambda: set(statuses(new_member().look_up()).values()) == {"OK"}, "workers for all lanes"
    )


@pytest.mark.usefixtures("warm_again")
def test_a_worker_killed_with_its_batch_in_hand_loses_no_answer(
    stack: Stack, new_member: Callable[[], Member], partners: Partners
) -> None:
    if stack.state_dir is None:
        pytest.skip("the stack's processes are not known: it was not started from here")
    people = [new_member() for _ in range(3)]
    partners.fault("samsung", latency_ms=7_000)
    lookups = {one.sub: one.request(issuers=["samsung", "kb"])["lookup_id"] for one in people}

    def held() -> bool:
        held_for: list[bool] = [
            call["outcome"] == "open"
            for one in people
            for call in partners.calls(partner="issuers/samsung", sub=one.sub)
        ]
        return sum(held_for) >= WORKERS_PER_LANE

    eventually(held, "workers that wait for samsung, a message behind them")
    killed = workers_of(stack.state_dir, f"{stack.stack_name}-AskIssuer")
    kill(killed)
    eventually(lambda: not running(killed), "dead workers")
    partners.heal()

    for one in people:
        lookup = one.done(lookups[one.sub])
        assert statuses(lookup) == {"kb": "OK", "samsung": "OK"}
        expected = partners.person(one.sub)["issuers"]["samsung"]["point_list"]
        shown = lookup["results"]["samsung"]["points"]
        assert [(point["code"], point["remaining"]) for point in shown] == [
            (point["point_code"], point["remain_point_amt"]) for point in expected
        ]


def test_a_lookup_written_but_never_published_is_repaired_by_the_next_poll(
    member: Member, members: Members, partners: Partners
) -> None:
    lookup_id = new_id("lkp")
    now_ms = epoch_ms(partners.now())
    unpublished = Lookup(lookup_id, now_ms, made_at_ms(lookup_id) + PATIENCE_MS, None)
    members.start_lookup(member.key, unpublished, now_ms=now_ms, join_newer_than_ms=None)
    since = partners.last_call()

    assert member.read(lookup_id)["status"] == "RUNNING"
    lookup = member.done(lookup_id)

    assert set(statuses(lookup).values()) == {"OK"}
    asked = [call["partner"] for call in partners.calls(sub=member.sub, since=since)]
    assert sorted(asked) == sorted(f"issuers/{code}" for code in lookup["results"])


def test_a_call_instead_of_a_poll_repairs_too(
    member: Member, members: Members, partners: Partners
) -> None:
    lookup_id = new_id("lkp")
    now_ms = epoch_ms(partners.now())
    unpublished = Lookup(lookup_id, now_ms, made_at_ms(lookup_id) + PATIENCE_MS, ("kb", "bc"))
    members.start_lookup(member.key, unpublished, now_ms=now_ms, join_newer_than_ms=None)

    def joined() -> bool:
        lookup = member.request(issuers=["kb", "bc"])
        assert lookup["lookup_id"] == lookup_id, "the running one is given, not a second one"
        return bool(lookup["status"] == "DONE")

    eventually(joined, "answers without a single poll")
