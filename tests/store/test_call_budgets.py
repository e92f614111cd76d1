"""What lookups and agreements cost in calls to AWS and to issuers (architecture, decision 5).

The real handlers run over moto; every call their clients send is counted and held
to the table in ``call_budgets``.
"""

from __future__ import annotations

import json
from collections import Counter
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from modupoint.clock import real_ms
from modupoint.envelope import ci_owner, seal
from modupoint.http import member_key
from modupoint.ids import new_id
from query import lane_board
from query.lane_board import KEPT_MS
from query.lanes import LANE_BATCH_SIZE
from query.lookup_message import LookupMessage
from tests.store.aws_calls import counted
from tests.store.call_budgets import BUDGETS, ENVIRONMENT_STARTS, LANE_READ, LANES_READ
from tests.store.deployed_functions import Deployment, request
from tests.store.loopback_partner import LoopbackPartner, loopback_partner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Store

CI = "C" * 88
NEEDED = ("service", "third_party_provision", "delegation")
INQUIRY = {"rsp_code": "00000", "member_status": "NOT_MEMBER"}


class Everybody:
    """All partners in one: issuers who may want to be asked by several at once, and identity."""

    def __init__(self) -> None:
        self.url = ""
        self.together = Barrier(1)

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer as the partner whose path it is."""
        if path.startswith("/issuers/"):
            assert body["ci"] == CI
            self.together.wait()
            return INQUIRY
        if path.endswith("/openid-configuration"):
            return {"userinfo_endpoint": self.url + "/userinfo"}
        return {"sub": "person", "ci": CI, "name": "홍길동", "birthdate": "19900101"}


@pytest.fixture
def everybody() -> Everybody:
    return Everybody()


@pytest.fixture
def partner(everybody: Everybody) -> Iterator[LoopbackPartner]:
    with loopback_partner(everybody.answer) as serving:
        everybody.url = serving.url
        yield serving


@pytest.fixture
def deployment(
    imitated_store: Store, partner: LoopbackPartner, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    return Deployment(imitated_store, monkeypatch, partner.url)


@pytest.fixture
def lookups_post(deployment: Deployment) -> Any:
    """Give ``POST /v1/lookups`` of a member who has agreed, in an environment that is warm."""
    deployment.function("put_consent")(
        request("person", {"terms_version": "1", "agreed": list(NEEDED)})
    )
    post = deployment.function("request_lookup")
    post(request("stranger", {}))
    return post


def body_of(reply: dict[str, Any], status: int) -> dict[str, Any]:
    assert reply["statusCode"] == status, reply
    body: dict[str, Any] = json.loads(reply["body"])
    return body


def a_little_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what environments know of lanes too old."""
    monkeypatch.setattr(lane_board, "real_ms", lambda: real_ms() + KEPT_MS + 60_000)


def messages(store: Store, count: int, due_ms: int | None = None) -> list[LookupMessage]:
    keys = store.keys()
    return [
        LookupMessage(
            f"M#{place}",
            new_id("lkp"),
            due_ms or real_ms() + 600_000,
            seal(keys, CI, ci_owner(f"M#{place}")),
        )
        for place in range(count)
    ]


def tell_of_lane(store: Store, **row: int) -> None:
    """Write a lane's row; a report from the future leaves nothing to tell for now."""
    numbers = {"seen_at": real_ms() + 3_600_000, **row}
    aws.client("dynamodb").put_item(
        TableName=store.operations_table,
        Item={
            "pk": {"S": "LANE"},
            "sk": {"S": "kb"},
            **{name: {"N": str(value)} for name, value in numbers.items()},
        },
    )


def test_a_lookup_is_one_write_and_one_publish(lookups_post: Any) -> None:
    with counted() as calls:
        body_of(lookups_post(request("person", {})), 202)
    assert calls == BUDGETS["POST lookups"]


