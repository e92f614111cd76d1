"""What autopay's handlers are asked here, and what AWS and the switch answer them.

A member with two cards and a telecom bill, who moves it, looks, and withdraws. The
worker places the order; nothing else is due. The order is dated tomorrow, so that it
can be withdrawn at any hour of today. The stub forgets what it is told: after the
member's wish it has the order as before, which is then placed with as many calls.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from autopay.order_items import order_item
from autopay.order_queue import order_message
from autopay.orders import Order, OrderKey, OrderKind, OrderState
from autopay.schedule import BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD
from bench.asked import Case, given_message, given_request
from bench.sample_member import DAY_MS, MEMBER, sealed_ci
from bench.stub import ITSELF, Rule
from modupoint.clock import SEOUL, epoch_ms
from modupoint.effects import Progress

ORDER_ID = "ord_019aaaaa-0000-7000-8000-000000000000"
_SWITCH_ID = ORDER_ID.removeprefix("ord_").replace("-", "")
_QUEUE = "modupoint-autopay"
_SIGNED_IN_FOR_A_DAY: dict[str, dict[str, Any]] = {"modupoint.http": {"_RECENT_SIGN_IN_S": 86_400}}


def autopay_cases() -> list[Case]:
    """Return every way in which autopay's functions are invoked here."""
    wanted = {"kind": "CHANGE", "autopay_id": "apy_1", "to_card_ref": "crd_2"}
    submit = given_request("POST /v1/autopay-orders", body=wanted)
    submit["headers"]["idempotency-key"] = "sample"
    path = {"order_id": ORDER_ID}
    withdrawal = "POST /v1/autopay-orders/{order_id}/withdrawal"
    message = given_message(_QUEUE, "m", order_message(OrderKey(MEMBER, ORDER_ID)))
    return [
        Case("ListCards", "", given_request("GET /v1/cards")),
        Case("ListAutopays", "", given_request("GET /v1/autopays")),
        Case("SubmitOrder", "", submit, _SIGNED_IN_FOR_A_DAY),
        Case("ListOrders", "1 order", given_request("GET /v1/autopay-orders")),
        Case("ReadOrder", "", given_request("GET /v1/autopay-orders/{order_id}", path=path)),
        Case("WithdrawOrder", "", given_request(withdrawal, path=path)),
        Case("ProcessOrder", "1 order", {"Records": [message]}),
        Case("PollOrders", "nothing due", {}),
    ]


def autopay_rules() -> list[Rule]:
    """Return what the stub answers them."""
    order = order_item(_order())
    switch = {"base_url": f"{ITSELF}/autopay", "token": "t" * 32}
    told: list[tuple[str, str, Any]] = [
        (
            "GetSecretValue",
            '"modupoint/autopay"',
            {"Name": "s", "SecretString": json.dumps(switch)},
        ),
        ("GetItem", '"ORDER#', {"Item": order}),
        ("Query", '"ORDER#"', {"Items": [order], "Count": 1}),
        ("Query", '"SWITCH#', {"Items": [], "Count": 0}),
        ("Query", '"OPERATOR"', {"Items": [], "Count": 0}),
        ("SendMessageBatch", "", {"Successful": [{"Id": "0", "MessageId": "m"}], "Failed": []}),
        ("GetQueueAttributes", "", {"Attributes": {"ApproximateNumberOfMessages": "0"}}),
        ("POST /autopay/v1/cards/inquiry", "", {"cards": [_card(1), _card(2)]}),
        ("POST /autopay/v1/autopays/inquiry", "", {"as_of": "20261120", "autopays": [_bill()]}),
        (
            "POST /autopay/v1/autopay-orders",
            "",
            {"order_id": _SWITCH_ID, "status": "ACCEPTED"},
        ),
    ]
    return [
        Rule(action, json.dumps(answer, default=_as_sent), word) for action, word, answer in told
    ]


def _as_sent(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _card(place: int) -> dict[str, str]:
    return {
        "card_ref": f"crd_{place}",
        "issuer_code": "kb",
        "card_name": "KB국민 다담카드",
        "masked_number": "1234-56**-****-7890",
        "kind": "PERSONAL",
        "type": "CREDIT",
        "status": "ACTIVE",
    }


def _bill() -> dict[str, Any]:
    return {
        "autopay_id": "apy_1",
        "category": "TELECOM",
        "biller_code": "SKT",
        "biller_name": "SK텔레콤",
        "biller_phone": "080-011-6000",
        "biller_customer_ref": "010-****-5678",
        "card_ref": "crd_1",
        "last_charged_on": "20261025",
        "next_charge_on": "20261225",
        "changeable": True,
    }


def _order() -> Order:
    now = datetime.now(SEOUL)
    return Order(
        key=OrderKey(MEMBER, ORDER_ID),
        kind=OrderKind.CHANGE,
        autopay_id="apy_1",
        category="TELECOM",
        to_card_ref="crd_2",
        requested_at_ms=epoch_ms(now) + DAY_MS,
        process_on=now.date() + timedelta(days=2),
        result_on=now.date() + timedelta(days=4),
        real_time=False,
        warnings=(BENEFITS_MAY_BE_LOST, KEEP_OLD_CARD),
        progress=Progress(OrderState.ACCEPTED, 0, 0, None, epoch_ms(now)),
        sealed_ci=sealed_ci(MEMBER),
    )
