"""What transfers cost in calls to AWS and to partners (architecture, decision 5; ``call_budgets``).

The real handlers run over moto with partners on this machine, at a noon that stands still.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import clock, temporary_holidays
from modupoint.clock import real_ms
from modupoint.http import member_key
from modupoint.issuers import ISSUERS
from tests.store.call_budgets import BANK_IDS_TAKEN, BUDGETS, HOLIDAYS_READ, MOVER_STARTS
from tests.store.deployed_functions import Deployment, request
from tests.store.loopback_partner import LoopbackPartner, loopback_partner
from tests.store.till import AGREEMENT, GIVEN, Partners, Till, signed_in
from tests.unit.transfer.leg_samples import NOON
from transfer.legs import LegKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Store


@pytest.fixture
def partners() -> Partners:
    return Partners()


@pytest.fixture
def partner(partners: Partners) -> Iterator[LoopbackPartner]:
    with loopback_partner(partners.answer) as serving:
        partners.url = serving.url
        yield serving


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Give the time, which stands still until a test replaces it."""
    now = [NOON]
    monkeypatch.setattr(clock, "seoul_now", lambda: now[0])
    return now


@pytest.fixture
def till(
    imitated_store: Store,
    partner: LoopbackPartner,
    noon: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Till:
    assert noon
    till = Till(Deployment(imitated_store, monkeypatch, partner.url), partner)
    till.call("put_consent", 200, request("person", AGREEMENT))
    return till


@pytest.fixture
def account_id(till: Till) -> str:
    """Give an account of the member."""
    return str(till.call("register_account", 201, request("person", GIVEN))["account_id"])


@pytest.fixture
def body(account_id: str, till: Till) -> dict[str, Any]:
    """Give what a member submits, and functions that are warm."""
    warm = {"account_id": "acc_none", "all": True}
    till.call("quote_transfer", 404, request("person", warm))
    items = [{"issuer": "kb", "point_code": "POINTREE", "amount": 500}]
    wanted = {"account_id": account_id, "items": items}
    till.call("quote_transfer", 200, request("person", wanted))
    till.submit(202, {**wanted, "items": [{**items[0], "issuer": "bc", "point_code": "TOP"}]}, "0")
    return wanted


def leg_of(transfer: dict[str, Any]) -> LegKey:
    return LegKey(member_key("person"), transfer["transfer_id"], "kb")


@pytest.fixture
def mover(till: Till, body: dict[str, Any]) -> Till:
    """Give a worker that is warm and has bank ids left."""
    transfer = till.submit(202, body, "warm")
    till.move(leg_of(transfer))
    assert till.spent == BUDGETS["a leg, at once"] + MOVER_STARTS + BANK_IDS_TAKEN
    return till


def test_registering_listing_and_forgetting_an_account(till: Till, account_id: str) -> None:
    other = {**GIVEN, "account_number": "99988877766655"}
    # The account that is there is opened to be compared: keys are known by now.
    second = till.call("register_account", 201, request("person", other))["account_id"]
    assert till.spent == BUDGETS["POST account"]
    till.call("list_accounts", 200, request("person"))
    assert till.spent == BUDGETS["GET accounts"]
    till.call("delete_account", 204, request("person", account_id=second))
    assert till.spent == BUDGETS["DELETE account"]
    assert account_id != second


def test_a_quote_is_one_query(till: Till, body: dict[str, Any]) -> None:
    till.call("quote_transfer", 200, request("person", body))
    assert till.spent == BUDGETS["POST quote"]


def test_once_a_minute_who_promises_also_reads_the_closing_days(
    till: Till, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    later_ms = real_ms() + 61_000
    monkeypatch.setattr(temporary_holidays, "real_ms", lambda: later_ms)
    till.call("quote_transfer", 200, request("person", body))
    assert till.spent == BUDGETS["POST quote"] + HOLIDAYS_READ
    till.call("quote_transfer", 200, request("person", body))
    assert till.spent == BUDGETS["POST quote"]
    till.submit(202, body)
    assert till.spent == BUDGETS["POST transfer"] + HOLIDAYS_READ


def test_submitting_is_two_reads_one_transaction_and_one_publish(
    till: Till, body: dict[str, Any]
) -> None:
    till.submit(202, body)
    assert till.spent == BUDGETS["POST transfer"]


def test_a_repeat_is_two_reads_and_another_body_one(till: Till, body: dict[str, Any]) -> None:
    till.submit(202, body)
    till.submit(202, body)
    assert till.spent == BUDGETS["POST transfer, repeated"]
    till.submit(422, {**body, "account_id": "other"})
    assert till.spent == BUDGETS["POST transfer, other body"]


def test_a_second_one_of_the_day_is_one_transaction_that_is_refused_and_one_read_more(
    till: Till, body: dict[str, Any]
) -> None:
    till.submit(202, body)
    till.submit(409, body, "another")
    assert till.spent == BUDGETS["POST transfer, of today"]


def test_a_bad_body_and_an_old_sign_in_cost_nothing(till: Till, body: dict[str, Any]) -> None:
    till.submit(422, {**body, "items": []})
    assert till.spent == BUDGETS["POST transfer, bad body"]
    till.call("submit_transfer", 401, signed_in(body, "key", age_s=601))
    assert till.spent == BUDGETS["POST transfer, old sign-in"]


def test_reading_one_or_a_page_of_them_is_one_query(till: Till, body: dict[str, Any]) -> None:
    transfer_id = till.submit(202, body)["transfer_id"]
    for _ in range(2):
        till.call("read_transfer", 200, request("person", transfer_id=transfer_id))
        assert till.spent == BUDGETS["GET transfer"]
        till.call("list_transfers", 200, request("person"))
        assert till.spent == BUDGETS["GET transfers"]


def tomorrow(noon: list[Any]) -> None:
    noon[0] += timedelta(days=1)


def test_a_leg_that_is_paid_at_once(mover: Till, body: dict[str, Any], noon: list[Any]) -> None:
    tomorrow(noon)
    key = leg_of(mover.submit(202, body))
    mover.move(key)
    assert mover.spent == BUDGETS["a leg, at once"]
    mover.move(key)
    assert mover.spent == BUDGETS["a leg that is final or waits"]


def test_a_leg_that_waits_for_the_bank_to_open_costs_its_two_halves_and_one_read_more(
    mover: Till, body: dict[str, Any], noon: list[Any]
) -> None:
    tomorrow(noon)
    noon[0] = noon[0].replace(hour=23, minute=40)
    key = leg_of(mover.submit(202, body))
    mover.move(key)
    assert mover.spent == BUDGETS["a leg, redeemed for another day"]
    mover.move(key)
    assert mover.spent == BUDGETS["a leg that is final or waits"]
    noon[0] += timedelta(minutes=50)
    mover.move(key)
    assert mover.spent == BUDGETS["a leg, deposited on its day"]


@pytest.mark.parametrize(
    ("said", "budget"),
    [({"rsp_code": "42201"}, "a leg, refused"), ({"rsp_code": "50002"}, "a leg, unknown")],
)
def test_a_leg_that_is_refused_or_unknown(
    mover: Till,
    body: dict[str, Any],
    noon: list[Any],
    partners: Partners,
    said: dict[str, Any],
    budget: str,
) -> None:
    tomorrow(noon)
    partners.redeem = lambda _: said
    mover.move(leg_of(mover.submit(202, body)))
    assert mover.spent == BUDGETS[budget]


def test_a_sweep_is_two_queries_an_issuer_and_one_for_those_with_an_operator(
    till: Till, body: dict[str, Any], noon: list[Any]
) -> None:
    nothing = dict.fromkeys(ISSUERS, 0)
    assert till.invoke("release_due_legs", {}) == nothing
    assert till.spent == BUDGETS["a sweep"]
    till.submit(202, body)
    noon[0] += timedelta(minutes=1)
    # Where there is no queue (bc has none here) the others are told all the same.
    assert till.invoke("release_due_legs", {}) == {**nothing, "kb": 1}
    lost = Counter({"GetQueueUrl": 1})
    first = Counter({"GetQueueUrl": 1})
    assert till.spent == BUDGETS["a sweep"] + BUDGETS["a lane that is told"] + first + lost
    assert till.invoke("release_due_legs", {})["kb"] == 1
    assert till.spent == BUDGETS["a sweep"] + BUDGETS["a lane that is told"] + lost