def test_the_first_lookup_of_an_environment_also_reads_the_lanes(
    lookups_post: Any, deployment: Deployment
) -> None:
    assert lookups_post
    cold = deployment.function("request_lookup")
    with counted() as calls:
        body_of(cold(request("person", {})), 202)
    assert calls == BUDGETS["POST lookups"] + LANES_READ


def test_after_five_seconds_a_lookup_also_reads_the_lanes_once(
    lookups_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_little_later(monkeypatch)
    with counted() as calls:
        body_of(lookups_post(request("person", {"max_age_seconds": 0})), 202)
        body_of(lookups_post(request("person", {"max_age_seconds": 0})), 202)
    assert calls == BUDGETS["POST lookups"] + BUDGETS["POST lookups"] + LANES_READ


def test_a_lookup_that_joins_another_is_one_write_and_one_read(lookups_post: Any) -> None:
    started = body_of(lookups_post(request("person", {})), 202)
    with counted() as calls:
        joined = body_of(lookups_post(request("person", {})), 202)
    assert joined["lookup_id"] == started["lookup_id"]
    assert calls == BUDGETS["POST lookups, joined"]


def test_a_lookup_too_many_is_one_write_that_is_refused(lookups_post: Any) -> None:
    for _ in range(6):
        body_of(lookups_post(request("person", {"max_age_seconds": 0})), 202)
    with counted() as calls:
        body_of(lookups_post(request("person", {"max_age_seconds": 0})), 429)
    assert calls == BUDGETS["POST lookups, too many"]


def test_a_bad_body_costs_nothing(lookups_post: Any) -> None:
    with counted() as calls:
        body_of(lookups_post(request("person", {"issuers": []})), 422)
    assert calls == BUDGETS["POST lookups, bad body"]


def test_reading_a_lookup_is_one_query(lookups_post: Any, deployment: Deployment) -> None:
    lookup_id = body_of(lookups_post(request("person", {})), 202)["lookup_id"]
    read = deployment.function("read_lookup")
    with counted() as cold:
        body_of(read(request("person", lookup_id=lookup_id)), 200)
    with counted() as warm:
        body_of(read(request("person", lookup_id=lookup_id)), 200)
    assert cold == BUDGETS["GET lookup"] + LANES_READ
    assert warm == BUDGETS["GET lookup"]


def test_looking_for_a_strangers_lookup_is_two_queries(
    lookups_post: Any, deployment: Deployment
) -> None:
    lookup_id = body_of(lookups_post(request("person", {})), 202)["lookup_id"]
    with counted() as calls:
        body_of(deployment.function("read_lookup")(request("else", lookup_id=lookup_id)), 404)
    assert calls == BUDGETS["GET lookup, a stranger's"]


@pytest.fixture
def worker(deployment: Deployment, imitated_store: Store) -> Any:
    """Give a worker that is warm and has just read its lane."""
    tell_of_lane(imitated_store)
    ask = deployment.function("ask_issuer")
    assert ask(deployment.batch(*messages(imitated_store, 1))) == {"batchItemFailures": []}
    return ask


def spent(
    worker: Any, partner: LoopbackPartner, event: dict[str, Any], failures: int = 0
) -> Counter[str]:
    before = len(partner.asked)
    with counted() as calls:
        assert len(worker(event)["batchItemFailures"]) == failures
    asked = len(partner.asked) - before
    return calls + Counter({"issuer": asked})


def test_a_message_is_one_call_to_the_issuer_and_one_write(
    worker: Any, partner: LoopbackPartner, deployment: Deployment, imitated_store: Store
) -> None:
    event = deployment.batch(*messages(imitated_store, 1))
    assert spent(worker, partner, event) == BUDGETS["a message"]


def test_ten_messages_are_ten_of_each_and_wait_together(
    worker: Any,
    partner: LoopbackPartner,
    everybody: Everybody,
    deployment: Deployment,
    imitated_store: Store,
) -> None:
    # No call is answered before all ten are there: one wait, not ten.
    everybody.together = Barrier(LANE_BATCH_SIZE, timeout=7)
    event = deployment.batch(*messages(imitated_store, LANE_BATCH_SIZE))
    assert spent(worker, partner, event) == BUDGETS["a batch"]
    assert not everybody.together.broken


def test_the_first_batch_of_an_environment_fetches_key_secret_and_lane_once(
    partner: LoopbackPartner, deployment: Deployment, imitated_store: Store
) -> None:
    tell_of_lane(imitated_store)
    event = deployment.batch(*messages(imitated_store, LANE_BATCH_SIZE))
    cold = deployment.function("ask_issuer")
    assert spent(cold, partner, event) == BUDGETS["a batch"] + LANE_READ + ENVIRONMENT_STARTS


def test_after_five_seconds_a_worker_also_reads_its_lane_once(
    worker: Any,
    partner: LoopbackPartner,
    deployment: Deployment,
    imitated_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_little_later(monkeypatch)
    batches = [deployment.batch(one) for one in messages(imitated_store, 2)]
    both = BUDGETS["a message"] + BUDGETS["a message"]
    assert (
        spent(worker, partner, batches[0]) + spent(worker, partner, batches[1]) == both + LANE_READ
    )


def test_a_resting_lane_asks_nobody(
    partner: LoopbackPartner, deployment: Deployment, imitated_store: Store
) -> None:
    tell_of_lane(imitated_store, open_until=real_ms() + 600_000)
    event = deployment.batch(*messages(imitated_store, LANE_BATCH_SIZE))
    rests = deployment.function("ask_issuer")
    assert spent(rests, partner, event) == BUDGETS["a batch that rests"] + LANE_READ


def test_what_is_past_its_deadline_costs_nothing(
    worker: Any, partner: LoopbackPartner, deployment: Deployment, imitated_store: Store
) -> None:
    event = deployment.batch(*messages(imitated_store, LANE_BATCH_SIZE, due_ms=real_ms()))
    assert spent(worker, partner, event) == BUDGETS["a batch past its deadline"]


def test_news_of_a_lane_is_one_more_write_and_a_look_at_the_queue(
    partner: LoopbackPartner, deployment: Deployment, imitated_store: Store
) -> None:
    tell_of_lane(imitated_store, seen_at=0, answer_ms=60_000)
    event = deployment.batch(*messages(imitated_store, 1))
    quicker = deployment.function("ask_issuer")
    assert (
        spent(quicker, partner, event)
        == BUDGETS["a message with news of its lane"] + LANE_READ + ENVIRONMENT_STARTS
    )


def test_status_is_one_query_in_five_seconds_and_issuers_none(deployment: Deployment) -> None:
    status, issuers = deployment.function("read_status"), deployment.function("list_issuers")
    with counted() as first:
        body_of(status(request("anybody")), 200)
    with counted() as again:
        body_of(status(request("anybody")), 200)
    with counted() as of_issuers:
        body_of(issuers(request("anybody")), 200)
    assert (first, again) == (BUDGETS["GET status"], BUDGETS["GET status, again"])
    assert of_issuers == BUDGETS["GET issuers"]


def test_agreeing_reading_and_withdrawing(deployment: Deployment, partner: LoopbackPartner) -> None:
    agreement = {"terms_version": "1", "agreed": list(NEEDED)}
    put = deployment.function("put_consent")
    body_of(put(request("person", agreement)), 200)
    before = len(partner.asked)
    with counted() as calls:
        body_of(put(request("person", agreement)), 200)
    asked = Counter({"userinfo": len(partner.asked) - before})
    assert calls + asked == BUDGETS["PUT consent"]

    read_me = deployment.function("read_me")
    with counted() as calls:
        assert body_of(read_me(request("person")), 200)["consent"]["terms_version"] == "1"
    assert calls == BUDGETS["GET me"]

    withdraw = deployment.function("withdraw_consent")
    with counted() as calls:
        assert withdraw(request("person"))["statusCode"] == 204
    assert calls == BUDGETS["DELETE consent"]
    assert member_key("person") not in json.dumps(read_me(request("person")))
