"""Workers that die, messages that double or never come: an order goes on from where it was."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from urllib3.exceptions import HTTPError

from autopay.order_items import SWEEP_AFTER_MS
from autopay.order_queue import order_message
from autopay.order_service import ordering
from autopay.orders import OrderKey
from modupoint.clock import SEOUL
from modupoint.effects import LEASE_MS
from tests.stack.payer import PATIENCE_S, switch_id
from tests.stack.polling import eventually
from tests.stack.workers import kill, running, workers_of

if TYPE_CHECKING:
    from autopay.ordering import Ordering
    from tests.stack.bring_up import Stack
    from tests.stack.cloud import Cloud
    from tests.stack.payer import Payer

THE_RESULT = datetime(2026, 11, 27, 9, 30, tzinfo=SEOUL)
PAST_THE_HORIZON_MINUTES = 12
PAST_THE_LEASE_S = LEASE_MS / 1000 + 120


class LostMessages:
    """A queue that nobody hears of."""

    def send(self, _lane: str, keys: list[OrderKey]) -> int:  # noqa: ARG002
        """Lose them."""
        return 0


@pytest.fixture
def unheard(cloud: Cloud, in_process: None, monkeypatch: pytest.MonkeyPatch) -> Ordering:  # noqa: ARG001
    """Give the product's own ordering, over the deployed tables, without its message."""
    for name, value in cloud.variables("SubmitOrder").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("autopay.order_service.SqsOrderQueue", lambda _url: LostMessages())
    return ordering()


def _silence(*, arrived: bool) -> str:
    return "timeout_after_effect" if arrived else "timeout_before_effect"


def _die(stack: Stack, payer: Payer, function: str, operation: str, since: int) -> None:
    """Kill the workers of a function while one of them waits for the switch."""
    if stack.state_dir is None:
        pytest.skip("the stack's processes are not known: it was not started from here")

    def held() -> bool:
        calls = payer.switch.calls(operation=operation, since=since)
        return any(call["outcome"] == "open" for call in calls)

    eventually(held, f"a call for {operation} that is waited for", PATIENCE_S)
    killed = workers_of(stack.state_dir, f"{stack.stack_name}-{function}")
    kill(killed)
    eventually(lambda: not running(killed), "dead workers")


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_killed_while_it_places_an_order_places_it_once(
    stack: Stack, payer: Payer, *, arrived: bool
) -> None:
    """R-A6: what arrived is found under its id, what did not is sent again past the horizon."""
    payer.cloud.sweep_orders_clean()
    payer.switch.spoil({"kind": _silence(arrived=arrived), "operation": "order"})
    since = payer.partners.last_call()
    order_id = payer.submit(payer.change())
    _die(stack, payer, "ProcessOrder", "order", since)
    assert payer.kept(order_id)["state"]["S"] == "PLACING", "it died before it could write"
    assert payer.order(order_id)["status"] == "ACCEPTED"
    assert payer.ask_for(payer.cancel()).json["code"] == "order_open"
    payer.switch.spoil()

    payer.later(seconds=PAST_THE_LEASE_S)
    if not arrived:
        payer.until_kept(order_id, "PLACING_UNKNOWN")
        payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    payer.until_kept(order_id, "PLACED")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["order_id"], line["attempts"]) == (switch_id(order_id), 1)
    sent = payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    assert len(sent) == (1 if arrived else 2)
    payer.at(THE_RESULT)
    payer.until(order_id, "COMPLETED")
    assert payer.registrations()[payer.bill("telecom")]["card_ref"] == payer.card("new")
    payer.audit()


