"""What operations cost, at the prices of the table."""

from __future__ import annotations

from typing import Any

import pytest

from bench.cost import (
    LAMBDA_GB_S,
    LAMBDA_REQUEST,
    READ_UNIT,
    SNS_PUBLISH,
    WRITE_UNIT,
    Invocation,
    call_usd,
    item_bytes,
    transfer_usd,
)


def call(action: str, request: dict[str, Any], service: str = "dynamodb", **more: Any) -> Any:
    return {"service": service, "action": action, "request": request, **more}


SMALL = {"pk": {"S": "M#1"}, "sk": {"S": "KEY#1"}}
LEG = {**SMALL, "lane": {"S": "kb#0"}, "due_at": {"N": "1"}}
BOOKED = {**SMALL, "book": {"S": "2026-11-22#kb#0"}}
LARGE = {**SMALL, "text": {"S": "x" * 1100}}


@pytest.mark.parametrize(
    ("one", "usd"),
    [
        (call("UpdateItem", {}), WRITE_UNIT),
        (call("PutItem", {"Item": SMALL}), WRITE_UNIT),
        (call("PutItem", {"Item": LARGE}), 2 * WRITE_UNIT),
        # A leg that moves leaves its place in the index and takes another.
        (call("PutItem", {"Item": LEG}), 3 * WRITE_UNIT),
        (
            call(
                "TransactWriteItems",
                {"TransactItems": [{"Put": {"Item": SMALL}}, {"Put": {"Item": BOOKED}}]},
            ),
            2 * 3 * WRITE_UNIT,
        ),
        (call("TransactWriteItems", {"TransactItems": [{"ConditionCheck": {}}]}), 2 * WRITE_UNIT),
        (call("GetItem", {"ConsistentRead": True}), READ_UNIT),
        (call("GetItem", {}), READ_UNIT / 2),
        (call("Query", {"ConsistentRead": True}, items=[LARGE] * 4), 2 * READ_UNIT),
        (call("Query", {}, items=[]), READ_UNIT / 2),
        (call("Publish", {}, service="sns"), SNS_PUBLISH),
        (call("POST", {"url": "http://x"}, service="partner"), 0.0),
    ],
    ids=lambda one: one["action"] if isinstance(one, dict) else "",
)
def test_a_call_is_priced_by_what_it_asks_for(one: Any, usd: float) -> None:
    assert call_usd(one) == pytest.approx(usd)


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    assert item_bytes({"pk": {"S": "가"}, "b": {"B": {"base64": "AAAA"}}}) == 2 + 3 + 1 + 3


def test_waiting_for_a_partner_is_billed_by_memory() -> None:
    waits = [call("POST", {"url": "http://x/issuers/kb"}, service="partner")]
    small, large = (Invocation(waits, 1.0, memory, over_http=False).usd() for memory in (256, 512))
    idle = Invocation([], 1.0, 256, over_http=False).usd()
    assert large - small == pytest.approx(
        small - LAMBDA_REQUEST - (idle - LAMBDA_REQUEST), rel=0.02
    )


@pytest.mark.parametrize(
    ("partner", "wait_s"), [("issuers/kb", 0.3), ("openbanking", 0.1), ("autopay", 0.1)]
)
def test_each_partner_is_taken_to_answer_as_its_simulator_does(partner: str, wait_s: float) -> None:
    waits = [call("POST", {"url": f"http://x/{partner}/v1"}, service="partner")]
    billed = Invocation(waits, 0.0, 1024, over_http=False).usd()
    idle = Invocation([], 0.0, 1024, over_http=False).usd()
    assert billed - idle == pytest.approx(wait_s * LAMBDA_GB_S)


def test_a_transfer_is_its_submission_its_looks_and_eleven_legs() -> None:
    nothing = Invocation([], 0.0, 256, over_http=False)
    leg = Invocation([call("PutItem", {"Item": SMALL})], 0.0, 256, over_http=False)
    bare = {"SubmitTransfer": nothing, "ReadTransfer": nothing, "MoveLeg": nothing}
    dearer = transfer_usd({**bare, "MoveLeg": leg}) - transfer_usd(bare)
    assert dearer == pytest.approx(11 * WRITE_UNIT)
