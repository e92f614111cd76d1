"""The worker of the hand-overs: which messages come again, and what each costs (``call_budgets``)."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import clock
from modupoint.cash_outs import CashOutOutcome, CashOuts, Course
from modupoint.hand_overs import HandedItem, HandOver
from modupoint.http import member_key
from tests.store.aws_calls import counted
from tests.store.call_budgets import BUDGETS, HOLIDAYS_READ
from tests.store.deployed_functions import Deployment, request
from tests.store.loopback_partner import loopback_partner
from tests.store.till import AGREEMENT, GIVEN, Partners, Till
from tests.unit.transfer.leg_samples import NOON, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Store

ALL_TAKEN: dict[str, Any] = {"batchItemFailures": []}
MEMBER = member_key("person")


class Counter:
    """The deployed worker, warm, and a member with an account."""

    def __init__(self, store: Store, deployment: Deployment, till: Till) -> None:
        self.till = till
        self.batch = deployment.hand_over_batch
        self.cash_outs = CashOuts(store.transfers_table)
        account_id = till.call("register_account", 201, request("person", GIVEN))["account_id"]
        self.account_id = str(account_id)
        self.take(self.given("bc", "TOP"))
        assert till.spent == BUDGETS["a hand-over"] + HOLIDAYS_READ

    def given(self, issuer: str = "kb", point_code: str = "POINTREE") -> HandOver:
        """Return a hand-over of the member's points."""
        items = (HandedItem(issuer, point_code, 500),)
        return HandOver(MEMBER, f"cashout-{issuer}-2026-11-1", self.account_id, items, TODAY)

    def take(self, *given: HandOver) -> None:
        """Let the worker take a batch that has nothing wrong with it."""
        assert self.till.invoke("accept_cash_outs", self.batch(*given)) == ALL_TAKEN

    def outcome(self, given: HandOver) -> CashOutOutcome:
        """Return what came of one."""
        return self.cash_outs.outcome(given.member, given.key)


@pytest.fixture
def counter(imitated_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr(clock, "seoul_now", lambda: NOON)
    partners = Partners()
    with loopback_partner(partners.answer) as partner:
        partners.url = partner.url
        deployment = Deployment(imitated_store, monkeypatch, partner.url)
        till = Till(deployment, partner)
        till.call("put_consent", 200, request("person", AGREEMENT))
        yield Counter(imitated_store, deployment, till)


def test_a_hand_over_costs_what_a_members_transfer_costs(counter: Counter) -> None:
    counter.take(counter.given())
    assert counter.till.spent == BUDGETS["a hand-over"]
    counter.take(counter.given())
    assert counter.till.spent == BUDGETS["a hand-over, repeated"]


def test_a_refusal_costs_one_write_instead_of_the_transaction(counter: Counter) -> None:
    refused = replace(counter.given(), account_id="acc_none")
    counter.take(refused)
    assert counter.till.spent == BUDGETS["a hand-over, refused"]
    counter.take(refused)
    assert counter.till.spent == BUDGETS["a hand-over, refused and repeated"]


def test_one_that_is_too_late_is_not_even_looked_at(counter: Counter) -> None:
    late = replace(counter.given(), last_day=TODAY.replace(day=1))
    counter.take(late)
    assert counter.till.spent == BUDGETS["a hand-over past its last day"]


def test_what_came_of_it_is_two_reads_and_one_while_nothing_did(counter: Counter) -> None:
    given = counter.given()
    with counted() as calls:
        assert counter.outcome(given).course is Course.PENDING
    assert calls == BUDGETS["that nothing came of a hand-over yet"]
    counter.take(given)
    with counted() as calls:
        assert counter.outcome(given).course is Course.MOVING
    assert calls == BUDGETS["what came of a hand-over"]


def test_in_a_batch_only_what_is_no_hand_over_comes_again(counter: Counter) -> None:
    refused = replace(counter.given("woori", "MOA"), account_id="acc_none")
    event = counter.batch(counter.given(), counter.given("shinhan", "MYSHINHAN"), refused)
    event["Records"][1]["body"] = '{"member": "M#1"}'
    answer = counter.till.invoke("accept_cash_outs", event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert counter.outcome(counter.given()).course is Course.MOVING
    assert counter.outcome(refused).course is Course.REFUSED


def test_trouble_of_ours_brings_the_message_again_and_no_refusal(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = counter.given()
    with monkeypatch.context() as broken:
        broken.setattr("transfer.funds.MembersFunds.read", _fail)
        answer = counter.till.invoke("accept_cash_outs", counter.batch(given))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert counter.outcome(given).course is Course.PENDING
    counter.take(given)
    assert counter.outcome(given).course is Course.MOVING


def test_a_hand_over_carries_nothing_personal_and_its_worker_logs_nothing_of_it(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    given = counter.given()
    counter.take(given)
    said = str([vars(record) for record in caplog.records])
    assert given.key in said
    for private in (GIVEN["account_number"], GIVEN["holder_name"], MEMBER, counter.account_id):
        assert private not in said
    assert GIVEN["holder_name"] not in given.message()


def _fail(*_: object) -> None:
    raise ConnectionError