def test_a_worker_killed_while_it_reads_a_result_leaves_it_to_be_read(
    stack: Stack, payer: Payer
) -> None:
    payer.cloud.sweep_orders_clean()
    order_id = payer.place(payer.cancel())
    payer.switch.spoil({"kind": "hang", "operation": "order_status"})
    since = payer.partners.last_call()
    payer.at(THE_RESULT)
    _die(stack, payer, "ProcessOrder", "order_status", since)
    payer.switch.spoil()
    # Had somebody else been told of it meanwhile, they would ask again in an hour.
    payer.partners.forward(minutes=61)
    payer.cloud.sweep_orders()
    payer.until(order_id, "COMPLETED")
    assert payer.bill("telecom") not in payer.registrations()
    payer.audit()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_withdrawal_whose_worker_is_killed_is_not_forgotten(
    stack: Stack, payer: Payer, *, arrived: bool
) -> None:
    """R-A4: the wish was stored before the switch was called."""
    order_id = payer.place(payer.change())
    payer.switch.spoil({"kind": _silence(arrived=arrived), "operation": "withdrawal"})
    since = payer.partners.last_call()

    def ask() -> None:
        # What the gateway says of a function that died is the gateway's own affair.
        try:
            payer.withdraw(order_id)
        except HTTPError:
            return

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        _die(stack, payer, "WithdrawOrder", "withdrawal", since)
        asked.result()
    assert payer.kept(order_id)["state"]["S"] == "WITHDRAWING"
    assert payer.order(order_id)["status"] == "CHECKING"
    payer.switch.spoil()
    payer.later(seconds=PAST_THE_LEASE_S)
    if not arrived:
        payer.until_kept(order_id, "WITHDRAWAL_UNKNOWN")
        payer.later(minutes=PAST_THE_HORIZON_MINUTES)
    payer.until(order_id, "WITHDRAWN")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["withdrawal_attempts"]) == ("WITHDRAWN", 1)
    payer.audit()


def test_doubled_messages_place_an_order_once(payer: Payer) -> None:
    payer.switch.spoil(latency_ms=700)
    since = payer.partners.last_call()
    order_id = payer.submit(payer.change())
    message = order_message(OrderKey(payer.member.key, order_id))

    def send(times: int) -> None:
        entries: Any = [{"Id": str(uuid.uuid4()), "MessageBody": message} for _ in range(times)]
        payer.cloud.sqs.send_message_batch(QueueUrl=payer.cloud.autopay_queue(), Entries=entries)

    send(8)
    payer.until_kept(order_id, "PLACED")
    placed = payer.kept(order_id)
    send(4)
    # Whatever comes behind them was worked on after them, or beside the last.
    behind = payer.place(payer.change("electricity"))
    assert payer.kept(order_id) == placed
    sent = payer.switch.calls(operation="order", sub=payer.member.sub, since=since)
    assert [one["api_tran_id"] for one in sent] == [switch_id(order_id), switch_id(behind)]
    payer.at(THE_RESULT)
    send(4)
    payer.until(order_id, "COMPLETED")
    payer.until(behind, "COMPLETED")
    payer.audit()


def test_a_message_that_never_came_is_made_up_by_the_sweep(payer: Payer, unheard: Ordering) -> None:
    """Architecture decision 8."""
    accepted, _ = unheard.submit(payer.member.key, str(uuid.uuid4()), payer.change())
    order_id = accepted["order_id"]
    assert payer.order(order_id) == accepted
    payer.later(seconds=SWEEP_AFTER_MS / 1000 + 1)
    payer.until_kept(order_id, "PLACED")
    assert payer.withdraw(order_id).json["status"] == "WITHDRAWN"
    payer.audit()


def test_a_poison_message_ends_alone(payer: Payer) -> None:
    """Nobody's order, and no order at all: the one is passed over, the other dies by itself."""
    cloud = payer.cloud
    strangers = order_message(OrderKey("M#nobody", "ord_nothing"))
    for body in (strangers, '{"not": "an order"}', "nonsense"):
        cloud.sqs.send_message(QueueUrl=cloud.autopay_queue(), MessageBody=body)
    payer.until(payer.submit(payer.change("apartment")), "COMPLETED")
    payer.audit()
