"""Requests to the switch are the contract's to the byte (section 3), and carry its bearer token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from autopay.orders import OrderKind
from autopay.switch_answers import Result
from autopay.switch_calls import PlacementCalls, ResultInquiry, WithdrawalCalls
from modupoint.effects import Verdict
from modupoint.envelope import SealBrokenError, ci_owner, seal
from modupoint.http import member_key
from tests.unit.autopay.order_samples import MEMBER, SWITCH_ID, an_order
from tests.unit.autopay.ordering_fakes import (
    BASE_URL,
    CI,
    TOKEN,
    Call,
    FakeSwitch,
    OneKey,
    switch_api,
)
from tests.unit.transfer.leg_samples import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from autopay.orders import Order
    from autopay.switch_api import SwitchApi

ORDERS = "/v1/autopay-orders"
ORDER = f"{ORDERS}/{SWITCH_ID}"
WITHDRAWAL = f"{ORDER}/withdrawal"
HEADERS = {
    "authorization": f"Bearer {TOKEN}",
    "content-type": "application/json; charset=utf-8",
}


@pytest.fixture
def switch() -> FakeSwitch:
    """Give a switch that has one order."""
    switch = FakeSwitch()
    placed = answered({"order_id": SWITCH_ID, "status": "COMPLETED"})
    switch.instead = {
        ORDERS: placed,
        ORDER: placed,
        WITHDRAWAL: answered({"status": "WITHDRAWN"}),
    }
    return switch


def sealed(order: Order) -> bytes:
    return seal(OneKey(), CI, ci_owner(order.key.member))


def only(switch: FakeSwitch) -> Call:
    [call] = switch.calls
    return call


@pytest.mark.parametrize(
    ("ask", "method", "path", "body"),
    [
        (lambda api: api.cards("가" * 88), "POST", "/v1/cards/inquiry", {"ci": "가" * 88}),
        (lambda api: api.autopays("C" * 88), "POST", "/v1/autopays/inquiry", {"ci": "C" * 88}),
        (lambda api: api.order(SWITCH_ID), "GET", ORDER, None),
        (lambda api: api.withdraw(SWITCH_ID), "POST", WITHDRAWAL, {}),
    ],
)
def test_each_request_has_its_path_its_body_and_the_token(
    ask: Callable[[SwitchApi], Any], method: str, path: str, body: dict[str, Any] | None
) -> None:
    switch = FakeSwitch()
    switch.instead = {path: answered({})}
    ask(switch_api(switch))
    call = only(switch)
    assert (call.method, call.url, call.headers) == (method, BASE_URL + path, HEADERS)
    wire = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    assert call.body == wire


@pytest.mark.parametrize(
    ("kind", "to_card_ref"), [(OrderKind.CHANGE, "crd_2"), (OrderKind.CANCEL, None)]
)
def test_an_order_goes_out_with_its_own_id_and_the_members_ci(
    switch: FakeSwitch, kind: OrderKind, to_card_ref: str | None
) -> None:
    order = an_order(kind=kind, to_card_ref=to_card_ref)
    order = an_order(kind=kind, to_card_ref=to_card_ref, sealed_ci=sealed(order))
    finding = PlacementCalls(switch_api(switch), OneKey()).send(order)
    assert finding.verdict is Verdict.DONE
    call = only(switch)
    assert (call.method, call.url) == ("POST", BASE_URL + ORDERS)
    assert json.loads(call.body or b"") == {
        "order_id": SWITCH_ID,
        "kind": kind.value,
        "ci": CI,
        "autopay_id": "apy_1",
        "to_card_ref": to_card_ref,
    }


def test_the_same_order_is_the_same_to_the_byte_every_time_it_is_sent(switch: FakeSwitch) -> None:
    order = an_order(sealed_ci=sealed(an_order()))
    calls = PlacementCalls(switch_api(switch), OneKey())
    calls.send(order)
    calls.send(order)
    first, second = switch.calls
    assert first == second


def test_another_members_ci_opens_for_no_order(switch: FakeSwitch) -> None:
    stolen = seal(OneKey(), CI, ci_owner(member_key("somebody else")))
    with pytest.raises(SealBrokenError):
        PlacementCalls(switch_api(switch), OneKey()).send(an_order(sealed_ci=stolen))
    assert switch.calls == []


def test_an_order_without_its_ci_is_never_sent(switch: FakeSwitch) -> None:
    with pytest.raises(ValueError, match="lost its CI"):
        PlacementCalls(switch_api(switch), OneKey()).send(an_order(sealed_ci=None))
    assert switch.calls == []


def test_asking_and_withdrawing_need_nothing_personal(switch: FakeSwitch) -> None:
    order = an_order(sealed_ci=None)
    api = switch_api(switch)
    assert PlacementCalls(api, OneKey()).ask(order).verdict is Verdict.DONE
    assert WithdrawalCalls(api).ask(order).verdict is Verdict.REFUSED
    assert WithdrawalCalls(api).send(order).verdict is Verdict.DONE
    assert ResultInquiry(api).result(order) == Result("COMPLETED")
    sent = [(call.method, call.url.removeprefix(BASE_URL), call.body) for call in switch.calls]
    assert sent == [
        ("GET", ORDER, None),
        ("GET", ORDER, None),
        ("POST", WITHDRAWAL, b"{}"),
        ("GET", ORDER, None),
    ]
    assert MEMBER not in str(switch.calls)


def test_a_person_who_waits_is_answered_before_the_gateway_gives_up() -> None:
    switch = FakeSwitch()
    api = switch_api(switch)
    api.autopays(CI)
    api.cards(CI)
    # An answer that begins and stops may take as long again.
    assert 2 * sum(call.timeout_s for call in switch.calls) <= 20
