"""What each operation of autopay may cost in calls to AWS and to the switch (decision 5).

The real handlers run over moto, on a Friday morning; every call their clients send
is counted. One table says what is expected.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from autopay.order_queue import order_message
from autopay.orders import SWITCH_LANE, OrderKey
from modupoint.clock import real_ms
from modupoint.http import member_key
from tests.store.aws_calls import counted
from tests.store.deployed_functions import Deployment, request
from tests.store.loopback_partner import LoopbackPartner, loopback_partner
from tests.unit.autopay.order_samples import MORNING, a_listed_bill, a_listed_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tests.store.conftest import Store

ENVIRONMENT_STARTS = Counter({"GetItem": 1, "Decrypt": 1, "GetSecretValue": 1})
CALENDAR_READ = Counter({"Query": 1})

BUDGETS: dict[str, Counter[str]] = {
    "GET cards": Counter({"GetItem": 1, "switch": 1}),
    # The agreement; which registrations have an open order.
    "GET autopays": Counter({"GetItem": 1, "Query": 1, "switch": 1}),
    # Key and agreement; registrations and cards.
    "POST order": Counter(
        {"GetItem": 2, "switch": 2, "TransactWriteItems": 1, "SendMessageBatch": 1}
    ),
    "POST order, again": Counter({"GetItem": 2}),
    "POST order, other body": Counter({"GetItem": 1}),
    "POST order, bad body": Counter(),
    "POST order, old sign-in": Counter(),
    "GET order": Counter({"GetItem": 1}),
    "GET orders": Counter({"Query": 1}),
    # Read, wish; read, end; read to show.
    "POST withdrawal": Counter({"GetItem": 3, "PutItem": 1, "TransactWriteItems": 1}),
    "POST withdrawal, placed": Counter(
        {"GetItem": 3, "PutItem": 2, "TransactWriteItems": 1, "switch": 1}
    ),
    "POST withdrawal, too late": Counter({"GetItem": 1}),
    # Intent before the call, finding after it.
    "an order placed": Counter({"GetItem": 1, "PutItem": 2, "switch": 1}),
    "an order in real time": Counter(
        {"GetItem": 1, "PutItem": 2, "switch": 2, "TransactWriteItems": 1}
    ),
    "an order that waits": Counter({"GetItem": 1}),
    "a result": Counter({"GetItem": 1, "switch": 1, "TransactWriteItems": 1}),
    "a result that is not there": Counter({"GetItem": 1, "switch": 1, "PutItem": 1}),
    # A query for each shard, and one for those with the operator.
    "the schedule, nothing due": Counter({"Query": 3}),
    "the schedule": Counter({"Query": 3, "GetQueueAttributes": 1, "SendMessageBatch": 1}),
}

CI = "C" * 88
NOTHING_FAILED: dict[str, list[Any]] = {"batchItemFailures": []}
CHANGE = {"kind": "CHANGE", "autopay_id": "apy_1", "to_card_ref": "crd_2"}


class Everybody:
    """The switch and the identity provider in one; ``status`` is what became of every order."""

    def __init__(self) -> None:
        self.url = ""
        self.status = "ACCEPTED"
        self.category = "TELECOM"

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer as the partner whose path it is."""
        if path.endswith("/openid-configuration"):
            return {"userinfo_endpoint": self.url + "/userinfo"}
        if path == "/userinfo":
            return {"sub": "person", "ci": CI, "name": "홍길동", "birthdate": "19900101"}
        what = path.removeprefix("/autopay/v1/")
        if what == "cards/inquiry":
            return {"cards": [a_listed_card(), a_listed_card(card_ref="crd_2")]}
        if what == "autopays/inquiry":
            bill = a_listed_bill(category=self.category)
            return {"as_of": "20261120", "autopays": [bill]}
        if what.endswith("/withdrawal"):
            return {"status": "WITHDRAWN"}
        asked_for = what.rpartition("/")[2]
        return {"order_id": body.get("order_id", asked_for), "status": self.status}


