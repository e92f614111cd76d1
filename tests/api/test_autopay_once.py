"""Once per key, and one open order per registration, from however many devices (R-A6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.api.autopay_shapes import check_order, check_order_reply
from tests.api.shapes import check_problem
from tests.stack.payer import Payer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.stack.member import Member

DEVICES = 4
THE_RESULT = datetime(2026, 11, 27, 9, 30, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "key", [None, "", "k" * 65, "k" * 4000], ids=["none", "empty", "65", "4000"]
)
def test_an_order_needs_a_key_of_1_to_64_characters(payer: Payer, key: str | None) -> None:
    headers = {} if key is None else {"idempotency-key": key}
    reply = payer.member.send("POST", "/v1/autopay-orders", payer.change(), headers=headers)
    check_problem(reply, 422, "invalid_request")
    assert payer.orders() == []
    assert payer.switch.orders(payer.member.sub) == []


@pytest.mark.parametrize("key", ["k", "k" * 64, "a/b#c|d e", "1"])
def test_any_such_key_will_do_and_its_answer_is_given_again(payer: Payer, key: str) -> None:
    body = payer.cancel()
    first = check_order_reply(payer.ask_for(body, key), 202)
    payer.until_kept(first["order_id"], "PLACED")
    # The same said otherwise: in another order, and with the default spelt out.
    turned = {**dict(reversed(body.items())), "to_card_ref": None}
    assert check_order_reply(payer.ask_for(turned, key), 202, replayed=True) == first
    # On another day too, though the bill is gone: it is the answer to that request.
    payer.at(THE_RESULT)
    payer.until(first["order_id"], "COMPLETED")
    assert payer.bill("telecom") not in payer.registrations()
    assert check_order_reply(payer.ask_for(body, key), 202, replayed=True) == first
    assert len(payer.orders()) == 1
    payer.audit()


def test_a_key_with_another_body_is_refused(payer: Payer) -> None:
    order_id = payer.submit(payer.change(), "key")
    for other in (payer.cancel(), payer.change("electricity"), payer.change(to="dormant")):
        check_problem(payer.ask_for(other, "key"), 422, "idempotency_key_reused")
    assert [one["order_id"] for one in payer.orders()] == [order_id]


def test_a_key_is_its_members_own(payer: Payer, new_member: Callable[[], Member]) -> None:
    other = Payer(new_member(), payer.partners, payer.cloud).hold()
    first = payer.submit(payer.change(), "same")
    second = check_order_reply(other.ask_for(other.cancel(), "same"), 202)
    assert (second["kind"], second["order_id"] != first) == ("CANCEL", True)


@pytest.mark.parametrize("refusal", ["invalid_request", "corporate_card", "switch_unavailable"])
def test_a_refused_request_does_not_use_its_key_up(payer: Payer, refusal: str) -> None:
    if refusal == "switch_unavailable":
        payer.switch.spoil({"kind": "unavailable", "operation": "cards"})
    wrong: dict[str, Any] = {
        "invalid_request": {**payer.change(), "kind": "MOVE"},
        "corporate_card": payer.change(to="corporate"),
        "switch_unavailable": payer.change(),
    }[refusal]
    assert payer.ask_for(wrong, "key").json["code"] == refusal
    payer.switch.spoil()
    check_order_reply(payer.ask_for(payer.change(), "key"), 202)


def test_the_same_key_on_many_devices_at_once_is_one_order(payer: Payer) -> None:
    body = payer.change()
    with ThreadPoolExecutor(DEVICES) as pool:
        replies = list(pool.map(lambda _: payer.ask_for(body, "key"), range(DEVICES)))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.body for reply in replies}) == 1
    replayed = [reply.headers.get("idempotency-replayed") for reply in replies]
    assert sorted(map(str, replayed)) == ["None", *["true"] * (DEVICES - 1)]
    check_order(replies[0].json)
    payer.until_kept(replies[0].json["order_id"], "PLACED")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["attempts"]) == ("ACCEPTED", 1)


def test_a_second_order_of_a_bill_waits_until_the_first_has_ended(payer: Payer) -> None:
    """R-A6: whatever it wants, and however the first one ends; other bills do not wait."""
    first = payer.place(payer.change())
    for second in (payer.change(), payer.cancel()):
        check_problem(payer.ask_for(second), 409, "order_open")
    check_order_reply(payer.withdraw(first), 200)
    again = payer.place(payer.change())
    other = payer.place(payer.cancel("electricity"))
    payer.at(datetime(2026, 11, 25, 12, tzinfo=SEOUL))
    check_problem(payer.ask_for(payer.cancel()), 409, "order_open")
    payer.at(THE_RESULT)
    payer.until(again, "COMPLETED")
    payer.until(other, "COMPLETED")
    back = payer.place(payer.change(to="old"))
    assert payer.order(back)["process_on"] == "2026-11-30"
    check_order_reply(payer.withdraw(back), 200)
    payer.audit()
    codes = [line["code"] for line in payer.switch.orders(payer.member.sub)]
    assert codes == [None] * 4, "the switch was never asked for a second one"


def test_of_many_devices_at_once_exactly_one_gets_the_bill(payer: Payer) -> None:
    """R-A6: under keys of their own, for whatever they want."""
    wishes = [payer.change(), payer.cancel(), payer.change(), payer.cancel()]
    with ThreadPoolExecutor(DEVICES) as pool:
        replies = list(pool.map(payer.ask_for, wishes))
    assert sorted(reply.status for reply in replies) == [202, *[409] * (DEVICES - 1)]
    for reply in replies:
        if reply.status == 409:
            check_problem(reply, 409, "order_open")
    (order,) = payer.orders()
    payer.until_kept(order["order_id"], "PLACED")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["kind"], line["status"]) == (order["kind"], "ACCEPTED")


def test_many_devices_withdraw_an_order_once(payer: Payer) -> None:
    """R-A4: whoever is second is told the same, or that it is being done."""
    order_id = payer.place(payer.change())
    with ThreadPoolExecutor(DEVICES) as pool:
        replies = list(pool.map(payer.withdraw, [order_id] * DEVICES))
    for reply in replies:
        assert check_order_reply(reply, 200)["status"] in {"WITHDRAWN", "CHECKING"}
    payer.until(order_id, "WITHDRAWN")
    (line,) = payer.switch.orders(payer.member.sub)
    assert (line["status"], line["withdrawal_attempts"]) == ("WITHDRAWN", 1)
    payer.audit()


def test_withdrawing_again_changes_nothing(payer: Payer) -> None:
    order_id = payer.place(payer.change())
    first = check_order_reply(payer.withdraw(order_id), 200)
    assert first["status"] == "WITHDRAWN"
    payer.at(THE_RESULT)
    assert check_order_reply(payer.withdraw(order_id), 200) == first
    (line,) = payer.switch.orders(payer.member.sub)
    assert line["withdrawal_attempts"] == 1
    payer.audit()
