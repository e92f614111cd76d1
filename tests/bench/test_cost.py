"""What operations cost, at the prices of the table."""

from __future__ import annotations

from typing import Any

import pytest

from bench.cost import (
    ACCESS_LOG_BYTES,
    EVENT,
    HTTP_API,
    LAMBDA_GB_S,
    LAMBDA_REQUEST,
    LOGS_GB,
    PLATFORM_LOG_BYTES,
    READ_UNIT,
    SNS_PUBLISH,
    SQS_REQUEST,
    WRITE_UNIT,
    Invocation,
    added,
    call_usd,
    item_bytes,
    scan_usd,
    times,
    transfer_usd,
)
from bench.opening_day.quotas import MEMORY_OF_ONE_CPU_MB


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
        # What is set is the least that its item has, what was given back is all of it.
        (call("UpdateItem", {"ExpressionAttributeValues": LARGE}), 2 * WRITE_UNIT),
        (call("UpdateItem", {}, items=[LARGE]), 2 * WRITE_UNIT),
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
        (call("BatchWriteItem", {"RequestItems": {"t": [{}, {}, {}]}}), 3 * WRITE_UNIT),
        (call("GetItem", {"ConsistentRead": True}), READ_UNIT),
        (call("GetItem", {}), READ_UNIT / 2),
        (call("Query", {"ConsistentRead": True}, items=[LARGE] * 4), 2 * READ_UNIT),
        (call("Query", {}, items=[]), READ_UNIT / 2),
        (call("Publish", {}, service="sns"), SNS_PUBLISH),
        (call("PutEvents", {}, service="events"), EVENT),
        (call("POST", {"url": "http://x"}, service="partner"), 0.0),
    ],
    ids=lambda one: one["action"] if isinstance(one, dict) else "",
)
def test_a_call_is_priced_by_what_it_asks_for(one: Any, usd: float) -> None:
    assert call_usd(one) == pytest.approx(usd)


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "가"}, "b": {"B": {"base64": "AAAA"}}}, 2 + 3 + 1 + 3),
        ({"b": {"B": b"123"}}, 1 + 3),
        ({"n": {"N": "1234"}}, 1 + 4),
        ({"m": {"M": {"a": {"S": "xy"}}}}, 1 + 3 + 1 + 1 + 2),
        ({"l": {"L": [{"S": "xy"}, {"S": "z"}]}}, 1 + 3 + 2 + 2 + 1),
    ],
    ids=lambda one: "".join(one) if isinstance(one, dict) else "",
)
def test_an_item_is_as_large_as_its_names_and_values(item: dict[str, Any], size: int) -> None:
    assert item_bytes(item) == size


def test_waiting_for_a_partner_is_billed_by_memory() -> None:
    waits = [call("POST", {"url": "http://x/issuers/kb"}, service="partner")]
    small, large = (Invocation(waits, 0.0, memory, over_http=False).usd() for memory in (256, 512))
    assert large - small == pytest.approx(0.3 * 0.25 * LAMBDA_GB_S)


def test_what_threads_wait_for_together_is_billed_once() -> None:
    def asked(turn: int) -> list[Any]:
        url = {"url": "http://x/issuers/kb"}
        return [call("POST", url, service="partner", turn=turn), call("UpdateItem", {}, turn=turn)]

    one = Invocation(asked(0), 0.0, 256, over_http=False)
    ten = Invocation(
        [each for turn in range(10) for each in asked(turn)], 0.0, 256, over_http=False
    )
    assert ten.billed_s == one.billed_s
    assert ten.usd() - one.usd() == pytest.approx(9 * WRITE_UNIT)


def test_calls_in_line_are_waited_for_one_after_the_other() -> None:
    waits = [call("POST", {"url": "http://x/issuers/kb"}, service="partner")]
    assert Invocation(2 * waits, 0.0, 256, over_http=False).billed_s == pytest.approx(0.6)


def test_a_small_function_is_billed_longer_for_the_same_work() -> None:
    half = Invocation([], 10.0, MEMORY_OF_ONE_CPU_MB // 2, over_http=False)
    large = Invocation([], 10.0, 2 * MEMORY_OF_ONE_CPU_MB, over_http=False)
    assert half.billed_s == pytest.approx(0.02, rel=0.01)
    assert large.billed_s == pytest.approx(0.01)


def test_logs_are_lambdas_own_the_handlers_and_the_apis() -> None:
    def logs(**more: Any) -> Any:
        return Invocation([], 0.0, 256, **more).parts()["logs"] * 1e9 / LOGS_GB

    assert logs(over_http=False) == pytest.approx(PLATFORM_LOG_BYTES)
    assert logs(over_http=False, logged_bytes=100) == pytest.approx(PLATFORM_LOG_BYTES + 100)
    assert logs(over_http=True) == pytest.approx(PLATFORM_LOG_BYTES + ACCESS_LOG_BYTES)


def test_the_parts_of_an_invocation_are_its_price() -> None:
    calls = [call("UpdateItem", {}), call("Query", {}), call("Publish", {}, service="sns")]
    one = Invocation(calls, 1.0, 512, over_http=True)
    parts = one.parts()
    assert sum(parts.values()) == pytest.approx(one.usd())
    assert (parts["HTTP API"], parts["Lambda requests"]) == (HTTP_API, LAMBDA_REQUEST)
    assert (parts["DynamoDB writes"], parts["DynamoDB reads"]) == (WRITE_UNIT, READ_UNIT / 2)
    assert parts["SNS and SQS"] == SNS_PUBLISH


def test_costs_are_added_part_by_part() -> None:
    assert added({"a": 1.0}, times(2, {"a": 1.0, "b": 2.0})) == {"a": 3.0, "b": 4.0}


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
    assert transfer_usd(bare) == pytest.approx(17 * nothing.usd() + 22 * SQS_REQUEST)
    dearer = transfer_usd({**bare, "MoveLeg": leg}) - transfer_usd(bare)
    assert dearer == pytest.approx(11 * (leg.usd() - nothing.usd()))


def test_a_scan_asks_eleven_issuers_decides_once_a_member_and_sweeps_each_minute() -> None:
    nothing = Invocation([], 0.0, 256, over_http=False)
    write = Invocation([call("PutItem", {"Item": SMALL})], 0.0, 256, over_http=False)
    bare = dict.fromkeys(
        (
            *("ScanExpiry nothing due", "CheckExpiry asks", "CheckExpiry decides"),
            "RefreshBalances 10 messages",
        ),
        nothing,
    )

    more = write.usd() - nothing.usd()

    def dearer(name: str, members: int) -> float:
        return scan_usd({**bare, name: write}, members) - scan_usd(bare, members)

    assert dearer("CheckExpiry asks", 100) == pytest.approx(100 * more)
    assert dearer("CheckExpiry decides", 100) == pytest.approx(100 * more)
    assert dearer("RefreshBalances 10 messages", 100) == pytest.approx(110 * more)
    for members in (0, 100):
        assert dearer("ScanExpiry nothing due", members) == pytest.approx(43_200 * more)
    # Two messages to the worker, sent, received and deleted; eleven in tens from the lanes.
    assert scan_usd(bare, 1) - scan_usd(bare, 0) == pytest.approx(
        (2 + 11 / 10) * nothing.usd() + (2 * 3 + 11 / 10 * 2) * SQS_REQUEST
    )