class Office:
    """Autopay's functions in environments that are warm, and a member who has agreed."""

    def __init__(
        self, deployment: Deployment, partner: LoopbackPartner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.now: datetime = MORNING
        self._partner = partner
        self._deployment = deployment
        for module in ("modupoint.clock", "autopay.order_parts", "autopay.order_service"):
            monkeypatch.setattr(f"{module}.business_clock", lambda: lambda: self.now)
        deployment.function("put_consent")(
            request(
                "person",
                {
                    "terms_version": "1",
                    "agreed": ["service", "third_party_provision", "delegation"],
                },
            )
        )

    def function(self, module: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Return a function in an environment that has just started."""
        return self._deployment.function(module, "autopay")

    def ask(
        self, module: str, event: dict[str, Any], status: int
    ) -> tuple[dict[str, Any], Counter[str]]:
        """Ask a cold function; returns its answer and the calls it took."""
        return self.spent(self.function(module), event, status)

    def spent(
        self,
        function: Callable[[dict[str, Any]], dict[str, Any]],
        event: dict[str, Any],
        status: int,
    ) -> tuple[dict[str, Any], Counter[str]]:
        """Ask a function; returns its answer and the calls it took."""
        before = len(self._partner.asked)
        with counted() as calls:
            reply = function(event)
        assert reply["statusCode"] == status, reply
        asked = len(self._partner.asked) - before
        return json.loads(reply["body"]), calls + Counter({"switch": asked})

    def submitted(self) -> str:
        """Submit an order and return its id."""
        shown, _ = self.ask("submit_order", an_order(CHANGE), 202)
        order_id: str = shown["order_id"]
        return order_id

    def worked(self, order_id: str) -> Counter[str]:
        """Let a warm worker take an order; returns the calls it took."""
        worker = self.function("process_order")
        assert worker(batch(order_message(OrderKey("M#nobody", order_id)))) == NOTHING_FAILED
        event = batch(order_message(OrderKey(member_key("person"), order_id)))
        before = len(self._partner.asked)
        with counted() as calls:
            assert worker(event) == NOTHING_FAILED
        return calls + Counter({"switch": len(self._partner.asked) - before})


def batch(*bodies: str) -> dict[str, Any]:
    """Return the SQS event that brings some messages for the first time."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(real_ms())}
    return {
        "Records": [
            {
                "messageId": f"message-{place}",
                "receiptHandle": f"receipt-{place}",
                "body": body,
                "attributes": attributes,
                "eventSourceARN": "arn:aws:sqs:ap-northeast-2:123456789012:autopay",
            }
            for place, body in enumerate(bodies)
        ]
    }


def an_order(body: dict[str, Any] | None, key: str = "key", age_s: int = 0) -> dict[str, Any]:
    """Return the gateway's event of an order by somebody who signed in some time ago."""
    event = request("person", body)
    event["headers"]["idempotency-key"] = key
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["auth_time"] = str(real_ms() // 1000 - age_s)
    return event


@pytest.fixture
def everybody() -> Everybody:
    return Everybody()


@pytest.fixture
def partner(everybody: Everybody) -> Iterator[LoopbackPartner]:
    with loopback_partner(everybody.answer) as serving:
        everybody.url = serving.url
        yield serving


@pytest.fixture
def office(
    imitated_store: Store, partner: LoopbackPartner, monkeypatch: pytest.MonkeyPatch
) -> Office:
    return Office(Deployment(imitated_store, monkeypatch, partner.url), partner, monkeypatch)


def test_cards_are_the_agreement_and_one_call(office: Office) -> None:
    cards = office.function("list_cards")
    _, cold = office.spent(cards, request("person"), 200)
    _, warm = office.spent(cards, request("person"), 200)
    assert warm == BUDGETS["GET cards"]
    assert cold == warm + ENVIRONMENT_STARTS


def test_registrations_are_one_call_and_one_look_at_the_orders(office: Office) -> None:
    autopays = office.function("list_autopays")
    _, cold = office.spent(autopays, request("person"), 200)
    _, warm = office.spent(autopays, request("person"), 200)
    assert warm == BUDGETS["GET autopays"]
    assert cold == warm + ENVIRONMENT_STARTS + CALENDAR_READ


def test_an_order_is_two_looks_two_calls_one_transaction_and_one_message(office: Office) -> None:
    submit = office.function("submit_order")
    _, cold = office.spent(submit, an_order(CHANGE), 202)
    office.ask("withdraw_order", withdrawal_of(office), 200)
    shown, warm = office.spent(submit, an_order(CHANGE, "another key"), 202)
    assert warm == BUDGETS["POST order"]
    assert cold == warm + ENVIRONMENT_STARTS + CALENDAR_READ
    again, replayed = office.spent(submit, an_order(CHANGE, "another key"), 202)
    assert (again, replayed) == (shown, BUDGETS["POST order, again"])


def withdrawal_of(office: Office) -> dict[str, Any]:
    listed, _ = office.ask("list_orders", request("person"), 200)
    return request("person", order_id=listed["orders"][0]["order_id"])


def test_an_order_that_is_refused_early_costs_no_call(office: Office) -> None:
    submit = office.function("submit_order")
    _, spent = office.spent(submit, an_order({"kind": "CHANGE"}), 422)
    assert spent == BUDGETS["POST order, bad body"]
    _, spent = office.spent(submit, an_order(CHANGE, age_s=3600), 401)
    assert spent == BUDGETS["POST order, old sign-in"]
    office.spent(submit, an_order(CHANGE), 202)
    other = an_order({"kind": "CANCEL", "autopay_id": "apy_1"})
    _, spent = office.spent(submit, other, 422)
    assert spent == BUDGETS["POST order, other body"]


def test_looking_at_orders_is_one_read(office: Office) -> None:
    order_id = office.submitted()
    _, spent = office.ask("read_order", request("person", order_id=order_id), 200)
    assert spent == BUDGETS["GET order"]
    _, spent = office.ask("read_order", request("else", order_id=order_id), 404)
    assert spent == BUDGETS["GET order"]
    _, spent = office.ask("list_orders", request("person"), 200)
    assert spent == BUDGETS["GET orders"]


def test_withdrawing_what_is_not_placed_never_troubles_the_switch(office: Office) -> None:
    event = request("person", order_id=office.submitted())
    shown, spent = office.ask("withdraw_order", event, 200)
    assert shown["status"] == "WITHDRAWN"
    assert spent == BUDGETS["POST withdrawal"]


def test_withdrawing_what_is_placed_is_one_call(office: Office) -> None:
    order_id = office.submitted()
    office.worked(order_id)
    shown, spent = office.ask("withdraw_order", request("person", order_id=order_id), 200)
    assert shown["status"] == "WITHDRAWN"
    # The secret only: what is withdrawn needs no CI, and so no key.
    assert spent == BUDGETS["POST withdrawal, placed"] + Counter({"GetSecretValue": 1})


def test_withdrawing_too_late_is_one_look(office: Office) -> None:
    order_id = office.submitted()
    office.now = MORNING.replace(hour=22)
    _, spent = office.ask("withdraw_order", request("person", order_id=order_id), 409)
    assert spent == BUDGETS["POST withdrawal, too late"]


def test_placing_is_one_call_between_two_writes(office: Office) -> None:
    order_id = office.submitted()
    assert office.worked(order_id) == BUDGETS["an order placed"] + ENVIRONMENT_STARTS
    assert office.worked(order_id) == BUDGETS["an order that waits"]


def test_a_message_that_is_poison_stops_nobody_elses_order(office: Office) -> None:
    order_id = office.submitted()
    message = order_message(OrderKey(member_key("person"), order_id))
    told = office.function("process_order")(batch("no order", message))
    assert told == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert office.worked(order_id) == BUDGETS["an order that waits"]


def test_what_is_real_time_is_placed_and_asked_about_in_one_go(
    office: Office, everybody: Everybody
) -> None:
    everybody.category, everybody.status = "PUBLIC_RENT", "COMPLETED"
    order_id = office.submitted()
    assert office.worked(order_id) == BUDGETS["an order in real time"] + ENVIRONMENT_STARTS


@pytest.mark.parametrize(
    ("status", "budget"),
    [
        ("COMPLETED", "a result"),
        ("REJECTED", "a result"),
        ("PROCESSING", "a result that is not there"),
    ],
)
def test_a_result_is_one_call_and_one_write(
    office: Office, everybody: Everybody, status: str, budget: str
) -> None:
    order_id = office.submitted()
    office.worked(order_id)
    everybody.status = status
    office.now = MORNING + timedelta(days=5)
    assert office.worked(order_id) == BUDGETS[budget] + Counter({"GetSecretValue": 1})


def test_the_schedule_looks_three_times_and_tells_ten_at_once(office: Office) -> None:
    poll = office.function("poll_orders")
    with counted() as calls:
        assert poll({}) == {SWITCH_LANE: 0}
    assert calls == BUDGETS["the schedule, nothing due"]
    office.submitted()
    office.now = MORNING + timedelta(minutes=1)
    with counted() as calls:
        assert poll({}) == {SWITCH_LANE: 1}
    assert calls == BUDGETS["the schedule"]


def test_the_schedule_does_not_fill_a_queue_that_is_full(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = office.function("poll_orders")
    office.submitted()
    office.now = MORNING + timedelta(minutes=1)
    # Submitting told the worker already: its message is the one that is waiting.
    monkeypatch.setattr("modupoint.sweeping.LANE_HOLDS", 1)
    assert poll({}) == {SWITCH_LANE: 0}


def test_a_worker_that_is_late_begins_no_call_and_leaves_the_order_to_the_schedule(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = office.submitted()
    monkeypatch.setattr("autopay.order_queue.WORKER_BEGINS_WITHIN_S", -1.0)
    assert office.worked(order_id) == BUDGETS["an order that waits"]
