"""Messages that come twice, late or in the wrong order change no answer."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import real_ms
from modupoint.issuers import ISSUERS
from query.lookup_message import LookupMessage
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.stack.cloud import Cloud
    from tests.stack.member import Member
    from tests.stack.partners import Partners

RICHER = {"points": [{"point_code": "MYSHINHAN", "remain": 999_999}]}


@pytest.fixture
def published(cloud: Cloud) -> Iterator[str]:
    """Give a queue with a copy of everything that lookups publish."""
    with cloud.listening() as queue:
        yield queue


def _message(cloud: Cloud, queue: str, lookup_id: str) -> LookupMessage:
    def look() -> LookupMessage | None:
        messages = [LookupMessage.from_json(body) for body in cloud.peek(queue)]
        return next((one for one in messages if one.lookup_id == lookup_id), None)

    return eventually(look, f"the message of {lookup_id}")


def _in_lanes(cloud: Cloud, issuers: Sequence[str]) -> int:
    """Return how many messages wait or are worked on in some lanes."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(
        int(number)
        for issuer in issuers
        for number in cloud.sqs.get_queue_attributes(
            QueueUrl=cloud.lane(issuer), AttributeNames=names
        )["Attributes"].values()
    )


def test_a_lookup_is_one_publish_that_names_no_person(
    member: Member, cloud: Cloud, published: str
) -> None:
    lookup = member.look_up()
    message = _message(cloud, published, lookup["lookup_id"])
    assert message.member == member.key
    assert len(cloud.peek(published)) == 1


def test_doubled_messages_change_nothing(
    member: Member, partners: Partners, cloud: Cloud, published: str
) -> None:
    lookup = member.look_up()
    stored = cloud.items_of(member.key)
    message = _message(cloud, published, lookup["lookup_id"])
    # Would a double be taken for an answer, it would show.
    partners.say(member.sub, {"shinhan": RICHER}, elsewhere="NOT_MEMBER")
    since, others = partners.last_call(), _in_lanes(cloud, list(ISSUERS))
    cloud.publish(message, list(ISSUERS))
    cloud.sqs.send_message(QueueUrl=cloud.lane("shinhan"), MessageBody=message.to_json())
    eventually(
        lambda: len(_answered(partners, member, since)) >= len(ISSUERS), "doubles are worked off"
    )
    eventually(lambda: _in_lanes(cloud, list(ISSUERS)) <= others, "lanes without the doubles")
    assert member.read(lookup["lookup_id"]) == lookup
    assert cloud.items_of(member.key) == stored


def test_an_old_message_after_a_newer_lookup_changes_nothing(
    member: Member, partners: Partners, cloud: Cloud, published: str
) -> None:
    old = member.look_up(issuers=["shinhan"])
    partners.say(member.sub, {"shinhan": RICHER})
    new = member.look_up(issuers=["shinhan"], max_age_seconds=0)
    assert new["totals"]["remaining"] == 999_999
    partners.say(member.sub, {"shinhan": {"member_status": "NOT_MEMBER"}})
    since, others = partners.last_call(), _in_lanes(cloud, ["shinhan"])
    cloud.publish(_message(cloud, published, old["lookup_id"]), ["shinhan"])
    eventually(lambda: _answered(partners, member, since), "the old message is worked off")
    eventually(lambda: _in_lanes(cloud, ["shinhan"]) <= others, "a lane without it")
    assert member.read(new["lookup_id"]) == new


def test_a_newer_answer_stands_for_the_older_lookup_too(member: Member) -> None:
    old = member.look_up(issuers=["kb"])
    new = member.look_up(issuers=["kb"], max_age_seconds=0)
    assert member.read(old["lookup_id"])["results"] == new["results"]


def test_a_message_past_its_deadline_reaches_no_issuer(
    member: Member, partners: Partners, cloud: Cloud, published: str
) -> None:
    lookup = member.look_up(issuers=["woori"])
    message = _message(cloud, published, lookup["lookup_id"])
    # As if of a newer lookup: only its deadline keeps it from being answered.
    newer = replace(message, lookup_id="lkp_ffffffff", due_ms=real_ms() - 1)
    since, others = partners.last_call(), _in_lanes(cloud, ["woori"])
    cloud.publish(newer, ["woori"])
    eventually(lambda: _in_lanes(cloud, ["woori"]) <= others, "a lane without it")
    assert partners.calls(partner="issuers/woori", sub=member.sub, since=since) == []
    assert member.read(lookup["lookup_id"]) == lookup


def test_a_poison_message_ends_alone_and_its_neighbours_are_answered(
    member: Member, cloud: Cloud, partners: Partners
) -> None:
    # Held up by a slow issuer, poison and neighbour share their lane's batch.
    partners.fault("epost", latency_ms=700)
    marker = f"poison of {member.key}"
    poison = f'{{"not": "a lookup", "marker": "{marker}"}}'
    for body in (poison, poison):
        cloud.sqs.send_message(QueueUrl=cloud.lane("epost"), MessageBody=body)
    lookup = member.look_up()
    assert {one["status"] for one in lookup["results"].values()} == {"OK"}

    def dead() -> list[str] | None:
        found = [body for body in cloud.dead_letters("epost") if marker in body]
        return found if len(found) == 2 else None

    assert eventually(dead, "the poison in its dead-letter queue") == [poison, poison]
    others = [body for code in ISSUERS if code != "epost" for body in cloud.dead_letters(code)]
    assert not [body for body in others if marker in body]
    assert member.key in poison
    neighbours = [body for body in cloud.dead_letters("epost") if lookup["lookup_id"] in body]
    assert neighbours == []


def test_a_sealed_ci_of_another_member_opens_for_nobody(
    new_member: Callable[[], Member], cloud: Cloud, partners: Partners
) -> None:
    thief, victim = new_member(), new_member()
    accepted = thief.look_up(issuers=["bc"])
    stolen = LookupMessage(
        thief.key, "lkp_ffffffff", real_ms() + 60_000, cloud.sealed_ci(victim.key)
    )
    since = partners.last_call()
    cloud.publish(stolen, ["bc"])

    def dead() -> bool:
        return stolen.to_json() in cloud.dead_letters("bc")

    eventually(dead, "the forged message in the dead-letter queue")
    assert partners.calls(partner="issuers/bc", sub=victim.sub, since=since) == []
    assert thief.read(accepted["lookup_id"]) == accepted


def _answered(partners: Partners, member: Member, since: int) -> list[dict[str, Any]]:
    calls = partners.calls(sub=member.sub, since=since)
    return [call for call in calls if call["outcome"] == "answered"]
