"""What goes wrong at the autopay switch, what was done all the same, and what lands late."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from tests.partners.partners_autopay import Switch, new_id
from tests.partners.partners_issuer import Redeemer, somebody
from tests.partners.partners_issuer import new_id as new_redemption_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.partners.partners_driver import Partners, Reply

TARGET = "autopay"
OPERATIONS = ["autopays", "cards", "order", "order_status", "withdrawal"]

BROKEN = (urllib3.exceptions.ReadTimeoutError, urllib3.exceptions.ProtocolError)
IMPATIENCE_S = 0.2
# Longer than any test: what lands has been let go.
NEVER_MS = 600_000

# Kind, its settings, and whether what was asked for is done.
SILENT: list[tuple[str, dict[str, Any], bool]] = [
    ("hang", {}, False),
    ("timeout_before_effect", {}, False),
    ("timeout_after_effect", {}, True),
    ("cut_before_effect", {}, False),
    ("cut_after_effect", {}, True),
]
BODIES = (
    *("not_json", "truncated_json", "wrong_types", "missing_fields", "negative_amounts", "html"),
)
SPOKEN: list[tuple[str, dict[str, Any], int, bool]] = [
    ("too_many_requests", {}, 429, False),
    ("unavailable", {}, 503, False),
    ("maintenance", {}, 200, False),
    ("internal", {}, 500, False),
    ("error", {"http_status": 502}, 502, False),
    ("error", {"http_status": 500, "effect": "done"}, 500, True),
    ("malformed", {"body": "html"}, 200, True),
    ("malformed", {"body": "negative_amounts"}, 200, True),
]


@pytest.fixture
def switch(partners: Partners) -> Switch:
    """Give a person with one telecom bill, on Wednesday, November 18, 2026."""
    switch = Switch(partners, somebody())
    switch.at("2026-11-18T11:00:00")
    switch.hold()
    return switch


def _asks(switch: Switch, order_id: str) -> dict[str, Callable[[], Reply]]:
    """Say how to ask for each operation, with an order that stands."""
    return {
        "cards": lambda: switch.ask("POST", "/v1/cards/inquiry", {"ci": switch.ci}),
        "autopays": lambda: switch.ask("POST", "/v1/autopays/inquiry", {"ci": switch.ci}),
        "order": lambda: switch.order(order_id),
        "order_status": lambda: switch.read(order_id),
        "withdrawal": lambda: switch.withdraw(order_id),
    }


def _content(reply: Reply) -> object:
    """Read an answer; what is no JSON says nothing."""
    try:
        return reply.json
    except ValueError:
        return None


def _late(switch: Switch, operation: str, ask: Callable[[], Reply], **fault: object) -> None:
    """Ask, and give up, while the switch goes on."""
    waiting = len(switch.partners.pending())
    switch.partners.fail(TARGET, "late", operation=operation, **{"ms": NEVER_MS, **fault})
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        ask()
    switch.partners.wait_for_pending(waiting + 1)


def _late_order(switch: Switch, order_id: str) -> None:
    _late(switch, "order", lambda: switch.order(order_id, timeout_s=0.1))


def _release(switch: Switch) -> int:
    return int(switch.partners.send("POST", "/control/late/release").json["released"])


def test_the_control_interface_knows_the_switch(partners: Partners) -> None:
    assert partners.send("GET", "/control").json["targets"][TARGET] == OPERATIONS


@pytest.mark.parametrize(("kind", "fault", "done"), SILENT, ids=str)
def test_an_order_without_an_answer(
    switch: Switch, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    order_id = new_id()
    switch.partners.fail(TARGET, kind, operation="order", **fault)

    with pytest.raises(BROKEN):
        switch.order(order_id, timeout_s=IMPATIENCE_S)
    switch.partners.wait_for_call(f"fault:{kind}", operation="order")

    assert switch.read(order_id).status == (200 if done else 404)
    # Sent again under the same id it is one order, whatever came before.
    assert switch.order(order_id).status == 202
    assert len(switch.book()) == 1


@pytest.mark.parametrize(("kind", "fault", "done"), SILENT, ids=str)
def test_a_withdrawal_without_an_answer(
    switch: Switch, kind: str, fault: dict[str, Any], *, done: bool
) -> None:
    order_id = switch.placed()
    switch.partners.fail(TARGET, kind, operation="withdrawal", **fault)

    with pytest.raises(BROKEN):
        switch.withdraw(order_id, timeout_s=IMPATIENCE_S)
    switch.partners.wait_for_call(f"fault:{kind}", operation="withdrawal")

    assert switch.status(order_id) == ("WITHDRAWN" if done else "ACCEPTED")
    assert switch.withdraw(order_id).json == {"status": "WITHDRAWN"}


@pytest.mark.parametrize(("kind", "fault", "http_status", "done"), SPOKEN, ids=str)
def test_an_order_and_its_withdrawal_with_an_answer_of_another_kind(
    switch: Switch, kind: str, fault: dict[str, Any], http_status: int, *, done: bool
) -> None:
    order_id, withdrawn = new_id(), switch.placed()
    switch.withdraw(withdrawn)
    switch.partners.fail(TARGET, kind, operation="order", **fault)

    assert switch.order(order_id).status == http_status
    assert switch.read(order_id).status == (200 if done else 404)
    assert switch.order(order_id).status == 202

    switch.partners.fail(TARGET, kind, operation="withdrawal", **fault)
    assert switch.withdraw(order_id).status == http_status
    assert switch.status(order_id) == ("WITHDRAWN" if done else "ACCEPTED")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_meets_every_kind_of_trouble_and_recovers(
    switch: Switch, operation: str
) -> None:
    ask = _asks(switch, switch.placed())[operation]
    well = ask()

    for kind, fault, http_status, _ in SPOKEN:
        switch.partners.fail(TARGET, kind, operation=operation, **fault)
        spoilt = ask()
        assert (spoilt.status, spoilt.body == well.body) == (http_status, False), kind
        assert (ask().status, ask().json) == (well.status, well.json)
    switch.partners.fail(TARGET, "cut_before_effect", operation=operation)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask()
    switch.partners.fail(TARGET, "late", operation=operation, ms=1)
    assert ask().json == well.json


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_malformed_answer_is_the_contracts(switch: Switch, operation: str) -> None:
    """What has no amounts and a single field is spoilt all the same."""
    ask = _asks(switch, switch.placed())[operation]
    well = ask().json

    for body in BODIES:
        switch.partners.fail(TARGET, "malformed", operation=operation, body=body)
        assert _content(ask()) != well, body


def test_busy_answers_say_when_to_come_again(switch: Switch) -> None:
    spec = {"faults": [{"kind": "unavailable", "retry_after_seconds": 7, "count": 1}]}
    switch.partners.send("PUT", f"/control/faults/{TARGET}", spec)

    reply = switch.order(new_id())

    assert (reply.headers["retry-after"], reply.json["rsp_code"]) == ("7", "50301")
    assert switch.book() == []


def test_a_request_that_is_wrong_meets_no_fault(switch: Switch) -> None:
    switch.partners.fail(TARGET, "unavailable")

    assert switch.order("a/b").status == 400
    assert switch.order(new_id()).status == 503


def test_trouble_at_the_switch_is_no_others(switch: Switch) -> None:
    """R-P6."""
    spec = {"faults": [{"kind": "unavailable"}]}
    switch.partners.send("PUT", f"/control/faults/{TARGET}", spec)

    redeemer = Redeemer(switch.partners, "kb", somebody())
    assert redeemer.redeem(new_redemption_id(), ("POINTREE", 1)).status == 200


def test_an_order_is_on_record_by_its_id_and_without_the_ci(switch: Switch) -> None:
    order_id = switch.placed()
    switch.read(order_id)
    switch.withdraw(order_id)

    found = switch.partners.calls(partner=TARGET)["calls"]
    assert [call["operation"] for call in found] == ["order", "order_status", "withdrawal"]
    assert {call["api_tran_id"] for call in found} == {order_id}
    for path in ("/control/calls", f"/control/books/orders?sub={switch.sub}"):
        assert switch.ci not in switch.partners.send("GET", path).text


def test_not_found_is_not_final(switch: Switch) -> None:
    order_id = new_id()
    _late_order(switch, order_id)

    assert switch.read(order_id).status == 404
    assert switch.withdraw(order_id).status == 404
    assert _release(switch) == 1
    assert switch.status(order_id) == "ACCEPTED"


def test_an_order_sent_again_before_the_first_lands_is_one(switch: Switch) -> None:
    order_id = new_id()
    _late_order(switch, order_id)
    assert switch.order(order_id).status == 202

    _release(switch)

    [line] = switch.book()
    assert (line["status"], line["attempts"]) == ("ACCEPTED", 2)


def test_what_lands_late_is_decided_when_it_lands(switch: Switch) -> None:
    """R-A6: another order of the registration came first."""
    order_id = new_id()
    _late_order(switch, order_id)
    switch.placed("CANCEL")

    _release(switch)

    assert switch.read(order_id).status == 404
    assert {line["code"] for line in switch.book()} == {None, "42213"}


def test_a_late_order_is_of_the_day_on_which_it_lands(switch: Switch) -> None:
    order_id = new_id()
    switch.at("2026-11-18T23:59:30")
    _late_order(switch, order_id)

    # The clock passes its time, and it lands by itself.
    switch.at("2026-11-19T00:15:00")
    switch.partners.wait_for_pending(0)

    again = switch.order(order_id).json
    assert (again["process_on"], again["result_on"]) == ("20261120", "20261124")


def test_a_withdrawal_that_lands_too_late_changes_nothing(switch: Switch) -> None:
    """R-A4."""
    order_id = switch.placed()
    switch.at("2026-11-18T21:59:00")
    _late(switch, "withdrawal", lambda: switch.withdraw(order_id, timeout_s=0.1))
    assert switch.status(order_id) == "ACCEPTED"

    switch.at("2026-11-18T22:30:00")
    switch.partners.wait_for_pending(0)

    assert switch.status(order_id) == "ACCEPTED"
    switch.at("2026-11-24T12:00:00")
    assert switch.status(order_id) == "COMPLETED"


def test_an_order_lands_whatever_becomes_of_the_process(own_partners: Partners) -> None:
    switch = Switch(own_partners, somebody())
    switch.at("2026-11-18T11:00:00")
    switch.hold()
    order_id = new_id()
    _late_order(switch, order_id)
    own_partners.stop(signal.SIGKILL)
    own_partners.start()
    assert [one["kind"] for one in own_partners.pending()] == ["autopay_order"]

    assert switch.read(order_id).status == 404
    assert _release(switch) == 1
    assert switch.status(order_id) == "ACCEPTED"

    _late(switch, "withdrawal", lambda: switch.withdraw(order_id, timeout_s=0.1))
    own_partners.restart()
    _release(switch)
    assert switch.status(order_id) == "WITHDRAWN"
